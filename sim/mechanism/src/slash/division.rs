//! Where a slash goes, to the last unit.

use units::{BasisPoints, Spon};

/// The shares of a slash, which make the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Destinations {
    burned: BasisPoints,
    treasury: BasisPoints,
    harmed: BasisPoints,
    bounty: BasisPoints,
}

/// A slash, divided; the parts and the remainder add up to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Division {
    /// Gone from the supply.
    pub burned: Spon,
    /// To the foundation.
    pub treasury: Spon,
    /// To the tenants whom the fault harmed.
    pub harmed: Spon,
    /// To who showed the fault.
    pub bounty: Spon,
    /// What rounding left; for the account of remainders.
    pub remainder: Spon,
}

impl Destinations {
    /// The shares for burning, treasury, harmed tenants and bounty; none unless they add up to the
    /// whole.
    pub fn new(
        burned: BasisPoints,
        treasury: BasisPoints,
        harmed: BasisPoints,
        bounty: BasisPoints,
    ) -> Option<Destinations> {
        let shares = [burned, treasury, harmed, bounty];
        let sum: u64 = shares.iter().map(|share| u64::from(share.0)).sum();
        let is_whole = sum == u64::from(BasisPoints::WHOLE.0);
        is_whole.then_some(Destinations { burned, treasury, harmed, bounty })
    }

    /// Divides `slashed`, each part rounded down (economics.md 2.4, K3).
    pub fn divide_rounded_down(&self, slashed: Spon) -> Division {
        let part = |share: BasisPoints| Spon::from_base(share.of_rounded_down(slashed.base()));
        let (burned, treasury) = (part(self.burned), part(self.treasury));
        let (harmed, bounty) = (part(self.harmed), part(self.bounty));
        let remainder = slashed - burned - treasury - harmed - bounty;
        assert!(remainder >= Spon::ZERO, "parts that are rounded down leave something");
        Division { burned, treasury, harmed, bounty, remainder }
    }
}
