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
    /// Who has a line.
    pub scope: LineScope,
    /// Most orders that wait in one line; none for no limit.
    pub limit: Option<u32>,
    /// Classes that are served before all others, the first before the second.
    pub first: Vec<ClassId>,
    /// Whether their orders take spot leases of later classes back.
    pub displaces: bool,
}

/// Who has a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineScope {
    /// Each pool: who is first takes what comes free first.
    Pool,
    /// Each provider: an order is matched with a provider, busy or not, and waits for it alone.
    Provider,
}

impl Waiting {
    /// Whether providers have lines of their own.
    pub fn is_at_providers(&self) -> bool {
        self.is_line && self.scope == LineScope::Provider
    }

    /// The rank of a class in its line: lower is served first.
    pub fn rank(&self, class: ClassId) -> u32 {
        let place = self.first.iter().position(|first| *first == class);
        place.unwrap_or(self.first.len()) as u32
    }
}
