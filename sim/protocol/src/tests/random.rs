//! Do a hundred thousand calls, sensible and not, leave the books in order?

use super::laws::Laws;
use crate::testing::{Chain, Lots, Terms, destinations};
use crate::{Account, Audit, Reason};
use crate::{
    BuyBack, Call, CloseCause, DecisionDigest, EmissionBook, EmissionRules, EraEvidence, Fault,
    Handle, Milestone, Milestones, Misuse, Payer, Promise, Rail, Receipt, Rejection, RewardMode,
    Seller, State, TenantRules, apply, check_books, process_era,
};
use mechanism::credits::CreditRules;
use mechanism::emission::{Bonding, Exponential, Halving, NetEmission, Schedule, UsdTarget};
use mechanism::swap_pool::Side;
use mechanism::swap_pool::SwapPool;
use std::collections::BTreeMap;
use units::{
    Asset, BasisPoints, DelegatorId, EntityKey, GpuCount, GpuHourPrice, OperatorId, Ppm,
    ProviderId, RegionId, SimTime, Span, Spon, TenantId, TokenPrice, Usd,
};

const CALLS: u32 = 100_000;
/// After so many calls, gas is paid for once.
const GAS_EVERY: u32 = 40;
/// What tenants answer with where they misbehave.
const RULES: TenantRules = TenantRules {
    surety: Span::from_secs(1_801),
    part_funding: Some(Span::from_secs(1_200)),
    forfeit: BasisPoints(3_333),
    to_provider: BasisPoints(6_667),
    strikes: 2,
};
/// A tenant without a wallet.
const NOBODY: TenantId = TenantId(u32::MAX);
/// After so many, a lease in force is asked back or taken back.
const NOTICE_EVERY: u32 = 25;
/// Handles of this many past orders and leases are still tried.
const REMEMBERED: usize = 12;

/// Who makes the calls: draws, the time, and the handles that were ever handed out.
struct Caller {
    lots: Lots,
    now: SimTime,
    orders: Vec<Handle>,
    leases: Vec<Handle>,
    /// Tenants who ask: who is enrolled takes the place of one of them.
    tenants: [TenantId; 3],
    /// Lately opened pairs: drawn more often, so that something comes of them.
    pair: Option<(Handle, Handle)>,
}

impl Caller {
    /// Time goes on by up to ten minutes; now and then it stands still.
    fn advance(&mut self) {
        let step = self.lots.below(600_000_000_000) * self.lots.below(2);
        self.now = self.now + Span::from_nanos(step);
    }

    fn order(&mut self) -> Handle {
        self.lots.pick(&self.orders)
    }

    fn lease(&mut self) -> Handle {
        self.lots.pick(&self.leases)
    }

    /// An order and its lease, or two that need not belong together.
    fn pair(&mut self) -> (Handle, Handle) {
        match self.pair {
            Some(pair) if self.lots.below(4) > 0 => pair,
            _ => (self.order(), self.lease()),
        }
    }

    fn draw_call(&mut self) -> Call {
        match self.lots.below(34) {
            0 => self.draw_deposit(),
            1 => self.draw_stake(),
            2..=4 => self.draw_order(),
            5 => Call::CancelOrder { order: self.order() },
            6..=8 => self.draw_lease(),
            9 | 10 => {
                let (order, lease) = self.pair();
                Call::ConfirmLease { order, lease }
            }
            11 => {
                let (order, lease) = self.pair();
                Call::VoidLease { order, lease }
            }
            12 => Call::PauseLease { lease: self.lease() },
            13 => Call::ResumeLease { lease: self.lease() },
            14 => Call::SettleLease { lease: self.lease() },
            15 => self.draw_slash(),
            16..=20 | 28 | 30..=32 => self.draw_staking(),
            33 => self.draw_registration(),
            29 => {
                let provider = ProviderId(self.lots.below(4) as u32);
                Call::SetMaintenance { provider, is_on: self.lots.below(3) == 0 }
            }
            21 => self.draw_fault(),
            23..=26 => self.draw_trade(),
            22 => Call::UpholdAppeal { evidence: EntityKey(self.lots.below(40)) },
            _ => {
                let cause = self.lots.pick(&[CloseCause::Agreed, CloseCause::ProviderFailed]);
                Call::CloseLease { lease: self.lease(), cause }
            }
        }
    }

    fn draw_deposit(&mut self) -> Call {
        // The first tenant is immensely rich, the second sometimes short of money.
        let place = self.lots.below(3) as usize;
        let tenant = self.tenants[place];
        let large = if place == 0 { i64::MAX } else { 20_000_000_000 };
        let nanos = self.lots.pick(&[i64::MIN, -1, 0, 1, 1_000_000_000, large]);
        Call::Deposit { tenant, amount: Usd::from_nanos(nanos) }
    }

    /// Who leaves comes back soon, so that the others find somebody.
    fn draw_registration(&mut self) -> Call {
        let provider = ProviderId(self.lots.below(4) as u32);
        if self.lots.below(3) == 0 {
            return Call::Deregister { provider };
        }
        let gpus = GpuCount(self.lots.pick(&[0, 8]));
        Call::Register { provider, gpus, multiplier_hundredths: 100 }
    }

    fn draw_stake(&mut self) -> Call {
        let base = [i128::MIN, -1, 0, 1, 10_i128.pow(20), 10_i128.pow(31), i128::MAX];
        let amount = Spon::from_base(self.lots.pick(&base));
        Call::PostStake { provider: ProviderId(self.lots.below(4) as u32), amount }
    }

    fn draw_order(&mut self) -> Call {
        let nanos = [0, 1, 40_000_000, 2_000_000_001, 10_u64.pow(15), u64::MAX];
        let hour = Span::HOUR.nanos();
        let spans = [0, 1, hour / 7, hour, 30 * hour, u64::MAX];
        let key = self.lots.below(3);
        Call::OpenOrder {
            key: EntityKey(key),
            tenant: self.tenants[self.lots.below(3) as usize],
            gpus: GpuCount(self.lots.pick(&[0, 1, 2, 8, u32::MAX])),
            ceiling: GpuHourPrice::from_nanos(self.lots.pick(&nanos)),
            duration: Span::from_nanos(self.lots.pick(&spans)),
            funded: None,
            promise: if key == 2 {
                Promise::Term(Span::from_nanos(hour / 7))
            } else {
                Promise::Spot
            },
        }
    }

    fn draw_lease(&mut self) -> Call {
        let nanos = [0, 1, 39_999_999, 2_000_000_001, u64::MAX];
        Call::OpenLease {
            order: self.order(),
            provider: ProviderId(self.lots.below(4) as u32),
            region: RegionId(self.lots.below(3) as u16),
            price: GpuHourPrice::from_nanos(self.lots.pick(&nanos)),
            agreed: self.lots.pick(&[None, None, Some(Span::HOUR), Some(Span::from_secs(60))]),
        }
    }

    fn draw_staking(&mut self) -> Call {
        let delegator = DelegatorId(self.lots.below(4) as u32);
        let provider = ProviderId(self.lots.below(4) as u32);
        let token = 10_i128.pow(18);
        let base = [i128::MIN, -1, 0, 1, 7, token / 9, token / 3, token, 50 * token, i128::MAX];
        let amount = Spon::from_base(self.lots.pick(&base));
        match self.lots.below(6) {
            0 => Call::Unstake { provider, amount },
            1 => Call::Fund { delegator, amount },
            2 | 3 => Call::Delegate { delegator, provider, amount },
            4 => Call::Undelegate { delegator, provider, amount },
            _ => {
                let commission = BasisPoints(self.lots.pick(&[0, 1_000, 10_000, 10_001]));
                Call::SetCommission { provider, commission }
            }
        }
    }

    fn draw_trade(&mut self) -> Call {
        let tenant = self.tenants[self.lots.below(3) as usize];
        let token = 10_i128.pow(18);
        let base = [i128::MIN, -1, 0, 1, token / 3, 40 * token, 500 * token, i128::MAX];
        let amount = Spon::from_base(self.lots.pick(&base));
        let sellers = [
            Some(Seller::Tenant(tenant)),
            Some(Seller::Provider(ProviderId(self.lots.below(4) as u32))),
            Some(Seller::Delegator(DelegatorId(self.lots.below(4) as u32))),
            Some(Seller::Foundation),
            Some(Seller::Holders),
            None,
        ];
        let nanos = [-1, 0, 1, 1_000_000_000, 20_000_000_000, i64::MAX];
        match self.lots.below(7) {
            0..=2 => Call::BuyTokens { tenant, amount },
            3 => match self.lots.pick(&sellers) {
                Some(seller) => Call::SellTokens { seller, amount },
                None => Call::TradeOutside { pays: Side::Tokens, paid: amount.base() },
            },
            4 => {
                let nanos = self.lots.pick(&[0, 1, 9_000_000, 30_000_000, 95_000_001]);
                Call::ReportPrice { price: TokenPrice::from_nanos(nanos) }
            }
            _ => Call::TopUp { tenant, value: Usd::from_nanos(self.lots.pick(&nanos)) },
        }
    }

    fn draw_fault(&mut self) -> Call {
        let provider = ProviderId(self.lots.below(4) as u32);
        let fault = self.lots.pick(&Fault::ALL);
        let age = self.lots.pick(&[0, 1, 600, 20_000_000].map(Span::from_secs));
        let happened_at = SimTime::from_nanos(self.now.nanos().saturating_sub(age.nanos()));
        let victim = self.lots.pick(&[None, Some(TenantId(0)), Some(NOBODY)]);
        let evidence = EntityKey(self.lots.below(40));
        Call::ReportFault { provider, fault, happened_at, victim, evidence }
    }

    fn draw_slash(&mut self) -> Call {
        let [signed, recomputed] = [(); 2].map(|()| DecisionDigest(self.lots.below(3)));
        Call::SlashOperator { operator: OperatorId(self.lots.below(3) as u16), signed, recomputed }
    }

    /// Remembers the handles that an accepted call brought.
    fn learn(&mut self, call: Call, receipt: Receipt) {
        match (call, receipt) {
            (_, Receipt::Enrolled { tenant }) => self.tenants[tenant.index() % 2] = tenant,
            (_, Receipt::OrderOpened { order, .. }) => remember(&mut self.orders, order),
            (Call::OpenLease { order, .. }, Receipt::LeaseOpened { lease }) => {
                remember(&mut self.leases, lease);
                self.pair = Some((order, lease));
            }
            _ => {}
        }
    }
}

fn remember(handles: &mut Vec<Handle>, handle: Handle) {
    if handles.len() == REMEMBERED {
        handles.remove(0);
    }
    handles.push(handle);
}

/// The name of a variant: what stands before its fields.
fn name(value: &impl std::fmt::Debug) -> String {
    format!("{value:?}").split([' ', '(', '{']).next().unwrap_or_default().to_string()
}

fn draw_gas(lots: &mut Lots) -> Call {
    let payers = [
        Payer::Tenant(TenantId(lots.below(3) as u32)),
        Payer::Provider(ProviderId(lots.below(4) as u32)),
        Payer::Delegator(DelegatorId(lots.below(4) as u32)),
        Payer::Foundation,
        Payer::Challengers,
    ];
    let assets = [Asset::Usd, Asset::Spon, Asset::Usd, Asset::Spon, Asset::Credit];
    let base = [i128::MIN, -1, 0, 1, 1_000, 40_000_000, 10_i128.pow(12), i128::MAX];
    let (payer, asset) = (lots.pick(&payers), lots.pick(&assets));
    Call::PayGas { payer, asset, amount: lots.pick(&base) }
}

impl Caller {
    /// A tenant misuses something, or somebody says so; orders are funded in part.
    fn draw_misuse(&mut self, lots: &mut Lots) -> Call {
        let lease = self.lease();
        match lots.below(60) {
            40.. => {
                let mut order = self.draw_order();
                let Call::OpenOrder { funded, .. } = &mut order else { unreachable!("it is one") };
                let spans = [Span::HOUR, Span::from_secs(1_200), Span::from_secs(400)];
                *funded = Some(lots.pick(&spans));
                order
            }
            0 if lots.below(3) == 0 => Call::Enroll,
            1..=4 => {
                let (order, lease) = self.pair();
                Call::WithdrawOrder { order, lease }
            }
            5..=14 => Call::DisputeLease { lease },
            15..=20 => Call::UpholdDispute { lease },
            _ => {
                let misuse = [Misuse::Drain, Misuse::FalseDispute, Misuse::ForbiddenWork];
                Call::ForfeitLease { lease, misuse: lots.pick(&misuse) }
            }
        }
    }
}

fn draw_notice(lots: &mut Lots, leases: &[Handle]) -> Option<Call> {
    if leases.is_empty() {
        return None;
    }
    let (lease, cause) = (lots.pick(leases), CloseCause::Reclaimed);
    let is_announced = lots.below(2) == 0;
    Some(if is_announced {
        Call::AnnounceReclaim { lease }
    } else {
        Call::CloseLease { lease, cause }
    })
}

fn draw_evidence(lots: &mut Lots) -> [EraEvidence; 3] {
    [(); 3].map(|()| EraEvidence {
        uptime: Ppm(lots.below(1_000_001) as u32),
        downtime_gpu_ns: lots.pick(&[0, 1, Span::HOUR.nanos(), u64::MAX]),
        cooling_gpu_ns: lots.pick(&[0, 1, Span::HOUR.nanos(), u64::MAX]),
    })
}

/// A chain with a handle of a past generation in every list, and its caller.
fn start(seed: u64, rail: Rail) -> (Chain, Caller) {
    let mut chain = Chain::new();
    if let Rail::UsdTarget(_) = rail {
        let reserves = (10_i128.pow(24), 30_000_000_000_000);
        chain.state.exchange = SwapPool::new(reserves.0, reserves.1, Ppm(3_000));
        let ledger = &mut chain.state.ledger;
        ledger.inflow(Asset::Spon, Account::Exchange, reserves.0, Reason::Genesis);
        ledger.inflow(Asset::Usd, Account::Exchange, reserves.1, Reason::Genesis);
    }
    chain.params.slashing.appeal = Span::from_hours(10);
    chain.params.contract.notice = Span::from_hours(5);
    chain.params.slashing.evidence_max_age = Span::DAY;
    chain.params.slashing.destinations = destinations(3_333, 3_333, 1_111);
    for rule in &mut chain.params.slashing.faults {
        rule.jail = rule.jail.min(Span::from_hours(2));
    }
    let shares = [(0, 3_000), (1, 300), (2, 500), (3, 1_000), (4, 10_000), (5, 2_000)];
    for (place, share) in shares {
        chain.params.slashing.faults[place].of_stake = BasisPoints(share);
        chain.params.slashing.faults[place].correlation = 1;
    }
    let lease = chain.active(Terms::PLAIN, ProviderId(0));
    chain.close(SimTime::ZERO, lease);
    let order = chain.order(Terms::PLAIN);
    chain.accept(SimTime::ZERO, Call::CancelOrder { order });
    chain.params.rail = rail;
    chain.params.buy_back = BuyBack { share: HALF, burned: HALF };
    vary_rewards(&mut chain, rail);
    let lots = Lots::new(seed);
    let caller = Caller {
        lots,
        now: SimTime::ZERO,
        orders: vec![order],
        leases: vec![lease],
        tenants: [TenantId(0), TenantId(1), NOBODY],
        pair: None,
    };
    (chain, caller)
}

/// Another schedule and another mode on every rail.
fn vary_rewards(chain: &mut Chain, rail: Rail) {
    let one = 10_u128.pow(18);
    let halving = Halving { first: 900 * one + 7, period_eras: 3 };
    let bonding = Bonding { rate_ppb: 100_000, change_ppb: 9_000, target_ppb: 500_000_000 };
    let exponential = Exponential { total: 90_000 * one, half_life_eras: 9 };
    let per_gpu_hour = GpuHourPrice::from_nanos(70_000_000);
    let (floor, ceiling) = (BasisPoints(5_000), BasisPoints(30_000));
    let (schedule, mode) = match rail {
        Rail::Stable => return,
        Rail::NativeSpot { .. } => {
            (Schedule::Halving(halving), RewardMode::PayerBand { floor, ceiling })
        }
        Rail::NativeFrozen => (Schedule::Bonding(bonding), RewardMode::UsdFloor { per_gpu_hour }),
        Rail::BurnMint(_) => {
            (Schedule::Exponential(exponential), RewardMode::RevenueMatch { share: floor })
        }
        Rail::UsdTarget(_) => (
            Schedule::UsdTarget(UsdTarget { buy_back: BasisPoints(0) }),
            RewardMode::UtilizationGap { full_at: Ppm(500_000) },
        ),
    };
    let net = Some(NetEmission { pool: 0, limit: 5 * one, parts: 3 });
    let rules = EmissionRules { schedule, first_era: 2, net, owed_per_gpu_hour: per_gpu_hour };
    chain.state.emission = EmissionBook::new(&rules);
    chain.params.emission = rules;
    chain.params.rewards.mode = mode;
    let prize = Milestone { mark: Ppm(300_000), eras: 2, share: BasisPoints(1_000) };
    chain.params.rewards.milestones = Milestones { uptime: prize, quality: prize };
}

/// A chain under random calls, with all who hold it to something.
struct Play {
    chain: Chain,
    before: State,
    laws: Laws,
    audit: Audit,
    counts: BTreeMap<String, u32>,
}

impl Play {
    /// Makes one call; its receipt, if it has one.
    fn take(&mut self, now: SimTime, call: Call) -> Option<Receipt> {
        let chain = &mut self.chain;
        let answer: Result<Receipt, Rejection> = apply(&mut chain.state, now, call, &chain.params);
        let outcome = match answer {
            Ok(receipt) => {
                check_books(&chain.state);
                self.laws.check_call(&self.before, &chain.state, call, receipt);
                self.audit.note(call, &receipt);
                self.audit.compare_touched(&chain.state);
                self.before = chain.state.clone();
                name(&receipt)
            }
            Err(why) => {
                assert_eq!(chain.state, self.before, "{call:?}: {why}");
                name(&why)
            }
        };
        *self.counts.entry(outcome).or_default() += 1;
        answer.ok()
    }
}

/// Plays `calls` calls of honest tenants and counts receipts and rejections by name.
fn play(seed: u64, calls: u32, rail: Rail) -> BTreeMap<String, u32> {
    play_with(seed, calls, rail, TenantRules::default())
}

/// Plays `calls` calls under rules for tenants, who misbehave where there are any.
fn play_with(seed: u64, calls: u32, rail: Rail, rules: TenantRules) -> BTreeMap<String, u32> {
    let (mut chain, mut caller) = start(seed, rail);
    chain.params.tenants = rules;
    let (before, audit) = (chain.state.clone(), Audit::open(&chain.state));
    let counts = BTreeMap::new();
    let mut play = Play { chain, before, laws: Laws::default(), audit, counts };
    // Gas is paid and notice given beside these calls, not in the place of some.
    let [mut payers, mut misusers, mut owners] = [100, 200, 300].map(|more| Lots::new(seed + more));
    let misuses = |lots: &mut Lots| rules != TenantRules::default() && lots.below(2) == 0;
    for number in 0..calls + calls / GAS_EVERY {
        caller.advance();
        let is_gas = number % (GAS_EVERY + 1) == GAS_EVERY;
        let call = match is_gas {
            true => draw_gas(&mut payers),
            false if misuses(&mut misusers) => caller.draw_misuse(&mut misusers),
            false => caller.draw_call(),
        };
        if let Some(receipt) = play.take(caller.now, call) {
            caller.learn(call, receipt);
        }
        if number % NOTICE_EVERY == 0 {
            let leases: Vec<Handle> = play.chain.state.leases.iter().map(|(at, _)| at).collect();
            if let Some(call) = draw_notice(&mut owners, &leases) {
                play.take(caller.now, call);
            }
        }
        if number % 1_000 == 999 {
            let evidence = draw_evidence(&mut caller.lots);
            let receipt =
                process_era(&mut play.chain.state, caller.now, &evidence, &play.chain.params);
            check_books(&play.chain.state);
            play.audit.note_era(&receipt);
            play.audit.compare(&play.chain.state);
            assert_eq!(play.audit.findings(), [], "seed {seed}");
            play.laws.check_era(&play.before, &play.chain.state, caller.now);
            play.before = play.chain.state.clone();
        }
    }
    // The last calls may come after the last era.
    play.audit.compare(&play.chain.state);
    assert_eq!(play.audit.findings(), [], "seed {seed}");
    play.counts
}

#[test]
fn a_hundred_thousand_calls_leave_the_books_in_order() {
    let counts = play(1, CALLS, Rail::Stable);
    let names = [
        "Deposited StakePosted OrderOpened OrderCancelled LeaseOpened LeaseConfirmed LeaseVoided",
        "LeasePaused LeaseResumed LeaseSettled LeaseClosed",
        "DepositTooSmall NoSuchOrder NoSuchLease WrongState AboveCeiling NoSuchProvider",
        "NegativeAmount NoGpus NoSuchTenant NoSuchRegion AmountTooLarge",
        "OperatorSlashed NoSuchOperator NoDeviation NothingToSlash",
        "Unbonding Funded StakeDelegated CommissionSet FaultProven SlashReturned",
        "NoSuchDelegator NotHeld NotStaked AmountTooSmall AboveWhole IsContested NotTimely",
        "ReclaimAnnounced BelowTerm",
        "EvidenceUsed NotContested StakeInUse MaintenanceSet MayNotServe GasPaid NoSuchPayer",
    ];
    for name in names.iter().flat_map(|line| line.split(' ')) {
        let count = counts.get(name).copied().unwrap_or(0);
        assert!(count > 100, "{name} came {count} times only: {counts:?}");
    }
    assert_eq!(counts.len(), 62, "{counts:?}");
}

/// Seeds, the rails other than the plain one, and what must come of calls on each.
const RAILS: [(u64, Rail, &str); 4] = [
    (3, Rail::NativeSpot { margin: HALF }, "LeaseSettled TokensBought TokensSold"),
    (4, Rail::NativeFrozen, "LeaseClosed TokensBought PriceReported NoPrice NoSuchSeller"),
    (10, Rail::BurnMint(CREDITS), "LeaseClosed CreditsMinted CreditsHalted"),
    (
        6,
        Rail::UsdTarget(BuyBack { share: HALF, burned: HALF }),
        "LeaseClosed TokensSold TradedOutside",
    ),
];
const HALF: BasisPoints = BasisPoints(5_000);
const CREDITS: CreditRules =
    CreditRules { spread: BasisPoints(25), warn_below: Ppm(950_000), halt_below: Ppm(900_000) };

/// On the other rails money takes other ways; tokens are traded in a pool on the last.
fn play_on_every_rail(calls: u32) {
    for (seed, rail, names) in RAILS {
        let counts = play(seed, calls, rail);
        for name in names.split(' ') {
            assert!(counts.get(name).is_some_and(|n| *n > 20), "{name} on {rail:?}: {counts:?}");
        }
    }
}

#[test]
fn the_books_are_in_order_on_every_rail() {
    play_on_every_rail(CALLS / 2);
}

#[test]
fn the_books_are_in_order_where_tenants_misbehave() {
    let names = "OrderWithdrawn LeaseDisputed DisputeUpheld LeaseForfeited Enrolled Banned \
                 Underfunded NotDrained";
    for (seed, rail) in [(1, Rail::Stable), (3, RAILS[0].1), (4, RAILS[1].1), (10, RAILS[2].1)] {
        let counts = play_with(seed, 2 * CALLS, rail, RULES);
        for name in names.split(' ') {
            assert!(counts.get(name).is_some_and(|n| *n > 10), "{name} on {rail:?}: {counts:?}");
        }
    }
}

#[test]
#[ignore = "a million calls take a minute; run by hand with --ignored"]
fn a_million_calls_leave_the_books_in_order() {
    play(7, 600_000, Rail::Stable);
    play_on_every_rail(100_000);
}

#[test]
fn the_same_calls_come_to_the_same_state() {
    let twice = [(); 2].map(|()| play(2, 5_000, Rail::NativeFrozen));
    assert_eq!(twice[0], twice[1]);
}
