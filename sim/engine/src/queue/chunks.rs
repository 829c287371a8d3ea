//! Stacks of entries on shared chunks: slots that empty give their memory to slots that fill, so
//! memory follows the most that ever waited at once, not the length of the run.

/// Entries in a chunk.
const CHUNK: usize = 32;
/// No chunk.
const NONE: u32 = u32::MAX;

/// A stack of entries: its top chunk and how many entries that holds; chunks below are full.
#[derive(Clone, Copy, Debug)]
pub struct Slot {
    top: u32,
    held: u32,
}

impl Slot {
    /// No entries.
    pub const EMPTY: Slot = Slot { top: NONE, held: 0 };
}

/// The memory of many stacks.
#[derive(Clone, Debug)]
pub struct Chunks<T> {
    /// Chunk after chunk.
    entries: Vec<T>,
    /// For each chunk the one below it in its stack, or the next free one.
    below: Vec<u32>,
    free: u32,
}

impl<T: Copy> Chunks<T> {
    /// No memory yet.
    pub const fn new() -> Chunks<T> {
        Chunks { entries: Vec::new(), below: Vec::new(), free: NONE }
    }

    /// Puts an entry on a stack.
    #[inline]
    pub fn push(&mut self, slot: &mut Slot, entry: T) {
        if slot.top == NONE || slot.held as usize == CHUNK {
            let chunk = self.take_chunk(entry);
            self.below[chunk as usize] = slot.top;
            *slot = Slot { top: chunk, held: 0 };
        }
        self.entries[slot.top as usize * CHUNK + slot.held as usize] = entry;
        slot.held += 1;
    }

    /// Takes the entry last put on a stack.
    #[inline]
    pub fn pop(&mut self, slot: &mut Slot) -> Option<T> {
        if slot.top == NONE {
            return None;
        }
        slot.held -= 1;
        let entry = self.entries[slot.top as usize * CHUNK + slot.held as usize];
        if slot.held == 0 {
            self.free_top(slot);
        }
        Some(entry)
    }

    /// Chunks that exist, in use or free.
    #[cfg(test)]
    pub fn count(&self) -> usize {
        self.below.len()
    }

    fn take_chunk(&mut self, filler: T) -> u32 {
        if self.free != NONE {
            let chunk = self.free;
            self.free = self.below[chunk as usize];
            return chunk;
        }
        let chunk = u32::try_from(self.below.len()).expect("2^32 chunks do not fit in memory");
        assert!(chunk != NONE, "2^32 chunks do not fit in memory");
        self.below.push(NONE);
        self.entries.resize(self.entries.len() + CHUNK, filler);
        chunk
    }

    fn free_top(&mut self, slot: &mut Slot) {
        let next = self.below[slot.top as usize];
        self.below[slot.top as usize] = self.free;
        self.free = slot.top;
        *slot = Slot { top: next, held: if next == NONE { 0 } else { CHUNK as u32 } };
    }
}
