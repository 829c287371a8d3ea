//! GPU-time by arithmetic: what is installed, up, reserved and paid, without an event per hour.

use units::SimTime;

/// Parts of a GPU that owner and tenant share it in.
const WHOLE: u64 = 1_000_000;

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
    /// Computing for tenants, in millionths of a GPU.
    pub busy: u64,
    /// What owners take from that, in millionths of a GPU.
    pub slowed: u64,
    /// What owners take in all, in millionths of a GPU.
    pub owner: u64,
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
    /// Computing for tenants: a GPU that its owner shares counts in part.
    pub busy: u128,
    /// Taken by owners from work that ran.
    pub slowed: u128,
    /// Taken by owners in all.
    pub owner: u128,
}

/// Counts GPU-time since it was last read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Meter {
    usage: Usage,
    /// In GPU-nanoseconds, and in millionths of them what is shared with owners.
    time: GpuTime,
    at: SimTime,
}

impl Meter {
    /// Changes the usage from `now` on.
    pub fn change(&mut self, now: SimTime, change: impl FnOnce(&mut Usage)) {
        self.advance(now);
        change(&mut self.usage);
        let Usage { installed, available, reserved, paid, busy, slowed, owner } = self.usage;
        assert!(available <= installed, "no more GPUs are up than there are");
        assert!(paid <= reserved, "what is paid for is reserved");
        assert!(reserved <= installed, "no GPU is held twice");
        assert!(busy + slowed <= paid * WHOLE, "work runs only while it is paid for");
        assert!(busy + owner <= installed * WHOLE, "owner and tenant share a GPU");
    }

    /// The whole GPU-microseconds since the last reading. What is less than one stays in the
    /// meter, so that sums of readings lose nothing.
    pub fn read(&mut self, now: SimTime) -> GpuTime {
        self.advance(now);
        let whole = |time: &mut u128, parts: u128| {
            let micros = *time / parts;
            *time %= parts;
            micros
        };
        let take = |nanos: &mut u128| whole(nanos, 1_000);
        let take_shared = |time: &mut u128| whole(time, 1_000 * u128::from(WHOLE));
        GpuTime {
            installed: take(&mut self.time.installed),
            available: take(&mut self.time.available),
            reserved: take(&mut self.time.reserved),
            paid: take(&mut self.time.paid),
            busy: take_shared(&mut self.time.busy),
            slowed: take_shared(&mut self.time.slowed),
            owner: take_shared(&mut self.time.owner),
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
        grow(&mut self.time.busy, self.usage.busy);
        grow(&mut self.time.slowed, self.usage.slowed);
        grow(&mut self.time.owner, self.usage.owner);
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
        meter.change(at(12), |u| (u.busy, u.slowed, u.owner) = (750_000, 250_000, 500_000));
        meter.change(at(15), |u| u.available = 0);
        let seen = meter.peek(at(20));
        let time = meter.read(at(20));
        let s = 1_000_000;
        let expected = GpuTime {
            installed: 80 * s,
            available: 60 * s,
            reserved: 20 * s,
            paid: 10 * s,
            busy: 6 * s,
            slowed: 2 * s,
            owner: 4 * s,
        };
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
