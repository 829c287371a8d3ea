//! Filecoin's minting, held to its own published vectors, unit by unit.
//!
//! The vectors are the files of filecoin-project/builtin-actors b0a3bdd6, actors/reward/testdata
//! (512 rows each, in attoFIL). A dozen rows of each stand here; all are read where they lie:
//! in the folder that `ORRERY_DATA` names, or `../shared/data` beside the repository.

use mechanism::emission::{Baseline, BaselineTerms, Exponential, Minting, compute_theta};
use mechanism::q128::ONE;
use ruint::aliases::U512;
use std::path::PathBuf;

const FIL: u128 = 1_000_000_000_000_000_000;
/// Eras of 30 s in 365 days.
const YEAR: u64 = 1_051_200;

/// Calendar era, reward. Rows 1, 2, 3, 64, 128 ... 448, 511 and 512 of TestSimpleReward.golden.
const SIMPLE: [(u64, u128); 12] = [
    (0, 36_266_264_293_777_134_739),
    (5_000, 36_246_341_860_983_438_171),
    (10_000, 36_226_430_372_336_764_970),
    (315_000, 35_032_288_157_588_564_692),
    (635_000, 33_821_708_862_685_360_457),
    (955_000, 32_652_962_468_409_598_893),
    (1_275_000, 31_524_603_392_813_634_497),
    (1_595_000, 30_435_236_007_625_900_057),
    (1_915_000, 29_383_512_912_046_620_688),
    (2_235_000, 28_368_133_266_194_417_872),
    (2_550_000, 27_402_894_630_223_092_384),
    (2_555_000, 27_387_841_182_142_501_307),
];

/// Network time from, to (in Q.128), reward. The same rows of TestBaselineReward.golden; in the
/// tenth it shows whether the two rewards are truncated together.
const BASELINE: [(&str, &str, u128); 12] = [
    ("0", "340282366920938463463374607398434878123", 84_621_274_052_457_285_111),
    (
        "1701411834604692317316873037158763279502223",
        "1701752116971613255780336411766161714380346",
        84_574_788_381_047_331_439,
    ),
    (
        "3402823669209384634633746074317526559004446",
        "3403163951576305573097209448924924993882569",
        84_528_328_245_977_625_901,
    ),
    (
        "107188945580095615990963001341002086608640049",
        "107189285862462536929426464715609485043518172",
        81_741_996_717_776_781_652,
    ),
    (
        "216079302994795924299242875719162936496782321",
        "216079643277162845237706339093770334931660444",
        78_917_312_006_762_524_122,
    ),
    (
        "324969660409496232607522750097323786384924593",
        "324970000691863153545986213471931184819802716",
        76_190_237_386_485_168_132,
    ),
    (
        "433860017824196540915802624475484636273066865",
        "433860358106563461854266087850092034707944988",
        73_557_399_832_770_895_347,
    ),
    (
        "542750375238896849224082498853645486161209137",
        "542750715521263770162545962228252884596087260",
        71_015_542_880_010_593_913,
    ),
    (
        "651640732653597157532362373231806336049351409",
        "651641072935964078470825836606413734484229532",
        68_561_522_593_350_300_532,
    ),
    (
        "760531090068297465840642247609967185937493681",
        "760531430350664386779105710984574584372371804",
        66_192_303_680_067_037_232,
    ),
    (
        "867720035648393081831605248950969272546133730",
        "867720375930760002770068712325576670981011853",
        63_940_080_443_648_256_973,
    ),
    (
        "869421447482997774148922121988128035825635953",
        "869421787765364695087385585362735434260514076",
        63_904_955_735_320_338_264,
    ),
];

/// The published totals, 330 and 770 million, with a half-life of six years.
fn filecoin() -> Minting {
    Minting::new(330_000_000 * FIL, 770_000_000 * FIL, 6 * YEAR)
}

/// Due by the calendar alone.
fn simple(era: u64) -> u128 {
    filecoin().reward_rounded_down(era, U512::ZERO, U512::ZERO)
}

/// Due by network time alone: the actor truncates only after the simple reward was added.
fn baseline(from: &str, to: &str) -> u128 {
    filecoin().reward_rounded_down(0, q128(from), q128(to)) - simple(0)
}

fn q128(digits: &str) -> U512 {
    U512::from_str_radix(digits, 10).expect("a number of the vectors")
}

/// The rows of a published file, or none when the data is not there.
fn rows(file: &str) -> Vec<Vec<String>> {
    let beside = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data"));
    let data = std::env::var_os("ORRERY_DATA").map_or_else(beside, PathBuf::from);
    let path = data.join("oracles").join(file);
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("{} is not there: only the rows in this test were checked", path.display());
        return Vec::new();
    };
    let cells = |line: &str| line.split(',').map(|cell| cell.trim().to_string()).collect();
    let rows: Vec<Vec<String>> = text.lines().skip(1).map(cells).collect();
    assert_eq!(rows.len(), 512, "{} is not the published file", path.display());
    rows
}

#[test]
fn oracle_simple_minting_of_filecoin() {
    for (era, reward) in SIMPLE {
        assert_eq!(simple(era), reward, "era {era}");
    }
    for row in rows("filecoin_TestSimpleReward.golden") {
        let era = row[0].parse().expect("an era");
        assert_eq!(simple(era).to_string(), row[1], "era {era}");
    }
}

#[test]
fn oracle_baseline_minting_of_filecoin() {
    for (from, to, reward) in BASELINE {
        assert_eq!(baseline(from, to), reward, "theta {from}");
    }
    for row in rows("filecoin_TestBaselineReward.golden") {
        assert_eq!(baseline(&row[0], &row[1]).to_string(), row[2], "theta {}", row[0]);
    }
}

/// The three cases of `test_compute_r_theta` in actors/reward/src/logic.rs: the target of era e
/// is 2048 (e + 1).
#[test]
fn oracle_network_time_of_filecoin() {
    let target = |era: u128| 2_048 * (era + 1);
    let first = target(0) + target(1);
    assert_eq!(compute_theta(0, 1, 0, 0), U512::ZERO);
    assert_eq!(compute_theta(1, target(1), target(0) + target(1) / 2, first), ONE / U512::from(2));
    assert_eq!(compute_theta(1, target(1), target(0) + target(1) / 4, first), ONE / U512::from(4));
    let sum: u128 = (0..16).map(target).sum();
    let theta = compute_theta(16, target(16), sum + target(16) / 4, sum + target(16));
    assert_eq!(theta, U512::from(61) * ONE / U512::from(4)); // 15.25
}

/// Aggregates of economics.md 5.1, in hundredths of a token.
#[test]
fn oracle_cumulative_minting_of_filecoin() {
    let simple = Exponential { total: 330_000_000 * FIL, half_life_eras: 6 * YEAR };
    assert_eq!(hundredths(simple.cumulative(YEAR)), 3_600_342_301);
    assert_eq!(simple.cumulative(6 * YEAR), 165_000_000 * FIL);
    let theta = U512::from(YEAR) << 128;
    let by_network = Minting::new(0, 770_000_000 * FIL, 6 * YEAR);
    assert_eq!(hundredths(by_network.reward_rounded_down(0, U512::ZERO, theta)), 8_400_798_703);
}

fn hundredths(amount: u128) -> u128 {
    (amount + FIL / 200) / (FIL / 100)
}

/// The schedule that is a difference of sums against the vectors, which are computed by era.
#[test]
fn oracle_the_two_forms_of_simple_minting_agree_to_a_unit() {
    let schedule = Exponential { total: 330_000_000 * FIL, half_life_eras: 6 * YEAR };
    let by_era = SIMPLE.into_iter().filter(|(era, _)| *era > 0);
    for (era, reward) in by_era {
        let due = schedule.cumulative(era) - schedule.cumulative(era - 1);
        assert!(due.abs_diff(reward) <= 1, "era {era}: {due} and {reward}");
    }
}

const EIB: u128 = 1 << 60;

/// Filecoin's terms in eras of a day, with the baseline that was observed (economics.md 5.1).
fn daily() -> BaselineTerms {
    BaselineTerms {
        simple_total: 0,
        baseline_total: 770_000_000 * FIL,
        half_life_eras: 6 * 365,
        capacity_at_start: 2_766_213_637_444_971_000,
        doubling_eras: 365,
    }
}

/// mechafil, days: network time 285.9855 and 66,636,011.83 after 365 days of 2.5 EiB; 1015.7676
/// and 211,701,142.2 after 1095 days of 10 EiB. It integrates a continuous target, we sum daily
/// ones as the actor does, so network times differ by
/// less than half a day.
#[test]
fn oracle_a_network_below_its_baseline_is_paid_later() {
    for (days, capacity, theta, minted) in [
        (365, 5 * EIB / 2, 2_859_855_u64, 66_636_012_u128),
        (1_095, 10 * EIB, 10_157_676, 211_701_142),
    ] {
        let mut baseline = Baseline::new(&daily());
        let sum: u128 = (0..days).map(|_| baseline.step(capacity)).sum();
        let ten_thousandths = u64::try_from((baseline.theta() * U512::from(10_000)) >> 128);
        let ours = ten_thousandths.expect("a few thousand days");
        assert!(ours.abs_diff(theta) <= 5_000, "{days} days: theta {ours} of {theta}");
        let difference = (sum / FIL).abs_diff(minted);
        assert!(difference * 1_000 <= minted, "{days} days: {} of {minted}", sum / FIL);
    }
}

#[test]
fn a_network_at_its_baseline_is_paid_by_the_calendar() {
    let mut baseline = Baseline::new(&daily());
    let calendar = Exponential { total: 770_000_000 * FIL, half_life_eras: 6 * 365 };
    let mut sum = 0;
    for day in 1..=3_000 {
        let target = baseline.target();
        sum += baseline.step(target + day);
        // Targets are summed from the one of day 1 on, capacity from the one of day 0: network
        // time runs a part of a day behind the calendar, for ever.
        let calendar = [day - 1, day].map(|day| calendar.cumulative(u64::try_from(day).expect("")));
        assert!(calendar[0] <= sum && sum <= calendar[1], "day {day}");
    }
}

#[test]
fn nothing_proven_is_nothing_due_and_more_proven_is_never_less() {
    let total = |capacity: u128| -> u128 {
        let mut baseline = Baseline::new(&daily());
        (0..400).map(|_| baseline.step(capacity)).sum()
    };
    assert_eq!(total(0), 0);
    let totals = [0, EIB / 1_000, EIB, 2 * EIB, 3 * EIB, 100 * EIB].map(total);
    assert!(totals.windows(2).all(|pair| pair[0] < pair[1]), "{totals:?}");
    assert!(total(1_000 * EIB) == totals[5], "above the target it makes no difference");
}

/// T5 (economics.md 2.1) over sixty half-lives, with capacity that comes and goes.
#[test]
fn a_growing_network_never_emits_more_than_its_totals() {
    let terms = BaselineTerms {
        simple_total: 300 * FIL,
        baseline_total: 700 * FIL,
        half_life_eras: 50,
        capacity_at_start: 1_000,
        doubling_eras: 365,
    };
    let mut baseline = Baseline::new(&terms);
    let mut sum = 0;
    for era in 0..3_000_u128 {
        let capacity = if era % 7 < 5 { baseline.target() * 2 } else { baseline.target() / 3 };
        sum += baseline.step(capacity);
        assert!(sum <= baseline.cap(), "era {era}");
    }
    assert!(baseline.cap() - sum < FIL / 1_000, "nearly all is emitted in the end");
}
