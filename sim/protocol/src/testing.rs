//! What the tests of this crate share: the published parameters and a small chain.

use crate::audit::Audit;
use crate::call::{Call, CloseCause};
use crate::emission::EmissionRules;
use crate::invariant::check_books;
use crate::lease::{Order, Promise};
use crate::ledger::Account;
use crate::params::{
    ContractRules, FaultRule, Fees, Milestones, Params, Pledge, PoolRules, Rewards, SlashRules,
    StakeRules, StandingRules, TenantRules, TrustRung,
};
use crate::rail::{BuyBack, Rail};
use crate::receipt::Receipt;
use crate::registry::Registration;
use crate::rejection::Rejection;
use crate::reward_mode::RewardMode;
use crate::slots::Handle;
use crate::state::{Genesis, State};
use crate::supply::SupplyBook;
use crate::transition::apply;
use mechanism::emission::{LinearPool, Schedule};
use mechanism::slash::Destinations;
use units::{
    Asset, Base, BasisPoints, EntityKey, GpuCount, GpuHourPrice, Philox, Ppm, ProviderId, RegionId,
    SimTime, Span, Spon, TenantId, TokenPrice, TrustTier, Usd,
};

/// The published fees (protocol.md 3.2).
pub const FEES: Fees = Fees {
    provider_foundation: BasisPoints(2_000),
    fizz_foundation: BasisPoints(500),
    fizz_gateway: BasisPoints(200),
    facilitation: BasisPoints(200),
    payout: BasisPoints(100),
};

/// A token price.
pub const PRICE: TokenPrice = TokenPrice::from_nanos(30_000_000);
/// A block of the Orbit profile.
pub const BLOCK: Span = Span::from_millis(250);
/// The providers of [`Chain::new`]: two home machines and one data centre of eight GPUs.
pub const FIZZ: ProviderId = ProviderId(0);
/// The other home machine.
pub const OTHER_FIZZ: ProviderId = ProviderId(1);
/// The data centre.
pub const CENTRE: ProviderId = ProviderId(2);
/// The tenant who asks in most tests; there is one more.
pub const TENANT: TenantId = TenantId(0);
/// The region that machines stand in; there is one more.
pub const REGION: RegionId = RegionId(1);

/// The published trust ladder (protocol.md 2.3).
pub fn ladder() -> [TrustRung; 7] {
    let rows = [
        (99, 85, 200, 0, 32),
        (98, 80, 170, 30, 25),
        (97, 75, 150, 23, 20),
        (95, 70, 120, 17, 14),
        (90, 65, 110, 11, 7),
        (85, 60, 100, 5, 5),
        (75, 0, 0, 3, 0),
    ];
    let mut number = 0;
    rows.map(|(uptime, mark, boost, up, down)| {
        number += 1;
        TrustRung {
            tier: trust(number),
            uptime: Ppm(uptime * 10_000),
            slash_mark: Ppm(mark * 10_000),
            boost_hundredths: boost,
            eras_up: up,
            eras_down: down,
        }
    })
}

/// Trust tier `number`.
pub fn trust(number: u8) -> TrustTier {
    TrustTier::new(number).expect("1 to 7")
}

/// Whole tokens.
pub fn tokens(whole: i128) -> Spon {
    Spon::from_base(whole * Spon::ONE.base())
}

/// The documented prices of faults (protocol.md 3.3): downtime in a lease costs the reward of its
/// time, misconduct everything.
pub fn fault_rules() -> [FaultRule; 7] {
    let all = FaultRule {
        of_stake: BasisPoints::WHOLE,
        takes_reward: true,
        jail: Span::DAY,
        ..FaultRule::default()
    };
    let downtime = FaultRule { lost_reward_hundredths: 100, ..FaultRule::default() };
    let nothing = FaultRule::default();
    [downtime, nothing, nothing, all, all, all, all]
}

/// Where a slash goes, in basis points; the rest is the foundation's.
pub fn destinations(burned: u32, harmed: u32, bounty: u32) -> Destinations {
    let treasury = 10_000 - burned - harmed - bounty;
    let [burned, treasury, harmed, bounty] = [burned, treasury, harmed, bounty].map(BasisPoints);
    Destinations::new(burned, treasury, harmed, bounty).expect("they make the whole")
}

/// The published values (protocol.md 2.3, 3 and 9.4); what is not published is a round number.
pub fn params() -> Params {
    Params {
        block: BLOCK,
        rail: Rail::Stable,
        fees: FEES,
        rewards: Rewards {
            era: Span::DAY,
            challenges: 24,
            gpu_weight: BasisPoints(8_000),
            mode: RewardMode::Points,
            split: None,
            milestones: Milestones::default(),
            cool_down: Span::from_hours(3),
            provider_base: 20,
            fizz_base: 500,
            fizz_gate: Ppm(500_000),
            fizz_weights: [2_000, 1_000, 1_000, 6_000].map(BasisPoints),
            fizz_shortfalls: [Ppm::ZERO; 4],
            ladder: ladder(),
        },
        emission: EmissionRules {
            schedule: Schedule::LinearPool(LinearPool {
                pool: tokens(164_271 * 1_461).base().unsigned_abs(),
                eras: 1_461,
            }),
            first_era: 0,
            net: None,
            owed_per_gpu_hour: GpuHourPrice::from_nanos(0),
        },
        reward_pool: tokens(240_000_000),
        supply: SupplyBook::default(),
        buy_back: BuyBack { share: BasisPoints(0), burned: BasisPoints(10_000) },
        stake: StakeRules {
            pledge: Pledge::Dollars { per_gpu: Usd::from_nanos(10_000_000_000) },
            review_eras: 0,
            unbonding: Span::DAY.times(14),
        },
        slashing: SlashRules {
            faults: fault_rules(),
            destinations: destinations(3_333, 0, 0),
            appeal: Span::ZERO,
            evidence_max_age: Span::DAY.times(14),
            operator: BasisPoints(1_000),
            window: Span::DAY.times(30),
        },
        standing: StandingRules {
            uptime_prior: Ppm(900_000),
            uptime_prior_eras: 5,
            uptime_window_eras: 30,
            reputation_half_life: Span::DAY.times(30),
        },
        tenants: TenantRules::default(),
        contract: ContractRules { notice: Span::from_secs(120), termination: BasisPoints(5_000) },
    }
}

/// A registration under `rules`; data centres start in tier 6, the lowest that earns.
pub fn registration(rules: PoolRules, gpus: u32, multiplier_hundredths: u32) -> Registration {
    let tier = (rules == PoolRules::Provider).then(|| trust(6));
    Registration::new(rules, GpuCount(gpus), multiplier_hundredths, tier)
}

/// A chain with its parameters.
pub struct Chain {
    pub state: State,
    pub params: Params,
}

impl Chain {
    /// Two home machines of one GPU times 4 and a data centre of eight GPUs times 1, so that the
    /// two kinds of rules share an era's budget evenly. Two tenants, two regions.
    pub fn new() -> Chain {
        let fizz = registration(PoolRules::Fizz, 1, 400);
        let centre = registration(PoolRules::Provider, 8, 100);
        Chain::of(vec![fizz.clone(), fizz, centre], params())
    }

    /// A chain of these providers under these parameters.
    pub fn of(registry: Vec<Registration>, params: Params) -> Chain {
        let operators = [tokens(600), tokens(400)];
        let genesis = Genesis {
            tenants: 2,
            gateways: 2,
            delegators: 3,
            registry,
            operator_stakes: &operators,
            price: PRICE,
            exchange: None,
        };
        Chain { state: State::genesis(genesis, &params), params }
    }

    /// Applies a call that must be accepted, checks the books and audits the receipt.
    #[track_caller]
    pub fn accept(&mut self, at: SimTime, call: Call) -> Receipt {
        let mut audit = Audit::open(&self.state);
        let receipt = apply(&mut self.state, at, call, &self.params);
        check_books(&self.state);
        let receipt = receipt.unwrap_or_else(|why| panic!("{call:?} was refused: {why}"));
        audit.note(call, &receipt);
        audit.compare(&self.state);
        assert_eq!(audit.findings(), [], "{call:?}");
        receipt
    }

    /// Applies a call that must be refused, and checks that nothing has changed.
    #[track_caller]
    pub fn refuse(&mut self, at: SimTime, call: Call) -> Rejection {
        let before = self.state.clone();
        let answer = apply(&mut self.state, at, call, &self.params);
        assert_eq!(self.state, before, "a refused call changes nothing");
        answer.expect_err("the call is refused")
    }

    /// What an account holds in nano-dollars.
    pub fn usd(&self, account: Account) -> Base {
        self.state.ledger.balance(Asset::Usd, account)
    }

    /// What an account holds in units of 10^-18 SPON.
    pub fn spon(&self, account: Account) -> Base {
        self.state.ledger.balance(Asset::Spon, account)
    }

    /// Fills the tenant's wallet with exactly what `terms` need and opens that order.
    pub fn order(&mut self, terms: Terms) -> Handle {
        let surety = Order::compute_surety(terms.price, terms.gpus, &self.params);
        let amount = terms.deposit(&self.params) + surety;
        self.accept(SimTime::ZERO, Call::Deposit { tenant: TENANT, amount });
        let receipt = self.accept(SimTime::ZERO, terms.order_of(TENANT, EntityKey(1)));
        let Receipt::OrderOpened { order, .. } = receipt else { panic!("{receipt:?}") };
        order
    }

    /// An order of `terms` and the reserved lease that answers it at the ceiling.
    pub fn reserved(&mut self, terms: Terms, provider: ProviderId) -> (Handle, Handle) {
        let order = self.order(terms);
        let call =
            Call::OpenLease { order, provider, region: REGION, price: terms.price, agreed: None };
        let receipt = self.accept(SimTime::ZERO, call);
        let Receipt::LeaseOpened { lease } = receipt else { panic!("{receipt:?}") };
        (order, lease)
    }

    /// A lease of `terms` that is charged from the start of the run on.
    pub fn active(&mut self, terms: Terms, provider: ProviderId) -> Handle {
        let (order, lease) = self.reserved(terms, provider);
        self.accept(SimTime::ZERO, Call::ConfirmLease { order, lease });
        lease
    }

    /// Closes a lease that served its time: payment and refund.
    pub fn close(&mut self, at: SimTime, lease: Handle) -> (Usd, Usd) {
        let receipt = self.accept(at, Call::CloseLease { lease, cause: CloseCause::Agreed });
        let Receipt::LeaseClosed { settlement, refund, .. } = receipt else {
            panic!("{receipt:?}")
        };
        (settlement.payment, refund)
    }

    /// Settles a lease: what was paid.
    pub fn settle(&mut self, at: SimTime, lease: Handle) -> Usd {
        let receipt = self.accept(at, Call::SettleLease { lease });
        let Receipt::LeaseSettled { settlement } = receipt else { panic!("{receipt:?}") };
        settlement.payment
    }
}

/// What an order asks for; its lease is at the ceiling.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    pub price: GpuHourPrice,
    pub gpus: GpuCount,
    pub duration: Span,
}

impl Terms {
    /// One GPU for ten hours at a dollar.
    pub const PLAIN: Terms = Terms {
        price: GpuHourPrice::from_nanos(1_000_000_000),
        gpus: GpuCount(1),
        duration: Span::from_hours(10),
    };

    /// What must be locked for this.
    pub fn deposit(self, params: &Params) -> Usd {
        Order::compute_deposit(self.price, self.gpus, self.duration, params)
    }

    /// The call that orders this.
    pub fn order_of(self, tenant: TenantId, key: EntityKey) -> Call {
        let Terms { price: ceiling, gpus, duration } = self;
        let promise = Promise::Spot;
        Call::OpenOrder { key, tenant, gpus, ceiling, duration, funded: None, promise }
    }
}

/// So many hours after the start of the run.
pub fn hour(hours: u64) -> SimTime {
    SimTime::ZERO + Span::from_hours(hours)
}

/// Even draws for tests, the same every time.
pub struct Lots {
    family: Philox,
    drawn: u64,
}

impl Lots {
    /// The draws of `seed`.
    pub fn new(seed: u64) -> Lots {
        Lots { family: Philox::new(seed), drawn: 0 }
    }

    /// Something under `bound`.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.drawn += 1;
        self.family.value(0, self.drawn) % bound
    }

    /// One of `items`.
    pub fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len() as u64) as usize]
    }
}
