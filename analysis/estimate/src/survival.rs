//! How long things last when some are still there at the end.

/// The share of a cohort that is still there after a time (Kaplan and Meier 1958): at each time at
/// which some leave, the share falls by those who leave over those who were there until then. Who
/// is censored was there until then and is not counted after.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Survival {
    /// How many there are of the cohort.
    pub count: u64,
    /// How many left.
    pub left: u64,
    /// Times at which some left, with the share that is still there after it, its standard error,
    /// and how many were there until then.
    pub steps: Vec<Step>,
    /// The longest time that anybody was seen.
    pub seen: f64,
}

/// A fall of a survival curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// The time.
    pub time: f64,
    /// The share that is still there after it.
    pub share: f64,
    /// Its standard error (Greenwood 1926).
    pub error: f64,
    /// How many were there until then.
    pub at_risk: u64,
}

impl Step {
    /// The 95 % interval of the share, normal with Greenwood's error.
    pub fn interval(&self) -> (f64, f64) {
        let half = NORMAL_975 * self.error;
        ((self.share - half).max(0.0), (self.share + half).min(1.0))
    }
}

/// The 97.5 % quantile of the standard normal law.
const NORMAL_975: f64 = 1.959_963_984_540_054;

impl Survival {
    /// The survival of a cohort: how long each was seen, and whether it left then.
    ///
    /// ```
    /// # use estimate::Survival;
    /// // One of three leaves after 2 days, another after 5; the third is there for 4 at least.
    /// let survival = Survival::of(&[(2.0, true), (4.0, false), (5.0, true)]);
    /// assert_eq!(survival.share_after(1.0), Some(1.0));
    /// assert!((survival.share_after(4.5).unwrap() - 2.0 / 3.0).abs() < 1e-12);
    /// assert_eq!(survival.share_after(5.0), Some(0.0));
    /// assert_eq!(survival.median(), Some(5.0));
    /// ```
    pub fn of(seen: &[(f64, bool)]) -> Survival {
        let mut seen = seen.to_vec();
        seen.sort_by(|one, other| one.0.total_cmp(&other.0));
        let (mut steps, mut share, mut sum) = (Vec::new(), 1.0, 0.0);
        for (place, group) in groups(&seen) {
            let at_risk = seen.len() - place;
            let left = group.iter().filter(|(_, has_left)| *has_left).count();
            if left == 0 {
                continue;
            }
            let stay = at_risk - left;
            share *= stay as f64 / at_risk as f64;
            sum += left as f64 / (at_risk as f64 * stay as f64);
            let error = if stay == 0 { 0.0 } else { share * f64::sqrt(sum) };
            steps.push(Step { time: group[0].0, share, error, at_risk: at_risk as u64 });
        }
        let left = seen.iter().filter(|(_, has_left)| *has_left).count() as u64;
        let longest = seen.last().map_or(0.0, |(time, _)| *time);
        Survival { count: seen.len() as u64, left, steps, seen: longest }
    }

    /// The share that is still there after `time`; none of an empty cohort, and none after the
    /// longest time that anybody was seen, unless all had left by then.
    pub fn share_after(&self, time: f64) -> Option<f64> {
        self.after(time).map(|step| step.map_or(1.0, |step| step.share))
    }

    /// The 95 % interval of that share.
    pub fn interval_after(&self, time: f64) -> Option<(f64, f64)> {
        self.after(time).map(|step| step.map_or((1.0, 1.0), Step::interval))
    }

    /// The last fall until `time`, if there was one; none where nothing is known.
    fn after(&self, time: f64) -> Option<Option<&Step>> {
        let last = self.steps.iter().take_while(|step| step.time <= time).last();
        let is_known = time <= self.seen || last.is_some_and(|step| step.share <= 0.0);
        (self.count > 0 && is_known).then_some(last)
    }

    /// The first time after which half or fewer are there; none when more are to the end.
    pub fn median(&self) -> Option<f64> {
        self.steps.iter().find(|step| step.share <= 0.5).map(|step| step.time)
    }
}

/// Those of the same time together, with the place of the first.
fn groups(sorted: &[(f64, bool)]) -> impl Iterator<Item = (usize, &[(f64, bool)])> {
    let mut place = 0;
    sorted.chunk_by(|one, other| one.0.total_cmp(&other.0).is_eq()).map(move |group| {
        let first = place;
        place += group.len();
        (first, group)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The 6-MP arm of Freireich et al. (1963), weeks of remission of 21 children, which textbooks
    /// work out by hand; + is censored: 6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+
    /// 32+ 34+ 35+.
    #[test]
    fn the_textbook_curve_is_reproduced() {
        let left = [6.0, 6.0, 6.0, 7.0, 10.0, 13.0, 16.0, 22.0, 23.0].map(|week| (week, true));
        let stay = [6.0, 9.0, 10.0, 11.0, 17.0, 19.0, 20.0, 25.0, 32.0, 32.0, 34.0, 35.0];
        let seen: Vec<_> = left.into_iter().chain(stay.map(|week| (week, false))).collect();
        let survival = Survival::of(&seen);
        let by_hand = [
            (6.0, 18.0 / 21.0, 21),
            (7.0, 18.0 / 21.0 * 16.0 / 17.0, 17),
            (10.0, 18.0 / 21.0 * 16.0 / 17.0 * 14.0 / 15.0, 15),
            (13.0, 0.690_196, 12),
            (16.0, 0.627_451, 11),
            (22.0, 0.537_815, 7),
            (23.0, 0.448_179, 6),
        ];
        assert_eq!((survival.count, survival.left, survival.steps.len()), (21, 9, 7));
        for (step, (time, share, at_risk)) in survival.steps.iter().zip(by_hand) {
            assert!((step.share - share).abs() < 5e-7, "{step:?}");
            assert_eq!((step.time.to_bits(), step.at_risk), (f64::to_bits(time), at_risk));
        }
        assert!((survival.steps[0].error - 0.076_36).abs() < 5e-6, "Greenwood, week 6");
        assert_eq!(survival.median(), Some(23.0));
        let (low, high) = survival.interval_after(6.5).unwrap();
        assert!((low - (18.0 / 21.0 - 1.959_964 * 0.076_36)).abs() < 1e-4, "{low}");
        assert!((high - 1.0).abs() < 1e-12, "no share is above the whole: {high}");
    }

    #[test]
    fn who_is_only_censored_never_leaves() {
        let survival = Survival::of(&[(3.0, false), (9.0, false)]);
        assert_eq!((survival.share_after(9.0), survival.median()), (Some(1.0), None));
        assert_eq!(survival.share_after(9.1), None, "nobody was seen so long");
        assert_eq!(Survival::of(&[]).share_after(1.0), None);
    }
}
