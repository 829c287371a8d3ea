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
    /// Misuse takes the surety, of forbidden work a part of what is left too, and no more.
    Forfeit,
    /// Who is banned opens no order.
    Ban,
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
            Rule::Forfeit => "forfeit",
            Rule::Ban => "ban",
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

/// Where an order or a lease stands; a finding by [`Rule::Order`] has its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Over, or never there.
    Gone,
    /// An order that waits for its match.
    Open,
    /// A lease that waits for its confirmation.
    Reserved,
    /// A lease in force.
    Active,
    /// A lease whose machine is down.
    Paused,
    /// A lease that waits for a verdict.
    Disputed,
}

impl Stage {
    const ALL: [Stage; 6] =
        [Stage::Gone, Stage::Open, Stage::Reserved, Stage::Active, Stage::Paused, Stage::Disputed];

    const fn name(self) -> &'static str {
        match self {
            Stage::Gone => "gone",
            Stage::Open => "open",
            Stage::Reserved => "reserved",
            Stage::Active => "active",
            Stage::Paused => "paused",
            Stage::Disputed => "disputed",
        }
    }

    fn name_of(number: Base) -> &'static str {
        Stage::ALL.into_iter().find(|stage| *stage as Base == number).map_or("?", Stage::name)
    }
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
    /// What the chain's books say, in the asset's smallest unit; where a receipt contradicts
    /// itself or an earlier one, what it tells.
    pub books: Base,
    /// What it should be by the receipts.
    pub receipts: Base,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Finding { rule, receipt, moment, subject, .. } = self;
        write!(f, "{} after receipt {receipt}, {moment:?}: ", rule.name())?;
        match subject {
            Subject::Account(asset, party, number) => {
                write!(f, "{} of {party:?} {number}: ", asset.name())?;
            }
            Subject::Asset(asset) => write!(f, "{} in all: ", asset.name())?,
            Subject::Lease(key) => write!(f, "the lease of order {:#x}: ", key.0)?,
            Subject::Nothing => {}
        }
        self.fmt_difference(f)
    }
}

impl Finding {
    /// What is wrong, in the words of its rule.
    fn fmt_difference(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Finding { rule, subject, books, receipts, .. } = self;
        match rule {
            Rule::Supply | Rule::Balance | Rule::Spending | Rule::Price => {
                write!(f, "the books say {books}, the receipts {receipts}")
            }
            Rule::Deposit => write!(f, "{books}, where {receipts} is left of the deposit"),
            Rule::Parts => write!(f, "the payment is {books}, its parts come to {receipts}"),
            Rule::Order if *subject == Subject::Nothing => {
                write!(f, "the receipt is of an order or a lease that is over, or never was")
            }
            Rule::Order => {
                let [stage, expected] = [books, receipts].map(|number| Stage::name_of(*number));
                write!(f, "it is {stage} and should be {expected}")
            }
            Rule::Unpaid => write!(f, "{books} stays unpaid, and {receipts} is left"),
            Rule::Ceiling => write!(f, "the price is {books}, the order's ceiling {receipts}"),
            Rule::Forfeit => write!(f, "{books} is forfeited, where {receipts} is at most"),
            Rule::Ban => write!(f, "a tenant opens an order who is banned"),
            Rule::Answer => write!(f, "the receipt does not answer the call"),
        }
    }
}
