//! Who repairs machines: crews, and what waits for one.

use crate::state::machine::Cause;
use std::collections::VecDeque;
use units::MachineId;

/// The crews of a host class.
#[derive(Clone, Debug)]
pub struct Crews {
    /// How many are free; none where there are always as many as are needed.
    free: Option<u32>,
    /// What waits for one, longest first.
    waiting: VecDeque<(MachineId, Cause)>,
}

impl Crews {
    /// So many crews, all free; none for no limit.
    pub const fn new(crews: Option<u32>) -> Crews {
        Crews { free: crews, waiting: VecDeque::new() }
    }

    /// Whether a crew takes on a repair now; else the repair waits for one.
    pub fn take_on(&mut self, broken: MachineId, cause: Cause) -> bool {
        match &mut self.free {
            None => true,
            Some(0) => {
                self.waiting.push_back((broken, cause));
                false
            }
            Some(free) => {
                *free -= 1;
                true
            }
        }
    }

    /// A crew has done its work: what it takes on next, if anything waits.
    pub fn release(&mut self) -> Option<(MachineId, Cause)> {
        let free = self.free.as_mut()?;
        let next = self.waiting.pop_front();
        *free += u32::from(next.is_none());
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crew_goes_to_what_has_waited_longest() {
        let mut crews = Crews::new(Some(1));
        let broken = |id| (MachineId(id), Cause::Fault);
        let take_on = |crews: &mut Crews, id| crews.take_on(MachineId(id), Cause::Fault);
        assert!(take_on(&mut crews, 1));
        assert!(!take_on(&mut crews, 2));
        assert!(!take_on(&mut crews, 3));
        assert_eq!(crews.release(), Some(broken(2)));
        assert_eq!(crews.release(), Some(broken(3)));
        assert_eq!(crews.release(), None);
        assert!(take_on(&mut crews, 1), "the crew is free again");
    }

    #[test]
    fn where_nobody_counts_crews_nothing_waits() {
        let mut crews = Crews::new(None);
        assert!((0..9).all(|id| crews.take_on(MachineId(id), Cause::Gpu)));
        assert_eq!(crews.release(), None);
    }
}
