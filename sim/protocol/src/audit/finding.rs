//! What an audit finds.

use crate::call::Call;
use crate::ledger::Party;
use std::fmt;
use units::{Asset, Base, EntityKey};

/// What does not hold (economics.md 2.1; economics.md 2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// T1: issued, destroyed and there are what receipts say.
    Supply,
    /// T2: an account holds what receipts say.
    Balance,
    /// T11: what tenants lock is paid, burned, given back or still locked.
    Spending,
    /// L1: what was deposited for a lease is paid, given back or still locked.
    Deposit,
    /// L2: the parts of a payment are the payment.
    Parts,
    /// L4: a lease is opened, paused, settled and closed in order, and then over.
    Order,
    /// L5: what stays unpaid is not below zero, and only when nothing is left.
    Unpaid,
    /// L6: the price of a lease never changes.
    Price,
    /// L7: nobody pays more than the ceiling of the order.
    Ceiling,
    /// Every call is answered by a receipt of its kind.
    Answer,
}

impl Rule {
    /// Its name in economics.md, section 2, where it has one.
    pub const fn name(self) -> &'static str {
        match self {
            Rule::Supply => "T1",
            Rule::Balance => "T2",
            Rule::Spending => "T11",
            Rule::Deposit => "L1",
            Rule::Parts => "L2",
            Rule::Order => "L4",
            Rule::Unpaid => "L5",
            Rule::Price => "L6",
            Rule::Ceiling => "L7",
            Rule::Answer => "answer",
        }
    }
}

/// After what it was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Before the first receipt.
    Opening,
    /// A call.
    Call(Call),
    /// The end of an era.
    Era(u32),
}

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// An account of a party, by number.
    Account(Asset, Party, usize),
    /// All of an asset.
    Asset(Asset),
    /// The order or lease with this key.
    Lease(EntityKey),
    /// The receipt itself.
    Nothing,
}

/// Something that the chain's books and its receipts do not agree on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What does not hold.
    pub rule: Rule,
    /// The number of the receipt after which it was found; the first is 1.
    pub receipt: u64,
    /// What that receipt answered.
    pub moment: Moment,
    /// What it is about.
    pub subject: Subject,
    /// What the chain's books say, in the asset's smallest unit.
    pub books: Base,
    /// What the receipts say.
    pub receipts: Base,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Finding { rule, receipt, moment, subject, books, receipts } = self;
        write!(f, "{} after receipt {receipt}, {moment:?}: ", rule.name())?;
        match subject {
            Subject::Account(asset, party, number) => {
                write!(f, "{} of {party:?} {number}", asset.name())?;
            }
            Subject::Asset(asset) => write!(f, "{} in all", asset.name())?,
            Subject::Lease(key) => write!(f, "the lease of order {:#x}", key.0)?,
            Subject::Nothing => return write!(f, "the receipt does not answer the call"),
        }
        write!(f, ": the books say {books}, the receipts {receipts}")
    }
}
