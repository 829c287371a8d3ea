//! The noise of a round: a standard exponential for each registration number, drawn top-down over
//! a fixed tree of numbers, so that a whole block of candidates is bounded by one value.
//!
//! A node of level `l` stands for the `32^l` numbers that share `number >> 5 l`. Its value is the
//! least exponential among its numbers:
//!
//! ```text
//! root (level 4):  E = X / 32^4                      X: a standard exponential of the node's own
//! child:           E = E(parent)                     if it is the child that the parent drew
//!                  E = E(parent) + X / 32^l          otherwise
//! ```
//!
//! The least of `n` exponentials is exponential with the rate `n`, any of the `n` is it with equal
//! chance, and the others exceed it by exponentials again (they have no memory). So the leaves are
//! independent standard exponentials, exactly, and `-ln E` of a leaf is the Gumbel variate of the
//! draw. A value depends on the ticket and the number alone: more candidates, or more providers in
//! the registry, move nobody's noise.
//!
//! Why a tree: noise drawn for each candidate by itself would defeat every bound of a search, for
//! anybody might have drawn the best of a million (architecture.md 6).

use crate::beacon::{NOISE, Ticket};
use crate::fixed;
use std::array;

/// Children of a node: 2^5.
const FAN_BITS: u32 = 5;

/// The level of the roots, each the first of 2^20 numbers.
const ROOT: u32 = 4;

/// Level-1 nodes that are kept; more than a pool of 16,000 has.
const BLOCKS_KEPT: usize = 512;

/// Level-2 nodes that are kept.
const UPPER_KEPT: usize = 32;

/// Values that are drawn side by side. One draw is a chain of multiplications that wait for each
/// other; a processor works on several chains in the time of one.
pub(crate) const TOGETHER: usize = 64;

/// A node of an upper level.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    /// Which node of its level, that is `number >> 5 level`.
    id: u32,
    /// The child that has the node's own value.
    least_child: u32,
    /// The least exponential below it, in units of 2^-110.
    least: u128,
}

impl Node {
    /// Which node of its level.
    pub(crate) fn id(&self) -> u32 {
        self.id
    }

    /// An upper bound, in Q32.32, of the Gumbel variates of all its numbers.
    pub(crate) fn bound(&self) -> i64 {
        fixed::minus_ln_bound(self.least)
    }
}

/// A node of level 1. Its own exponential stays undrawn until somebody below it could win.
#[derive(Clone, Copy, Debug)]
struct Block {
    id: u32,
    /// What its exponential comes from.
    draw: u64,
    /// The number that has the block's own value.
    least_number: u32,
    /// At most the least exponential below it, in units of 2^-110.
    floor: u128,
    /// No candidate below it has more noise than this, in Q32.32.
    bound: i64,
}

/// The noise of one round.
#[derive(Clone, Debug)]
pub struct Noise {
    ticket: Ticket,
    blocks: Vec<Block>,
    /// One more than the place in `blocks` of a block whose number ends so; 0 for none.
    places: [u16; BLOCKS_KEPT],
    upper: [Node; UPPER_KEPT],
}

/// The number of no node.
const NOBODY: u32 = u32::MAX;

/// The room of a block that is not drawn yet.
const NO_BLOCK: Block = Block { id: NOBODY, draw: 0, least_number: 0, floor: 0, bound: 0 };

impl Noise {
    /// The noise under `ticket`.
    pub fn new(ticket: Ticket) -> Noise {
        let no_node = Node { id: NOBODY, least_child: 0, least: 0 };
        Noise {
            ticket,
            blocks: Vec::new(),
            places: [0; BLOCKS_KEPT],
            upper: array::from_fn(|_| no_node),
        }
    }

    /// The Gumbel variate of registration number `number`, in Q32.32.
    pub fn gumbel(&mut self, number: u32) -> i64 {
        let id = number >> FAN_BITS;
        let block = *self.block(id);
        let of_block = least(self.parent_of_block(id), 1, id, block.draw);
        if number == block.least_number {
            return fixed::minus_ln(of_block);
        }
        let [draw, _] = self.draw(0, number);
        fixed::minus_ln(of_block + fixed::exponential(draw))
    }

    /// Upper bounds of [`Noise::gumbel`] of `numbers`, at most [`TOGETHER`], without a logarithm;
    /// near it when it is large.
    #[inline]
    pub(crate) fn gumbel_bounds(&mut self, numbers: &[u32]) -> [i64; TOGETHER] {
        let mut draws = [0; TOGETHER];
        for (draw, number) in draws.iter_mut().zip(numbers) {
            [*draw, _] = self.draw(0, *number);
        }
        let mut bounds = [0; TOGETHER];
        for ((bound, number), draw) in bounds.iter_mut().zip(numbers).zip(draws) {
            let block = self.block(number >> FAN_BITS);
            *bound = if *number == block.least_number {
                block.bound
            } else {
                fixed::minus_ln_bound(block.floor + fixed::exponential_floor(draw))
            };
        }
        bounds
    }

    /// For each of `numbers`, at most [`TOGETHER`], an upper bound in Q32.32 of the Gumbel variates
    /// of all numbers in its block, near the best of them when that is large.
    #[inline]
    pub(crate) fn bounds(&mut self, numbers: &[u32]) -> [i64; TOGETHER] {
        self.keep_blocks(numbers);
        let mut bounds = [0; TOGETHER];
        for (bound, number) in bounds.iter_mut().zip(numbers) {
            *bound = self.block(number >> FAN_BITS).bound;
        }
        bounds
    }

    /// The level of the roots.
    pub(crate) const ROOT: u32 = ROOT;

    /// The node `id` of `level`.
    #[inline(never)]
    pub(crate) fn node(&self, level: u32, id: u32) -> Node {
        if level == ROOT {
            return self.root(id);
        }
        self.child(&self.node(level + 1, id >> FAN_BITS), level, id)
    }

    /// The Gumbel variate of `number`, whose level-1 node is `block`.
    pub(crate) fn leaf(&self, block: &Node, number: u32) -> i64 {
        let [draw, _] = self.draw(0, number);
        fixed::minus_ln(least(block, 0, number, draw))
    }

    /// The level-1 node `id`.
    #[inline]
    fn block(&mut self, id: u32) -> &Block {
        if !self.has_block(id) {
            self.keep_blocks(&[id << FAN_BITS]);
        }
        &self.blocks[self.place(id)]
    }

    /// Where the block `id` stands if it is kept.
    #[inline]
    fn place(&self, id: u32) -> usize {
        usize::from(self.places[id as usize % BLOCKS_KEPT]).wrapping_sub(1)
    }

    #[inline]
    fn has_block(&self, id: u32) -> bool {
        self.blocks.get(self.place(id)).is_some_and(|block| block.id == id)
    }

    /// Draws the blocks of `numbers`, at most [`TOGETHER`], that are missing, side by side.
    #[inline(never)]
    fn keep_blocks(&mut self, numbers: &[u32]) {
        let mut missing = [0; TOGETHER];
        let mut size = 0;
        for number in numbers {
            let id = number >> FAN_BITS;
            if !self.has_block(id) {
                self.make_room(id);
                missing[size] = id;
                size += 1;
            }
        }
        let mut draws = [[0; 2]; TOGETHER];
        for (draw, id) in draws.iter_mut().zip(&missing[..size]) {
            *draw = self.draw(1, *id);
        }
        for (draw, id) in draws.into_iter().zip(&missing[..size]) {
            // Of two blocks with one place the later one stays, and the other is drawn again.
            let place = self.place(*id);
            self.blocks[place] = self.make_block(*id, draw);
        }
    }

    /// Makes room for the block `id`, instead of the one that stood in its slot.
    fn make_room(&mut self, id: u32) {
        let place = self.place(id);
        if let Some(block) = self.blocks.get_mut(place) {
            block.id = id;
            return;
        }
        self.blocks.push(Block { id, ..NO_BLOCK });
        self.places[id as usize % BLOCKS_KEPT] = self.blocks.len() as u16;
    }

    fn make_block(&mut self, id: u32, [draw, choice]: [u64; 2]) -> Block {
        let parent = self.parent_of_block(id);
        let own = fixed::exponential_floor(draw) >> FAN_BITS;
        let is_least = id % (1 << FAN_BITS) == parent.least_child;
        let floor = if is_least { parent.least } else { parent.least + own };
        let least_number = (id << FAN_BITS) + drawn_child(choice);
        Block { id, draw, least_number, floor, bound: fixed::minus_ln_bound(floor) }
    }

    /// The level-2 node above the block `id`.
    #[inline]
    fn parent_of_block(&mut self, id: u32) -> &Node {
        let id = id >> FAN_BITS;
        let place = id as usize % UPPER_KEPT;
        if self.upper[place].id != id {
            self.upper[place] = self.node(2, id);
        }
        &self.upper[place]
    }

    /// The root `id` of level [`ROOT`].
    fn root(&self, id: u32) -> Node {
        let draw = self.draw(ROOT, id);
        make_node(id, draw, fixed::exponential(draw[0]) >> (FAN_BITS * ROOT))
    }

    /// The child `id` of `parent`, on `level`.
    pub(crate) fn child(&self, parent: &Node, level: u32, id: u32) -> Node {
        let draw = self.draw(level, id);
        make_node(id, draw, least(parent, level, id, draw[0]))
    }

    /// A node's own two values: of its exponential, and of which child has its least.
    // Where several are drawn, a call for each would keep them from running side by side.
    #[inline(always)]
    fn draw(&self, level: u32, id: u32) -> [u64; 2] {
        self.ticket.pair(u64::from(id), NOISE + u64::from(level))
    }
}

fn make_node(id: u32, [_, choice]: [u64; 2], least: u128) -> Node {
    Node { id, least_child: drawn_child(choice), least }
}

/// Which child a node's second value draws.
fn drawn_child(choice: u64) -> u32 {
    (choice >> (64 - FAN_BITS)) as u32
}

/// The least exponential of the child `id` of `parent`, on `level`, whose own value is `draw`.
fn least(parent: &Node, level: u32, id: u32, draw: u64) -> u128 {
    if id % (1 << FAN_BITS) == parent.least_child {
        return parent.least;
    }
    parent.least + (fixed::exponential(draw) >> (FAN_BITS * level))
}

#[cfg(test)]
mod tests {
    use super::*;
    use units::EntityKey;

    fn noise(round: u64) -> Noise {
        Noise::new(Ticket::new(1, EntityKey::group("noise").child(round), 7, b"beacon"))
    }

    /// The definition, word for word: nothing kept, from the leaf up.
    fn least_plainly(ticket: Ticket, level: u32, id: u32) -> u128 {
        let draw = |level: u32, id: u32| ticket.pair(u64::from(id), NOISE + u64::from(level));
        let own = fixed::exponential(draw(level, id)[0]) >> (5 * level);
        if level == ROOT {
            return own;
        }
        let parent = least_plainly(ticket, level + 1, id >> 5);
        let is_least = u64::from(id % 32) == draw(level + 1, id >> 5)[1] >> 59;
        if is_least { parent } else { parent + own }
    }

    #[test]
    fn what_is_kept_changes_no_value() {
        for round in 0..50 {
            let mut noise = noise(round);
            for step in 0..400_u32 {
                let number = step.wrapping_mul(2_654_435_761) >> (step % 24);
                let plainly = fixed::minus_ln(least_plainly(noise.ticket, 0, number));
                assert_eq!(noise.gumbel(number), plainly, "round {round}, number {number}");
                let [bound, ..] = noise.gumbel_bounds(&[number]);
                assert!(bound >= plainly, "round {round}, number {number}");
            }
        }
    }

    #[test]
    fn nobody_exceeds_the_bound_of_its_block_and_most_bounds_are_near() {
        let mut near = 0;
        for round in 0..300 {
            let mut noise = noise(round);
            for block in [0, 1, 77, 4_000_000] {
                let most = (0..32).map(|n| noise.gumbel(32 * block + n)).max();
                let [bound, ..] = noise.bounds(&[32 * block]);
                let excess = bound - most.expect("32 numbers");
                assert!(excess >= 0, "round {round}: the best is above by {excess}");
                near += u32::from(excess < fixed::ONE as i64 / 10);
            }
        }
        assert!(near > 700, "{near} of 1,200 within a tenth");
    }

    /// Mean, variance and the correlation of neighbours, of cousins and of strangers, over rounds:
    /// the law is that of independent Gumbel variates.
    #[test]
    fn the_leaves_are_independent_gumbel_variates() {
        const ROUNDS: u32 = 40_000;
        let pairs = [(0, 1), (0, 33), (5, 1_029), (31, 32_768), (2, 1 << 20)];
        let unit = 1.0 / fixed::ONE as f64;
        let (mean, variance) = (0.577_216, 1.644_934);
        for (a, b) in pairs {
            let (mut sum, mut squares, mut products) = (0.0, 0.0, 0.0);
            for round in 0..ROUNDS {
                let mut noise = noise(u64::from(round));
                let (x, y) = (noise.gumbel(a) as f64 * unit, noise.gumbel(b) as f64 * unit);
                sum += x;
                squares += (x - mean) * (x - mean);
                products += (x - mean) * (y - mean);
            }
            let n = f64::from(ROUNDS);
            // Four standard errors; the fourth central moment is 5.4 variances squared.
            assert!((sum / n - mean).abs() < 4.0 * 1.2825 / n.sqrt(), "mean of {a}");
            assert!((squares / n - variance).abs() < 4.0 * 3.45 / n.sqrt(), "variance of {a}");
            assert!((products / n).abs() < 4.0 * variance / n.sqrt(), "{a} and {b}");
        }
    }

    /// The best of a block of 32 is a Gumbel variate moved by ln 32, and any of the 32 is it.
    #[test]
    fn the_best_of_a_block_is_anybody_with_equal_chance() {
        let mut wins = [0_u32; 32];
        for round in 0..32_000 {
            let mut noise = noise(round);
            let best = (0..32).max_by_key(|n| noise.gumbel(64 + n)).expect("32 numbers");
            wins[best as usize] += 1;
        }
        let chi_square: f64 = wins.iter().map(|w| (f64::from(*w) - 1e3).powi(2) / 1e3).sum();
        // 31 degrees of freedom: above 61.1 once in a thousand seeds.
        assert!(chi_square < 61.1, "chi-square {chi_square}");
    }
}
