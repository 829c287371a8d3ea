//! GPU-time by arithmetic: what is installed, up, reserved and paid, without an event per hour.

use units::SimTime;

/// GPUs in each state at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Registered.
    pub installed: u64,
    /// On machines that are up.
    pub available: u64,
    /// Held by open leases.
    pub reserved: u64,
    /// Paid for.
    pub paid: u64,
}

/// GPU-time in each state. A meter gives it in whole GPU-microseconds, whose sums over a month of a
/// large market stay far below 64 bits, where analysts add them up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GpuTime {
    /// Registered.
    pub installed: u128,
    /// On machines that were up.
    pub available: u128,
    /// Held by open leases.
    pub reserved: u128,
    /// Paid for.
    pub paid: u128,
}

/// Counts GPU-time since it was last read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Meter {
    usage: Usage,
    /// In GPU-nanoseconds.
    time: GpuTime,
    at: SimTime,
}

impl Meter {
    /// Changes the usage from `now` on.
    pub fn change(&mut self, now: SimTime, change: impl FnOnce(&mut Usage)) {
        self.advance(now);
        change(&mut self.usage);
        let Usage { installed, available, reserved, paid } = self.usage;
        assert!(available <= installed, "no more GPUs are up than there are");
        assert!(paid <= reserved, "what is paid for is reserved");
        assert!(reserved <= installed, "no GPU is held twice");
    }

    /// The whole GPU-microseconds since the last reading. What is less than one stays in the
    /// meter, so that sums of readings lose nothing.
    pub fn read(&mut self, now: SimTime) -> GpuTime {
        self.advance(now);
        let take = |nanos: &mut u128| {
            let micros = *nanos / 1_000;
            *nanos %= 1_000;
            micros
        };
        GpuTime {
            installed: take(&mut self.time.installed),
            available: take(&mut self.time.available),
            reserved: take(&mut self.time.reserved),
            paid: take(&mut self.time.paid),
        }
    }

    /// The same, and the meter goes on as if nobody had looked.
    pub fn peek(&self, now: SimTime) -> GpuTime {
        let mut copy = *self;
        copy.read(now)
    }

    /// GPU-nanoseconds paid for since the last reading, as of the last change.
    pub fn paid_nanos(&self) -> u128 {
        self.time.paid
    }

    fn advance(&mut self, now: SimTime) {
        let span = now.since(self.at);
        self.at = now;
        if span.is_zero() {
            return;
        }
        let grow =
            |time: &mut u128, gpus: u64| *time += u128::from(gpus) * u128::from(span.nanos());
        grow(&mut self.time.installed, self.usage.installed);
        grow(&mut self.time.available, self.usage.available);
        grow(&mut self.time.reserved, self.usage.reserved);
        grow(&mut self.time.paid, self.usage.paid);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use units::Span;

    #[test]
    fn the_meter_counts_what_was_there_while_it_was_there() {
        let mut meter = Meter::default();
        let at = |s: u64| SimTime::ZERO + Span::from_secs(s);
        meter.change(at(0), |u| (u.installed, u.available) = (4, 4));
        meter.change(at(10), |u| (u.reserved, u.paid) = (2, 1));
        meter.change(at(15), |u| u.available = 0);
        let seen = meter.peek(at(20));
        let time = meter.read(at(20));
        let s = 1_000_000;
        let expected =
            GpuTime { installed: 80 * s, available: 60 * s, reserved: 20 * s, paid: 10 * s };
        assert_eq!((time, seen), (expected, expected));
        assert_eq!(meter.read(at(20)), GpuTime::default());
    }

    #[test]
    fn readings_add_up_however_often_they_are_made() {
        let mut meter = Meter::default();
        meter.change(SimTime::ZERO, |usage| usage.installed = 1);
        let readings = (1..=10_000).map(|n| meter.read(SimTime::from_nanos(n * 777)).installed);
        assert_eq!(readings.sum::<u128>(), 7_770);
    }
}
