//! The census of jobs: who came, who is there, who left.

use crate::state::pool::JobCounts;

/// Jobs that are there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Present {
    /// Without a confirmed lease.
    pub waiting: u64,
    /// Under a confirmed lease.
    pub serving: u64,
}

/// Where all jobs are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Census {
    /// Those of each class who are there, counted one by one; by `ClassId`.
    pub classes: Vec<Present>,
    /// The same by `PoolId`, beside those who came and left.
    pub pools: Vec<(JobCounts, Present)>,
}

impl Census {
    /// Whether nobody was lost on the way (economics.md 2.3, C3).
    pub fn is_complete(&self) -> bool {
        self.pools.iter().all(|(counts, present)| {
            let left = counts.done + counts.given_up + counts.elsewhere;
            counts.arrived == present.waiting + present.serving + left
        })
    }
}
