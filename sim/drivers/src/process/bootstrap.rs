//! Blocks of a historical series, in a random order (economics.md 1.8, E6).

use super::{Piece, start_ln};
use crate::history::compute_log_returns;
use crate::problem::{DriverProblem, check};
use crate::purpose::BLOCK;
use engine::draws::Draws;
use units::{EntityKey, SimTime, Span};

/// The stationary bootstrap: log returns of a series in blocks of random length, each from a
/// random place, the end of the series followed by its start. Source: Politis and Romano, Journal
/// of the American Statistical Association 89 (1994).
///
/// A return takes effect when its time is over, so the value is the same however time is cut. A
/// block keeps what neighbouring days had in common (calm, storm), which no innovation does.
#[derive(Clone, Debug, PartialEq)]
pub struct Bootstrap {
    start_ln: f64,
    log_returns: Vec<f64>,
    spacing: Span,
    block_end_chance: f64,
    calendar: EntityKey,
}

impl Bootstrap {
    /// From `start`, with the returns of `closes`, which are `spacing` apart, in blocks of
    /// `mean_block` returns on average.
    ///
    /// Drivers with the same `calendar`, length and mean block take the same blocks of their
    /// series, so that what moved together then moves together now.
    pub fn new(
        start: f64,
        closes: &[f64],
        spacing: Span,
        mean_block: f64,
        calendar: &str,
    ) -> Result<Bootstrap, DriverProblem> {
        let is_block = mean_block.is_finite() && mean_block >= 1.0;
        check(is_block, "mean length of a block", mean_block, "at least 1 return")?;
        let seconds = spacing.as_secs_f64();
        check(!spacing.is_zero(), "spacing of the closes", seconds, "more than 0 s")?;
        Ok(Bootstrap {
            start_ln: start_ln("start", start)?,
            log_returns: compute_log_returns(closes)?,
            spacing,
            block_end_chance: 1.0 / mean_block,
            calendar: EntityKey::group(calendar),
        })
    }

    pub(super) fn start_ln(&self) -> f64 {
        self.start_ln
    }

    /// What the logarithm gains by the returns that end in the piece; `place` is then that of the
    /// last one.
    pub(super) fn take_returns(&self, place: &mut usize, piece: Piece, draws: &Draws) -> f64 {
        let ended = |moment: SimTime| moment.nanos() / self.spacing.nanos();
        let mut gained = 0.0;
        for ordinal in ended(piece.from)..ended(piece.to) {
            *place = self.draw_place(*place, ordinal, draws);
            gained += self.log_returns[*place];
        }
        gained
    }

    fn draw_place(&self, place: usize, ordinal: u64, draws: &Draws) -> usize {
        let mut draw = draws.at(BLOCK, self.calendar, ordinal);
        let count = self.log_returns.len();
        if draw.unit() < self.block_end_chance || ordinal == 0 {
            draw.below(count as u64) as usize
        } else {
            (place + 1) % count
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Process, testing};
    use super::*;
    use crate::history::compute_correlation;

    /// A series of which each return is another number.
    fn closes(n: usize) -> Vec<f64> {
        let wave = |at: usize| libm::sin(at as f64) * 0.1 + (at * at % 17) as f64 * 1e-3;
        (0..=n).map(|at| libm::exp(wave(at))).collect()
    }

    fn history(closes: &[f64], mean_block: f64) -> Bootstrap {
        Bootstrap::new(1.0, closes, Span::DAY, mean_block, "days").unwrap()
    }

    /// The places of the returns of `days` days.
    fn places(history: &Bootstrap, days: u64) -> Vec<usize> {
        let draws = Draws::new(2);
        let next = |place: &mut usize, day| {
            *place = history.draw_place(*place, day, &draws);
            Some(*place)
        };
        (0..days).scan(0, next).collect()
    }

    #[test]
    fn oracle_blocks_do_not_depend_on_the_cut_of_time() {
        testing::assert_cut_does_not_matter(&Process::Bootstrap(history(&closes(50), 7.0)));
    }

    /// A block of mean 20 ends with chance 1/20: of 200,000 days, within 4 sqrt(p q n) = 390 of
    /// 10,000, but that one in 1000 ends where it would have gone anyway. Each of the 1000 places
    /// stands for 200 days, whose count varies by blocks: 4 * sqrt(200 * 39) = 353 above.
    #[test]
    fn oracle_blocks_have_their_mean_length_and_no_place_is_preferred() {
        let places = places(&history(&closes(1_000), 20.0), 200_000);
        let breaks = places.windows(2).filter(|pair| pair[1] != (pair[0] + 1) % 1_000).count();
        assert!(breaks.abs_diff(9_990) < 390, "{breaks}");
        let mut counts = [0_usize; 1_000];
        places.iter().for_each(|&place| counts[place] += 1);
        assert!(counts.iter().all(|&count| (1..553).contains(&count)));
        let half: usize = counts[..500].iter().sum();
        assert!(half.abs_diff(100_000) < 3_000, "{half}");
    }

    #[test]
    fn a_block_longer_than_any_run_repeats_history() {
        let history = history(&closes(10), 1e15);
        let places = places(&history, 25);
        assert!(places.windows(2).all(|pair| pair[1] == (pair[0] + 1) % 10), "{places:?}");
        let whole = testing::walk(&Process::Bootstrap(history), 1, 0, &[Span::DAY.times(10); 2]);
        assert!((whole[2] - whole[1] - whole[1]).abs() < 1e-12, "each time the same sum");
    }

    #[test]
    fn series_of_one_calendar_stay_together() {
        let mirrored: Vec<f64> = closes(60).iter().map(|close| 2.0 / close).collect();
        let walk = |closes: &[f64]| {
            let process = Process::Bootstrap(history(closes, 5.0));
            let lns = testing::walk(&process, 4, 0, &[Span::DAY; 200]);
            lns.windows(2).map(|pair| pair[1] - pair[0]).collect::<Vec<f64>>()
        };
        let together = compute_correlation(&walk(&closes(60)), &walk(&mirrored)).unwrap();
        assert!((together + 1.0).abs() < 1e-12);
    }

    #[test]
    fn known_bits_hold_on_every_platform() {
        let process = Process::Bootstrap(history(&closes(50), 7.0));
        assert_eq!(
            testing::bits(&process),
            [0x3fb4_d085_d094_5dda, 0x3fb4_a74d_98b6_7baf, 0xbf88_50cb_34ce_44f8]
        );
    }

    #[test]
    fn series_that_cannot_be_cut_into_blocks_are_refused() {
        let refused = |closes: &[f64], spacing, block| {
            Bootstrap::new(1.0, closes, spacing, block, "days").unwrap_err().to_string()
        };
        let day = Span::DAY;
        assert_eq!(refused(&[1.0], day, 2.0), "there are 1 closes; give at least 2");
        assert!(refused(&[1.0, -1.0], day, 2.0).starts_with("close is -1"));
        assert_eq!(
            refused(&[1.0, 2.0], day, 0.5),
            "mean length of a block is 0.5; give at least 1 return"
        );
        assert!(refused(&[1.0, 2.0], Span::ZERO, 2.0).starts_with("spacing of the closes is 0"));
    }
}
