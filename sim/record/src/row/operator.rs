//! Operators of the committee.

use crate::column::table;
use units::{OperatorId, Ppm, RegionId, Spon};

table! {
    /// One operator of the committee in one era. The last era of a run may be cut short. The kinds
    /// of answers exclude one another; what is wrong may be late.
    OperatorRow = "operators" {
        /// The era, from 0.
        era: u32,
        /// Whether it lies after the warm-up.
        is_reported: bool,
        /// The operator.
        operator: OperatorId,
        /// Where it stands.
        region: RegionId,
        /// Its stake at the end of the era, tokens.
        stake_spon: Spon,
        /// Its share of the committee's stake then, millionths.
        stake_ppm: Ppm,
        /// Rounds that it was asked to sign.
        asked: u64,
        /// Signed in time what a full and present view gives.
        signed: u64,
        /// Signed something else in time: its view was stale or lacked somebody, or it was wrong.
        deviating: u64,
        /// Signed after the deadline.
        late: u64,
        /// Did not answer.
        absent: u64,
        /// Refused, because it censors the order.
        refused: u64,
        /// Signed what its own view does not give, in time or late.
        wrong: u64,
        /// Losses of stake.
        slashes: u64,
        /// Stake lost, tokens.
        slash_spon: Spon,
    }
}
