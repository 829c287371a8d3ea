//! How orders wait that find nobody.

use units::ClassId;

/// How an order waits that finds nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Whether each wait has a patience of its own, exponential with the declared mean; else all
    /// have the declared one.
    pub is_patience_exponential: bool,
    /// Whether it stands in a line; else it fails, and its tenant orders again after a while.
    pub is_line: bool,
    /// Most orders that wait in one line; none for no limit.
    pub limit: Option<u32>,
    /// Classes that are served before all others, the first before the second.
    pub first: Vec<ClassId>,
}

impl Waiting {
    /// The rank of a class in its line: lower is served first.
    pub fn rank(&self, class: ClassId) -> u32 {
        let place = self.first.iter().position(|first| *first == class);
        place.unwrap_or(self.first.len()) as u32
    }
}
