use super::super::testing::{assert_same_law, bits, mean_and_error, samples};
use super::*;
use crate::draws::{Draws, Purpose};
use units::EntityKey;

const N: u64 = 50_000;
const HOUR: f64 = 3600.0;

fn log_normal(median: f64, sigma: f64, min: f64, max: f64) -> Law {
    Law::log_normal(median, sigma, min, max).unwrap()
}

fn exponential(mean: f64, min: f64, max: f64) -> Law {
    Law::exponential(mean, min, max).unwrap()
}

/// Job laws of protocol.md section 10, then ranges in the tails, narrow and wide ones.
fn laws() -> Vec<Law> {
    vec![
        log_normal(6.0 * HOUR, 0.7, 2.0 * HOUR, 24.0 * HOUR),
        log_normal(libm::exp(6.57), 1.91, 60.0, 48.0 * HOUR),
        log_normal(1.0, 1.0, 20.0, 1e6),
        log_normal(1000.0, 0.5, 0.0, 40.0),
        log_normal(1.0, 2.0, 0.0, 1e12),
        log_normal(1.0, 0.1, 2.0, 2.5),
        exponential(6.0 * HOUR, 0.0, 48.0 * HOUR),
        exponential(1.0, 30.0, 31.0),
        exponential(1e6, 10.0, 20.0),
        exponential(1.0, 0.0, 1e9),
    ]
}

#[test]
fn the_mean_is_that_of_many_values() {
    for law in laws() {
        let (found, error) = mean_and_error(&samples(&law, 21, N));
        assert!((found - law.mean()).abs() < 3.9 * error, "{law:?}: {found} for {}", law.mean());
    }
}

/// Discarding what an independent sampler of the uncut law puts outside gives the cut law.
#[test]
fn a_cut_law_is_the_uncut_one_with_values_outside_discarded() {
    let discard = |values: Vec<f64>, min: f64, max: f64| -> Vec<f64> {
        values.into_iter().filter(|x| (min..=max).contains(x)).collect()
    };
    let oracle = rand_distr::LogNormal::new(6.57, 1.91).unwrap();
    let cut = discard(samples(&oracle, 1, N), 60.0, 3e4);
    assert_same_law(cut, samples(&log_normal(libm::exp(6.57), 1.91, 60.0, 3e4), 2, N));
    let cut = discard(samples(&oracle, 3, N), 2e4, 1e6);
    assert_same_law(cut, samples(&log_normal(libm::exp(6.57), 1.91, 2e4, 1e6), 4, N));
    let oracle = rand_distr::Exp::new(0.5).unwrap();
    let cut = discard(samples(&oracle, 5, N), 1.0, 5.0);
    assert_same_law(cut, samples(&exponential(2.0, 1.0, 5.0), 6, N));
}

/// Keeping each value with chance `x / max` is the slow obvious way to bias by length.
#[test]
fn length_bias_is_a_choice_in_proportion_to_length() {
    let draws = Draws::new(31);
    let key = EntityKey::group("coin");
    let cases = [(log_normal(6.0, 0.7, 2.0, 24.0), 24.0), (exponential(6.0, 1.0, 24.0), 24.0)];
    for (law, max) in cases {
        let is_kept = |n: u64, x: f64| draws.at(Purpose(1), key, n).unit() * max < x;
        let plain = (0..).zip(samples(&law, 32, 4 * N));
        let kept = plain.filter(|&(n, x)| is_kept(n, x)).map(|(_, x)| x).collect();
        assert_same_law(kept, samples(&law.length_biased(), 33, N));
    }
}

/// The mean of the length-biased law is the second moment over the mean.
#[test]
fn length_bias_is_right_in_tails_too() {
    let heavy = log_normal(1.0, 2.0, 0.0, 1e12);
    for law in laws().into_iter().filter(|&law| law != heavy) {
        let plain = samples(&law, 41, N);
        let squares: Vec<f64> = plain.iter().map(|x| x * x / law.mean()).collect();
        let (expected, error) = mean_and_error(&squares);
        let (found, other) = mean_and_error(&samples(&law.length_biased(), 42, N));
        let allowed = 3.9 * (error + other);
        assert!((found - expected).abs() < allowed, "{law:?}: {found} for {expected}");
    }
    // Second moments of a heavy tail do not settle; its formula is exp(3/2 sigma^2).
    let (found, error) = mean_and_error(&samples(&heavy.length_biased(), 42, N));
    assert!((found - libm::exp(6.0)).abs() < 3.9 * error, "{found}");
}

#[test]
fn no_value_leaves_the_range() {
    for law in laws() {
        let (min, max) = match law.0 {
            Kind::LogNormal(law) => (law.min, law.max),
            Kind::Exponential(law) => (law.min, law.max),
            Kind::Fixed(seconds) => (seconds, seconds),
        };
        let biased = samples(&law.length_biased(), 51, 1000);
        assert!(samples(&law, 52, 1000).iter().chain(&biased).all(|x| (min..=max).contains(x)));
    }
}

#[test]
fn laws_without_spread_are_constant() {
    for law in [
        log_normal(5.0, 0.0, 1.0, 9.0),
        log_normal(7.0, 2.0, 5.0, 5.0),
        log_normal(9.0, 0.0, 1.0, 5.0),
        exponential(7.0, 5.0, 5.0),
        exponential(0.0, 5.0, 9.0),
        Law::fixed(5.0).unwrap(),
    ] {
        assert_eq!(samples(&law, 1, 3), [5.0; 3]);
        assert_eq!(samples(&law.length_biased(), 1, 3), [5.0; 3]);
        assert!((law.mean() - 5.0).abs() < 1e-12);
    }
}

#[test]
fn numbers_that_make_no_law_are_explained() {
    let reversed = Law::exponential(1.0, 9.0, 5.0).unwrap_err().to_string();
    assert_eq!(reversed, "the range 9 s to 5 s ends before it starts; swap its ends");
    let negative = Law::log_normal(-1.0, 1.0, 0.0, 1.0).unwrap_err().to_string();
    assert_eq!(negative, "median is -1; give a finite number that is not negative");
    assert!(Law::fixed(f64::NAN).is_err());
    assert!(Law::exponential(1.0, 0.0, f64::INFINITY).is_err());
    let unreachable = Law::log_normal(1.0, 0.01, 2.0, 3.0).unwrap_err();
    assert_eq!(unreachable, LawProblem::RangeUnreachable { min: 2.0, max: 3.0 });
}

#[test]
fn known_bits_hold_on_every_platform() {
    let log_normal = log_normal(6.0 * HOUR, 0.7, 2.0 * HOUR, 24.0 * HOUR);
    assert_eq!(
        bits(&log_normal),
        [
            0x40e3_3c19_9e90_3584,
            0x40e5_3b03_975a_dc81,
            0x40d2_0bed_0452_f5ed,
            0x40d8_2a0d_865d_59bb
        ]
    );
    assert_eq!(
        bits(&log_normal.length_biased()),
        [
            0x40ea_a7b3_12fe_95f2,
            0x40ec_d2e4_0410_e932,
            0x40da_79fc_9f8b_aee3,
            0x40e1_a116_f7b1_02e8
        ]
    );
    assert_eq!(log_normal.mean().to_bits(), 0x40da_13c7_817a_2733);
    let exponential = exponential(6.0 * HOUR, 0.0, 48.0 * HOUR);
    assert_eq!(
        bits(&exponential),
        [
            0x40e1_ad43_b131_77ac,
            0x40e4_32e9_10d1_cc0f,
            0x40c4_82cf_8ad9_3c20,
            0x40d1_8dc2_a527_80e9
        ]
    );
    assert_eq!(
        bits(&exponential.length_biased()),
        [
            0x40f0_2d0c_6cf5_33a3,
            0x40f1_cd5e_8a07_9f35,
            0x40dc_118c_2001_5b60,
            0x40e3_eed0_5e38_3bee
        ]
    );
    assert_eq!(exponential.mean().to_bits(), 0x40d5_0980_ce86_700d);
}
