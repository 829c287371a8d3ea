//! Correlated innovations: independent ones, mixed by the Cholesky factor of a correlation matrix.

use nalgebra::{Cholesky, DMatrix};
use std::borrow::Cow;
use std::fmt;

/// The least share of its variance that a mix of drivers must have to itself: below, a factor would
/// be rounding.
const OWN_MIN: f64 = 1e-6;

/// How the innovations of drivers go together in one regime.
///
/// The factor is lower triangular, so a driver is moved by its own innovation and by those of the
/// drivers before it: one more driver at the end changes no other. Mixed innovations keep variance
/// one; tails that are heavy get lighter, because a sum is closer to the bell curve than its parts.
#[derive(Clone, Debug, PartialEq)]
pub struct Correlation {
    table: DMatrix<f64>,
    factor: Factor,
}

/// What turns independent innovations into correlated ones: a lower triangle.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Factor(DMatrix<f64>);

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
        let Some(place) = first_contradiction(&table) else {
            return Ok(Correlation::of(table));
        };
        let mends =
            |&thousandths: &u32| first_contradiction(&scaled(&table, thousandths)).is_none();
        Err(CorrelationProblem::NotPositiveDefinite {
            driver: names[place].to_string(),
            thousandths: (0..1000).rev().find(mends).unwrap_or(0),
        })
    }

    /// Of `count` drivers that do not know of each other.
    pub fn independent(count: usize) -> Correlation {
        Correlation::of(DMatrix::identity(count, count))
    }

    fn of(table: DMatrix<f64>) -> Correlation {
        Correlation { factor: Factor::of(table.clone()), table }
    }

    /// How many drivers there are.
    pub fn count(&self) -> usize {
        self.table.nrows()
    }

    /// What mixes the innovations of a piece of `years`, for drivers with these pulls.
    ///
    /// The table is that of Brownian motions. Of what moved a driver early in a piece its pull has
    /// taken back a part at the end, so drivers with different pulls a and b are less correlated
    /// over the piece: `g(a + b) / sqrt(g(2a) g(2b))` of the table, with the integral
    /// `g(k) = (1 - e^(-k dt)) / k` of what is left.
    pub(crate) fn factor(&self, pulls: &[f64], years: f64) -> Cow<'_, Factor> {
        if pulls.windows(2).all(|pair| is_same(pair[0], pair[1])) {
            return Cow::Borrowed(&self.factor);
        }
        let count = self.count();
        let entry = |row: usize, column: usize| {
            self.table[(row, column)] * compute_overlap(pulls[row], pulls[column], years)
        };
        Cow::Owned(Factor::of(DMatrix::from_fn(count, count, entry)))
    }
}

impl Factor {
    /// The lower triangle L with `L L^T` the table.
    ///
    /// # Panics
    /// When there is none. Tables were checked, and the overlap of pulls, a table of correlations
    /// itself, makes no eigenvalue of a product by elements smaller (Schur).
    fn of(table: DMatrix<f64>) -> Factor {
        Factor(Cholesky::new(table).expect("a checked table is positive definite").unpack())
    }

    /// The correlated innovation of driver `own`, from independent ones; the order of the sum is
    /// fixed.
    pub(crate) fn mix(&self, own: usize, innovations: &[f64]) -> f64 {
        let terms = innovations[..=own].iter().enumerate();
        terms.fold(0.0, |sum, (other, z)| sum + self.0[(own, other)] * z)
    }
}

fn is_same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits()
}

/// How much of a correlation is left between drivers with these pulls over `years`.
fn compute_overlap(a: f64, b: f64, years: f64) -> f64 {
    let sum = |pull: f64| if pull > 0.0 { -libm::expm1(-pull * years) / pull } else { years };
    if is_same(a, b) { 1.0 } else { sum(a + b) / libm::sqrt(sum(2.0 * a) * sum(2.0 * b)) }
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

/// The first place whose correlations contradict those before it, if there is one.
///
/// Only the leading part up to a row decides that row, so the parts are tried in turn.
fn first_contradiction(table: &DMatrix<f64>) -> Option<usize> {
    let less = DMatrix::from_diagonal_element(table.nrows(), table.nrows(), OWN_MIN);
    let less = table - less;
    let is_possible =
        |size: usize| Cholesky::new(less.view((0, 0), (size, size)).into_owned()).is_some();
    (1..=table.nrows()).find(|&size| !is_possible(size)).map(|size| size - 1)
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
    const PULLS: [f64; 5] = [0.0, 0.0, 2.0, 0.5, 2.0];

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
        let factor = Correlation::new(&NAMES, &five()).unwrap().factor.0;
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
            assert_eq!(part.factor.0, whole.factor.0.view((0, 0), (count, count)));
            let pulled = |table: &Correlation| table.factor(&PULLS[..table.count()], 0.1).0.clone();
            assert_eq!(pulled(&part), pulled(&whole).view((0, 0), (count, count)));
            assert_eq!(part.count(), count);
        }
        let innovations = [0.3, -1.2, 0.0, 0.0, 0.0];
        let by_hand = 0.45 * 0.3 + libm::sqrt(1.0 - 0.45 * 0.45) * -1.2;
        assert!((whole.factor.mix(1, &innovations) - by_hand).abs() < 1e-15);
    }

    /// Python's doubles, in the order of nalgebra's loops, give the same bits.
    #[test]
    fn known_bits_hold_on_every_platform() {
        let factor = Correlation::new(&NAMES, &five()).unwrap().factor.0;
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

    /// By hand for pulls 0 and 2 over a year: (1 - e^-2) / 2 over the root of (1 - e^-4) / 4. Over
    /// a blink nothing is taken back; equal pulls take back the same.
    #[test]
    fn oracle_a_pull_takes_back_a_part_of_what_was_shared() {
        let by_hand = 0.432_332_358_381_693_65 / libm::sqrt(0.245_421_090_277_816_45);
        assert!((compute_overlap(0.0, 2.0, 1.0) - by_hand).abs() < 1e-15);
        assert!((compute_overlap(0.0, 2.0, 1e-9) - 1.0).abs() < 1e-9);
        let table = Correlation::new(&NAMES, &five()).unwrap();
        let pulled = table.factor(&PULLS, 1.0);
        let product = &pulled.0 * pulled.0.transpose();
        assert!((product[(2, 0)] - 0.3 * by_hand).abs() < 1e-15);
        assert!((product[(4, 2)] - 0.1).abs() < 1e-15);
        assert_eq!(*table.factor(&[2.0; 5], 1.0), table.factor);
    }

    #[test]
    fn drivers_that_do_not_know_each_other_keep_their_innovations() {
        let innovations = [0.3, -1.2, 2.0];
        for own in 0..3 {
            let mixed = Correlation::independent(3).factor.mix(own, &innovations);
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

    /// What a driver has to itself is 1 - r^2 of its variance.
    #[test]
    fn drivers_that_are_nearly_one_are_refused() {
        let pair = |r: f64| Correlation::new(&NAMES[..2], &[vec![1.0, r], vec![r, 1.0]]);
        assert!(pair(0.999_999).is_ok());
        let problem = pair(0.999_999_9).unwrap_err();
        let expected = CorrelationProblem::NotPositiveDefinite {
            driver: "token".to_string(),
            thousandths: 999,
        };
        assert_eq!(problem, expected);
    }

    /// Three drivers of which two pairs go together and the third does not: the largest scale is
    /// sqrt(1/2) / 0.9 = 0.7857, less a margin.
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
