//! Tokens that are granted at once and released over time.

use crate::wide::mul_div_rounded_down;

/// A part of a grant that is released evenly, after a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stage {
    /// What it releases, in base units.
    pub amount: u128,
    /// Eras without a release, counted from the end of the stage before: the cliff.
    pub wait_eras: u64,
    /// Eras of even release after the wait; with zero all of it comes when the wait ends.
    pub release_eras: u64,
}

/// One grant: a part at the start, the rest in stages, one after the other.
///
/// ```text
/// released
///    |                        ________  granted
///    |                  __---
///    |      ______------
///    |_____|                            at_start
///    +------------------------------- age in eras
///     wait  release wait release
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allocation {
    /// Released at age zero, in base units.
    pub at_start: u128,
    /// What follows.
    pub stages: Vec<Stage>,
}

impl Allocation {
    /// All of `amount` at once.
    pub fn at_once(amount: u128) -> Allocation {
        Allocation { at_start: amount, stages: Vec::new() }
    }

    /// `amount` released evenly over `release_eras`, after a cliff of `wait_eras`.
    ///
    /// ```
    /// # use mechanism::vesting::Allocation;
    /// let team = Allocation::linear(1_000, 10, 30);
    /// assert_eq!([9, 10, 11, 40, 99].map(|age| team.released(age)), [0, 0, 33, 1_000, 1_000]);
    /// ```
    pub fn linear(amount: u128, wait_eras: u64, release_eras: u64) -> Allocation {
        Allocation { at_start: 0, stages: vec![Stage { amount, wait_eras, release_eras }] }
    }

    /// All that is ever released, in base units.
    pub fn granted(&self) -> u128 {
        self.at_start + self.stages.iter().map(|stage| stage.amount).sum::<u128>()
    }

    /// Released until `age` eras after the start; each stage is rounded down.
    pub fn released(&self, age: u64) -> u128 {
        let (mut released, mut begins) = (self.at_start, 0_u64);
        for stage in &self.stages {
            begins = begins.saturating_add(stage.wait_eras);
            released += stage.released(age, begins);
            begins = begins.saturating_add(stage.release_eras);
        }
        released
    }

    /// Granted and not released at `age`.
    pub fn locked(&self, age: u64) -> u128 {
        self.granted() - self.released(age)
    }

    /// The age at which all is released.
    pub fn ends_at(&self) -> u64 {
        let length = |stage: &Stage| stage.wait_eras.saturating_add(stage.release_eras);
        self.stages.iter().map(length).fold(0, u64::saturating_add)
    }
}

impl Stage {
    fn released(&self, age: u64, begins: u64) -> u128 {
        match age.checked_sub(begins) {
            None => 0,
            Some(elapsed) if elapsed >= self.release_eras => self.amount,
            Some(elapsed) => {
                mul_div_rounded_down(self.amount, elapsed.into(), self.release_eras.into())
            }
        }
    }
}
