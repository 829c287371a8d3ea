//! A tree of blocks, 32 to one: each row above stands for a block below and holds its best.

use super::columns::{Block, Room, Row, WIDTH};

/// Rows by slot, and what bounds them.
#[derive(Clone, Debug)]
pub(crate) struct Tree {
    /// Level 0 has the rows themselves; the last level has one block.
    levels: Vec<Vec<Block>>,
}

impl Tree {
    /// The tree of `rows`, which are by slot.
    pub(crate) fn new(rows: impl ExactSizeIterator<Item = Row>) -> Tree {
        let mut blocks = vec![Block::EMPTY; rows.len().div_ceil(WIDTH).max(1)];
        for (slot, row) in rows.enumerate() {
            blocks[slot / WIDTH].set(slot % WIDTH, &row);
        }
        let mut tree = Tree { levels: vec![blocks] };
        tree.build_upper();
        tree
    }

    /// The number of the highest level.
    pub(crate) fn top(&self) -> usize {
        self.levels.len() - 1
    }

    /// The blocks of `level`.
    #[inline]
    pub(crate) fn level(&self, level: usize) -> &[Block] {
        &self.levels[level]
    }

    /// How many slots there are.
    pub(crate) fn slots(&self) -> usize {
        self.levels[0].len() * WIDTH
    }

    /// Makes room for at least `slots`.
    pub(crate) fn grow(&mut self, slots: usize) {
        let mut rows = slots.max(self.slots());
        for level in &mut self.levels {
            rows = rows.div_ceil(WIDTH);
            level.resize(rows, Block::EMPTY);
        }
        self.build_upper();
    }

    /// Changes a row, and those above as far as they change with it.
    pub(crate) fn set_row(&mut self, mut slot: usize, mut row: Row) {
        for level in &mut self.levels {
            let block = &mut level[slot / WIDTH];
            if !block.set(slot % WIDTH, &row) {
                return;
            }
            row = block.best();
            slot /= WIDTH;
        }
    }

    /// Changes the room of a row. Those above rise with it at once; where one should fall, it
    /// stays until [`Tree::tighten`], so that nothing of the row's block is waited for. Says
    /// whether one should.
    #[inline]
    pub(crate) fn set_room(&mut self, mut slot: usize, old: Room, room: Room) -> bool {
        let [rows, upper @ ..] = self.levels.as_mut_slice() else { return false };
        rows[slot / WIDTH].replace_room(slot % WIDTH, old, room);
        let mut is_loose = false;
        for (height, level) in upper.iter_mut().enumerate() {
            slot /= WIDTH;
            let (block, lane) = (&mut level[slot / WIDTH], slot % WIDTH);
            let bound = block.room(lane);
            is_loose |= height == 0 && bound.is_held_by(old, room);
            if !block.set_room(lane, bound.or(room)) {
                break;
            }
        }
        is_loose
    }

    /// Makes the rooms above `slot` what [`Tree::set_row`] would have made them.
    #[inline]
    pub(crate) fn tighten(&mut self, mut slot: usize) {
        let [rows, upper @ ..] = self.levels.as_mut_slice() else { return };
        let mut block = &rows[slot / WIDTH];
        for level in upper {
            slot /= WIDTH;
            let above = &mut level[slot / WIDTH];
            if !above.set_room(slot % WIDTH, block.best_room()) {
                return;
            }
            block = above;
        }
    }

    /// Levels on top until the last has one block.
    fn build_upper(&mut self) {
        while let Some(below) = self.levels.last()
            && below.len() > 1
        {
            let mut blocks = vec![Block::EMPTY; below.len().div_ceil(WIDTH)];
            for (place, block) in below.iter().enumerate() {
                blocks[place / WIDTH].set(place % WIDTH, &block.best());
            }
            self.levels.push(blocks);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use units::Philox;

    /// Every room above the rows, by level, block and lane.
    fn bounds(tree: &Tree) -> Vec<Room> {
        let blocks = tree.levels[1..].iter().flatten();
        blocks.flat_map(|block| (0..WIDTH).map(|lane| block.room(lane))).collect()
    }

    #[test]
    fn rooms_are_bounded_at_once_and_tightly_later() {
        let room = |n: u64, what: u64| Room {
            free_share: (Philox::new(3).value(n, what) % 40) as i16,
            gpu_share: (Philox::new(3).value(n, what + 1) % 4) as i16,
            gpus: (Philox::new(3).value(n, what + 2) % 9) as i16,
        };
        let mut rows: Vec<Row> =
            (0..2_500).map(|n| Row { room: room(n, 0), ..Row::NOBODY }).collect();
        let mut tree = Tree::new(rows.iter().copied());
        let mut loosened = Vec::new();
        for n in 0..3_000 {
            let slot = (Philox::new(4).value(n, 0) % 2_500) as usize;
            let (old, new) = (rows[slot].room, room(n, 10));
            rows[slot].room = new;
            if tree.set_room(slot, old, new) {
                loosened.push(slot);
            }
        }
        let exact = bounds(&Tree::new(rows.iter().copied()));
        let loose = bounds(&tree);
        assert!(exact.iter().zip(&loose).all(|(exact, loose)| loose.or(*exact) == *loose));
        assert_ne!(exact, loose, "some of them should have fallen");
        loosened.into_iter().for_each(|slot| tree.tighten(slot));
        assert_eq!(exact, bounds(&tree));
    }
}
