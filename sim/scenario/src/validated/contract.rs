//! What leases promise: notice before one is taken back, and long contracts.

use units::{BasisPoints, Ppm, Span};

/// What leases promise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Contracts {
    /// From a provider's notice to the moment from which it may take a spot lease back; zero where
    /// leases are taken back without one, as if the machine had failed.
    pub notice: Span,
    /// How long it takes to save work with checkpoints when notice is given; none where nobody
    /// saves for that.
    pub save: Option<Span>,
    /// What a long contract is; none where there are none.
    pub long: Option<LongContract>,
}

/// A lease for a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LongContract {
    /// The term.
    pub term: Span,
    /// How much less than its bid a provider is paid for an hour of it.
    pub discount: Ppm,
    /// The part of what is left of the term that a tenant pays who ends it early.
    pub termination: BasisPoints,
}

impl Contracts {
    /// Whether leases are taken back with notice.
    pub fn has_notice(&self) -> bool {
        !self.notice.is_zero()
    }

    /// The share of the work of its last stretch that a tenant saves who was given so much notice:
    /// all but what it worked while it saved; none where there is no time to.
    pub fn saves_within(&self, notice: Span) -> Option<Span> {
        self.save.filter(|save| *save <= notice)
    }
}
