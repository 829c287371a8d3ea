//! From seven scores to one, and from the score and a draw to the key that decides.
//!
//! `A` is the weighted mean of the seven. The key is `A / T + g` with `g = -ln(-ln u)`, and the
//! largest key wins: exactly a draw with chances in proportion to `exp(A / T)`. `T = 0` takes the
//! best score without a draw.
//!
//! Source: protocol.md 9.5; the Gumbel-max identity is textbook (economics.md 1.3).

use crate::candidate::{Candidate, Merit, Standing};
use crate::factor::{self, Forms, Place};
use crate::fixed;
use crate::order::Order;
use crate::weights::Weights;
use std::fmt;
use units::{BasisPoints, GpuCount, Ppm, Span};

/// How candidates are scored: weights, forms and what follows from them, worked out once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scoring {
    weights: Weights,
    forms: Forms,
    /// `A / T` in Q32.32 for one point, with 32 more fractional bits.
    gain: u64,
    is_noisy: bool,
}

/// The seven scores of one candidate for one order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScoreCard {
    /// Nearness to the tenant.
    pub region: Ppm,
    /// How far the bid stays below the ceiling.
    pub price: Ppm,
    /// Challenges answered.
    pub uptime: Ppm,
    /// Leases that ended as agreed.
    pub reputation: Ppm,
    /// Room left after placing the order.
    pub availability: Ppm,
    /// Recent slashes.
    pub slash: Ppm,
    /// Stake behind it.
    pub stake: Ppm,
}

impl ScoreCard {
    /// The seven scores in the order of the fields, which is that of [`Weights::all`].
    pub const fn all(&self) -> [Ppm; 7] {
        [
            self.region,
            self.price,
            self.uptime,
            self.reputation,
            self.availability,
            self.slash,
            self.stake,
        ]
    }
}

/// A sum of scores times weights, in millionths times basis points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Points(pub u64);

/// What decides a round: `A / T + g` in Q32.32, larger is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DrawKey(pub i64);

/// Why a set of weights cannot score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScoringError {
    /// A weight is above the whole.
    WeightTooLarge(BasisPoints),
    /// A stake cap of nothing leaves no stake to compare.
    StakeCapZero,
}

impl fmt::Display for ScoringError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ScoringError::WeightTooLarge(weight) => {
                write!(f, "a weight of {} basis points; use at most 10000", weight.0)
            }
            ScoringError::StakeCapZero => {
                write!(f, "a stake cap of 0 times the minimum; use at least 1")
            }
        }
    }
}

impl std::error::Error for ScoringError {}

impl Scoring {
    /// Scoring by `weights` and the forms of the factors.
    ///
    /// Only proportions among the seven scored weights matter; with all of them zero the round is
    /// a lottery.
    ///
    /// # Errors
    /// A weight above 10,000 basis points, or a stake cap of zero.
    pub fn new(weights: Weights, forms: Forms) -> Result<Scoring, ScoringError> {
        if let Some(weight) = weights.all().into_iter().find(|w| *w > BasisPoints::WHOLE) {
            return Err(ScoringError::WeightTooLarge(weight));
        }
        if forms.stake_cap_multiple == 0 {
            return Err(ScoringError::StakeCapZero);
        }
        Ok(Scoring {
            weights,
            forms,
            gain: compute_gain(&weights),
            is_noisy: weights.randomness > BasisPoints(0),
        })
    }

    /// The weights it was made of.
    pub fn weights(&self) -> &Weights {
        &self.weights
    }

    /// The forms of its factors.
    pub fn forms(&self) -> &Forms {
        &self.forms
    }

    /// What a round reads of `standing`; to be made anew whenever the standing changes.
    pub fn merit(&self, standing: &Standing) -> Merit {
        let weights = &self.weights;
        let [uptime, reputation, slash, stake] = score_standing(standing, &self.forms);
        let points = weigh(weights.uptime, uptime)
            + weigh(weights.reputation, reputation)
            + weigh(weights.slash, slash)
            + weigh(weights.stake, stake);
        let is_staked = standing.stake >= standing.stake_min;
        Merit { points, uptime: standing.uptime, is_staked }
    }

    /// The seven scores of `candidate` for `order` at a round trip of `rtt`, from its standing.
    pub fn card(&self, order: &Order, candidate: &Candidate, rtt: Span) -> ScoreCard {
        let [uptime, reputation, slash, stake] = score_standing(&candidate.standing, &self.forms);
        let [region, price, availability] = score_terms(order, candidate, rtt, &self.forms);
        ScoreCard { region, price, uptime, reputation, availability, slash, stake }
    }

    /// The weighted sum of a score card.
    pub fn points(&self, card: &ScoreCard) -> Points {
        let terms = self.weights.all().into_iter().zip(card.all());
        Points(terms.map(|(weight, score)| weigh(weight, score)).sum())
    }

    /// The score `A`: the weighted mean, rounded down; nothing when nothing is weighed.
    pub fn score(&self, points: Points) -> Ppm {
        let mean = points.0.checked_div(u64::from(self.weights.scored().0)).unwrap_or(0);
        Ppm(u32::try_from(mean).expect("a mean of scores is at most a million"))
    }

    /// The key of `points` for `candidate` with the Gumbel variate `noise`, in Q32.32. Without
    /// randomness the noise is not read, and the key is `A` in units of 10^-4.
    pub(crate) fn key(&self, points: Points, candidate: &Candidate, noise: i64) -> DrawKey {
        let moved = if self.is_noisy { noise + self.capacity_term(candidate.gpus_free) } else { 0 };
        DrawKey(self.scale(points) + moved)
    }

    /// A key that [`Scoring::key`] exceeds for nobody with at most these points, this noise and
    /// this many free GPUs.
    pub(crate) fn key_most(&self, points: Points, free: GpuCount, noise: i64) -> DrawKey {
        DrawKey(self.scale(points) + noise + self.capacity_term(free))
    }

    /// The least points whose part of the key is at least `key`, in Q32.32.
    pub(crate) fn points_reaching(&self, key: i64) -> Points {
        let Ok(key @ 1..) = u64::try_from(key) else { return Points(0) };
        let points = (u128::from(key) << 32).div_ceil(u128::from(self.gain.max(1)));
        Points(u64::try_from(points).unwrap_or(u64::MAX))
    }

    /// The same points as [`Scoring::points`] of the card, the standing taken from the merit.
    pub(crate) fn points_by_merit(&self, order: &Order, c: &Candidate, rtt: Span) -> Points {
        let weights = &self.weights;
        let [region, price, availability] = score_terms(order, c, rtt, &self.forms);
        Points(
            c.merit.points
                + weigh(weights.region, region)
                + weigh(weights.price, price)
                + weigh(weights.availability, availability),
        )
    }

    /// The same points again, from static scores that [`score_standing`] gave.
    pub(crate) fn points_by_statics(
        &self,
        order: &Order,
        c: &Candidate,
        rtt: Span,
        statics: [Ppm; 4],
    ) -> Points {
        let weights = &self.weights;
        let [region, price, availability] = score_terms(order, c, rtt, &self.forms);
        let earned = self.static_weights().into_iter().zip(statics);
        Points(
            earned.map(|(weight, score)| weigh(weight, score)).sum::<u64>()
                + weigh(weights.region, region)
                + weigh(weights.price, price)
                + weigh(weights.availability, availability),
        )
    }

    /// The weights of the static scores, in the order of [`score_standing`].
    pub(crate) fn static_weights(&self) -> [BasisPoints; 4] {
        let Weights { uptime, reputation, slash, stake, .. } = self.weights;
        [uptime, reputation, slash, stake]
    }

    /// Whether a draw decides, not the points alone.
    #[inline]
    pub(crate) fn is_noisy(&self) -> bool {
        self.is_noisy
    }

    /// What the chance of a draw is multiplied by, as a logarithm: the free GPUs when capacity
    /// counts, so that a draw among `n` single GPUs is one among their owners by size.
    #[inline]
    fn capacity_term(&self, free: GpuCount) -> i64 {
        if !self.forms.is_weighted_by_capacity {
            return 0;
        }
        fixed::ln_whole(u128::from(free.0))
    }

    /// `A / T` in Q32.32.
    #[inline]
    fn scale(&self, points: Points) -> i64 {
        ((u128::from(points.0) * u128::from(self.gain)) >> 32) as i64
    }
}

/// Uptime, reputation, slash and stake: what depends on the past alone.
pub(crate) fn score_standing(standing: &Standing, forms: &Forms) -> [Ppm; 4] {
    let cap = forms.stake_cap_multiple;
    [
        factor::uptime(standing.uptime, forms.uptime),
        factor::reputation(standing.good_milli, standing.bad_milli, forms.reputation),
        factor::slash(standing.slash_halves, forms.slash),
        factor::stake(standing.stake, standing.stake_min, cap, forms.stake),
    ]
}

/// Region, price and availability: what depends on the order.
pub(crate) fn score_terms(order: &Order, c: &Candidate, rtt: Span, forms: &Forms) -> [Ppm; 3] {
    let place = Place {
        rtt,
        is_same_region: c.region == order.tenant_region,
        is_same_continent: order.near.contains(c.region),
    };
    [
        factor::region(place, forms.region),
        factor::price(c.bid, order.ceiling, forms.price),
        factor::availability(c.gpus_free, c.gpus_total, order.gpus, forms.availability),
    ]
}

fn weigh(weight: BasisPoints, score: Ppm) -> u64 {
    u64::from(weight.0) * u64::from(score.0)
}

/// `2^64 x 10^4 / (scored weights x randomness x 10^6)`: the largest key, 10^4, needs 14 bits
/// before the point, so it never overflows.
fn compute_gain(weights: &Weights) -> u64 {
    let temperature = weights.randomness.0.max(1);
    let whole = u128::from(weights.scored().0) * u128::from(temperature) * 1_000_000;
    let gain = (10_000_u128 << 64).checked_div(whole).unwrap_or(0);
    u64::try_from(gain).expect("one basis point of both gives 2^64 / 100")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_score_is_refused_with_a_remedy() {
        let heavy = Weights { price: BasisPoints(10_001), ..Weights::BALANCED };
        assert_eq!(
            Scoring::new(heavy, Forms::capped_at(50)),
            Err(ScoringError::WeightTooLarge(BasisPoints(10_001)))
        );
        let error = Scoring::new(Weights::BALANCED, Forms::capped_at(0)).expect_err("no cap");
        assert_eq!(error.to_string(), "a stake cap of 0 times the minimum; use at least 1");
    }

    #[test]
    fn full_marks_over_the_temperature_is_twenty() {
        let scoring =
            Scoring::new(Weights::BALANCED, Forms::capped_at(50)).expect("the default scores");
        let full = Points(9_500 * 1_000_000);
        assert_eq!(scoring.score(full), Ppm::ONE);
        assert!((scoring.scale(full) - (20 << 32)).abs() <= 4, "20 in Q32.32");
    }

    #[test]
    fn extreme_weights_neither_overflow_nor_divide_by_zero() {
        let [none, whole] = [BasisPoints(0), BasisPoints::WHOLE];
        for (scored, randomness) in [(none, none), (none, whole), (whole, none), (whole, whole)] {
            let weights = Weights {
                region: scored,
                price: scored,
                uptime: scored,
                reputation: scored,
                availability: scored,
                slash: scored,
                stake: scored,
                randomness,
            };
            let scoring =
                Scoring::new(weights, Forms::capped_at(u32::MAX)).expect("inside the bounds");
            let full = Points(u64::from(weights.scored().0) * 1_000_000);
            assert!(scoring.score(full) <= Ppm::ONE);
            assert!(scoring.scale(full) <= 10_000 << 32, "room for the noise");
        }
    }
}
