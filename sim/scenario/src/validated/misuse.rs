//! What tenants answer with, and how some of them misbehave.

use units::{GpuHourPrice, Ppm, Span, Usd};

/// Tenants who misbehave, by what they do; the others are honest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TenantMisuse {
    /// Those who order what they do not need.
    pub spam: Spam,
    /// Those who let escrow run dry.
    pub drain: Drain,
    /// Those who run what is forbidden.
    pub forbidden: Forbidden,
    /// Those who say that a provider failed.
    pub dispute: Dispute,
    /// What becomes of the banned.
    pub comeback: Comeback,
    /// How often a provider looks whether escrow still pays.
    pub escrow_check: Span,
}

impl TenantMisuse {
    /// The shares of tenants, in the order of the fields.
    pub const fn shares(&self) -> [Ppm; 4] {
        [self.spam.share, self.drain.share, self.forbidden.share, self.dispute.share]
    }

    /// Whether anybody misbehaves.
    pub fn is_any(&self) -> bool {
        self.shares().iter().any(|share| *share > Ppm::ZERO)
    }
}

/// Orders that nobody means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spam {
    /// Share of tenants.
    pub share: Ppm,
    /// Such orders of one tenant in a day.
    pub per_day: f64,
}

/// Leases that are paid for in part.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drain {
    /// Share of tenants.
    pub share: Ppm,
    /// How much of a lease they pay for.
    pub funds: Span,
}

/// Forbidden work.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Forbidden {
    /// Share of tenants.
    pub share: Ppm,
    /// After how long it is found, in the mean.
    pub found_after: Span,
    /// What it is worth beside the rent.
    pub gain: GpuHourPrice,
}

/// False disputes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dispute {
    /// Share of tenants.
    pub share: Ppm,
    /// Of their leases that ended well, the part that they dispute.
    pub rate: Ppm,
    /// How long a verdict takes.
    pub verdict_after: Span,
    /// How often it is wrong.
    pub errs: Ppm,
}

/// The banned who come back as somebody else.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Comeback {
    /// How many do.
    pub chance: Ppm,
    /// After how long.
    pub after: Span,
    /// What it costs them, outside the network.
    pub cost: Usd,
}
