//! Burned tokens that come back: Helium's net emissions (HIP 20).

/// A pool that burns fill, and that gives back a small part of itself every era.
///
/// What an era burns beyond the limit never comes back, so heavy use still shrinks the supply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NetEmission {
    /// Burned, not given back yet, in base units.
    pub pool: u128,
    /// At most so much of what an era burns comes back, in base units.
    pub limit: u128,
    /// An era gives back one part of so many: 336, the eras in a week of half hours, in HIP 20.
    pub parts: u64,
}

impl NetEmission {
    /// Given back after an era that burned `burned`; the pool as it was decides, rounded down.
    ///
    /// # Panics
    /// When the pool has no parts.
    pub fn step(&mut self, burned: u128) -> u128 {
        let due = self.pool / u128::from(self.parts);
        let added = burned.min(self.limit);
        self.pool = (self.pool - due).checked_add(added).expect("burns stay below the supply");
        due
    }
}

/// Eras over which Helium smooths burns today.
pub const SMOOTHING_ERAS: usize = 7;

/// The mean of the burns of the last seven eras: Helium's later form of the same idea (HIP 149).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MeanBurn {
    recent: [u128; SMOOTHING_ERAS],
    next: usize,
}

impl MeanBurn {
    /// Takes note of an era's burn; the mean, rounded down. Eras before the first burned nothing.
    pub fn step(&mut self, burned: u128) -> u128 {
        self.recent[self.next] = burned;
        self.next = (self.next + 1) % SMOOTHING_ERAS;
        let add = |sum: u128, burn: &u128| sum.checked_add(*burn).expect("burns stay below 2^125");
        self.recent.iter().fold(0, add) / SMOOTHING_ERAS as u128
    }
}
