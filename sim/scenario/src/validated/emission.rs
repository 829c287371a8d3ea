//! Emission as declared: the schedule, and the pool that it pays from.

use mechanism::emission::Schedule;
use protocol::EmissionRules;
use units::Spon;

/// How tokens are emitted.
#[derive(Clone, Debug)]
pub struct Emission {
    /// The rules.
    pub rules: EmissionRules,
    /// What the reward pool holds at the start, unless a grant of the supply fills it.
    pub pool: Spon,
}

impl Emission {
    /// About the most that an era emits where that is known beforehand.
    pub fn largest(&self) -> Spon {
        let largest = match &self.rules.schedule {
            Schedule::Table(table) => {
                table.amounts.iter().max().map_or(0, |most| most / u128::from(table.period_eras))
            }
            Schedule::Baseline(baseline) => baseline.cap(),
            calendar => calendar.cumulative(1).unwrap_or(0),
        };
        Spon::from_base(i128::try_from(largest).expect("validation bounds every amount"))
    }
}
