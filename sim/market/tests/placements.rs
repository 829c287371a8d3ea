//! Cards within a node, against a model that only remembers who has what.

mod generated;

use generated::Choices;
use market::{CardRule, Need, Node, Placement, Room};
use units::{CardShare, GpuCount};

/// A node as the list of what was taken: everything is worked out from it, each time.
struct Model {
    cards: u32,
    taken: Vec<(Vec<u32>, u16)>,
}

impl Model {
    fn on(&self, card: u32) -> impl Iterator<Item = u16> {
        self.taken.iter().filter(move |(cards, _)| cards.contains(&card)).map(|(_, share)| *share)
    }

    fn free(&self, card: u32) -> u16 {
        let taken: u32 = self.on(card).map(u32::from).sum();
        u16::try_from(1_000 - taken).expect("never more than the whole")
    }

    /// The cards that `need` should get.
    fn choose(&self, need: Need, rule: CardRule) -> Option<Vec<u32>> {
        match need {
            Need::Cards(count) => {
                let free: Vec<u32> = (0..self.cards).filter(|c| self.on(*c).count() == 0).collect();
                free.get(..count.0 as usize).map(<[u32]>::to_vec)
            }
            Need::Share(share) => {
                let mut fitting: Vec<u32> =
                    (0..self.cards).filter(|card| self.free(*card) >= share.0).collect();
                match rule {
                    CardRule::FirstFit => {}
                    CardRule::BestFit => fitting.sort_by_key(|card| self.free(*card)),
                    CardRule::Spread => fitting.sort_by_key(|card| 1_000 - self.free(*card)),
                }
                fitting.first().map(|card| vec![*card])
            }
        }
    }

    fn room(&self) -> Room {
        let whole = (0..self.cards).filter(|card| self.on(*card).count() == 0).count();
        let gpus = GpuCount(whole as u32);
        let share = (0..self.cards).map(|card| self.free(card)).max().unwrap_or(0);
        Room { gpus_free: gpus, gpus_free_on_node: gpus, share_free_on_card: CardShare(share) }
    }

    /// Pairs of the placement at `at` with another on the same card.
    fn neighbours(&self, at: usize) -> u32 {
        let (cards, _) = &self.taken[at];
        cards.iter().map(|card| self.on(*card).count() as u32 - 1).sum()
    }
}

/// As in openb, mostly one card or a share of one (data.md 5.3).
fn draw_need(choices: &mut Choices) -> Need {
    match choices.below(10) {
        0..5 => Need::Share(CardShare(1 + choices.below(999) as u16)),
        5..7 => Need::Share(choices.one_of(&[1, 250, 460, 500, 810, 999].map(CardShare))),
        7..9 => Need::Cards(GpuCount(1)),
        _ => Need::Cards(GpuCount(2 + choices.below(7) as u32)),
    }
}

/// One sequence of places and releases; says how many needs found room and how many did not.
fn try_sequence(seed: u64) -> (u32, u32) {
    let mut choices = Choices::new(seed);
    let rule = choices.one_of(&[CardRule::BestFit, CardRule::FirstFit, CardRule::Spread]);
    let mut model = Model { cards: choices.below(9) as u32, taken: Vec::new() };
    let mut node = Node::new(GpuCount(model.cards));
    let mut placements: Vec<Placement> = Vec::new();
    let (mut placed, mut refused) = (0, 0);
    for _ in 0..24 {
        if choices.one_in(3) && !placements.is_empty() {
            let at = choices.below(placements.len() as u64) as usize;
            node.release(placements.swap_remove(at));
            model.taken.swap_remove(at);
        } else {
            let need = draw_need(&mut choices);
            let found = node.place(need, rule);
            let cards = found.as_ref().map(|placement| placement.cards().to_vec());
            assert_eq!(cards, model.choose(need, rule), "seed {seed}: {need:?} by {rule:?}");
            let Some(placement) = found else {
                refused += 1;
                continue;
            };
            model.taken.push((placement.cards().to_vec(), placement.share().0));
            placements.push(placement);
            placed += 1;
        }
        check_node(&node, &model, &placements, seed);
    }
    for placement in placements {
        node.release(placement);
    }
    assert_eq!(node, Node::new(GpuCount(model.cards)), "seed {seed}: all is given back");
    (placed, refused)
}

fn check_node(node: &Node, model: &Model, placements: &[Placement], seed: u64) {
    let free: Vec<CardShare> = node.shares_free().collect();
    let expected: Vec<CardShare> =
        (0..model.cards).map(|card| CardShare(model.free(card))).collect();
    assert_eq!(free, expected, "seed {seed}");
    assert_eq!(node.room(), model.room(), "seed {seed}");
    for (at, placement) in placements.iter().enumerate() {
        assert_eq!(node.count_neighbours(placement), model.neighbours(at), "seed {seed}");
    }
}

#[test]
fn a_node_promises_nothing_twice_and_gets_all_of_it_back() {
    let (mut placed, mut refused) = (0, 0);
    for seed in 0..100_000 {
        let (a, b) = try_sequence(seed);
        (placed, refused) = (placed + a, refused + b);
    }
    assert!(placed > 100_000 && refused > 100_000, "{placed} placed, {refused} refused");
}

#[test]
fn the_three_rules_choose_three_cards() {
    let card = |rule: CardRule| {
        let mut node = Node::new(GpuCount(3));
        let shares = [600, 700, 300].map(|share| Need::Share(CardShare(share)));
        let held = shares.map(|need| node.place(need, CardRule::Spread).expect("a card each"));
        assert_eq!(held.map(|placement| placement.cards()[0]), [0, 1, 2]);
        let placed = node.place(Need::Share(CardShare(300)), rule).expect("each has room");
        placed.cards()[0]
    };
    assert_eq!(card(CardRule::FirstFit), 0);
    assert_eq!(card(CardRule::BestFit), 1);
    assert_eq!(card(CardRule::Spread), 2);
}

#[test]
#[should_panic(expected = "a card gives back what was taken of it")]
fn what_was_placed_elsewhere_is_not_given_back_here() {
    let [mut here, mut there] = [Node::new(GpuCount(1)), Node::new(GpuCount(1))];
    let placement = there.place(Need::Cards(GpuCount(1)), CardRule::BestFit);
    here.release(placement.expect("all is free"));
}

#[test]
#[should_panic(expected = "a whole card is asked for as a card")]
fn a_share_of_the_whole_is_a_mistake() {
    let placed = Node::new(GpuCount(1)).place(Need::Share(CardShare::WHOLE), CardRule::BestFit);
    assert_eq!(placed, None);
}

#[test]
fn a_node_without_cards_has_room_for_nobody() {
    let mut node = Node::new(GpuCount(0));
    assert_eq!(node.place(Need::Cards(GpuCount(1)), CardRule::Spread), None);
    assert_eq!(node.place(Need::Share(CardShare(1)), CardRule::Spread), None);
    assert_eq!(Room::of(&[]), Room::default());
    assert_eq!(node.room(), Room::default());
}
