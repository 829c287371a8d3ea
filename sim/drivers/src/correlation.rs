//! Correlated innovations: independent ones, mixed by the Cholesky factor of a correlation matrix.

use nalgebra::{Cholesky, DMatrix};
use std::fmt;

/// A pivot below this leaves a driver nothing of its own, but for rounding.
const PIVOT_MIN: f64 = 1e-6;

/// How the innovations of drivers go together in one regime.
///
/// The factor is lower triangular, so a driver is moved by its own innovation and by those of the
/// drivers before it: one more driver at the end changes no other. Mixed innovations keep variance
/// one; tails that are heavy get lighter, because a sum is closer to the bell curve than its parts.
#[derive(Clone, Debug, PartialEq)]
pub struct Correlation {
    factor: DMatrix<f64>,
}

/// Why a table is not a correlation matrix; the message carries the remedy.
#[derive(Clone, Debug, PartialEq)]
pub enum CorrelationProblem {
    /// The table has not a row and a column for each driver.
    NotSquare {
        /// How many rows, or columns of some row.
        given: usize,
        /// How many drivers.
        needed: usize,
    },
    /// A driver is not wholly correlated with itself.
    BadDiagonal {
        /// The driver.
        driver: String,
        /// What stands there.
        value: f64,
    },
    /// A correlation is not between -1 and 1.
    OutOfRange {
        /// The two drivers.
        pair: [String; 2],
        /// What stands there.
        value: f64,
    },
    /// The two places of a pair say different things.
    NotSymmetric {
        /// The two drivers.
        pair: [String; 2],
        /// In the row of the first, and of the second.
        values: [f64; 2],
    },
    /// No drivers can go together like this.
    NotPositiveDefinite {
        /// The first driver whose correlations contradict those of the drivers before it.
        driver: String,
        /// What to multiply all correlations of different drivers by, in thousandths: the largest
        /// number that mends the table.
        thousandths: u32,
    },
}

impl fmt::Display for CorrelationProblem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CorrelationProblem::NotSquare { given, needed } => {
                write!(
                    out,
                    "{needed} drivers and {given} correlations; give a row and a column each"
                )
            }
            CorrelationProblem::BadDiagonal { driver, value } => {
                write!(out, "the correlation of {driver} with itself is {value}; give 1")
            }
            CorrelationProblem::OutOfRange { pair: [a, b], value } => write!(
                out,
                "the correlation of {a} and {b} is {value}; give a number between -1 and 1 (at the \
                 ends they are one driver)"
            ),
            CorrelationProblem::NotSymmetric { pair: [a, b], values: [ab, ba] } => write!(
                out,
                "the correlation of {a} and {b} is {ab} in one place and {ba} in the other; give one \
                 number"
            ),
            CorrelationProblem::NotPositiveDefinite { driver, thousandths } => write!(
                out,
                "the correlations of {driver} contradict those of the drivers before it; multiply all \
                 between different drivers by {} or less",
                f64::from(*thousandths) / 1000.0
            ),
        }
    }
}

impl std::error::Error for CorrelationProblem {}

impl Correlation {
    /// Of the drivers with these names, by row and column.
    ///
    /// ```
    /// # use drivers::Correlation;
    /// let rows = [vec![1.0, 0.9, 0.0], vec![0.9, 1.0, 0.9], vec![0.0, 0.9, 1.0]];
    /// let problem = Correlation::new(&["ether", "token", "rents"], &rows).unwrap_err();
    /// assert!(problem.to_string().ends_with("by 0.785 or less"));
    /// ```
    pub fn new(names: &[&str], rows: &[Vec<f64>]) -> Result<Correlation, CorrelationProblem> {
        check_table(names, rows)?;
        let table = DMatrix::from_fn(names.len(), names.len(), |row, column| rows[row][column]);
        compute_factor(&table).map(|factor| Correlation { factor }).map_err(|place| {
            let mends = |&thousandths: &u32| compute_factor(&scaled(&table, thousandths)).is_ok();
            CorrelationProblem::NotPositiveDefinite {
                driver: names[place].to_string(),
                thousandths: (0..1000).rev().find(mends).unwrap_or(0),
            }
        })
    }

    /// Of `count` drivers that do not know of each other.
    pub fn independent(count: usize) -> Correlation {
        Correlation { factor: DMatrix::identity(count, count) }
    }

    /// How many drivers there are.
    pub fn count(&self) -> usize {
        self.factor.nrows()
    }

    /// The correlated innovation of driver `own`, from independent ones; the order of the sum is
    /// fixed.
    pub(crate) fn mix(&self, own: usize, innovations: &[f64]) -> f64 {
        let terms = innovations[..=own].iter().enumerate();
        terms.fold(0.0, |sum, (other, z)| sum + self.factor[(own, other)] * z)
    }
}

/// What must hold of each number by itself.
fn check_table(names: &[&str], rows: &[Vec<f64>]) -> Result<(), CorrelationProblem> {
    let needed = names.len();
    let lengths = std::iter::once(rows.len()).chain(rows.iter().map(Vec::len));
    if let Some(given) = lengths.into_iter().find(|&given| given != needed) {
        return Err(CorrelationProblem::NotSquare { given, needed });
    }
    for (own, row) in rows.iter().enumerate() {
        for (other, &value) in row[..own].iter().enumerate() {
            let pair = || [names[other].to_string(), names[own].to_string()];
            let mirrored = rows[other][own];
            if value.to_bits() != mirrored.to_bits() && value - mirrored != 0.0 {
                let values = [mirrored, value];
                return Err(CorrelationProblem::NotSymmetric { pair: pair(), values });
            }
            if value.is_nan() || value.abs() >= 1.0 {
                return Err(CorrelationProblem::OutOfRange { pair: pair(), value });
            }
        }
        if (row[own] - 1.0).abs() > 0.0 || row[own].is_nan() {
            let driver = names[own].to_string();
            return Err(CorrelationProblem::BadDiagonal { driver, value: row[own] });
        }
    }
    Ok(())
}

/// The lower triangle L with `L L^T` the table, or the first place where there is none.
///
/// Only the leading part up to a row decides that row, so the parts are tried in turn.
fn compute_factor(table: &DMatrix<f64>) -> Result<DMatrix<f64>, usize> {
    let last = table.nrows();
    let part = |size: usize| table.view((0, 0), (size, size)).into_owned();
    let factor = |size: usize| {
        let lower = Cholesky::new(part(size))?.l();
        lower.diagonal().iter().all(|&pivot| pivot * pivot >= PIVOT_MIN).then_some(lower)
    };
    factor(last).ok_or_else(|| (1..last).find(|&size| factor(size).is_none()).unwrap_or(last) - 1)
}

/// The table with correlations of different drivers multiplied by so many thousandths.
fn scaled(table: &DMatrix<f64>, thousandths: u32) -> DMatrix<f64> {
    let mut scaled = table * (f64::from(thousandths) / 1000.0);
    scaled.fill_diagonal(1.0);
    scaled
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 5] = ["ether", "token", "gas", "rents", "electricity"];

    fn five() -> Vec<Vec<f64>> {
        vec![
            vec![1.0, 0.45, 0.3, 0.1, -0.05],
            vec![0.45, 1.0, 0.2, 0.25, 0.0],
            vec![0.3, 0.2, 1.0, 0.0, 0.1],
            vec![0.1, 0.25, 0.0, 1.0, 0.15],
            vec![-0.05, 0.0, 0.1, 0.15, 1.0],
        ]
    }

    fn refused(rows: &[Vec<f64>]) -> String {
        Correlation::new(&NAMES[..rows.len().min(2)], rows).unwrap_err().to_string()
    }

    #[test]
    fn oracle_cholesky_gives_the_table_back() {
        let factor = Correlation::new(&NAMES, &five()).unwrap().factor;
        let product = &factor * factor.transpose();
        for (row, column) in (0..25).map(|n| (n / 5, n % 5)) {
            assert!((product[(row, column)] - five()[row][column]).abs() < 1e-14);
            assert!(column <= row || factor[(row, column)].to_bits() == 0, "lower triangular");
        }
    }

    /// The factor of a part is the part of the factor, bit by bit; by hand, the second row is
    /// (r, sqrt(1 - r^2)).
    #[test]
    fn oracle_an_appended_driver_changes_no_other() {
        let whole = Correlation::new(&NAMES, &five()).unwrap();
        for count in 1..5 {
            let rows: Vec<Vec<f64>> = five()[..count].iter().map(|r| r[..count].to_vec()).collect();
            let part = Correlation::new(&NAMES[..count], &rows).unwrap();
            assert_eq!(part.factor, whole.factor.view((0, 0), (count, count)));
            assert_eq!(part.count(), count);
        }
        let innovations = [0.3, -1.2, 0.0, 0.0, 0.0];
        let by_hand = 0.45 * 0.3 + libm::sqrt(1.0 - 0.45 * 0.45) * -1.2;
        assert!((whole.mix(1, &innovations) - by_hand).abs() < 1e-15);
    }

    #[test]
    fn known_bits_hold_on_every_platform() {
        let factor = Correlation::new(&NAMES, &five()).unwrap().factor;
        let last: Vec<u64> = (0..5).map(|column| factor[(4, column)].to_bits()).collect();
        assert_eq!(
            last,
            [
                0xbfa9_9999_9999_999a,
                0x3f99_ccc2_c44a_1e91,
                0x3fbe_7549_f799_48b4,
                0x3fc4_86ea_8888_b528,
                0x3fef_4de7_3271_6b66
            ]
        );
    }

    #[test]
    fn drivers_that_do_not_know_each_other_keep_their_innovations() {
        let innovations = [0.3, -1.2, 2.0];
        for own in 0..3 {
            let mixed = Correlation::independent(3).mix(own, &innovations);
            assert_eq!(mixed.to_bits(), innovations[own].to_bits());
        }
    }

    #[test]
    fn tables_that_are_none_are_explained() {
        assert_eq!(
            refused(&[vec![1.0, 0.0]]),
            "1 drivers and 2 correlations; give a row and a column each"
        );
        assert_eq!(
            refused(&[vec![1.0, 0.1], vec![0.2, 1.0]]),
            "the correlation of ether and token is 0.1 in one place and 0.2 in the other; give one \
             number"
        );
        assert_eq!(
            refused(&[vec![1.0, 0.1], vec![0.1, 0.9]]),
            "the correlation of token with itself is 0.9; give 1"
        );
        for bad in [1.0, -1.5, f64::NAN, f64::INFINITY] {
            let problem = refused(&[vec![1.0, bad], vec![bad, 1.0]]);
            assert!(problem.starts_with("the correlation of ether and token is"), "{problem}");
            assert!(problem.contains("between -1 and 1"), "{problem}");
        }
    }

    /// Three drivers of which two pairs go together and the third does not: the largest scale is
    /// sqrt(1/2) / 0.9 = 0.7857.
    #[test]
    fn a_contradiction_names_its_driver_and_the_scale_that_mends_it() {
        let rows = |r: f64| [vec![1.0, r, 0.0], vec![r, 1.0, r], vec![0.0, r, 1.0]];
        let problem = Correlation::new(&NAMES[..3], &rows(0.9)).unwrap_err();
        let expected =
            CorrelationProblem::NotPositiveDefinite { driver: "gas".to_string(), thousandths: 785 };
        assert_eq!(problem, expected);
        assert!(Correlation::new(&NAMES[..3], &rows(0.9 * 0.785)).is_ok());
        assert!(Correlation::new(&NAMES[..3], &rows(0.9 * 0.786)).is_err());
    }
}
