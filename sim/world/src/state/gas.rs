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
    /// The highest fee that one paid.
    pub fee_max: Wei,
    /// The longest that one waited for its block behind others.
    pub queue_max: Span,
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
    /// What was counted since the last bills, in the order of [`party_of`].
    pub sums: [GasSums; PARTIES],
    /// The same of what the last bills were for, with what they came to. Calls that follow the
    /// bills of an era belong to the next.
    pub billed: [GasSums; PARTIES],
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
            billed: [GasSums::default(); PARTIES],
        };
        books.others = books.per_block_rounded_down(chain.gas.others_per_s, ONE);
        books
    }

    /// From now on gas below costs `data_fee`, and others use `load` billionths of `others_per_s`.
    pub fn set_outside(&mut self, data_fee: Wei, others_per_s: Gas, load: u64) {
        self.data_fee = data_fee;
        self.others = self.per_block_rounded_down(others_per_s, load);
    }

    fn per_block_rounded_down(&self, per_s: Gas, load: u64) -> Gas {
        let scaled = u128::from(per_s.0) * u128::from(load) / u128::from(ONE);
        let gas = scaled * u128::from(self.block.nanos()) / u128::from(Span::SECOND.nanos());
        Gas(u64::try_from(gas).unwrap_or(u64::MAX))
    }

    /// What a unit of gas costs in the open block, in wei.
    pub fn fee_wei(&self) -> u64 {
        u64::try_from(self.space.fee().0).unwrap_or(u64::MAX)
    }

    /// How long a call waits behind others that a payer of this kind sends now.
    pub fn queue(&mut self, party: usize) -> Span {
        let queue = self.block.times(self.space.blocks_to_wait());
        let longest = &mut self.sums[party].queue_max;
        *longest = queue.max(*longest);
        queue
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
            sums.batched += u64::from(!rules.settle_every.is_zero());
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
        sums.fee_max = sums.fee_max.max(fee);
        sums.gas += size.gas.0;
        sums.data = Wei(sums.data.0 + data.0);
    }
}

/// Wei of a coin.
pub const COIN: u128 = 1_000_000_000_000_000_000;

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
        Call::WithdrawOrder { order, .. } => {
            let tenant = chain.orders.get(order)?.tenant;
            call_of(Payer::Tenant(tenant), CallKind::Cancel)
        }
        Call::DisputeLease { lease } => {
            let tenant = chain.leases.get(lease)?.tenant;
            call_of(Payer::Tenant(tenant), CallKind::Report)
        }
        Call::UpholdDispute { .. } => call_of(Payer::Challengers, CallKind::Report),
        Call::VoidLease { .. } => call_of(Payer::Foundation, CallKind::Cancel),
        Call::ReportPrice { .. } => call_of(Payer::Foundation, CallKind::Report),
        Call::ConfirmLease { lease, .. }
        | Call::ResumeLease { lease }
        | Call::AnnounceReclaim { lease } => call_of(provider_of(lease)?, CallKind::Confirm),
        Call::PauseLease { lease }
        | Call::SettleLease { lease }
        | Call::ForfeitLease { lease, .. }
        | Call::CloseLease { lease, .. } => Some((provider_of(lease)?, Charge::Settlement)),
        Call::Register { provider, .. } => call_of(Payer::Provider(provider), CallKind::Register),
        Call::Deregister { provider }
        | Call::PostStake { provider, .. }
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
        | Call::Enroll
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

#[cfg(test)]
mod tests {
    use super::*;
    use mechanism::gas::{BatchGas, BatchSize, FeeRule};
    use scenario::ChainGas;
    use units::{ProviderId, TenantId};

    /// Blocks of a second and of 1,000 units at 10 wei; a byte costs 16 times 3 wei.
    fn books() -> (GasBooks, GasRules) {
        let gas = ChainGas {
            rule: FeeRule::Flat(Wei(10)),
            block_limit: Gas(1_000),
            others_per_s: Gas(0),
        };
        let chain = Chain { block: Span::SECOND, gas, ..Chain::default() };
        let rules = GasRules {
            is_charged: true,
            coin: Usd::from_nanos(1),
            data_fee: Wei(3),
            bytes_per_call: 2,
            calls: [Gas(50); CallKind::ALL.len()],
            settlement: BatchSize {
                gas: BatchGas { base: Gas(100), each: Gas(20) },
                bytes_base: 5,
                bytes_each: 1,
            },
            settle_every: Span::from_secs(60),
            share_max: None,
        };
        (GasBooks::open(SimTime::ZERO, &chain, &rules), rules)
    }

    const TENANT: Payer = Payer::Tenant(TenantId(1));

    fn provider(id: u32) -> Payer {
        Payer::Provider(ProviderId(id))
    }

    fn second(at: u64) -> SimTime {
        SimTime::ZERO + Span::from_secs(at)
    }

    #[test]
    fn a_call_costs_its_gas_and_its_bytes() {
        let (mut books, rules) = books();
        books.charge(second(1), TENANT, Charge::Call(CallKind::Order), &rules);
        assert_eq!(books.unbilled[&TENANT], Wei(50 * 10 + 2 * 16 * 3));
        books.set_outside(Wei(6), Gas(0), ONE);
        books.charge(second(2), TENANT, Charge::Call(CallKind::Order), &rules);
        assert_eq!(books.unbilled[&TENANT], Wei(596 + 50 * 10 + 2 * 16 * 6));
        let sums = books.sums[party_of(TENANT)];
        assert_eq!((sums.calls, sums.gas, sums.data), (2, 100, Wei(96 + 192)));
    }

    #[test]
    fn settlements_share_a_batch_that_is_sent_when_it_is_due() {
        let (mut books, rules) = books();
        for (at, id) in [(5, 1), (10, 2), (64, 3)] {
            books.charge(second(at), provider(id), Charge::Settlement, &rules);
            assert!(books.unbilled.is_empty(), "the batch waits until second 65");
        }
        books.advance(second(66), &rules);
        // (100 + 3 x 20) / 3 of gas, rounded up; 5 / 3 rounded up and 1 of bytes.
        let each = Wei(54 * 10 + 3 * 16 * 3);
        for id in 1..=3 {
            assert_eq!(books.unbilled[&provider(id)], each);
        }
        let sums = books.sums[party_of(provider(1))];
        assert_eq!((sums.batched, sums.waited), (3, Span::from_secs(60 + 55 + 1)));
        books.charge(second(70), provider(1), Charge::Settlement, &rules);
        assert_eq!(books.unbilled[&provider(1)], each, "another batch");
    }

    #[test]
    fn a_batch_that_fills_a_block_is_sent_at_once() {
        let (mut books, rules) = books();
        let most = 45; // (1,000 - 100) / 20
        for id in 0..most {
            assert!(books.unbilled.is_empty());
            books.charge(second(1), provider(id), Charge::Settlement, &rules);
        }
        assert_eq!(books.unbilled.len(), most as usize);
    }

    #[test]
    fn a_call_waits_while_others_fill_the_blocks() {
        let (mut books, rules) = books();
        books.set_outside(Wei(3), Gas(1_100), ONE);
        books.advance(second(100), &rules);
        assert_eq!(books.queue(0), Span::from_secs(10), "100 units too much a second");
        books.set_outside(Wei(3), Gas(1_100), ONE / 2);
        books.advance(second(123), &rules);
        assert_eq!(books.queue(0), Span::ZERO);
        assert_eq!(books.sums[0].queue_max, Span::from_secs(10));
    }
}
