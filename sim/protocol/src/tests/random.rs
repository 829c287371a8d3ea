//! Do a hundred thousand calls, sensible and not, leave the books in order?

mod caller;

use super::laws::Laws;
use crate::testing::{Chain, Lots, Terms, destinations};
use crate::{Account, Audit, Reason};
use crate::{
    BuyBack, Call, EmissionBook, EmissionRules, Handle, Milestone, Milestones, Rail, Receipt,
    Rejection, RewardMode, State, TenantRules, apply, check_books, process_era,
};
use caller::{Caller, NOBODY, draw_evidence, draw_gas, draw_notice, name};
use mechanism::credits::CreditRules;
use mechanism::emission::{Bonding, Exponential, Halving, NetEmission, Schedule, UsdTarget};
use mechanism::swap_pool::SwapPool;
use std::collections::BTreeMap;
use units::{Asset, BasisPoints, GpuHourPrice, Ppm, ProviderId, SimTime, Span, TenantId};

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
/// After so many, a lease in force is asked back or taken back.
const NOTICE_EVERY: u32 = 25;
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
