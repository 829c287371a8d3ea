//! Schedules against published cases, and what holds for all of them. Rows P8 and P10 are of
//! economics.md 3.2.

use mechanism::emission::{
    Baseline, BaselineTerms, Bonding, BondingPull, Damped, Exponential, Facts, Halving, LinearPool,
    Schedule, Table, UsdTarget, VaultPay, pay_rounded_down, sustainability_ppm,
};
use mechanism::split::split_rounded_down;
use mechanism::wide::mul_div_rounded_down;
use units::{BasisPoints, Ppm, TokenPrice, Usd};

const TOKEN: u128 = 1_000_000_000_000_000_000;

/// 24 % of 1,000,000,000 SPON over 48 months (protocol.md 3.4).
const SPON: LinearPool = LinearPool { pool: 240_000_000 * TOKEN, eras: 1_461 };

/// Render: 9,126,804 in the first year, by month, each later year 0.945 of the one before.
const RENDER: Damped = Damped { first: 9_126_804 * TOKEN, keep: Ppm(945_000), period_eras: 12 };

fn emit(schedule: &mut Schedule, era: u64) -> u128 {
    schedule.emit(&Facts { era, ..Facts::default() })
}

#[test]
fn oracle_spon_emission_of_a_day() {
    let mut schedule = Schedule::LinearPool(SPON);
    let days: Vec<u128> = (0..1_461).map(|era| emit(&mut schedule, era)).collect();
    assert!(days.iter().all(|due| due / TOKEN == 164_271));
    assert_eq!(days.iter().sum::<u128>(), 240_000_000 * TOKEN);
    assert_eq!(emit(&mut schedule, 1_461), 0);
}

/// economics.md 5.5: 760,567 x 12 = 9,126,804.
#[test]
fn oracle_render_months_and_years() {
    let mut schedule = Schedule::Damped(RENDER);
    for month in 0..12 {
        assert_eq!(emit(&mut schedule, month), 760_567 * TOKEN);
    }
    assert_eq!(schedule.cumulative(12), Some(9_126_804 * TOKEN));
    let second = schedule.cumulative(24).map(|sum| sum - 9_126_804 * TOKEN);
    assert_eq!(second, Some(862_482_978 * TOKEN / 100)); // x 0.945
    // 9,126,804 / (1 - 0.945), never reached.
    assert_eq!(RENDER.cap(), (9_126_804 * TOKEN * 1_000).div_ceil(55));
    assert_eq!(RENDER.cumulative(12 * 2_000) / TOKEN, 165_941_890);
}

/// RNP-006: 500,000 of 50,000,000 points in 95,071 RENDER are 950.71.
#[test]
fn oracle_render_points() {
    let split = split_rounded_down(95_071 * TOKEN, &[500_000, 49_500_000]);
    assert_eq!(split.parts[0], 95_071 * TOKEN / 100);
    assert_eq!(split.undistributed, 0);
}

fn minter(rate_ppb: u64, change_ppb: u64) -> Bonding {
    Bonding { rate_ppb, change_ppb, target_ppb: 500_000_000 }
}

/// The cases of livepeer/protocol test/unit/Minter.js (economics.md 5.6): supply 1000, target half;
/// rates are per cent there.
#[test]
fn oracle_livepeer_minter() {
    let stepped = |mut minter: Bonding, supply, staked| {
        let due = minter.step(supply, staked);
        (minter.rate_ppb, due)
    };
    // 0.0455 % falls to 0.0452 % by 0.0003 %, to 0.04545 % by 0.00005 %.
    assert_eq!(stepped(minter(455_000, 3_000), 1_000, 600).0, 452_000);
    assert_eq!(stepped(minter(455_000, 500), 1_000, 600).0, 454_500);
    assert_eq!(stepped(minter(455_000, 3_000), 1_000, 400).0, 458_000);
    assert_eq!(stepped(minter(455_000, 3_000), 0, 0), (458_000, 0));
    // Not below nothing, and unmoved at the target.
    assert_eq!(stepped(minter(455_000, 455_001), 1_000, 600), (0, 0));
    assert_eq!(stepped(minter(455_000, 3_000), 1_000, 500).0, 455_000);
    // Mintable = supply x rate at the new rate: 26 %, then 26.02 %, then 25.98 %.
    assert_eq!(stepped(minter(260_000_000, 200_000), 1_000, 500).1, 260);
    assert_eq!(stepped(minter(260_000_000, 200_000), 1_000_000, 0).1, 260_200);
    assert_eq!(stepped(minter(260_000_000, 200_000), 1_000_000, 999_999).1, 259_800);
    // The main network's configuration: 218.5 ppm, 0.5 ppm a round.
    assert_eq!(stepped(minter(218_500, 500), 1_000_000_000, 0), (219_000, 219_000));
}

/// 13 % a year towards 67 % at stake, between 7 and 20 %, in blocks of 5 s.
fn cosmos(rate: u128) -> BondingPull {
    let percent = TOKEN / 100;
    BondingPull {
        rate,
        change: 13 * percent,
        lowest: 7 * percent,
        highest: 20 * percent,
        target: 67 * percent,
        eras_per_year: 6_311_520,
    }
}

/// The cases of cosmos-sdk x/mint/types/minter_test.go: share at stake in per cent, the rate before
/// and after, in parts of 10^18. There each of three divisions rounds half to even, here one
/// rounds down: rates may differ by a unit.
#[test]
fn oracle_cosmos_minter() {
    let percent = TOKEN / 100;
    for (staked, before, after) in [
        (0, 7 * percent, 70_000_020_597_257_079),
        (100, 20 * percent, 199_999_989_855_082_334),
        (50, 10 * percent, 100_000_005_226_169_707),
        (100, 7 * percent, 7 * percent),
        (100, 70_000_000_100_000_000, 7 * percent),
        (0, 20 * percent, 20 * percent),
        (0, 199_999_999_900_000_000, 20 * percent),
        (67, 15 * percent, 15 * percent),
    ] {
        let mut minter = cosmos(before);
        minter.step(100, staked);
        assert!(minter.rate.abs_diff(after) <= 1, "{staked} %: {}", minter.rate);
    }
    // A block has the year's mint divided by its blocks, rounded down.
    for (yearly, due) in [(6_311_520, 1), (6_311_521, 1), (12_623_040, 2), (3_155_760, 0)] {
        let supply = 10 * yearly;
        let mut minter = cosmos(10 * percent);
        assert_eq!(minter.step(supply, supply * 67 / 100), due);
    }
    assert_eq!(Schedule::BondingPull(cosmos(0)).cap(), None);
}

/// Row P10: 137 ppm, 3 ppm a round, the rate moved before the mint, 365 rounds.
#[test]
fn oracle_p10_inflation_that_seeks_its_target() {
    for (staked, ratio_ppm, rate_ppb) in [(0, 1_284_393, 1_232_000), (u128::MAX, 1_003_065, 0)] {
        let (mut minter, mut supply) = (minter(137_000, 3_000), 1_000_000_000 * TOKEN);
        for _ in 0..365 {
            supply += minter.step(supply, staked.min(supply));
        }
        assert_eq!(minter.rate_ppb, rate_ppb);
        assert_eq!((supply + 500 * TOKEN) / (1_000 * TOKEN), ratio_ppm);
    }
}

/// Row P8: 760,567 a month minted, 2,000,000 USD a month burned at P = H x D / S with H = 12
/// months of spend held: the burn is S / H, and S settles at M x H, P at D / M.
#[test]
fn oracle_p8_burn_and_mint_equilibrium() {
    let mint = 760_567 * TOKEN;
    let month = |supply: u128| supply - supply.div_ceil(12) + mint;
    let settled = 9_126_804 * TOKEN;
    assert_eq!(month(settled), settled);
    assert_eq!(mul_div_rounded_down(2_000_000_000_000, TOKEN, mint), 2_629_617); // micro-dollars
    let mut monthly = Schedule::LinearPool(LinearPool { pool: 60 * mint, eras: 60 });
    let mut supply = 5_000_000 * TOKEN;
    for era in 0..60 {
        supply = supply - supply / 12 + emit(&mut monthly, era);
    }
    assert_eq!((supply + TOKEN / 200) / (TOKEN / 100), 910_450_424);
}

/// economics.md 5.10: demand falls by 55 %, the token by 50 %. What providers get in dollars stays,
/// the vault drains faster, and the ratio says so.
#[test]
fn oracle_usd_target_holds_pay_through_the_published_stress() {
    let target = UsdTarget { buy_back: BasisPoints(5_000) };
    let owed = Usd::from_nanos(100_000_000_000_000); // 100,000 USD
    let (calm, stress) = (TokenPrice::from_nanos(300_000_000), TokenPrice::from_nanos(150_000_000));
    let income = |percent: i64| Usd::from_nanos(1_200_000_000_000 * percent);
    let mut vault = 40_000_000 * TOKEN;
    let mut drained = Vec::new();
    for (price, percent, sustained) in [(calm, 100, 1_200_000), (stress, 45, 540_000)] {
        let pay = pay_rounded_down(owed, price, vault, 0);
        assert_eq!((pay.from_fees, pay.short), (0, 0));
        let worth = mul_div_rounded_down(pay.total(), price.nanos().into(), TOKEN);
        assert!(100_000_000_000_000 - worth <= 1, "worth what is owed, but for a unit");
        assert_eq!(sustainability_ppm(income(percent), owed), sustained);
        vault -= pay.from_rewards;
        drained.push(pay.from_rewards);
    }
    assert_eq!(drained[1] / TOKEN, 2 * drained[0] / TOKEN);
    // Half of the surplus of the calm era buys back, none in stress.
    assert_eq!(target.buy_back_rounded_up(income(100), owed), Usd::from_nanos(10_000_000_000_000));
    assert_eq!(target.buy_back_rounded_up(income(45), owed), Usd::ZERO);
    assert_eq!(target.buy_back_rounded_up(Usd::from_nanos(3), Usd::ZERO), Usd::from_nanos(2));
}

#[test]
fn vaults_pay_in_order_and_say_what_is_missing() {
    let price = TokenPrice::from_nanos(1_000_000_000);
    let pay = |rewards, fees| pay_rounded_down(Usd::from_nanos(10), price, rewards, fees);
    let unit = TOKEN / 1_000_000_000;
    let (ten, seven) = (10 * unit, 7 * unit);
    assert_eq!(pay(ten, seven), VaultPay { from_rewards: ten, from_fees: 0, short: 0 });
    assert_eq!(pay(seven, ten), VaultPay { from_rewards: seven, from_fees: 3 * unit, short: 0 });
    assert_eq!(pay(0, seven), VaultPay { from_rewards: 0, from_fees: seven, short: 3 * unit });
    assert_eq!(sustainability_ppm(Usd::ZERO, Usd::ZERO), u128::MAX);
    let mut schedule = Schedule::UsdTarget(UsdTarget { buy_back: BasisPoints(5_000) });
    let owed = Usd::from_nanos(10);
    let facts = Facts { owed, price, reward_vault: seven, fee_vault: unit, ..Facts::default() };
    assert_eq!(schedule.emit(&facts), 8 * unit);
}

/// Schedules of the calendar, among them uneven ones and some that end or begin with little.
fn calendars() -> Vec<Schedule> {
    vec![
        Schedule::None,
        Schedule::LinearPool(SPON),
        Schedule::LinearPool(LinearPool { pool: 7, eras: 1_000 }),
        Schedule::Halving(Halving { first: 120_000_000 * TOKEN, period_eras: 730 }),
        Schedule::Halving(Halving { first: 1_001, period_eras: 3 }),
        Schedule::Exponential(Exponential { total: 330_000_000 * TOKEN, half_life_eras: 2_190 }),
        Schedule::Exponential(Exponential { total: 999, half_life_eras: 7 }),
        Schedule::Damped(RENDER),
        Schedule::Damped(Damped { first: 1_000, keep: Ppm(999_999), period_eras: 5 }),
        Schedule::Table(Table { amounts: vec![5, 0, 1_000, TOKEN, 3], period_eras: 30 }),
        Schedule::Table(Table { amounts: Vec::new(), period_eras: 1 }),
    ]
}

/// T5 (economics.md 2.1).
#[test]
fn emission_is_the_schedule_to_the_unit_and_stays_below_its_cap() {
    for mut schedule in calendars() {
        let cap = schedule.cap().expect("calendars have a bound");
        let mut sum = 0;
        for era in 0..4_000 {
            sum += emit(&mut schedule, era);
            assert_eq!(Some(sum), schedule.cumulative(era + 1), "{schedule:?}, era {era}");
            assert!(sum <= cap, "{schedule:?}, era {era}");
        }
        let distant = schedule.cumulative(1 << 40).expect("calendars have a sum");
        assert!(sum <= distant && distant <= cap, "{schedule:?}");
    }
}

#[test]
fn one_step_of_a_thousand_eras_is_a_thousand_steps_of_one() {
    for mut schedule in calendars() {
        for from in [0, 1, 999, 1_460, 2_190, 100_000] {
            let single: u128 = (from..from + 1_000).map(|era| emit(&mut schedule, era)).sum();
            let whole = |eras| schedule.cumulative(eras).expect("calendars have a sum");
            assert_eq!(single, whole(from + 1_000) - whole(from), "{schedule:?} from {from}");
        }
    }
}

/// Two schedules that say the same in other words.
#[test]
fn a_pool_is_a_table_of_one_and_halving_is_damping_by_half() {
    let table = Table { amounts: vec![SPON.pool], period_eras: SPON.eras };
    let halving = Halving { first: 1 << 70, period_eras: 50 };
    let damped = Damped { first: 1 << 70, keep: Ppm(500_000), period_eras: 50 };
    for eras in 0..3_000 {
        assert_eq!(SPON.cumulative(eras), table.cumulative(eras));
        assert_eq!(halving.cumulative(eras), damped.cumulative(eras), "while halves are whole");
    }
}

#[test]
fn each_schedule_reads_its_own_facts() {
    let facts = Facts { supply: 1_000_000, staked: 400_000, capacity: 50, ..Facts::default() };
    let mut bonding = Schedule::Bonding(minter(260_000_000, 200_000));
    assert_eq!(bonding.emit(&facts), 260_200);
    assert_eq!((bonding.cap(), bonding.cumulative(9)), (None, None));
    let terms = BaselineTerms {
        simple_total: 100 * TOKEN,
        baseline_total: 200 * TOKEN,
        half_life_eras: 100,
        capacity_at_start: 100,
        doubling_eras: 365,
    };
    let mut growth = Schedule::Baseline(Baseline::new(&terms));
    let due = growth.emit(&facts);
    // In one of a hundred eras 0.69 % of what is left, of the second total for half an era only.
    assert!((TOKEN..3 * TOKEN / 2).contains(&due), "{due}");
    assert_eq!((growth.cap(), growth.cumulative(9)), (Some(300 * TOKEN), None));
}
