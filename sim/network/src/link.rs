//! What a path adds to a message beyond its length: jitter.

use engine::distribution::{LogNormal, LogNormalCeiling};
use engine::draws::Draw;
use units::{Ppm, Span};

/// What the path adds to each message on its own: a log-normal share of the base.
#[derive(Clone, Debug, PartialEq)]
pub struct Jitter {
    share: LogNormal,
    share_most: LogNormalCeiling,
}

impl Jitter {
    /// With this median share of the base and standard deviation of its logarithm.
    ///
    /// # Panics
    /// When `sigma` is negative or not finite: validation has refused it.
    pub fn new(median: Ppm, sigma: f64) -> Jitter {
        let share = LogNormal::new(median.as_f64(), sigma);
        Jitter { share, share_most: LogNormalCeiling::new(&share) }
    }

    /// The delay of one message, `base * (1 + share)` rounded to the nanosecond; no base, no
    /// delay.
    #[inline]
    pub fn delay(&self, base: Span, draw: &mut Draw) -> Span {
        if base.is_zero() {
            return Span::ZERO;
        }
        lengthen(base, draw.sample(&self.share))
    }

    /// What [`Jitter::delay`] does not exceed, for a small part of its cost; it takes the same
    /// word of `draw`.
    #[inline]
    pub fn delay_most(&self, base: Span, draw: &mut Draw) -> Span {
        if base.is_zero() {
            return Span::ZERO;
        }
        lengthen(base, self.share_most.draw(draw))
    }

    /// A lower and an upper bound of [`Jitter::delay`], as cheap; takes the same word of `draw`.
    #[inline]
    pub fn delay_bounds(&self, base: Span, draw: &mut Draw) -> [Span; 2] {
        if base.is_zero() {
            return [Span::ZERO; 2];
        }
        self.share_most.draw_both(draw).map(|share| lengthen(base, share))
    }
}

fn lengthen(base: Span, share: f64) -> Span {
    base + Span::from_secs_f64_rounded(base.as_secs_f64() * share)
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::draws::{Draws, Purpose};
    use units::EntityKey;

    /// protocol.md 10: median 3 %; the spread is that of data.md's pairs, p90 16.5 %.
    fn jitter() -> Jitter {
        Jitter::new(Ppm(30_000), 1.33)
    }

    fn delays(jitter: &Jitter, base: Span, n: u64) -> Vec<Span> {
        let (draws, key) = (Draws::new(1), EntityKey::group("message"));
        (0..n).map(|message| jitter.delay(base, &mut draws.at(Purpose(0), key, message))).collect()
    }

    #[test]
    fn a_message_is_never_faster_than_its_base_and_has_the_median_asked_for() {
        let base = Span::from_millis(40);
        let mut all = delays(&jitter(), base, 20_001);
        all.sort();
        assert!(all[0] > base);
        let median = all[10_000].as_secs_f64() / base.as_secs_f64() - 1.0;
        // Four standard errors of a median of 20,001: 4 * 1.2533 * 1.33 / sqrt(20001) = 4.7 %.
        assert!((median / 0.03 - 1.0).abs() < 0.047, "median {median}");
    }

    #[test]
    fn no_delay_exceeds_its_bound_and_the_next_draw_is_the_same() {
        let (draws, key) = (Draws::new(2), EntityKey::group("message"));
        let jitter = jitter();
        for (message, base) in (0..20_000).map(|n| (n, Span::from_millis(n % 90))) {
            let (mut exact, mut bound) =
                (draws.at(Purpose(0), key, message), draws.at(Purpose(0), key, message));
            let delay = jitter.delay(base, &mut exact);
            assert!(delay <= jitter.delay_most(base, &mut bound));
            assert_eq!(exact.word(), bound.word(), "message {message}");
            let mut bounds = draws.at(Purpose(0), key, message);
            let [least, most] = jitter.delay_bounds(base, &mut bounds);
            assert!(least <= delay && delay <= most, "message {message}");
        }
    }

    #[test]
    fn no_base_has_no_delay_and_no_jitter_adds_nothing() {
        assert_eq!(delays(&jitter(), Span::ZERO, 2), [Span::ZERO; 2]);
        let base = Span::from_nanos(12_345_678_901);
        assert_eq!(delays(&Jitter::new(Ppm::ZERO, 2.0), base, 2), [base; 2]);
    }

    #[test]
    fn known_delays_hold_on_every_platform() {
        let nanos: Vec<u64> =
            delays(&jitter(), Span::from_millis(40), 3).into_iter().map(Span::nanos).collect();
        assert_eq!(nanos, [48_472_865, 41_229_702, 44_342_627]);
    }
}
