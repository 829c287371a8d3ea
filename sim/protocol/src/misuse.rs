//! What tenants do wrong, what it costs them, and what the chain remembers of it.

use units::Base;

/// What a tenant did wrong, as the chain sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Misuse {
    /// It took an order back for which a provider had reserved GPUs.
    Withdrawal,
    /// It let escrow run dry in the middle of what was agreed.
    Drain,
    /// It ran what is forbidden.
    ForbiddenWork,
    /// It said that a provider had failed which had not.
    FalseDispute,
}

/// What a misuse cost its tenant, in the asset that was locked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forfeit {
    /// Taken out of escrow.
    pub amount: Base,
    /// Of it, to the provider; the rest is the foundation's.
    pub to_provider: Base,
    /// Whether the tenant is banned from now on, and was not before.
    pub is_ban: bool,
}

/// What the chain remembers of a tenant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Conduct {
    /// Misuses so far.
    pub strikes: u32,
    /// Whether its orders are refused.
    pub is_banned: bool,
}

impl Conduct {
    /// Remembers a misuse under rules that ban after so many; whether this one does.
    pub fn note_misuse(&mut self, strikes_max: u32) -> bool {
        self.strikes += 1;
        let is_ban = !self.is_banned && strikes_max > 0 && self.strikes >= strikes_max;
        self.is_banned |= is_ban;
        is_ban
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ban_comes_once_and_only_where_there_are_any() {
        let mut conduct = Conduct::default();
        assert_eq!([3; 4].map(|most| conduct.note_misuse(most)), [false, false, true, false]);
        assert!(conduct.is_banned);
        let mut free = Conduct::default();
        assert_eq!([0; 3].map(|most| free.note_misuse(most)), [false; 3]);
        assert!(!free.is_banned && free.strikes == 3);
    }
}
