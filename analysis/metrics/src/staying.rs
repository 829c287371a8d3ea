//! How long those of a cohort stay, whoever they are.

use estimate::Survival;
use serde::Serialize;

/// Most points of a curve in a summary.
const CURVE_MAX: usize = 200;

/// How long those of a cohort stay, from when they came until they first left; over the whole run,
/// those who are there at the end being censored (Kaplan and Meier).
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Staying {
    /// Those who ever were there.
    pub count: u64,
    /// Of these, who left.
    pub left: u64,
    /// The share that is still there after 7 days; none where nobody was seen so long.
    pub after_7_d: Option<f64>,
    /// After 30 days.
    pub after_30_d: Option<f64>,
    /// Lower end of its 95 % interval (Greenwood).
    pub after_30_d_low: Option<f64>,
    /// Upper end of it.
    pub after_30_d_high: Option<f64>,
    /// The share after 90 days.
    pub after_90_d: Option<f64>,
    /// Days after which half or fewer are there; none when more are to the end.
    pub median_d: Option<f64>,
    /// The longest that anybody was seen, days.
    pub seen_d: f64,
    /// The curve, at most 200 of its falls; no metrics.
    pub curve: Vec<StayingPoint>,
}

/// A fall of a curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct StayingPoint {
    /// Days after coming.
    pub days: f64,
    /// The share that is still there after it.
    pub share: f64,
    /// Lower end of its 95 % interval.
    pub low: f64,
    /// Upper end of it.
    pub high: f64,
    /// How many were there until then.
    pub at_risk: u64,
}

impl Staying {
    /// Of how long each was seen, in days, and whether it left then.
    pub(crate) fn of(stays: &[(f64, bool)]) -> Staying {
        let survival = Survival::of(stays);
        let interval = survival.interval_after(30.0);
        let falls = survival.steps.len();
        let every = falls.div_ceil(CURVE_MAX).max(1);
        // The last of each so many: what is drawn ends where the curve does.
        let is_kept = |place: usize| (falls - 1 - place).is_multiple_of(every);
        let kept = survival.steps.iter().enumerate().filter(|(place, _)| is_kept(*place));
        let curve = kept.map(|(_, step)| {
            let (low, high) = step.interval();
            StayingPoint { days: step.time, share: step.share, low, high, at_risk: step.at_risk }
        });
        Staying {
            count: survival.count,
            left: survival.left,
            after_7_d: survival.share_after(7.0),
            after_30_d: survival.share_after(30.0),
            after_30_d_low: interval.map(|(low, _)| low),
            after_30_d_high: interval.map(|(_, high)| high),
            after_90_d: survival.share_after(90.0),
            median_d: survival.median(),
            seen_d: survival.seen,
            curve: curve.collect(),
        }
    }
}
