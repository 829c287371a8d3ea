//! Choice among alternatives of which each has a utility and a taste that nobody sees: the
//! multinomial and the nested logit (economics.md 1.2).

/// An alternative: how much speaks for it, and with which others it is alike.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Alternative {
    /// Its utility.
    pub utility: f64,
    /// Its nest, by place.
    pub nest: usize,
}

/// The inclusive value of each nest, `lambda ln sum exp(U/lambda)`; minus infinity where it is
/// empty.
pub fn inclusive_values(alternatives: &[Alternative], lambdas: &[f64]) -> Vec<f64> {
    let of = |(nest, lambda): (usize, &f64)| {
        let ours = alternatives.iter().filter(move |one| one.nest == nest);
        let best = ours.clone().map(|one| one.utility).fold(f64::NEG_INFINITY, f64::max);
        if best == f64::NEG_INFINITY {
            return best;
        }
        // Less the best, so that no exponential overflows.
        let sum: f64 = ours.map(|one| libm::exp((one.utility - best) / lambda)).sum();
        best + lambda * libm::log(sum)
    };
    lambdas.iter().enumerate().map(of).collect()
}

/// `ln sum exp` of the inclusive values: what having the choice is worth, in units of utility.
pub fn log_sum(inclusive: &[f64]) -> f64 {
    let best = inclusive.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    best + libm::log(inclusive.iter().map(|one| libm::exp(one - best)).sum())
}

/// Who is chosen, by place: the best nest by its value and taste, in it the best by its own. A
/// taste belongs to its alternative, so that one more of them moves no other's.
pub fn choose(
    alternatives: &[Alternative],
    inclusive: &[f64],
    lambdas: &[f64],
    taste_of_nest: impl Fn(usize) -> f64,
    taste: impl Fn(usize) -> f64,
) -> Option<usize> {
    let has_any = |nest: &usize| inclusive[*nest] > f64::NEG_INFINITY;
    let nests = (0..inclusive.len()).filter(has_any);
    let nest = best(nests, |nest| inclusive[nest] + taste_of_nest(nest))?;
    let ours = (0..alternatives.len()).filter(|place| alternatives[*place].nest == nest);
    best(ours, |place| alternatives[place].utility / lambdas[nest] + taste(place))
}

/// The first of the highest.
fn best(places: impl Iterator<Item = usize>, value: impl Fn(usize) -> f64) -> Option<usize> {
    let values = places.map(|place| (place, value(place)));
    values.reduce(|best, next| if next.1 > best.1 { next } else { best }).map(|(place, _)| place)
}

/// A taste from a lot between 0 and 1: the standard Gumbel law, whose largest of several is that
/// of the logit.
pub fn gumbel(lot: f64) -> f64 {
    -libm::log(-libm::log(lot))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flat(utilities: &[f64]) -> Vec<Alternative> {
        utilities.iter().map(|utility| Alternative { utility: *utility, nest: 0 }).collect()
    }

    /// Chance of each alternative: of its nest, times that within it.
    fn shares(alternatives: &[Alternative], lambdas: &[f64]) -> Vec<f64> {
        let inclusive = inclusive_values(alternatives, lambdas);
        let all = log_sum(&inclusive);
        let of = |one: &Alternative| {
            let (nest, lambda) = (inclusive[one.nest], lambdas[one.nest]);
            libm::exp(nest - all) * libm::exp((one.utility - nest) / lambda)
        };
        alternatives.iter().map(of).collect()
    }

    fn near(found: f64, known: f64, within: f64) {
        assert!((found - known).abs() <= within, "{found}, not {known}");
    }

    /// Row D1 of economics.md 3.3: alpha 1.2, prices 1 and 2.5.
    const ALPHA: f64 = 1.2;

    fn row_d1(first: f64, second: f64) -> Vec<f64> {
        let utilities = [-ALPHA * first, 1.5 - ALPHA * second, -2.0];
        shares(&flat(&utilities), &[1.0])
    }

    #[test]
    fn row_d1_has_its_shares_elasticities_and_surplus() {
        let found = row_d1(1.0, 2.5);
        let exact = |utility: f64| libm::exp(utility) / (-1.2_f64, -1.5_f64, -2.0_f64).sum_exp();
        for (found, utility) in found.iter().zip([-1.2, -1.5, -2.0]) {
            near(*found, exact(utility), 1e-9);
        }
        for (found, known) in found.iter().zip([0.456_590, 0.338_250, 0.205_159]) {
            near(*found, known, 1e-6);
        }
        let step = 1e-6;
        let slope = |up: Vec<f64>, down: Vec<f64>| (up[0] - down[0]) / (2.0 * step) / found[0];
        near(slope(row_d1(1.0 + step, 2.5), row_d1(1.0 - step, 2.5)), -0.652_092, 1e-6);
        near(2.5 * slope(row_d1(1.0, 2.5 + step), row_d1(1.0, 2.5 - step)), 1.014_751, 1e-6);
        // The closed forms of both, and of the surplus.
        near(-ALPHA * (1.0 - found[0]), -0.652_092, 1e-6);
        near(ALPHA * 2.5 * found[1], 1.014_751, 1e-6);
        let inclusive = inclusive_values(&flat(&[-1.2, -1.5, -2.0]), &[1.0]);
        near(log_sum(&inclusive) / ALPHA, -0.346_692, 1e-6);
        let sum = (-1.2_f64, -1.5_f64, -2.0_f64).sum_exp();
        near(log_sum(&inclusive) / ALPHA, libm::log(sum) / ALPHA, 1e-9);
    }

    trait SumExp {
        fn sum_exp(self) -> f64;
    }

    impl SumExp for (f64, f64, f64) {
        fn sum_exp(self) -> f64 {
            libm::exp(self.0) + libm::exp(self.1) + libm::exp(self.2)
        }
    }

    /// Row D4: inertia 1.5 at an advantage of 0.3.
    #[test]
    fn row_d4_has_its_stay_probabilities_and_its_share() {
        let stay = |own: f64, other: f64| shares(&flat(&[own, other - 1.5]), &[1.0])[0];
        let (better, worse) = (stay(0.3, 0.0), stay(0.0, 0.3));
        near(better, 0.858_149, 1e-6);
        near(worse, 0.768_525, 1e-6);
        near((1.0 - worse) / (2.0 - worse - better), 0.620_035, 1e-6);
        near(shares(&flat(&[0.3, 0.0]), &[1.0])[0], 0.574_443, 1e-6);
    }

    /// Row D2: two states, .02 and .05 a month.
    #[test]
    fn row_d2_has_its_share_and_half_life() {
        let (leave, back) = (0.02, 0.05);
        near(back / (leave + back), 0.714_286, 1e-6);
        near(libm::log(0.5) / libm::log(1.0 - leave - back), 9.551_338, 1e-6);
    }

    #[test]
    fn nests_share_what_they_take_and_a_nest_of_one_is_none() {
        let of = |nests: [usize; 3]| -> Vec<Alternative> {
            let all = [-1.0, -1.0, -1.0].into_iter().zip(nests);
            all.map(|(utility, nest)| Alternative { utility, nest }).collect()
        };
        let third = 1.0 / 3.0;
        near(shares(&of([0, 1, 1]), &[1.0, 1.0])[0], third, 1e-12);
        // Two that are nearly the same count nearly as one.
        near(shares(&of([0, 1, 1]), &[1.0, 0.01])[0], 0.5, 2e-3);
        near(shares(&of([0, 0, 0]), &[1.0, 0.3])[1], third, 1e-12);
    }

    #[test]
    fn many_choices_have_the_shares_of_the_formula() {
        let draws = engine::draws::Draws::new(7);
        let key = units::EntityKey::group("test");
        let alternatives = [(-1.2, 0), (-1.5, 1), (-2.0, 1), (-1.0e9, 1)]
            .map(|(utility, nest)| Alternative { utility, nest });
        let lambdas = [1.0, 0.5];
        let inclusive = inclusive_values(&alternatives, &lambdas);
        let lot = |number: u64, part: u64| {
            gumbel(draws.at(engine::draws::Purpose(1), key.child(number), part).unit_open())
        };
        let chosen = |number: u64, among: &[Alternative]| {
            let (nest, own) = (|nest| lot(number, nest as u64), |at| lot(number, 9 + at as u64));
            choose(among, &inclusive, &lambdas, nest, own)
        };
        let mut counts = [0_u32; 4];
        for number in 0..100_000 {
            let all = chosen(number, &alternatives).expect("there are some");
            // What nobody can choose moves no choice.
            assert_eq!(Some(all), chosen(number, &alternatives[..3]));
            counts[all] += 1;
        }
        for (count, share) in counts.iter().zip(shares(&alternatives, &lambdas)) {
            near(f64::from(*count) / 1e5, share, 4.305 * (share * (1.0 - share) / 1e5).sqrt());
        }
        assert_eq!(choose(&[], &[f64::NEG_INFINITY], &[1.0], |_| 0.0, |_| 0.0), None);
    }
}
