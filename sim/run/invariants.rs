//! What must hold in any run, seen from its rows alone: a second set of books.

use record::{
    EconomyRow, EraRow, FlowParty, FlowRow, GasRow, LeaseRow, Observer, OrderOutcome, OrderRow,
    ProviderRow, Row, SeriesRow, UnmatchedReason,
};
use scenario::Rail;
use std::collections::BTreeMap;
use units::{Asset, Base, ProviderId, Usd};

/// One invariant and how it fared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What must hold.
    pub invariant: &'static str,
    /// The first case against it; none when it held.
    pub breach: Option<String>,
    /// How many cases were looked at.
    pub cases: u64,
}

/// Watches a run and notes the first breach of each invariant.
pub struct Invariants {
    findings: [Finding; 8],
    balances: BTreeMap<(&'static str, FlowParty), Base>,
    /// Whether providers are paid what a bill is worth when it is paid: not so where the tokens of
    /// a bill are fixed when its order is opened.
    is_paid_by_worth: bool,
    era: u32,
    /// Due for gas, by party.
    owed: BTreeMap<FlowParty, Usd>,
    /// Paid for gas in dollars and in tokens, less what flows say that block builders received.
    gas_paid: [Base; 2],
    /// GPU-time of each provider so far: installed, available, reserved, paid.
    times: BTreeMap<ProviderId, [u128; 4]>,
    nets: BTreeMap<ProviderId, Usd>,
}

const HOLDINGS: usize = 0;
const EARNINGS: usize = 1;
const CAPACITY: usize = 2;
const LEASES: usize = 3;
const ORDERS: usize = 4;
const SUPPLY: usize = 5;
const GAS: usize = 6;
const JOBS: usize = 7;

const INVARIANTS: [&str; 8] = [
    "nobody ever paid more than was received",
    "net earnings are the sum of their parts, by era and in all",
    "no more GPU-time was up, reserved or paid than stands or was reserved",
    "no lease was paid longer than agreed, or gave its provider more than was charged or left escrow",
    "an order is unmatched exactly when it has a reason, and no other ends its job",
    "what an era emits is paid or stays in the pool, and no token stands in two places",
    "what calls cost is paid or still owed, and what was paid is what block builders received",
    "every job that arrived waits, runs, is done, was given up or went elsewhere",
];

impl Invariants {
    /// What must hold where tenants pay in this way; nothing was seen yet.
    pub fn on(rail: Rail) -> Invariants {
        let finding = |invariant| Finding { invariant, breach: None, cases: 0 };
        Invariants {
            findings: INVARIANTS.map(finding),
            balances: BTreeMap::new(),
            is_paid_by_worth: rail != Rail::NativeFrozen,
            era: 0,
            owed: BTreeMap::new(),
            gas_paid: [0; 2],
            nets: BTreeMap::new(),
            times: BTreeMap::new(),
        }
    }

    /// Every invariant with what was found.
    pub fn finish(mut self) -> Vec<Finding> {
        self.check_holdings();
        let unmatched = self.gas_paid;
        let breach = || format!("{unmatched:?} e-18 USD and SPON more were paid than received");
        self.note(GAS, unmatched == [0; 2], breach);
        self.findings.into()
    }

    fn note(&mut self, place: usize, holds: bool, breach: impl FnOnce() -> String) {
        let finding = &mut self.findings[place];
        finding.cases += 1;
        if !holds && finding.breach.is_none() {
            finding.breach = Some(breach());
        }
    }

    fn on_flow(&mut self, row: &FlowRow) {
        if row.era != self.era {
            self.check_holdings();
            self.era = row.era;
        }
        if row.to == FlowParty::Sequencer {
            let asset = usize::from(row.asset != Asset::Usd.name());
            self.gas_paid[asset] -= row.amount.base();
        }
        *self.balances.entry((row.asset, row.from)).or_default() -= row.amount.base();
        *self.balances.entry((row.asset, row.to)).or_default() += row.amount.base();
    }

    /// After each era, every party inside holds nothing or more.
    fn check_holdings(&mut self) {
        let inside = |party: FlowParty| {
            !matches!(party, FlowParty::Outside | FlowParty::Mint | FlowParty::Burn)
        };
        let (era, balances) = (self.era, std::mem::take(&mut self.balances));
        for ((asset, party), balance) in balances.iter().filter(|((_, party), _)| inside(*party)) {
            let breach = || format!("{} hold {balance}e-18 {asset} after era {era}", party.name());
            self.note(HOLDINGS, *balance >= 0, breach);
        }
        self.balances = balances;
    }

    fn on_era(&mut self, row: &EraRow) {
        let parts = row.lease_income_nano_usd + row.reward_nano_usd
            - row.slash_nano_usd
            - row.electricity_nano_usd
            - row.wear_nano_usd
            - row.gas_nano_usd
            - row.upkeep_nano_usd;
        let (era, provider) = (row.era, row.provider.0);
        let breach = || format!("provider {provider} in era {era}");
        self.note(EARNINGS, row.net_nano_usd == parts, breach);
        let time =
            [row.installed_gpu_us, row.available_gpu_us, row.reserved_gpu_us, row.paid_gpu_us];
        let sums = self.times.entry(row.provider).or_default();
        for (sum, time) in sums.iter_mut().zip(time) {
            *sum += u128::from(time);
        }
        // What is left of a microsecond when an era ends is counted in the next: there may be one
        // more in an era, and none in all so far.
        let is_shared = row.busy_gpu_us + row.slowed_gpu_us <= row.paid_gpu_us + 2
            && row.busy_gpu_us + row.owner_gpu_us <= row.installed_gpu_us + 2;
        let is_possible = is_within(time.map(u128::from), 1) && is_within(*sums, 0) && is_shared;
        self.note(CAPACITY, is_possible, breach);
        if row.is_reported && row.is_complete {
            *self.nets.entry(row.provider).or_default() += row.net_nano_usd;
        }
    }

    fn on_provider(&mut self, row: &ProviderRow) {
        let eras = self.nets.get(&row.provider).copied().unwrap_or_default();
        let breach = || {
            let (provider, net) = (row.provider.0, row.net_nano_usd.nanos());
            format!("provider {provider}: {net} nano-USD in all, {} in its eras", eras.nanos())
        };
        self.note(EARNINGS, row.net_nano_usd == eras, breach);
    }

    fn on_lease(&mut self, row: &LeaseRow) {
        // Both sides of a payment are worth what they are at its moment, in tokens or dollars.
        let is_covered = row.provider_nano_usd <= row.outlay_nano_usd;
        let is_charged = !self.is_paid_by_worth || row.provider_nano_usd <= row.charged_nano_usd;
        let is_possible = row.paid_ns <= row.agreed_ns && is_covered && is_charged;
        self.note(LEASES, is_possible, || format!("the lease of order {:#x}", row.order_key.0));
    }

    fn on_economy(&mut self, row: &EconomyRow) {
        let is_whole = row.distributed_spon + row.undistributed_spon == row.emitted_spon;
        let parts = row.circulating_spon
            + row.staked_spon
            + row.vesting_spon
            + row.pool_spon
            + row.treasury_spon
            + row.vault_spon;
        let is_sound = is_whole
            && parts <= row.supply_spon
            && [row.distributed_spon, row.undistributed_spon, row.vested_spon, row.minted_spon]
                .iter()
                .all(|amount| amount.base() >= 0);
        self.note(SUPPLY, is_sound, || format!("era {}", row.era));
    }

    fn on_gas(&mut self, row: &GasRow) {
        self.gas_paid[0] += row.paid_nano_usd.base() * Asset::Usd.scale();
        self.gas_paid[1] += row.paid_spon.base();
        let before = self.owed.insert(row.party, row.owed_nano_usd).unwrap_or_default();
        let due = before + row.fees_nano_usd - row.settled_nano_usd;
        let is_sound = row.owed_nano_usd == due
            && row.owed_nano_usd >= Usd::ZERO
            && row.data_nano_usd <= row.fees_nano_usd;
        self.note(GAS, is_sound, || format!("{} in era {}", row.party.name(), row.era));
    }

    /// Rule C3 of economics.md 2.3, at every hour; the parts are counted apart.
    fn on_series(&mut self, row: &SeriesRow) {
        let ended = row.jobs_done + row.jobs_given_up + row.jobs_elsewhere;
        let is_whole = row.jobs_arrived == row.jobs_waiting + row.jobs_running + ended;
        let breach = || {
            let hour = row.at_ns.nanos() / units::Span::HOUR.nanos();
            format!("pool {} in hour {hour}: {row:?}", row.pool.0)
        };
        self.note(JOBS, is_whole, breach);
    }

    fn on_order(&mut self, row: &OrderRow) {
        let is_unmatched = row.outcome == OrderOutcome::Unmatched;
        let has_reason = row.reason != UnmatchedReason::None;
        let is_sound = is_unmatched == has_reason && (is_unmatched || !row.is_given_up);
        self.note(ORDERS, is_sound, || format!("order {:#x}", row.order_key.0));
    }
}

/// Whether what is available or reserved is installed, and what is paid reserved, but for `slack`.
fn is_within([installed, available, reserved, paid]: [u128; 4], slack: u128) -> bool {
    available <= installed + slack && reserved <= installed + slack && paid <= reserved + slack
}

impl Observer for Invariants {
    fn on_row(&mut self, row: Row<'_>) {
        match row {
            Row::Order(row) => self.on_order(row),
            Row::Lease(row) => self.on_lease(row),
            Row::Provider(row) => self.on_provider(row),
            Row::Era(row) => self.on_era(row),
            Row::Flow(row) => self.on_flow(row),
            Row::Economy(row) => self.on_economy(row),
            Row::Gas(row) => self.on_gas(row),
            Row::Series(row) => self.on_series(row),
            Row::Slash(_)
            | Row::Operator(_)
            | Row::Price(_)
            | Row::Rent(_)
            | Row::Demand(_)
            | Row::Venue(_)
            | Row::Misuse(_)
            | Row::Supply(_)
            | Row::Job(_)
            | Row::Tenant(_)
            | Row::Network(_)
            | Row::Round(_)
            | Row::Bid(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read_tables::tests::lease;
    use record::FlowReason;
    use units::Spon;

    fn flow(from: FlowParty, to: FlowParty, tokens: i128) -> FlowRow {
        FlowRow {
            era: 0,
            is_reported: true,
            asset: "SPON",
            from,
            to,
            reason: FlowReason::Lock,
            count: 1,
            amount: Spon::from_base(tokens),
        }
    }

    fn breach(rows: &[FlowRow]) -> Option<String> {
        let mut invariants = Invariants::on(Rail::Stable);
        rows.iter().for_each(|row| invariants.on_row(Row::Flow(row)));
        invariants.finish().swap_remove(HOLDINGS).breach
    }

    /// A lease whose rows say what tenants were charged, what left escrow and what came in.
    fn paid_lease(charged: i64, outlay: i64, income: i64) -> LeaseRow {
        let usd = Usd::from_nanos;
        LeaseRow {
            charged_nano_usd: usd(charged),
            outlay_nano_usd: usd(outlay),
            provider_nano_usd: usd(income),
            ..lease(1)
        }
    }

    #[test]
    fn a_provider_receives_no_more_than_was_charged_or_left_escrow() {
        let breaches = |rail, row: &LeaseRow| {
            let mut invariants = Invariants::on(rail);
            invariants.on_row(Row::Lease(row));
            invariants.finish().swap_remove(LEASES).breach.is_some()
        };
        let frozen = Rail::NativeFrozen;
        // Tokens that rose since the order are worth more than the bill, and no more than they are.
        let risen = paid_lease(100, 300, 240);
        assert!(!breaches(frozen, &risen) && breaches(Rail::Stable, &risen));
        let from_nowhere = paid_lease(100, 300, 301);
        assert!(breaches(frozen, &from_nowhere) && breaches(Rail::Stable, &from_nowhere));
        assert!(!breaches(Rail::Stable, &paid_lease(100, 102, 99)));
    }

    #[test]
    fn a_job_that_is_lost_is_a_breach() {
        let whole = SeriesRow {
            at_ns: units::SimTime::ZERO,
            is_reported: true,
            pool: units::PoolId(0),
            length_ns: units::Span::HOUR,
            installed_gpu_us: 0,
            available_gpu_us: 0,
            reserved_gpu_us: 0,
            paid_gpu_us: 0,
            busy_gpu_us: 0,
            slowed_gpu_us: 0,
            owner_gpu_us: 0,
            orders: 0,
            matched: 0,
            unmatched: 0,
            jobs_waiting: 1,
            jobs_running: 2,
            jobs_arrived: 21,
            jobs_done: 3,
            jobs_given_up: 5,
            jobs_elsewhere: 10,
            demand_ppm: 1_000_000,
        };
        let breach = |row: SeriesRow| {
            let mut invariants = Invariants::on(Rail::Stable);
            invariants.on_row(Row::Series(&row));
            invariants.finish().swap_remove(JOBS).breach
        };
        assert_eq!(breach(whole), None);
        let lost = breach(SeriesRow { jobs_elsewhere: 9, ..whole });
        assert!(lost.is_some_and(|text| text.starts_with("pool 0 in hour 0")));
    }

    #[test]
    fn gas_that_nobody_received_is_a_breach() {
        let paid = GasRow {
            era: 0,
            is_reported: true,
            is_complete: true,
            party: FlowParty::Providers,
            calls: 1,
            gas: 1,
            fee_max_wei: 1,
            queue_max_ns: units::Span::ZERO,
            fees_nano_usd: Usd::from_nanos(9),
            data_nano_usd: Usd::from_nanos(2),
            paid_nano_usd: Usd::from_nanos(5),
            paid_spon: Spon::ZERO,
            settled_nano_usd: Usd::from_nanos(5),
            owed_nano_usd: Usd::from_nanos(4),
            batched: 0,
            batch_wait_ns: units::Span::ZERO,
        };
        let flow = FlowRow {
            asset: "USD",
            reason: FlowReason::Gas,
            ..flow(FlowParty::Providers, FlowParty::Sequencer, 5_000_000_000)
        };
        let breach = |gas: GasRow, flows: &[FlowRow]| {
            let mut invariants = Invariants::on(Rail::Stable);
            flows.iter().for_each(|row| invariants.on_row(Row::Flow(row)));
            invariants.on_row(Row::Gas(&gas));
            invariants.finish().swap_remove(GAS).breach
        };
        assert_eq!(breach(paid, &[flow]), None);
        assert!(breach(paid, &[]).is_some(), "nobody received it");
        let forgiven = GasRow { owed_nano_usd: Usd::ZERO, ..paid };
        assert_eq!(breach(forgiven, &[flow]).as_deref(), Some("providers in era 0"));
    }

    #[test]
    fn paying_what_was_never_received_is_a_breach() {
        let paid = flow(FlowParty::Tenants, FlowParty::Escrow, 5);
        let received = flow(FlowParty::Outside, FlowParty::Tenants, 5);
        assert_eq!(breach(&[paid, received]), None, "the order within an era does not matter");
        assert_eq!(breach(&[received, FlowRow { era: 1, ..paid }]), None);
        let early = breach(&[paid, FlowRow { era: 1, ..received }]);
        assert_eq!(early.as_deref(), Some("tenants hold -5e-18 SPON after era 0"));
    }
}
