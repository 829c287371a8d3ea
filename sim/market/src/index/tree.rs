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

    /// Changes the room of a row. Those above rise with it at once; where they should fall, they
    /// stay until [`Tree::tighten`], so that nothing of the row's block is waited for.
    #[inline]
    pub(crate) fn set_room(&mut self, mut slot: usize, room: Room) {
        let [rows, upper @ ..] = self.levels.as_mut_slice() else { return };
        rows[slot / WIDTH].set_room(slot % WIDTH, room);
        for level in upper {
            slot /= WIDTH;
            if !level[slot / WIDTH].raise_room(slot % WIDTH, room) {
                return;
            }
        }
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
