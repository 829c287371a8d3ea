//! How many tokens can change hands.

/// Where the tokens of a network are, in base units of 10^-18.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Supply {
    /// Minted and not burned.
    pub total: u128,
    /// Locked as stake, unbonding included.
    pub staked: u128,
    /// Granted and not released yet; a pool that is still to be emitted counts here.
    pub unvested: u128,
    /// Locked for orders and leases.
    pub escrow: u128,
    /// Held by the foundation.
    pub treasury: u128,
    /// Held by vaults of the protocol.
    pub vaults: u128,
}

impl Supply {
    /// What circulates: the total less all that is locked or held back (economics.md 1.6).
    ///
    /// ```
    /// # use mechanism::supply::Supply;
    /// let supply = Supply { total: 100, staked: 20, unvested: 30, ..Supply::default() };
    /// assert_eq!(supply.circulating(), 50);
    /// ```
    ///
    /// # Panics
    /// When more is held than there is: then a token was counted twice.
    pub fn circulating(&self) -> u128 {
        let held = [self.staked, self.unvested, self.escrow, self.treasury, self.vaults];
        let take = |left: u128, part: u128| left.checked_sub(part).expect("a token is held once");
        held.into_iter().fold(self.total, take)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_counts_once() {
        let all = Supply { total: 63, staked: 1, unvested: 2, escrow: 4, treasury: 8, vaults: 16 };
        assert_eq!(all.circulating(), 32);
    }

    #[test]
    #[should_panic(expected = "held once")]
    fn holding_more_than_there_is_is_refused() {
        Supply { total: 5, staked: 3, escrow: 3, ..Supply::default() }.circulating();
    }
}
