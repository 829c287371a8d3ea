//! `learning`: a bandit over multiples of the book price, EXP3 (Auer, Cesa-Bianchi, Freund and
//! Schapire 2002, "The nonstochastic multiarmed bandit problem").
//!
//! Scores are integers; chances are floats that live for one draw.

use crate::state::{Lessons, Past};
use scenario::Learning;
use units::GpuHourPrice;

/// One, in billionths.
const ONE: i128 = 1_000_000_000;

/// What a window earned for each GPU-hour that was up, over the best that it could have earned: 0
/// to 1 in billionths, rounded down.
pub fn reward_nano(window: &Past, best: GpuHourPrice) -> i64 {
    let hour_us = 3_600_000_000;
    let most = window.available * u128::from(best.nanos()) / hour_us;
    if most == 0 {
        return 0;
    }
    let earned = window.earned.base().max(0).unsigned_abs();
    let share = earned.min(most) * ONE.unsigned_abs() / most;
    i64::try_from(share).expect("a share is at most one")
}

impl Lessons {
    /// Nothing is known of any multiple.
    pub fn new(rule: &Learning) -> Lessons {
        let scores_nano = vec![0; rule.multiples_hundredths.len()];
        Lessons { tried: 0, chance_nano: 0, scores_nano }
    }

    /// Adds what was earned to the score of what was tried, over the chance of having tried it:
    /// what is tried seldom counts for as much as what is tried often.
    pub fn learn(&mut self, rule: &Learning, reward_nano: i64) {
        let gain = i128::from(rule.rate.0) * 1_000 * i128::from(reward_nano);
        let gain = gain / i128::from(self.chance_nano.max(1));
        let score = &mut self.scores_nano[self.tried];
        *score = score.saturating_add(i64::try_from(gain).unwrap_or(i64::MAX));
    }

    /// Chooses what to try next by a lot from 0 up to 1.
    pub fn choose(&mut self, rule: &Learning, lot: f64) {
        let chances = self.chances(rule);
        let mut left = lot;
        let place = chances.iter().position(|chance| {
            left -= chance;
            left < 0.0
        });
        self.tried = place.unwrap_or(chances.len() - 1);
        self.chance_nano = libm::round(chances[self.tried] * ONE as f64) as u64;
    }

    /// The chance of each: its score's exponential over the sum of all, mixed with an even lot.
    fn chances(&self, rule: &Learning) -> Vec<f64> {
        let most = self.scores_nano.iter().max().copied().unwrap_or(0);
        let weight = |score: &i64| libm::exp((score - most) as f64 / ONE as f64);
        let weights: Vec<f64> = self.scores_nano.iter().map(weight).collect();
        let (sum, count) = (weights.iter().sum::<f64>(), weights.len() as f64);
        let explore = rule.explore.as_f64();
        weights.iter().map(|weight| (1.0 - explore) * weight / sum + explore / count).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use units::{Ppm, Span, Usd};

    fn rule() -> Learning {
        Learning {
            review: Span::DAY,
            multiples_hundredths: vec![50, 100, 200],
            explore: Ppm(300_000),
            rate: Ppm(100_000),
        }
    }

    /// A GPU that was up for 20 hours and could have earned 0.5 USD in each earned 2.5 USD.
    #[test]
    fn a_reward_is_a_share_of_the_best() {
        let window = |earned: i64| Past {
            available: 20 * 3_600_000_000,
            reserved: 0,
            earned: Usd::from_nanos(earned),
        };
        let best = GpuHourPrice::from_nanos(500_000_000);
        assert_eq!(reward_nano(&window(2_500_000_000), best), 250_000_000);
        assert_eq!(reward_nano(&window(-1), best), 0);
        assert_eq!(reward_nano(&window(90_000_000_000), best), 1_000_000_000);
        assert_eq!(reward_nano(&Past::default(), best), 0, "it was never up");
    }

    #[test]
    fn chances_are_even_before_anything_is_known() {
        let mut lessons = Lessons::new(&rule());
        for (lot, tried) in [(0.0, 0), (0.33, 0), (0.34, 1), (0.67, 2), (0.999, 2)] {
            lessons.choose(&rule(), lot);
            assert_eq!((lessons.tried, lessons.chance_nano), (tried, 333_333_333));
        }
    }

    /// Worked by hand: a reward of 0.6 at a chance of 1/3 adds 0.1 x 0.6 x 3 = 0.18 to the score;
    /// exp(0.18) = 1.197217, so the chance is 0.7 x 1.197217 / 3.197217 + 0.1 = 0.362119.
    #[test]
    fn what_earned_is_tried_more_often() {
        let mut lessons = Lessons::new(&rule());
        lessons.choose(&rule(), 0.5);
        lessons.learn(&rule(), 600_000_000);
        assert_eq!(lessons.scores_nano, [0, 180_000_000, 0]);
        let chances = lessons.chances(&rule());
        assert!((chances[1] - 0.362_119).abs() < 1e-6, "{chances:?}");
        assert!((chances.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        lessons.choose(&rule(), 0.5);
        assert_eq!((lessons.tried, lessons.chance_nano / 1_000), (1, 362_119));
    }

    /// However often it is told so, it goes on trying the others.
    #[test]
    fn exploring_never_ends() {
        let mut lessons = Lessons::new(&rule());
        for _ in 0..10_000 {
            lessons.choose(&rule(), 0.0);
            lessons.learn(&rule(), if lessons.tried == 0 { 1_000_000_000 } else { 0 });
        }
        let chances = lessons.chances(&rule());
        assert!((chances[0] - 0.8).abs() < 1e-9 && (chances[2] - 0.1).abs() < 1e-9, "{chances:?}");
    }
}
