//! GPUs: how many, which card, what the machine is worth and what its past earned.

use crate::CardId;

/// A number of GPUs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct GpuCount(pub u32);

/// A share of one card, in thousandths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct CardShare(pub u16);

impl CardShare {
    /// The whole card.
    pub const WHOLE: CardShare = CardShare(1_000);
}

/// A set of card models; a catalogue holds at most 64.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CardSet(pub u64);

impl CardSet {
    /// Every card.
    pub const ALL: CardSet = CardSet(u64::MAX);

    /// This set and `card`.
    #[must_use]
    pub fn with(self, card: CardId) -> CardSet {
        assert!(card.0 < 64, "validation refuses a catalogue of more than 64 cards");
        CardSet(self.0 | 1 << card.0)
    }

    /// Whether `card` is in it.
    pub const fn contains(self, card: CardId) -> bool {
        self.0 >> card.0 & 1 == 1
    }

    /// The cards in it, in catalogue order.
    pub fn iter(self) -> impl Iterator<Item = CardId> {
        (0..64).map(CardId).filter(move |card| self.contains(*card))
    }
}

/// What a machine is worth: five bands by the price of its card.
///
/// Source: protocol.md 2.1 (the seed article and the provider documents).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HardwareTier {
    /// Cards under 1,000 USD.
    Entry,
    /// Cards under 2,000 USD.
    Low,
    /// Cards under 5,000 USD; by our rule up to 7,500.
    Medium,
    /// Cards over 7,500 USD.
    High,
    /// Cards over 15,000 USD.
    UltraHigh,
}

impl HardwareTier {
    /// All tiers, cheapest first.
    pub const ALL: [HardwareTier; 5] = [
        HardwareTier::Entry,
        HardwareTier::Low,
        HardwareTier::Medium,
        HardwareTier::High,
        HardwareTier::UltraHigh,
    ];

    /// The name in scenarios, tables and reports.
    pub const fn name(self) -> &'static str {
        match self {
            HardwareTier::Entry => "entry",
            HardwareTier::Low => "low",
            HardwareTier::Medium => "medium",
            HardwareTier::High => "high",
            HardwareTier::UltraHigh => "ultra_high",
        }
    }
}

/// Standing earned by uptime: 1 is the best, 7 the newcomer's. Secured providers only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TrustTier(u8);

impl TrustTier {
    /// The tier where a new provider starts.
    pub const NEWCOMER: TrustTier = TrustTier(7);

    /// Tier `number`, from 1 to 7.
    pub const fn new(number: u8) -> Option<TrustTier> {
        if number >= 1 && number <= 7 { Some(TrustTier(number)) } else { None }
    }

    /// The number, from 1 to 7.
    pub const fn number(self) -> u8 {
        self.0
    }

    /// The place in a table of seven rows, from 0 to 6.
    pub const fn index(self) -> usize {
        self.0 as usize - 1
    }

    /// One tier better; tier 1 stays.
    #[must_use]
    pub const fn promoted(self) -> TrustTier {
        if self.0 > 1 { TrustTier(self.0 - 1) } else { self }
    }

    /// One tier worse; tier 7 stays.
    #[must_use]
    pub const fn demoted(self) -> TrustTier {
        if self.0 < 7 { TrustTier(self.0 + 1) } else { self }
    }
}

/// A set of trust tiers that an order accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrustSet(u8);

impl TrustSet {
    /// Any tier.
    pub const ANY: TrustSet = TrustSet(0b1111_1110);
    /// No tier.
    pub const NONE: TrustSet = TrustSet(0);

    /// This set and `tier`.
    #[must_use]
    pub const fn with(self, tier: TrustTier) -> TrustSet {
        TrustSet(self.0 | 1 << tier.0)
    }

    /// Whether `tier` is in it.
    pub const fn contains(self, tier: TrustTier) -> bool {
        self.0 >> tier.0 & 1 == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_the_trust_ladder_hold() {
        let best = TrustTier::new(1).expect("1 is a tier");
        assert_eq!(best.promoted(), best);
        assert_eq!(TrustTier::NEWCOMER.demoted(), TrustTier::NEWCOMER);
        assert_eq!(TrustTier::new(0), None);
        assert_eq!(TrustTier::new(8), None);
        assert!(TrustSet::ANY.contains(best) && TrustSet::ANY.contains(TrustTier::NEWCOMER));
    }

    #[test]
    fn a_card_set_lists_what_was_put_in() {
        let set = CardSet::default().with(CardId(3)).with(CardId(63));
        assert_eq!(set.iter().collect::<Vec<_>>(), [CardId(3), CardId(63)]);
        assert!(!set.contains(CardId(4)));
    }
}
