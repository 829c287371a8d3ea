//! Region: how near the provider is to the tenant.

use super::forms;
use crate::fixed;
use units::{Ppm, Span};

/// Round trips up to this long are as good as none. Source: protocol.md 9.4 (ours).
const RTT_FREE: Span = Span::from_millis(20);
/// Excess round trip at which the default score is a half. Source: protocol.md 9.4 (ours).
const RTT_HALF: Span = Span::from_millis(100);
/// Round trip at which the inverse form leaves full marks: two regions a millisecond apart are as
/// one. Lava divides 10,000 by the milliseconds (protocol.md 4.4).
const RTT_LEAST: Span = Span::from_millis(1);
/// The score of another place on the same continent. Source: protocol.md 9.4 (ours).
const SAME_CONTINENT: Ppm = Ppm(600_000);
/// The score of another continent. Source: protocol.md 9.4 (ours).
const ELSEWHERE: Ppm = Ppm(200_000);
/// `log2 e` in Q32.32.
const LOG2_E: u64 = 6_196_328_019;

forms! {
    /// How nearness is scored.
    RegionForm {
        /// `1 / (1 + max(0, rtt - 20 ms) / 100 ms)`. The free part and the half point are ours.
        HalfPoint = "half_point",
        /// `exp(-rtt / 100 ms)` (economics.md 1.3).
        Exponential = "exponential",
        /// Whole in the same region, 0.6 on the same continent, 0.2 elsewhere: for tenants whose
        /// position is not known (protocol.md 9.4).
        Steps = "steps",
        /// `1 ms / rtt`, whole below a millisecond: the shape of Lava (protocol.md 4.4).
        Inverse = "inverse",
    }
}

/// Where a candidate is as seen by the tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The round trip between tenant and machine, through the gateway for home machines.
    pub rtt: Span,
    /// Whether it is in the tenant's own region.
    pub is_same_region: bool,
    /// Whether it is on the tenant's continent.
    pub is_same_continent: bool,
}

/// The score of a candidate at `place`.
///
/// ```
/// # use market::factor::{self, Place, RegionForm};
/// # use units::{Ppm, Span};
/// let place = Place {
///     rtt: Span::from_millis(120),
///     is_same_region: false,
///     is_same_continent: true,
/// };
/// assert_eq!(factor::region(place, RegionForm::HalfPoint), Ppm(500_000));
/// assert_eq!(factor::region(place, RegionForm::Exponential), Ppm(301_194)); // e^-1.2
/// assert_eq!(factor::region(place, RegionForm::Steps), Ppm(600_000));
/// assert_eq!(factor::region(place, RegionForm::Inverse), Ppm(8_333));
/// ```
pub fn region(place: Place, form: RegionForm) -> Ppm {
    match form {
        RegionForm::HalfPoint => {
            let excess = place.rtt.saturating_sub(RTT_FREE).nanos();
            Ppm::ratio_rounded_down(RTT_HALF.nanos(), RTT_HALF.nanos().saturating_add(excess))
        }
        RegionForm::Exponential => {
            let multiple =
                u128::from(place.rtt.nanos()) * u128::from(LOG2_E) / u128::from(RTT_HALF.nanos());
            let power = fixed::exp2_neg(u64::try_from(multiple).unwrap_or(u64::MAX));
            Ppm::ratio_rounded_down(power, fixed::ONE)
        }
        RegionForm::Steps if place.is_same_region => Ppm::ONE,
        RegionForm::Steps if place.is_same_continent => SAME_CONTINENT,
        RegionForm::Steps => ELSEWHERE,
        RegionForm::Inverse => {
            Ppm::ratio_rounded_down(RTT_LEAST.nanos(), place.rtt.nanos().max(RTT_LEAST.nanos()))
        }
    }
}

/// The round trip from which on `form` falls, and falls ever more slowly.
pub(crate) fn region_knee(form: RegionForm) -> Span {
    match form {
        RegionForm::HalfPoint => RTT_FREE,
        RegionForm::Inverse => RTT_LEAST,
        RegionForm::Exponential | RegionForm::Steps => Span::ZERO,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_is_whole_and_far_is_nothing() {
        let at = |rtt| Place { rtt, is_same_region: false, is_same_continent: false };
        let same = Place { is_same_region: true, is_same_continent: true, ..at(RTT_FREE) };
        assert_eq!(region(at(RTT_FREE), RegionForm::HalfPoint), Ppm::ONE);
        assert_eq!(region(same, RegionForm::Steps), Ppm::ONE);
        for form in [RegionForm::HalfPoint, RegionForm::Exponential, RegionForm::Inverse] {
            assert_eq!(region(at(Span::ZERO), form), Ppm::ONE);
            assert!(region(at(Span::from_nanos(u64::MAX)), form) < Ppm(10));
        }
    }
}
