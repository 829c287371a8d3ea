//! The future: events in the total order of time, rank and sequence, in a hierarchical wheel.
//!
//! Time is cut into ticks of 2^20 ns, about a millisecond. An event waits in the slot that shares
//! the most leading digits, in base 64, of its tick with the current one; when time reaches a slot
//! of an upper level, its events move closer, at most seven times. Only the events of the current
//! tick are sorted, so a push and a pop cost a few sequential copies however many events wait.
//!
//! ```text
//!  level 7 ...   level 1           level 0             front
//!  [ centuries ] [ 64 x 67 ms ] -> [ 64 x 1.05 ms ] -> run, sorted once --+-> pop
//!                push at or before the current tick -> late, a small heap-+
//! ```
//!
//! Six levels cover two years; eight cover all 64 bits of nanoseconds, so nothing overflows.

mod chunks;

use chunks::{Chunks, Slot};
use std::cmp::Ordering;
use std::collections::BinaryHeap;
use units::SimTime;

/// Nanoseconds in a tick, as a power of two.
const TICK_BITS: u32 = 20;
/// Slots in a level, as a power of two.
const LEVEL_BITS: u32 = 6;
/// Slots in a level.
const SLOTS: usize = 1 << LEVEL_BITS;
/// Levels that cover every tick: 8 x 6 bits hold the 44 bits of a tick.
const LEVELS: usize = (64 - TICK_BITS).div_ceil(LEVEL_BITS) as usize;
/// Bits of an entry's order that number the pushes; its rank is above them.
const SEQUENCE_BITS: u32 = 56;

/// An event and its place in the total order.
#[derive(Clone, Copy, Debug)]
struct Entry<E> {
    /// Nanoseconds since the start.
    time: u64,
    /// Rank, then number of the push.
    order: u64,
    event: E,
}

impl<E> Entry<E> {
    fn place(&self) -> (u64, u64) {
        (self.time, self.order)
    }

    fn rank(&self) -> u64 {
        self.order >> SEQUENCE_BITS
    }
}

/// The reverse of the order of events, because the heap of the standard library gives the largest.
impl<E> Ord for Entry<E> {
    fn cmp(&self, other: &Self) -> Ordering {
        other.place().cmp(&self.place())
    }
}

impl<E> PartialOrd for Entry<E> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<E> PartialEq for Entry<E> {
    fn eq(&self, other: &Self) -> bool {
        self.place() == other.place()
    }
}

impl<E> Eq for Entry<E> {}

/// Events to come. Those of one time leave by rank, those of one rank in the order of pushing.
///
/// ```
/// # use engine::queue::Queue;
/// # use units::SimTime;
/// let mut queue = Queue::new();
/// let noon = SimTime::from_nanos(12);
/// queue.push(noon, 1, "second");
/// queue.push(noon, 1, "third");
/// queue.push(noon, 0, "first");
/// let order: Vec<_> = std::iter::from_fn(|| queue.pop_before(noon)).map(|(_, e)| e).collect();
/// assert_eq!(order, ["first", "second", "third"]);
/// assert_eq!(queue.ties(), 1);
/// ```
#[derive(Clone, Debug)]
pub struct Queue<E> {
    slots: [[Slot; SLOTS]; LEVELS],
    /// One bit for each slot that is not empty.
    occupied: [u64; LEVELS],
    chunks: Chunks<Entry<E>>,
    /// The current tick: every event in a slot has a later one.
    tick: u64,
    /// Events of the current tick when it became current, sorted, and how many of them have left.
    run: Vec<Entry<E>>,
    run_left: usize,
    /// Events pushed since at or before the current tick.
    late: BinaryHeap<Entry<E>>,
    waiting: u64,
    pushed: u64,
    ties: u64,
    /// Time and rank of the last event that left.
    last: Option<(u64, u64)>,
}

impl<E: Copy> Queue<E> {
    /// A queue without events.
    pub fn new() -> Queue<E> {
        Queue {
            slots: [[Slot::EMPTY; SLOTS]; LEVELS],
            occupied: [0; LEVELS],
            chunks: Chunks::new(),
            tick: 0,
            run: Vec::new(),
            run_left: 0,
            late: BinaryHeap::new(),
            waiting: 0,
            pushed: 0,
            ties: 0,
            last: None,
        }
    }

    /// Adds an event; a lower rank leaves first among events of one time.
    ///
    /// At the time of the last event that left, it runs after all that already ran and, among
    /// those that still wait, where its rank belongs.
    ///
    /// # Panics
    /// When `time` is before that of an event that has left.
    #[inline]
    pub fn push(&mut self, time: SimTime, rank: u8, event: E) {
        let time = time.nanos();
        assert!(self.last.is_none_or(|(last, _)| time >= last), "an event cannot change the past");
        assert!(self.pushed >> SEQUENCE_BITS == 0, "a run has fewer than 2^56 events");
        let order = u64::from(rank) << SEQUENCE_BITS | self.pushed;
        self.pushed += 1;
        self.waiting += 1;
        let entry = Entry { time, order, event };
        if time >> TICK_BITS <= self.tick { self.late.push(entry) } else { self.place(entry) }
    }

    /// The next event, when its time is at or before `limit`, which is inclusive.
    #[inline]
    pub fn pop_before(&mut self, limit: SimTime) -> Option<(SimTime, E)> {
        let limit = limit.nanos();
        if self.run_left == self.run.len() && self.late.is_empty() && !self.refill(limit) {
            return None;
        }
        let entry = self.take_front(limit)?;
        let place = (entry.time, entry.rank());
        self.ties += u64::from(self.last == Some(place));
        self.last = Some(place);
        self.waiting -= 1;
        Some((SimTime::from_nanos(entry.time), entry.event))
    }

    /// How many events wait.
    pub fn len(&self) -> u64 {
        self.waiting
    }

    /// Whether none waits.
    pub fn is_empty(&self) -> bool {
        self.waiting == 0
    }

    /// How many events left at the time and rank of the one before: only the order of pushing
    /// decided between them.
    pub fn ties(&self) -> u64 {
        self.ties
    }

    /// The earlier of the run's first and the late heap's first, if it is due.
    #[inline]
    fn take_front(&mut self, limit: u64) -> Option<Entry<E>> {
        let late = self.late.peek().map(Entry::place);
        match self.run.get(self.run_left).copied() {
            Some(first) if late.is_none_or(|late| first.place() < late) => (first.time <= limit)
                .then(|| {
                    self.run_left += 1;
                    first
                }),
            _ if late?.0 <= limit => self.late.pop(),
            _ => None,
        }
    }

    /// Moves time to the next tick with events, unless it starts after `limit`, so that pushes
    /// between `limit` and that tick keep finding the wheel.
    fn refill(&mut self, limit: u64) -> bool {
        self.run.clear();
        self.run_left = 0;
        while self.run.is_empty() {
            let Some(level) = self.occupied.iter().position(|&slots| slots != 0) else {
                return false;
            };
            let slot = self.occupied[level].trailing_zeros();
            let start = self.start_of(level, slot);
            if start > limit >> TICK_BITS {
                return false;
            }
            self.tick = start;
            self.open(level, slot as usize);
        }
        self.run.sort_unstable_by_key(Entry::place);
        true
    }

    /// The first tick of a slot: the current one's digits above the level, then the slot, then 0.
    fn start_of(&self, level: usize, slot: u32) -> u64 {
        let shift = level as u32 * LEVEL_BITS;
        let above = self.tick >> shift >> LEVEL_BITS;
        (above << LEVEL_BITS | u64::from(slot)) << shift
    }

    /// Empties a slot: what is due goes to the run, the rest to lower levels.
    fn open(&mut self, level: usize, slot: usize) {
        self.occupied[level] &= !(1 << slot);
        let mut full = std::mem::replace(&mut self.slots[level][slot], Slot::EMPTY);
        while let Some(entry) = self.chunks.pop(&mut full) {
            if entry.time >> TICK_BITS == self.tick {
                self.run.push(entry)
            } else {
                self.place(entry)
            }
        }
    }

    /// Puts an entry of a later tick into the slot of the highest digit in which they differ.
    #[inline]
    fn place(&mut self, entry: Entry<E>) {
        let tick = entry.time >> TICK_BITS;
        let level = (tick ^ self.tick).ilog2() / LEVEL_BITS;
        let slot = (tick >> (level * LEVEL_BITS)) as usize % SLOTS;
        self.occupied[level as usize] |= 1 << slot;
        self.chunks.push(&mut self.slots[level as usize][slot], entry);
    }
}

impl<E: Copy> Default for Queue<E> {
    fn default() -> Queue<E> {
        Queue::new()
    }
}

#[cfg(test)]
mod tests;
