//! The seeds of replications: `A..B`, both ends included.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

/// Most replications of one call; more is most likely a slip of the finger.
const COUNT_MAX: u64 = 10_000;

/// A row of seeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seeds {
    first: u64,
    last: u64,
}

impl Seeds {
    /// The seeds, in order.
    pub fn range(self) -> RangeInclusive<u64> {
        self.first..=self.last
    }
}

impl fmt::Display for Seeds {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}..{}", self.first, self.last)
    }
}

/// A text that names no seeds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SeedsError {
    /// Not two whole numbers with two dots between.
    NotARange,
    /// The first is greater than the last.
    Backwards(Seeds),
    /// More than anybody can mean.
    TooMany(u64),
}

impl fmt::Display for SeedsError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SeedsError::NotARange => write!(
                out,
                "seeds are two whole numbers with two dots between, both included; write 1..10"
            ),
            SeedsError::Backwards(Seeds { first, last }) => write!(
                out,
                "the first seed {first} is greater than the last {last}; write {last}..{first}"
            ),
            SeedsError::TooMany(count) => write!(
                out,
                "{count} replications are more than {COUNT_MAX}; make several calls of fewer"
            ),
        }
    }
}

impl std::error::Error for SeedsError {}

impl FromStr for Seeds {
    type Err = SeedsError;

    fn from_str(text: &str) -> Result<Seeds, SeedsError> {
        let (first, last) = text.split_once("..").ok_or(SeedsError::NotARange)?;
        let number = |text: &str| text.parse().map_err(|_| SeedsError::NotARange);
        let seeds = Seeds { first: number(first)?, last: number(last)? };
        if seeds.first > seeds.last {
            return Err(SeedsError::Backwards(seeds));
        }
        match (seeds.last - seeds.first).saturating_add(1) {
            count if count > COUNT_MAX => Err(SeedsError::TooMany(count)),
            _ => Ok(seeds),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_are_seeds() {
        let seeds: Seeds = "3..5".parse().unwrap();
        assert_eq!(seeds.range().collect::<Vec<_>>(), [3, 4, 5]);
        assert_eq!("7..7".parse::<Seeds>().unwrap().range().count(), 1);
        assert_eq!(seeds.to_string(), "3..5");
    }

    #[test]
    fn what_is_no_row_of_seeds_is_refused_with_the_remedy() {
        for text in ["", "5", "1..", "..3", "1...3", "a..b", "-1..2", "1..=3", "1.. 3"] {
            assert_eq!(text.parse::<Seeds>(), Err(SeedsError::NotARange), "{text:?}");
        }
        let backwards = "5..1".parse::<Seeds>().unwrap_err().to_string();
        assert!(backwards.ends_with("write 1..5"), "{backwards}");
        assert!(matches!("0..18446744073709551615".parse::<Seeds>(), Err(SeedsError::TooMany(_))));
    }
}
