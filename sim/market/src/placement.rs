//! Cards within a node: what is free of each, who is placed where, and what neighbours cost.
//!
//! A need is some whole cards of one node, or a share of a single card. The openb trace, on which
//! FGD was tried, has both: 37.8 % of its pods ask for a fraction of one card, in thousandths, and
//! 0.9 % for two cards or more (data.md 4.1 and 5.3). Nothing is ever promised twice: the free part
//! of a card is between nothing and the whole.
//!
//! Which card a share goes to matters, because a card with any share taken is lost to whoever
//! needs it whole. That choice is the [`CardRule`]; which node is the matcher's.

use units::{CardShare, GpuCount, Ppm};

/// What one placement takes of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// So many whole cards, all on the node; at least one.
    Cards(GpuCount),
    /// A part of one card: more than nothing, less than the whole.
    Share(CardShare),
}

/// Which of the cards with room a share goes to; on a tie the first. Whole cards are all alike,
/// and the first free ones are taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CardRule {
    /// The one with the least free: keeps other cards whole. What the best-fit baseline of FGD
    /// does within a node (data.md 4.1).
    #[default]
    BestFit,
    /// The first one.
    FirstFit,
    /// The one with the most free: fewest neighbours, most cards broken.
    Spread,
}

/// One card of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Card {
    /// What nobody has.
    free: CardShare,
    /// How many placements are on it.
    holders: u32,
}

/// The cards of one node.
///
/// ```
/// # use market::{CardRule, Need, Node};
/// # use units::{CardShare, GpuCount};
/// let mut node = Node::new(GpuCount(2));
/// let share = node.place(Need::Share(CardShare(470)), CardRule::BestFit).expect("all is free");
/// assert_eq!(node.place(Need::Cards(GpuCount(2)), CardRule::BestFit), None); // one is broken
/// let whole = node.place(Need::Cards(GpuCount(1)), CardRule::BestFit).expect("the other is not");
/// assert_eq!(whole.cards(), [1]);
/// node.release(share);
/// assert_eq!(node.room().gpus_free, GpuCount(1));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    cards: Vec<Card>,
}

/// What one placement has: to be given back to its node, once.
#[must_use = "what is placed has to be released some day"]
#[derive(Debug, PartialEq, Eq)]
pub struct Placement {
    cards: Vec<u32>,
    share: CardShare,
}

/// What is free on some nodes of one provider, as its `Candidate` advertises it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Room {
    /// Whole cards free on all nodes.
    pub gpus_free: GpuCount,
    /// Whole cards free on the node with the most of them.
    pub gpus_free_on_node: GpuCount,
    /// The largest share free on one card.
    pub share_free_on_card: CardShare,
}

/// What it costs to have neighbours on a card.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Interference {
    /// How much longer work takes for each placement that shares its card, in millionths of its
    /// length alone. No source gives one for all work: a scenario has to choose it.
    pub per_pair: Ppm,
}

impl Placement {
    /// The cards that it is on, by their place in the node, ascending.
    pub fn cards(&self) -> &[u32] {
        &self.cards
    }

    /// How much of each card it has.
    pub fn share(&self) -> CardShare {
        self.share
    }
}

impl Node {
    /// A node of `cards` cards, all free.
    pub fn new(cards: GpuCount) -> Node {
        let free = Card { free: CardShare::WHOLE, holders: 0 };
        Node { cards: vec![free; cards.0 as usize] }
    }

    /// Takes `need`, or nothing when there is no room. Nobody is moved to make room.
    ///
    /// # Panics
    /// When the need is of no card, or of a share that is nothing or the whole.
    pub fn place(&mut self, need: Need, rule: CardRule) -> Option<Placement> {
        let (cards, share) = match need {
            Need::Cards(count) => (self.find_whole(count)?, CardShare::WHOLE),
            Need::Share(share) => (vec![self.find_card(share, rule)?], share),
        };
        for card in &cards {
            let card = &mut self.cards[*card as usize];
            assert!(card.free >= share, "nothing is promised twice");
            card.free.0 -= share.0;
            card.holders += 1;
        }
        Some(Placement { cards, share })
    }

    /// Gives back what `placement` has.
    ///
    /// # Panics
    /// When the placement is not of this node and its cards have no such share taken.
    pub fn release(&mut self, placement: Placement) {
        for card in placement.cards {
            let card = &mut self.cards[card as usize];
            let taken = CardShare::WHOLE.0 - card.free.0;
            assert!(taken >= placement.share.0, "a card gives back what was taken of it");
            assert!(card.holders > 0, "somebody had it");
            card.free.0 += placement.share.0;
            card.holders -= 1;
        }
    }

    /// What is free of each card, by its place in the node.
    pub fn shares_free(&self) -> impl Iterator<Item = CardShare> {
        self.cards.iter().map(|card| card.free)
    }

    /// What is free on this node alone.
    pub fn room(&self) -> Room {
        let whole = self.shares_free().filter(|free| *free == CardShare::WHOLE).count();
        let gpus = GpuCount(u32::try_from(whole).expect("a node was made of a count of 32 bits"));
        let share_free_on_card = self.shares_free().max().unwrap_or_default();
        Room { gpus_free: gpus, gpus_free_on_node: gpus, share_free_on_card }
    }

    /// Other placements on the cards of `placement`: the pairs that it is one of.
    pub fn count_neighbours(&self, placement: &Placement) -> u32 {
        let others = placement.cards.iter().map(|card| self.cards[*card as usize].holders - 1);
        others.sum()
    }

    /// The first `count` cards that nobody is on.
    fn find_whole(&self, count: GpuCount) -> Option<Vec<u32>> {
        assert!(count > GpuCount(0), "a placement is of something");
        let whole = (0..).zip(&self.cards).filter(|(_, card)| card.free == CardShare::WHOLE);
        let cards: Vec<u32> = whole.map(|(at, _)| at).take(count.0 as usize).collect();
        (cards.len() == count.0 as usize).then_some(cards)
    }

    /// The card that `rule` gives `share` to.
    fn find_card(&self, share: CardShare, rule: CardRule) -> Option<u32> {
        assert!(share > CardShare(0), "a placement is of something");
        assert!(share < CardShare::WHOLE, "a whole card is asked for as a card");
        let fitting = (0..).zip(&self.cards).filter(|(_, card)| card.free >= share);
        let found = match rule {
            CardRule::FirstFit => fitting.min_by_key(|(at, _)| *at),
            CardRule::BestFit => fitting.min_by_key(|(at, card)| (card.free, *at)),
            CardRule::Spread => {
                fitting.min_by_key(|(at, card)| (CardShare::WHOLE.0 - card.free.0, *at))
            }
        };
        found.map(|(at, _)| at)
    }
}

impl Room {
    /// The room on all `nodes` of a provider.
    ///
    /// ```
    /// # use market::{CardRule, Need, Node, Room};
    /// # use units::{CardShare, GpuCount};
    /// let mut nodes = [Node::new(GpuCount(4)), Node::new(GpuCount(1))];
    /// let taken = nodes[0].place(Need::Cards(GpuCount(3)), CardRule::BestFit);
    /// let room = Room::of(&nodes);
    /// assert_eq!((room.gpus_free, room.gpus_free_on_node), (GpuCount(2), GpuCount(1)));
    /// assert_eq!(room.share_free_on_card, CardShare::WHOLE);
    /// # assert!(taken.is_some());
    /// ```
    pub fn of(nodes: &[Node]) -> Room {
        nodes.iter().map(Node::room).fold(Room::default(), |all, one| Room {
            gpus_free: GpuCount(all.gpus_free.0 + one.gpus_free.0),
            gpus_free_on_node: all.gpus_free_on_node.max(one.gpus_free_on_node),
            share_free_on_card: all.share_free_on_card.max(one.share_free_on_card),
        })
    }
}

impl Interference {
    /// How long work takes with so many neighbours, in millionths of its length alone: `1 + f n`,
    /// as large as that goes.
    ///
    /// ```
    /// # use market::Interference;
    /// # use units::Ppm;
    /// let interference = Interference { per_pair: Ppm(50_000) }; // 5 % for each
    /// assert_eq!(interference.slowdown(0), Ppm::ONE);
    /// assert_eq!(interference.slowdown(2), Ppm(1_100_000));
    /// ```
    pub fn slowdown(self, neighbours: u32) -> Ppm {
        Ppm(Ppm::ONE.0.saturating_add(self.per_pair.0.saturating_mul(neighbours)))
    }
}
