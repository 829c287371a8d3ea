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

/// A set of card models; a catalogue holds at most [`CardSet::MAX`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CardSet(pub u128);

impl CardSet {
    /// Most cards of a catalogue.
    pub const MAX: usize = 128;
    /// Every card.
    pub const ALL: CardSet = CardSet(u128::MAX);

    /// This set and `card`.
    #[must_use]
    pub fn with(self, card: CardId) -> CardSet {
        assert!(card.index() < CardSet::MAX, "validation refuses a longer catalogue");
        CardSet(self.0 | 1 << card.0)
    }

    /// Whether `card` is in it.
    pub const fn contains(self, card: CardId) -> bool {
        // The half first: scans ask this of every candidate, and a shift of 128 bits is dear.
        let half = if card.0 < 64 { self.0 as u64 } else { (self.0 >> 64) as u64 };
        half >> (card.0 % 64) & 1 == 1
    }

    /// The cards in it, in catalogue order.
    pub fn iter(self) -> impl Iterator<Item = CardId> {
        (0..CardSet::MAX as u16).map(CardId).filter(move |card| self.contains(*card))
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

/// The network's own label of a card: eleven steps inside the five hardware tiers.
///
/// Source: protocol.md 2.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CardLabel {
    /// Entry 1.
    Entry1,
    /// Entry 2.
    Entry2,
    /// Low 1.
    Low1,
    /// Low 2.
    Low2,
    /// Medium 1.
    Medium1,
    /// Medium 2.
    Medium2,
    /// High 1.
    High1,
    /// High 2.
    High2,
    /// Ultra High 1.
    UltraHigh1,
    /// Ultra High 2.
    UltraHigh2,
    /// Ultra High 3.
    UltraHigh3,
}

impl CardLabel {
    /// All labels, lowest first, with their names in scenarios and reports.
    pub const NAMED: [(&'static str, CardLabel); 11] = [
        ("entry_1", CardLabel::Entry1),
        ("entry_2", CardLabel::Entry2),
        ("low_1", CardLabel::Low1),
        ("low_2", CardLabel::Low2),
        ("medium_1", CardLabel::Medium1),
        ("medium_2", CardLabel::Medium2),
        ("high_1", CardLabel::High1),
        ("high_2", CardLabel::High2),
        ("ultra_high_1", CardLabel::UltraHigh1),
        ("ultra_high_2", CardLabel::UltraHigh2),
        ("ultra_high_3", CardLabel::UltraHigh3),
    ];

    /// The name in scenarios and reports.
    pub const fn name(self) -> &'static str {
        CardLabel::NAMED[self as usize].0
    }

    /// The hardware tier that it is a step of.
    pub const fn tier(self) -> HardwareTier {
        match self {
            CardLabel::Entry1 | CardLabel::Entry2 => HardwareTier::Entry,
            CardLabel::Low1 | CardLabel::Low2 => HardwareTier::Low,
            CardLabel::Medium1 | CardLabel::Medium2 => HardwareTier::Medium,
            CardLabel::High1 | CardLabel::High2 => HardwareTier::High,
            CardLabel::UltraHigh1 | CardLabel::UltraHigh2 | CardLabel::UltraHigh3 => {
                HardwareTier::UltraHigh
            }
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
    fn a_label_stands_at_its_place_and_is_named_by_its_tier() {
        for (place, (name, label)) in CardLabel::NAMED.into_iter().enumerate() {
            assert_eq!(label as usize, place);
            assert_eq!(label.name(), name);
            assert_eq!(name.rsplit_once('_').map(|(tier, _)| tier), Some(label.tier().name()));
        }
    }

    #[test]
    fn a_card_set_lists_what_was_put_in() {
        let set = CardSet::default().with(CardId(3)).with(CardId(127));
        assert_eq!(set.iter().collect::<Vec<_>>(), [CardId(3), CardId(127)]);
        assert!(!set.contains(CardId(4)) && !set.contains(CardId(67)));
    }
}
