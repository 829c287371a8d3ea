//! Availability: the room that is left after placing the order.

use super::forms;
use units::{GpuCount, Ppm};

forms! {
    /// How room is scored.
    AvailabilityForm {
        /// GPUs still free after placing the order, as a share of all that it has: "current
        /// capacity" of the seed article (protocol.md 9.4).
        Spread = "spread",
        /// One less that: the fuller machine first, to limit fragmentation (protocol.md 4.5,
        /// advice to hosts of Vast.ai).
        BestFit = "best_fit",
    }
}

/// The score of `free` of `total` GPUs when `asked` are taken; a share of a card counts as a card.
///
/// ```
/// # use market::factor::{self, AvailabilityForm};
/// # use units::{GpuCount, Ppm};
/// let score = |form| factor::availability(GpuCount(5), GpuCount(8), GpuCount(2), form);
/// assert_eq!(score(AvailabilityForm::Spread), Ppm(375_000));
/// assert_eq!(score(AvailabilityForm::BestFit), Ppm(625_000));
/// ```
pub fn availability(
    free: GpuCount,
    total: GpuCount,
    asked: GpuCount,
    form: AvailabilityForm,
) -> Ppm {
    let left = free.0.saturating_sub(asked.0);
    let share = Ppm::ratio_rounded_down(u64::from(left), u64::from(total.0));
    match form {
        AvailabilityForm::Spread => share,
        AvailabilityForm::BestFit => Ppm(Ppm::ONE.0 - share.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_without_gpus_has_no_room() {
        let none = GpuCount(0);
        assert_eq!(availability(none, none, GpuCount(3), AvailabilityForm::Spread), Ppm::ZERO);
        assert_eq!(availability(none, none, GpuCount(3), AvailabilityForm::BestFit), Ppm::ONE);
    }
}
