//! What a provider's way to ask a price remembers.

use units::{GpuHourPrice, Span, Usd};

/// GPU-time and money of one or several providers since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Past {
    /// GPU-microseconds with the machine up.
    pub available: u128,
    /// GPU-microseconds held by open leases.
    pub reserved: u128,
    /// Lease income less electricity and wear, over the eras that have closed.
    pub earned: Usd,
}

impl Past {
    /// Both together.
    #[must_use]
    pub fn with(self, other: Past) -> Past {
        Past {
            available: self.available + other.available,
            reserved: self.reserved + other.reserved,
            earned: self.earned + other.earned,
        }
    }

    /// What came after `before`.
    #[must_use]
    pub fn since(self, before: Past) -> Past {
        Past {
            available: self.available - before.available,
            reserved: self.reserved - before.reserved,
            earned: self.earned - before.earned,
        }
    }
}

/// A provider's memory. An owner decides once for all its identities: reviews are noted with the
/// first of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bidder {
    /// What was drawn around the book before the start.
    pub drawn: GpuHourPrice,
    /// How long after the start of the run its first interval between reviews begins: not all
    /// review at once.
    pub phase: Span,
    /// Reviews so far.
    pub reviews: u64,
    /// What it has come to, as of the last era that closed.
    pub past: Past,
    /// What the owner had come to at the last review.
    pub reviewed: Past,
    /// What it learned, if its kind does.
    pub lessons: Lessons,
}

/// What is known of each multiple of the book price that may be asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lessons {
    /// The one that is asked, by its place.
    pub tried: usize,
    /// The chance with which it was chosen, in billionths.
    pub chance_nano: u64,
    /// Scores in billionths: the higher, the likelier.
    pub scores_nano: Vec<i64>,
}
