//! The last few changes of capacity, which wait for memory instead of letting a lease wait for it.
//!
//! What a lease changes is seldom in the cache, and one miss costs more than all the rest of an
//! update. So a change asks for its post and stands here until a few others have come; by then the
//! post has come too. Until then rounds leave its provider out of the tree and meet it by itself.

use units::{GpuCount, ProviderId};

/// Changes that wait at a time: those of two requests with two each.
const ROOM: usize = 4;

/// What a provider has free now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) provider: ProviderId,
    pub(crate) free: GpuCount,
    pub(crate) free_on_node: GpuCount,
}

/// The changes that wait, at most one for each provider.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pending {
    changes: [Option<Change>; ROOM],
    /// The place of the oldest, once all are taken.
    oldest: usize,
}

impl Pending {
    /// Lets `change` wait, in the place of one of the same provider if there is one; gives back
    /// the change that has waited for long enough.
    #[inline]
    pub(crate) fn push(&mut self, change: Change) -> Option<Change> {
        let is_same = |other: &Change| other.provider == change.provider;
        if let Some(same) = self.changes.iter_mut().flatten().find(|other| is_same(other)) {
            *same = change;
            return None;
        }
        let earlier = self.changes[self.oldest].replace(change);
        self.oldest = (self.oldest + 1) % ROOM;
        earlier
    }

    /// The change of `provider`, if one waits.
    #[inline]
    pub(crate) fn of(&self, provider: ProviderId) -> Option<&Change> {
        self.iter().find(|change| change.provider == provider)
    }

    /// All that wait.
    #[inline]
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().flatten()
    }
}
