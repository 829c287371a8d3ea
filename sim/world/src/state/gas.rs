//! What calls cost: the blocks they stand in, and what is due for them.
//!
//! Who pays is in `behaviour::gas`; here is only how much.

use mechanism::gas::{BlockSpace, CallSize, Gas, Wei};
use protocol::{Call, Payer, Seller, State};
use scenario::{CallKind, Chain, GasRules};
use std::collections::BTreeMap;
use units::{SimTime, Span, Usd};

/// What a call is charged as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charge {
    /// A call of its own.
    Call(CallKind),
    /// A settlement, which may go in a batch.
    Settlement,
}

/// Sums of one party over an era.
#[derive(Clone, Copy, Debug, Default)]
pub struct GasSums {
    /// Calls.
    pub calls: u64,
    /// Units of gas.
    pub gas: u64,
    /// The part for bytes.
    pub data: Wei,
    /// What was billed.
    pub fees: Usd,
    /// Dollars that were paid.
    pub paid: Usd,
    /// Tokens that were paid.
    pub paid_tokens: units::Spon,
    /// What the payments counted for.
    pub settled: Usd,
    /// Settlements that went in a batch.
    pub batched: u64,
    /// How long those waited.
    pub waited: Span,
}

/// Settlements that wait for one another.
#[derive(Clone, Debug)]
struct Batch {
    opened_at: SimTime,
    /// Who settles, and when.
    entries: Vec<(Payer, SimTime)>,
}

/// The blocks of the chain, and what is due for the calls in them.
#[derive(Clone, Debug)]
pub struct GasBooks {
    space: BlockSpace,
    block: Span,
    /// When the open block began.
    open_since: SimTime,
    /// Gas that others use in a block while it costs no more than it must.
    others: Gas,
    /// What a unit of gas costs on the chain below.
    data_fee: Wei,
    batch: Option<Batch>,
    /// What was used and not billed yet.
    pub unbilled: BTreeMap<Payer, Wei>,
    /// What was billed and not paid yet.
    pub owed: BTreeMap<Payer, Usd>,
    /// The era's sums, in the order of [`party_of`].
    pub sums: [GasSums; PARTIES],
}

/// Kinds of payers.
pub const PARTIES: usize = 5;

/// The place of a payer's kind.
pub const fn party_of(payer: Payer) -> usize {
    match payer {
        Payer::Tenant(_) => 0,
        Payer::Provider(_) => 1,
        Payer::Delegator(_) => 2,
        Payer::Foundation => 3,
        Payer::Challengers => 4,
    }
}

impl GasBooks {
    /// The books of a chain whose first block opens at `now`.
    pub fn open(now: SimTime, chain: &Chain, rules: &GasRules) -> GasBooks {
        let mut books = GasBooks {
            space: BlockSpace::new(chain.gas.rule.clone(), chain.gas.block_limit),
            block: chain.block,
            open_since: now,
            others: Gas(0),
            data_fee: rules.data_fee,
            batch: None,
            unbilled: BTreeMap::new(),
            owed: BTreeMap::new(),
            sums: [GasSums::default(); PARTIES],
        };
        books.others = books.per_block(chain.gas.others_per_s, ONE);
        books
    }

    /// From now on gas below costs `data_fee`, and others use `load` billionths of `others_per_s`.
    pub fn set_outside(&mut self, data_fee: Wei, others_per_s: Gas, load: u64) {
        self.data_fee = data_fee;
        self.others = self.per_block(others_per_s, load);
    }

    fn per_block(&self, per_s: Gas, load: u64) -> Gas {
        let scaled = u128::from(per_s.0) * u128::from(load) / u128::from(ONE);
        let gas = scaled * u128::from(self.block.nanos()) / u128::from(Span::SECOND.nanos());
        Gas(u64::try_from(gas).unwrap_or(u64::MAX))
    }

    /// What a unit of gas costs in the open block, in wei.
    pub fn fee_wei(&self) -> u64 {
        u64::try_from(self.space.fee().0).unwrap_or(u64::MAX)
    }

    /// How long a call that is sent now waits behind others.
    pub fn queue(&self) -> Span {
        self.block.times(self.space.blocks_to_wait())
    }

    /// What a call of this size costs in the open block.
    pub fn price(&self, size: CallSize) -> Wei {
        size.cost(self.space.fee(), self.data_fee)
    }

    /// Closes the blocks up to `now`, and sends the batch that is due by then.
    pub fn advance(&mut self, now: SimTime, rules: &GasRules) {
        let due = self.batch.as_ref().map(|batch| batch.opened_at + rules.settle_every);
        if due.is_some_and(|due| due <= now) {
            self.close_blocks(due.expect("a batch is due"));
            self.send_batch(due.expect("a batch is due"), rules);
        }
        self.close_blocks(now);
    }

    fn close_blocks(&mut self, now: SimTime) {
        let past = now.saturating_since(self.open_since).nanos();
        if let Some(blocks) = past.checked_div(self.block.nanos()).filter(|blocks| *blocks > 0) {
            self.space.close_blocks(blocks, self.others, self.block);
            self.open_since = self.open_since + self.block.times(blocks);
        }
    }

    /// Charges a call in the block of `now`.
    pub fn charge(&mut self, now: SimTime, payer: Payer, charge: Charge, rules: &GasRules) {
        self.advance(now, rules);
        match charge {
            Charge::Call(kind) => self.use_gas(payer, rules.size(kind)),
            Charge::Settlement => {
                let opened = Batch { opened_at: now, entries: Vec::new() };
                let batch = self.batch.get_or_insert(opened);
                batch.entries.push((payer, now));
                let entries = batch.entries.len() as u64;
                let most = rules.settlement.gas.entries_within(self.space.limit());
                if rules.settle_every.is_zero() || most.is_some_and(|most| entries >= most) {
                    self.send_batch(now, rules);
                }
            }
        }
    }

    /// Sends the settlements that wait.
    pub fn send_batch(&mut self, now: SimTime, rules: &GasRules) {
        let Some(Batch { entries, .. }) = self.batch.take() else { return };
        let size = rules.settlement.per_entry_rounded_up(entries.len() as u64);
        let size = size.expect("a batch has an entry");
        for (payer, since) in entries {
            self.use_gas(payer, size);
            let sums = &mut self.sums[party_of(payer)];
            sums.batched += 1;
            sums.waited += now.since(since);
        }
    }

    fn use_gas(&mut self, payer: Payer, size: CallSize) {
        let (fee, data) = (self.space.fee(), size.cost(Wei(0), self.data_fee));
        let cost = size.cost(fee, self.data_fee);
        let unbilled = self.unbilled.entry(payer).or_default();
        *unbilled = Wei(unbilled.0 + cost.0);
        self.space.take_in(size.gas);
        let sums = &mut self.sums[party_of(payer)];
        sums.calls += 1;
        sums.gas += size.gas.0;
        sums.data = Wei(sums.data.0 + data.0);
    }
}

/// One, in billionths.
const ONE: u64 = 1_000_000_000;

/// Who pays for a call, and as what; nobody for what comes from outside, and for paying gas itself.
pub fn charge_of(chain: &State, call: &Call) -> Option<(Payer, Charge)> {
    let call_of = |payer, kind| Some((payer, Charge::Call(kind)));
    let provider_of = |lease| Some(Payer::Provider(chain.leases.get(lease)?.provider));
    match *call {
        Call::OpenOrder { tenant, .. } => call_of(Payer::Tenant(tenant), CallKind::Order),
        Call::BuyTokens { tenant, .. } | Call::TopUp { tenant, .. } => {
            call_of(Payer::Tenant(tenant), CallKind::Trade)
        }
        Call::CancelOrder { order } => {
            let tenant = chain.orders.get(order)?.tenant;
            call_of(Payer::Tenant(tenant), CallKind::Cancel)
        }
        Call::OpenLease { .. } => call_of(Payer::Foundation, CallKind::Match),
        Call::VoidLease { .. } => call_of(Payer::Foundation, CallKind::Cancel),
        Call::ReportPrice { .. } => call_of(Payer::Foundation, CallKind::Report),
        Call::ConfirmLease { lease, .. } | Call::ResumeLease { lease } => {
            call_of(provider_of(lease)?, CallKind::Confirm)
        }
        Call::PauseLease { lease }
        | Call::SettleLease { lease }
        | Call::CloseLease { lease, .. } => Some((provider_of(lease)?, Charge::Settlement)),
        Call::Register { provider, .. } => call_of(Payer::Provider(provider), CallKind::Register),
        Call::PostStake { provider, .. }
        | Call::Unstake { provider, .. }
        | Call::SetCommission { provider, .. }
        | Call::SetMaintenance { provider, .. } => {
            call_of(Payer::Provider(provider), CallKind::Stake)
        }
        Call::Delegate { delegator, .. } | Call::Undelegate { delegator, .. } => {
            call_of(Payer::Delegator(delegator), CallKind::Stake)
        }
        Call::SellTokens { seller, .. } => call_of(payer_of(seller)?, CallKind::Trade),
        Call::ReportFault { .. } | Call::UpholdAppeal { .. } | Call::SlashOperator { .. } => {
            call_of(Payer::Challengers, CallKind::Report)
        }
        Call::Deposit { .. }
        | Call::Fund { .. }
        | Call::TradeOutside { .. }
        | Call::PayGas { .. } => None,
    }
}

/// Those who hold tokens and take no part in the market are outside it.
fn payer_of(seller: Seller) -> Option<Payer> {
    match seller {
        Seller::Provider(id) => Some(Payer::Provider(id)),
        Seller::Delegator(id) => Some(Payer::Delegator(id)),
        Seller::Tenant(id) => Some(Payer::Tenant(id)),
        Seller::Foundation => Some(Payer::Foundation),
        Seller::Holders => None,
    }
}
