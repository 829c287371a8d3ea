//! How fast a card does a job's work.

use units::{GpuHourPrice, Span};

/// The speed of a card beside that of the card which a job asks for. A job's work is counted in
/// hours of the card asked for, so any other takes `asked / own` of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    own: u64,
    asked: u64,
}

impl Pace {
    /// An hour of work takes an hour.
    pub const SAME: Pace = Pace { own: 1, asked: 1 };

    /// The pace of a card of speed `own` for a job that asks for one of speed `asked`.
    pub fn new(own: u32, asked: u32) -> Pace {
        Pace { own: u64::from(own), asked: u64::from(asked) }
    }

    /// How long `work` takes, a started nanosecond in full: then it is done.
    pub fn time_rounded_up(self, work: Span) -> Span {
        scaled_rounded_up(work, self.asked, self.own)
    }

    /// The work that is done in `time`, a started nanosecond dropped.
    pub fn work_rounded_down(self, time: Span) -> Span {
        let work = u128::from(time.nanos()) * u128::from(self.own) / u128::from(self.asked);
        Span::from_nanos(u64::try_from(work).unwrap_or(u64::MAX))
    }

    /// The work that could be done in `time`, a started nanosecond in full.
    pub fn work_rounded_up(self, time: Span) -> Span {
        scaled_rounded_up(time, self.own, self.asked)
    }

    /// What an hour of work costs at this price for an hour of the card, rounded up.
    pub fn price_rounded_up(self, price: GpuHourPrice) -> GpuHourPrice {
        let nanos = u128::from(price.nanos()) * u128::from(self.asked);
        let nanos = nanos.div_ceil(u128::from(self.own));
        GpuHourPrice::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }
}

fn scaled_rounded_up(span: Span, times: u64, per: u64) -> Span {
    let nanos = (u128::from(span.nanos()) * u128::from(times)).div_ceil(u128::from(per));
    Span::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_that_took_its_time_is_done() {
        for (own, asked) in [(1, 1), (82_580, 35_580), (7, 3), (1_000_003, 999_983)] {
            let pace = Pace::new(own, asked);
            for nanos in [1, 2, 999, 3_600_000_000_000, 86_400_000_000_001] {
                let work = Span::from_nanos(nanos);
                let time = pace.time_rounded_up(work);
                assert!(pace.work_rounded_down(time) >= work, "{pace:?} {nanos}");
                let sooner = Span::from_nanos(time.nanos() - 1);
                assert!(pace.work_rounded_down(sooner) < work, "{pace:?} {nanos}");
                assert!(pace.work_rounded_up(time) >= work);
            }
        }
    }

    #[test]
    fn a_card_that_is_twice_as_fast_may_cost_twice_as_much() {
        let pace = Pace::new(20, 10);
        let price = GpuHourPrice::from_nanos;
        assert_eq!(pace.price_rounded_up(price(3)), price(2));
        assert_eq!(pace.time_rounded_up(Span::from_hours(3)), Span::from_secs(5_400));
        assert_eq!(Pace::SAME.price_rounded_up(price(3)), price(3));
    }
}
