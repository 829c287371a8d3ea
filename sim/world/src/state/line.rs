//! A line: orders that found nobody, in the order in which they are served.

use protocol::Handle;
use std::collections::BTreeMap;

/// A place in a line: lower ones are served first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LinePlace {
    /// The rank of the order's class.
    rank: u32,
    /// How many orders had joined the line before it.
    number: u64,
}

/// Orders that wait for the same capacity.
#[derive(Clone, Debug, Default)]
pub struct Line {
    waiting: BTreeMap<LinePlace, Handle>,
    joined: u64,
    /// How often capacity has come free.
    pub grown: u64,
    /// The place of the order that is being matched: the others wait for what becomes of it.
    pub called: Option<LinePlace>,
}

impl Line {
    /// Puts an order behind all of its rank.
    pub fn join(&mut self, rank: u32, order: Handle) -> LinePlace {
        let place = LinePlace { rank, number: self.joined };
        self.joined += 1;
        self.waiting.insert(place, order);
        place
    }

    /// Takes an order out.
    pub fn leave(&mut self, place: LinePlace) {
        let was_there = self.waiting.remove(&place).is_some();
        assert!(was_there, "who leaves a line stands in it");
        self.called = self.called.filter(|called| *called != place);
    }

    /// Those in line, who is served first first.
    pub fn waiting(&self) -> impl Iterator<Item = (LinePlace, Handle)> {
        self.waiting.iter().map(|(place, order)| (*place, *order))
    }

    /// How many stand in it, the one that is being matched among them.
    pub fn len(&self) -> usize {
        self.waiting.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::Slots;

    #[test]
    fn the_first_of_the_best_rank_is_served_first() {
        let mut slots = Slots::default();
        let orders: Vec<Handle> = (0..4).map(|_| slots.insert(())).collect();
        let mut line = Line::default();
        let places: Vec<LinePlace> = [1, 0, 1, 0]
            .iter()
            .zip(&orders)
            .map(|(rank, order)| line.join(*rank, *order))
            .collect();
        let served = |line: &Line| line.waiting().map(|(_, order)| order).collect::<Vec<_>>();
        assert_eq!(served(&line), [orders[1], orders[3], orders[0], orders[2]]);
        line.called = Some(places[1]);
        line.leave(places[3]);
        assert_eq!(line.called, Some(places[1]), "it is still being matched");
        line.leave(places[1]);
        assert_eq!((line.called, line.len()), (None, 2));
    }

    #[test]
    #[should_panic(expected = "who leaves a line stands in it")]
    fn nobody_leaves_a_line_twice() {
        let mut slots = Slots::default();
        let mut line = Line::default();
        let place = line.join(0, slots.insert(()));
        line.leave(place);
        line.leave(place);
    }
}
