//! Helium: halvings and net emissions of HIP 20, the payer's band of HIP 149.

use mechanism::emission::{
    BandPay, Delivery, Halving, MeanBurn, NetEmission, PayerBand, SMOOTHING_ERAS, Schedule, Table,
};
use units::{BasisPoints, Ppm, TokenPrice};

const HNT: u128 = 1_000_000_000_000_000_000;

/// 5,000,000 a month, halved every two years.
fn hip_20(eras_of_a_year: u64) -> Halving {
    Halving { first: 2 * 60_000_000 * HNT, period_eras: 2 * eras_of_a_year }
}

/// `amount` in tenths of a token, halves up, as HIP 20 prints it.
fn tenths(amount: u128) -> u128 {
    (amount + HNT / 20) / (HNT / 10)
}

/// "Total HNT Minted" of years 1, 3, 5 ... 49 in HIP 20, in tenths; every second year repeats it.
const MINTED_TENTHS: [u128; 25] = [
    600_000_000,
    300_000_000,
    150_000_000,
    75_000_000,
    37_500_000,
    18_750_000,
    9_375_000,
    4_687_500,
    2_343_750,
    1_171_875,
    585_938,
    292_969,
    146_484,
    73_242,
    36_621,
    18_311,
    9_155,
    4_578,
    2_289,
    1_144,
    572,
    286,
    143,
    72,
    36,
];

/// "HNT at start of year" for the years 1 to 50.
const AT_START: [u128; 50] = [
    0,
    60_000_000,
    120_000_000,
    150_000_000,
    180_000_000,
    195_000_000,
    210_000_000,
    217_500_000,
    225_000_000,
    228_750_000,
    232_500_000,
    234_375_000,
    236_250_000,
    237_187_500,
    238_125_000,
    238_593_750,
    239_062_500,
    239_296_875,
    239_531_250,
    239_648_438,
    239_765_625,
    239_824_219,
    239_882_813,
    239_912_109,
    239_941_406,
    239_956_055,
    239_970_703,
    239_978_027,
    239_985_352,
    239_989_014,
    239_992_676,
    239_994_507,
    239_996_338,
    239_997_253,
    239_998_169,
    239_998_627,
    239_999_084,
    239_999_313,
    239_999_542,
    239_999_657,
    239_999_771,
    239_999_828,
    239_999_886,
    239_999_914,
    239_999_943,
    239_999_957,
    239_999_971,
    239_999_979,
    239_999_986,
    239_999_989,
];

#[test]
fn oracle_issuance_table_of_helium() {
    for eras_of_a_year in [1, 12, 365] {
        let schedule = hip_20(eras_of_a_year);
        for year in 0..50_u64 {
            let before = schedule.cumulative(year * eras_of_a_year);
            let minted = schedule.cumulative((year + 1) * eras_of_a_year) - before;
            let row = usize::try_from(year).expect("fifty rows");
            assert_eq!((before + HNT / 2) / HNT, AT_START[row], "at start of year {}", year + 1);
            assert_eq!(tenths(minted), MINTED_TENTHS[row / 2], "minted in year {}", year + 1);
        }
        // Summed exactly the fifty years mint 239,999,992.85; the document's rounded rows say
        // between 239,999,989 and 239,999,993.
        assert_eq!(schedule.cumulative(50 * eras_of_a_year) * 100 / HNT, 23_999_999_284);
    }
}

#[test]
fn oracle_halvings_approach_240_million() {
    let schedule = hip_20(365);
    assert_eq!(schedule.cap(), 240_000_000 * HNT);
    assert_eq!(schedule.cumulative(u64::MAX), schedule.cap() - 1);
    // By 2064, its 45th year, "only 1 HNT being minted per month".
    let month = schedule.cumulative(44 * 365 + 31) - schedule.cumulative(44 * 365);
    assert!((HNT..2 * HNT).contains(&month), "{month}");
}

/// Row P9 of economics.md 3.2: 100 burned per era, 1/336 given back; in hundredths of a token.
#[test]
fn oracle_p9_net_emission_pool() {
    let mut helium = NetEmission { pool: 0, limit: u128::MAX, parts: 336 };
    let mut reversed = 0;
    for _ in 0..3_360 {
        helium.step(100 * HNT);
        // The other order, which is not Helium's: add first, then give back of what was added too.
        reversed += 100 * HNT;
        reversed -= reversed / 336;
    }
    let hundredths = |amount: u128| (amount + HNT / 200) / (HNT / 100);
    assert_eq!(hundredths(helium.pool), 3_359_850);
    assert_eq!(hundredths(reversed), 3_349_850);
    for _ in 0..30_000 {
        helium.step(100 * HNT);
    }
    assert_eq!(hundredths(helium.pool), 3_360_000);
    assert_eq!(hundredths(helium.step(100 * HNT)), 10_000);
}

/// HIP 20: 34.24 HNT per epoch, one per cent of what was issued then.
#[test]
fn oracle_net_emission_limit_of_helium() {
    let limit = 3_424 * HNT / 100;
    let mut helium = NetEmission { pool: 0, limit, parts: 336 };
    let last = (0..40_000).map(|_| helium.step(1_000 * HNT)).last();
    assert_eq!(last, Some(limit));
    assert!(helium.pool <= 336 * limit);
}

/// T9 (economics.md 2.1): never more back than was burned, nor than the limit in one era.
#[test]
fn what_comes_back_was_burned_before() {
    for limit in [0, 5, 1_000, HNT] {
        let mut helium = NetEmission { pool: 0, limit, parts: 336 };
        let (mut burned, mut back) = (0, 0);
        for era in 0..5_000_u128 {
            let burn = if era % 13 == 0 { (era * 7_919) % (3 * limit + 40) } else { era % 7 };
            let due = helium.step(burn);
            assert!(due <= limit, "era {era}");
            (burned, back) = (burned + burn, back + due);
            assert!(back + helium.pool <= burned, "era {era}");
        }
    }
}

#[test]
fn the_mean_burn_forgets_after_a_week() {
    let mut mean = MeanBurn::default();
    assert_eq!(mean.step(700), 100);
    for _ in 1..SMOOTHING_ERAS {
        assert_eq!(mean.step(0), 100);
    }
    assert_eq!(mean.step(6), 0);
    for _ in 1..SMOOTHING_ERAS {
        mean.step(6);
    }
    assert_eq!(mean.step(6), 6);
}

/// The figures of HIP 149: 91,000 GB a day at 0.10 USD, five eighths of all emission for the
/// providers, who have 13,870 HNT a day of it.
fn hip_149(price_nanos: u64, burned: u128) -> BandPay {
    let band = PayerBand { floor: BasisPoints(5_000), ceiling: BasisPoints(30_000), reserved: 0 };
    band.step(&Delivery {
        rate_nanos: 100_000_000,
        units: 91_000,
        price: TokenPrice::from_nanos(price_nanos),
        emission: 22_192 * HNT,
        share: Ppm(625_000),
        burned,
    })
}

/// economics.md 5.4: the lower edge binds below 0.05 x 91,000 / 13,870 = 0.3280 USD (published as
/// about 0.33), the upper above 0.30 x 91,000 / 13,870 = 1.9683 USD (about 1.97).
#[test]
fn oracle_edges_of_the_band_of_helium() {
    let plenty = u128::MAX;
    let inside = [328_046_143, 1_000_000_000, 1_968_276_856].map(|price| hip_149(price, plenty));
    for pay in inside {
        assert_eq!(pay, BandPay { top_up: 0, providers: 13_870 * HNT, surplus: 0 });
    }
    assert!(hip_149(328_046_142, plenty).top_up > 0);
    assert!(hip_149(1_968_276_857, plenty).surplus > 0);
    assert_eq!((328_046_142 + 50_000) / 100_000, 3_280);
    assert_eq!((1_968_276_857 + 50_000_u64) / 100_000, 19_683);
}

/// The worked figures of HIP 149 (helium/HIP pull request 1227): top-ups of 50,608 and 269,008 HNT
/// under burns of 91,000 and 364,000, at 0.10 and 0.025 USD; providers get 0.05 USD a GB.
#[test]
fn oracle_top_ups_of_helium() {
    for (price, burned, top_up) in [(100_000_000, 91_000, 50_608), (25_000_000, 364_000, 269_008)] {
        let pay = hip_149(price, burned * HNT);
        assert_eq!((pay.top_up, pay.surplus), (top_up * HNT, 0));
        let worth = pay.providers / HNT * u128::from(price) / 91_000;
        assert_eq!(worth, 50_000_000, "nano-dollars a GB");
        // Burns bound it, less what net emissions give back already.
        assert_eq!(hip_149(price, 1_000 * HNT).top_up, 1_000 * HNT);
        assert_eq!(hip_149(price, 0).top_up, 0);
    }
}

#[test]
fn the_two_ways_back_share_one_budget_of_burns() {
    let band = PayerBand {
        floor: BasisPoints(5_000),
        ceiling: BasisPoints(30_000),
        reserved: 1_644 * HNT,
    };
    let mut era = Delivery {
        rate_nanos: 100_000_000,
        units: 91_000,
        price: TokenPrice::from_nanos(25_000_000),
        emission: 22_192 * HNT,
        share: Ppm(625_000),
        burned: 5_000 * HNT,
    };
    for burned in [0, 1_000, 1_644, 1_645, 5_000, 400_000] {
        era.burned = burned * HNT;
        let net = era.burned.min(band.reserved);
        let pay = band.step(&era);
        assert!(net + pay.top_up <= era.burned, "{burned}");
        let pool = (era.emission + pay.top_up) * 625 / 1_000;
        assert_eq!(pay.providers + pay.surplus, pool, "nothing of the pool is lost");
    }
    era.share = Ppm::ZERO;
    assert_eq!(band.step(&era), BandPay { top_up: 0, providers: 0, surplus: 0 });
}

/// The supplement of HIP 149: 196,000 a day for 360 days, then falling to nothing in 720:
/// 141.12 million, published as about 141.
#[test]
fn oracle_supplement_of_helium() {
    let rate = 196_000 * HNT;
    let falling = |day: u128| rate * day * (1_440 - day) / 1_440;
    let flat = std::iter::repeat_n(rate, 360);
    let taper = (0..720).map(|day| falling(day + 1) - falling(day));
    let table = Table { amounts: flat.chain(taper).collect(), period_eras: 1 };
    assert_eq!(table.cap(), 141_120_000 * HNT);
    assert_eq!(table.cumulative(360), 70_560_000 * HNT);
    assert!(table.amounts.windows(2).all(|pair| pair[0] >= pair[1]));
    assert_eq!(Schedule::Table(table).cumulative(5_000), Some(141_120_000 * HNT));
}
