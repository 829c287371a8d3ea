//! Slots with generations: what is finished leaves memory, and an old handle is recognised.

/// A place in [`Slots`] and the generation that it was handed out for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Handle {
    index: u32,
    generation: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Slot<T> {
    generation: u32,
    value: Option<T>,
}

impl Handle {
    /// The place that it is for, whatever the generation.
    pub(crate) const fn place(self) -> usize {
        self.index as usize
    }
}

/// A vector whose places are reused; a handle to a former holder finds nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slots<T> {
    slots: Vec<Slot<T>>,
    free: Vec<u32>,
}

impl<T> Default for Slots<T> {
    fn default() -> Self {
        Slots { slots: Vec::new(), free: Vec::new() }
    }
}

impl<T> Slots<T> {
    /// Takes `value` in and says where it is.
    pub fn insert(&mut self, value: T) -> Handle {
        if let Some(index) = self.free.pop() {
            let slot = &mut self.slots[index as usize];
            slot.value = Some(value);
            return Handle { index, generation: slot.generation };
        }
        let index = u32::try_from(self.slots.len()).expect("fewer than 2^32 are open at once");
        self.slots.push(Slot { generation: 0, value: Some(value) });
        Handle { index, generation: 0 }
    }

    /// What is at `handle`, unless it has left.
    pub fn get(&self, handle: Handle) -> Option<&T> {
        let slot = self.slots.get(handle.index as usize)?;
        if slot.generation == handle.generation { slot.value.as_ref() } else { None }
    }

    /// What is at `handle`, to change it.
    pub fn get_mut(&mut self, handle: Handle) -> Option<&mut T> {
        let slot = self.slots.get_mut(handle.index as usize)?;
        if slot.generation == handle.generation { slot.value.as_mut() } else { None }
    }

    /// Takes out what is at `handle`; its place is free for another generation.
    pub fn remove(&mut self, handle: Handle) -> Option<T> {
        let slot = self.slots.get_mut(handle.index as usize)?;
        if slot.generation != handle.generation {
            return None;
        }
        let value = slot.value.take()?;
        slot.generation = slot.generation.wrapping_add(1);
        self.free.push(handle.index);
        Some(value)
    }

    /// Everything that is in, by place.
    pub fn iter(&self) -> impl Iterator<Item = (Handle, &T)> {
        (0u32..).zip(&self.slots).filter_map(|(index, slot)| {
            let handle = Handle { index, generation: slot.generation };
            slot.value.as_ref().map(|value| (handle, value))
        })
    }

    /// How many are in.
    pub fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    /// Whether nothing is in.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_handle_finds_nothing_in_a_reused_place() {
        let mut slots = Slots::default();
        let first = slots.insert('a');
        assert_eq!(slots.remove(first), Some('a'));
        let second = slots.insert('b');
        assert_eq!(slots.get(first), None);
        assert_eq!(slots.remove(first), None);
        assert_eq!(slots.get(second), Some(&'b'));
        assert_eq!(slots.len(), 1);
    }

    #[test]
    fn memory_is_bounded_by_what_is_open_at_once() {
        let mut slots = Slots::default();
        for n in 0..10_000 {
            let handle = slots.insert(n);
            slots.remove(handle);
        }
        assert_eq!(slots.slots.len(), 1);
        assert!(slots.is_empty());
    }
}
