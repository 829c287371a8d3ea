//! The modules that can be off, each with how it is switched and what is its own.

use record::{FlowParty, FlowReason, FlowRow};

/// One module, and how it is switched.
pub struct Switch {
    pub module: &'static str,
    /// What holds in all runs of it.
    pub base: &'static [&'static str],
    pub on: &'static [&'static str],
    pub off: &'static [&'static str],
    /// Numbers of the module that count only while it is on.
    pub idle: &'static [&'static str],
    /// Whether a line of the books is the module's; none where it moves no money itself.
    pub is_own: Option<fn(&FlowRow) -> bool>,
    /// Whether orders and leases may be others with it.
    pub moves_market: bool,
}

/// A slash by the reward of the time that was lost is seen by matching, which this leaves out.
const FREE: &str = "slashing.fault.downtime_in_lease.lost_reward=0.0";
const POOL: &str = "token.traded=pool";
const MISCONDUCT: &str = "pool.secured.misconduct={ misreported_hardware = 100.0, \
                          misreported_region = 0.0, data_misuse = 0.0, wrong_result = 0.0, \
                          cheats = \"100 %\" }";

const RENTS: &str = "drivers.rents={ process = \"gbm\", innovation = \"gaussian\", \
                     gbm = { mu = 0.0, sigma = 3.0 } }";
const DEMAND: &str = "drivers.demand={ process = \"gbm\", innovation = \"gaussian\", \
                      gbm = { mu = 0.0, sigma = 3.0 } }";

pub const fn plain(module: &'static str) -> Switch {
    let none: &[&str] = &[];
    Switch {
        module,
        base: none,
        on: none,
        off: none,
        idle: none,
        is_own: None,
        moves_market: false,
    }
}

pub fn is_reason(row: &FlowRow, reasons: &[FlowReason]) -> bool {
    reasons.contains(&row.reason)
}

fn concerns(row: &FlowRow, party: FlowParty) -> bool {
    row.from == party || row.to == party
}

/// Who is paid by rules of its own.
pub fn of_stake() -> [Switch; 3] {
    [
        Switch {
            on: &["delegation.delegators=40"],
            off: &["delegation.delegators=0"],
            idle: &["delegation.commission=90 %", "delegation.every_eras=1"],
            is_own: Some(|row| {
                concerns(row, FlowParty::Delegated) || concerns(row, FlowParty::Delegators)
            }),
            moves_market: true,
            ..plain("delegation")
        },
        Switch {
            base: &["pool.secured.providers=40", "clock.horizon=5 d"],
            off: &[FREE],
            idle: &["slashing.window=1 d", "slashing.destinations.burned=50 %"],
            is_own: Some(|row| is_reason(row, &[FlowReason::Slashed])),
            moves_market: true,
            ..plain("slashing")
        },
        Switch {
            base: &[FREE, MISCONDUCT, "slashing.destinations.bounty=10 %"],
            off: &["challengers.detection=0 %"],
            idle: &["slashing.fault.misreported_hardware.of_stake=50 %"],
            is_own: Some(|row| is_reason(row, &[FlowReason::Slashed, FlowReason::Bounty])),
            moves_market: true,
            ..plain("challengers")
        },
    ]
}

/// Who enters and leaves; a review at each era.
const LOGIT: &str = "pool.community.entry={ prospects = 60, rule = \"logit\", per_month = 1000, \
                     lead_time = { min = \"0 d\", max = \"0 d\" }, capital = \"none\" }";
const EXPANSION: &str = "pool.community.expansion={ machines = 2, rule = \"logit\", \
                         per_month = 1000, lead_time = { min = \"0 d\", max = \"0 d\" }, \
                         capital = \"none\" }";
const MOVING: [&str; 4] = [
    "provider_kind.posted.leaving=move",
    "provider_kind.posted.move={ rule = \"logit\", switching = \"0 USD\", horizon = \"30 d\", \
     notice_eras = 0 }",
    "investment.logit.per_month=100.0",
    "other_network.ionet.is_open=true",
];
const LEAVING: &str = "provider_kind.posted.leaving=logit";

/// Who is there.
pub fn of_providers() -> [Switch; 4] {
    let base: &[&str] = &["investment.review_eras=1"];
    [
        Switch {
            base,
            on: &[LOGIT],
            off: &["pool.community.entry=none"],
            idle: &["investment.logit.per_month=20.0"],
            moves_market: true,
            ..plain("entry")
        },
        Switch {
            base,
            on: &[EXPANSION],
            off: &["pool.community.expansion=none"],
            idle: &["investment.logit.per_month=20.0"],
            moves_market: true,
            ..plain("expansion")
        },
        Switch {
            base,
            on: &[LEAVING],
            off: &["provider_kind.posted.leaving=never"],
            idle: &["investment.logit.per_month=20.0"],
            moves_market: true,
            ..plain("leaving")
        },
        Switch {
            base,
            on: &MOVING,
            off: &["provider_kind.posted.leaving=never"],
            idle: &["other_network.ionet.subsidy=9.0", "investment.npv.rate=0.9"],
            moves_market: true,
            ..plain("other_network")
        },
    ]
}

/// What machines do beside leases.
pub fn of_hosts() -> [Switch; 1] {
    [Switch {
        on: &["host_class.home.owner_use=household"],
        off: &["host_class.home.owner_use=none"],
        idle: &["owner_profile.household.preempts_from=20 %"],
        moves_market: true,
        ..plain("owner_use")
    }]
}

/// What newer cards do to older ones.
pub fn of_hardware() -> [Switch; 2] {
    [
        Switch {
            on: &["hardware.generations=[{ at = \"24 h\", rents = \"80 %\", resale = \"50 %\", \
                   spares = [\"h100\"] }]"],
            off: &["hardware.generations=[]"],
            moves_market: true,
            ..plain("generations")
        },
        Switch {
            on: &["hardware.schedule={ first = \"24 h\", every = \"24 h\", rents = \"80 %\", \
                   resale = \"50 %\" }"],
            off: &["hardware.schedule=none"],
            moves_market: true,
            ..plain("schedule of generations")
        },
    ]
}

/// Where tokens come from.
pub fn of_supply() -> [Switch; 4] {
    [
        Switch {
            base: &[FREE],
            off: &["emission.schedule=none"],
            idle: &[
                "emission.linear_pool.length=10 d",
                "rewards.split={ provider = \"90 %\", \
                     fizz = \"10 %\" }",
            ],
            is_own: Some(|row| is_reason(row, &[FlowReason::EraReward, FlowReason::Emission])),
            ..plain("emission")
        },
        Switch {
            base: &[FREE],
            off: &["rewards.mode=off"],
            idle: &["emission.linear_pool.length=10 d", "rewards.milestone.uptime.share=20 %"],
            is_own: Some(|row| is_reason(row, &[FlowReason::EraReward, FlowReason::Emission])),
            ..plain("rewards")
        },
        Switch {
            base: &[FREE],
            off: &["supply.is_declared=false"],
            idle: &["supply.allocation.team.wait=0 d", "supply.total=2000000000 SPON"],
            is_own: Some(|row| {
                is_reason(row, &[FlowReason::Vested]) || concerns(row, FlowParty::Vesting)
            }),
            ..plain("supply")
        },
        Switch {
            base: &[FREE],
            on: &["rewards.milestone.uptime.share=20 %", "rewards.milestone.uptime.eras=1"],
            off: &["rewards.milestone.uptime.share=0 %"],
            idle: &["rewards.milestone.uptime.eras=2", "rewards.milestone.uptime.mark=50 %"],
            is_own: Some(|row| is_reason(row, &[FlowReason::Milestone])),
            ..plain("milestones")
        },
    ]
}

/// Where tokens and GPU-hours are traded, and for how much.
pub fn of_prices() -> [Switch; 8] {
    [
        Switch {
            on: &["gas.is_charged=true"],
            off: &["gas.is_charged=false"],
            idle: &["gas.data_fee=7 gwei", "gas.coin=1500 USD"],
            is_own: Some(|row| is_reason(row, &[FlowReason::Gas])),
            moves_market: true,
            ..plain("gas")
        },
        Switch {
            base: &[POOL, "delegation.delegators=40"],
            on: &[
                "token_sales.providers=50 %",
                "token_sales.holders=50 %",
                "token_sales.delegators=50 %",
            ],
            is_own: Some(|row| is_reason(row, &[FlowReason::TokensSold])),
            ..plain("token sales")
        },
        Switch {
            base: &["token.process=gbm"],
            on: &[POOL],
            off: &["token.traded=outside"],
            idle: &["exchange.dollars=10 USD", "exchange.fee=10 %", "exchange.feed_window=5 h"],
            is_own: Some(|row| concerns(row, FlowParty::Exchange)),
            ..plain("exchange")
        },
        Switch {
            base: &["token_sales.providers=50 %"],
            on: &["token.traded=impact"],
            off: &["token.traded=outside"],
            idle: &["impact.square_root.volume=10000 USD", "impact.pull=0"],
            is_own: None,
            ..plain("impact")
        },
        Switch {
            on: &["treasury.buy_back=50 %"],
            off: &["treasury.buy_back=0 %"],
            idle: &["treasury.burned=10 %"],
            is_own: Some(|row| is_reason(row, &[FlowReason::BuyBack])),
            ..plain("buy-back")
        },
        Switch {
            on: &[RENTS, DEMAND],
            off: &["drivers.rents=none", "drivers.demand=none"],
            idle: &[
                "drivers.correlation.bull.rents_demand=0.9",
                "drivers.correlation.bear.rents_demand=0.9",
            ],
            moves_market: true,
            ..plain("drivers")
        },
        Switch {
            on: &["pricing.rule=utilization"],
            off: &["pricing.rule=posted"],
            idle: &["pricing.utilization.gain=2.0", "pricing.cloud_discount.discount=0 %"],
            moves_market: true,
            ..plain("pricing")
        },
        Switch {
            on: &["pool.community.kinds={ posted = \"0 %\", feedback = \"100 %\" }"],
            off: &["pool.community.kinds={ posted = \"100 %\", feedback = \"0 %\" }"],
            idle: &["provider_kind.feedback.utilization_feedback.step=20 %"],
            moves_market: true,
            ..plain("provider kinds")
        },
    ]
}

/// What is wanted, and where it goes.
pub fn of_demand() -> [Switch; 2] {
    [
        Switch {
            on: &["pool.community.demand_curve={ law = \"isoelastic\", elasticity = 1.2, \
                   at_most = 2.0 }"],
            off: &["pool.community.demand_curve=none"],
            moves_market: true,
            ..plain("demand curves")
        },
        Switch {
            on: &[
                "pool.community.tenant_kinds={ hobbyist = \"100 %\" }",
                "pool.secured.tenant_kinds={ steady = \"60 %\", subscriber = \"40 %\" }",
            ],
            off: &["pool.community.tenant_kinds=none", "pool.secured.tenant_kinds=none"],
            idle: &[
                "venue.aws.multiple=1.5",
                "tenant_kind.steady.inertia=0 USD/GPU-h",
                "tenant_kind.hobbyist.memory=1 d",
                "venues.cloud_nest=0.5",
            ],
            moves_market: true,
            ..plain("venues")
        },
    ]
}

/// What waits, and for whom.
pub fn of_waiting() -> [Switch; 2] {
    [
        Switch {
            on: &["ordering.waiting=line"],
            off: &["ordering.waiting=retry"],
            idle: &["ordering.line.limit=3"],
            moves_market: true,
            ..plain("lines")
        },
        Switch {
            on: &["repair_crews.budget=1"],
            off: &["repair_crews.budget=none"],
            moves_market: true,
            ..plain("repair crews")
        },
    ]
}

/// What leases promise.
pub fn of_contracts() -> [Switch; 2] {
    const LONG: &str =
        "contract.long={ term = \"12 h\", discount = \"20 %\", termination = \"50 %\" }";
    [
        Switch {
            base: &["host_class.budget.owner_use=household"],
            on: &["contract.notice=2 min"],
            off: &["contract.notice=0 s"],
            idle: &["contract.save=10 s"],
            moves_market: true,
            ..plain("notice")
        },
        Switch {
            base: &[LONG],
            on: &["class.community.fine_tune.long_contracts=50 %"],
            off: &["class.community.fine_tune.long_contracts=0 %"],
            idle: &["contract.long.discount=40 %", "contract.long.term=2 d"],
            moves_market: true,
            ..plain("long contracts")
        },
    ]
}

/// When jobs come, and how long they take.
pub fn of_work() -> [Switch; 6] {
    let switch = |module, on, off| Switch { on, off, moves_market: true, ..plain(module) };
    [
        switch(
            "waves",
            &["pool.community.waves=[{ amplitude = 0.5, period = \"24 h\", rises_at = \"6 h\" }]"],
            &["pool.community.waves=none"],
        ),
        switch(
            "bursts",
            &["pool.community.bursts={ hawkes = { branching = 0.5, delay = \"10 min\" } }"],
            &["pool.community.bursts=none"],
        ),
        switch(
            "replay",
            &["pool.secured.replay={ text = \"arrival_s,gpus,duration_s\\n60,8,7200\\n\", \
               format = \"orrery\", class = \"training\", from = \"0 s\", scale = 1.0 }"],
            &["pool.secured.replay=none"],
        ),
        switch(
            "growth",
            &["class.community.batch.growth={ per_year = 50.0 }"],
            &["class.community.batch.growth=none"],
        ),
        switch(
            "hours of a class",
            &[
                "class.community.batch.hours=[2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, \
               2.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]",
            ],
            &["class.community.batch.hours=pool"],
        ),
        switch(
            "speed",
            &["class.community.batch.speed={ scales_from = \"rtx4090\" }"],
            &["class.community.batch.speed=fixed"],
        ),
    ]
}
