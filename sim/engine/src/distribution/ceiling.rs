//! Upper bounds of log-normal values: for questions that seldom need the value itself, such as
//! whether a message came in time.

use super::LogNormal;
use crate::draws::Draw;

/// Leading bits of a word that tell its cell apart from the others.
const CELL_BITS: u32 = 8;

/// What a value of a log-normal law does not exceed, by the leading bits of the word that the
/// value would be drawn from: one look into a table instead of a quantile and a power.
///
/// ```
/// # use engine::distribution::{LogNormal, LogNormalCeiling};
/// # use engine::draws::{Draws, Purpose};
/// # use units::EntityKey;
/// let law = LogNormal::new(0.08, 0.8);
/// let draw = || Draws::new(1).at(Purpose(0), EntityKey::group("bid"), 0);
/// let (value, most) = (draw().sample(&law), LogNormalCeiling::new(&law).draw(&mut draw()));
/// assert!(value <= most && most < 1.1 * value);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct LogNormalCeiling {
    by_cell: Vec<f64>,
}

impl LogNormalCeiling {
    /// The bounds of `law`.
    pub fn new(law: &LogNormal) -> LogNormalCeiling {
        let cells = 1_u64 << CELL_BITS;
        let largest_word = |cell: u64| u64::MAX >> CELL_BITS | cell << (64 - CELL_BITS);
        // Larger words give larger values but for the last places, hence the allowance.
        let most = |cell| law.of_word(largest_word(cell)) * (1.0 + 1e-9);
        LogNormalCeiling { by_cell: (0..cells).map(most).collect() }
    }

    /// The bound of the value that `draw` would give; takes the same word of it.
    #[inline]
    pub fn draw(&self, draw: &mut Draw) -> f64 {
        let [_, most] = self.draw_both(draw);
        most
    }

    /// A lower and an upper bound of the value that `draw` would give; takes the same word of it.
    #[inline]
    pub fn draw_both(&self, draw: &mut Draw) -> [f64; 2] {
        let cell = (draw.word() >> (64 - CELL_BITS)) as usize;
        // Nobody of a cell is below the largest of the one before, but for the last places.
        let least = cell.checked_sub(1).map_or(0.0, |before| self.by_cell[before] * (1.0 - 3e-9));
        [least, self.by_cell[cell]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draws::{Draws, Purpose};
    use units::EntityKey;

    #[test]
    fn no_value_exceeds_its_bound_and_few_bounds_are_far() {
        let (draws, key) = (Draws::new(5), EntityKey::group("test"));
        for law in [LogNormal::new(0.03, 1.33), LogNormal::new(80.0, 0.8), LogNormal::new(4.0, 0.0)]
        {
            let (bounds, mut near) = (LogNormalCeiling::new(&law), 0);
            for ordinal in 0..100_000 {
                let draw = || draws.at(Purpose(0), key, ordinal);
                let (value, most) = (draw().sample(&law), bounds.draw(&mut draw()));
                assert!(value <= most, "{law:?}, ordinal {ordinal}: {value} above {most}");
                let [least, same] = bounds.draw_both(&mut draw());
                assert!(least <= value, "{law:?}, ordinal {ordinal}: {value} below {least}");
                assert_eq!(same.to_bits(), most.to_bits());
                near += u32::from(most < 1.1 * value);
            }
            assert!(near > 90_000, "{law:?}: {near} of 100,000 within a tenth");
        }
    }

    #[test]
    fn the_ends_of_every_cell_are_inside() {
        let law = LogNormal::new(1.0, 1.33);
        let mut before = 0.0;
        for (cell, most) in (0..).zip(LogNormalCeiling::new(&law).by_cell) {
            let first = cell << (64 - CELL_BITS);
            for word in [first, first | u64::MAX >> CELL_BITS] {
                assert!(law.of_word(word) <= most, "cell {cell}");
                assert!(law.of_word(word) >= before * (1.0 - 3e-9), "cell {cell}");
            }
            before = most;
        }
    }
}
