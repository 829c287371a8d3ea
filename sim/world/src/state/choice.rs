//! What tenants remember and know when they choose where to take a job.

use record::VenueReason;
use std::collections::BTreeMap;
use units::{ClassId, GpuHourPrice, SimTime, Span, Usd, VenueId};

/// Who takes jobs elsewhere and brings none here for so long has left; some try every venue now
/// and then, and are there all the while.
const AWAY_MIN: Span = Span::from_hours(7 * 24);

/// One, in millionths.
const MICRO: u64 = 1_000_000;

/// What a tenant remembers as one of those who bring jobs to a pool.
#[derive(Clone, Copy, Debug)]
pub struct Memory {
    /// Its kind, by place.
    pub kind: u16,
    /// Where its last job went; none before the first.
    pub last: Option<VenueId>,
    /// When it first brought a job here; none before.
    pub came_at: Option<SimTime>,
    /// Since when it has taken its jobs elsewhere; none while it is here.
    pub away_since: Option<SimTime>,
    /// When it first left for long enough to count; none before that is known.
    pub left_at: Option<SimTime>,
    /// Failures that it had here and has not forgotten, in millionths, when it last had one.
    pub failures_micro: u64,
    /// When that was.
    pub failed_at: SimTime,
}

impl Memory {
    /// What a tenant of a kind remembers that has had no job yet.
    pub fn new(kind: u16, failures_micro: u64) -> Memory {
        Memory {
            kind,
            last: None,
            came_at: None,
            away_since: None,
            left_at: None,
            failures_micro,
            failed_at: SimTime::ZERO,
        }
    }

    /// What is left of its failures at `now` when half is forgotten in `half_life`, rounded half
    /// up to a millionth.
    pub fn failures_micro(&self, now: SimTime, half_life: Span) -> u64 {
        if self.failures_micro == 0 {
            return 0;
        }
        let halves = now.since(self.failed_at).as_secs_f64() / half_life.as_secs_f64();
        (self.failures_micro as f64 * libm::exp2(-halves) + 0.5) as u64
    }

    /// Takes its jobs to `venue` from now on, be it the same.
    pub fn go_to(&mut self, now: SimTime, venue: VenueId) {
        self.last = Some(venue);
        if venue != VenueId(0) {
            self.away_since = self.away_since.or(self.came_at.map(|_| now));
            return;
        }
        self.came_at = self.came_at.or(Some(now));
        let was_away = self.away_since.take().filter(|since| now.since(*since) >= AWAY_MIN);
        self.left_at = self.left_at.or(was_away);
    }

    /// When it came, for how long it then stayed, and whether it left, as far as is known at
    /// `now`: who goes away later than `AWAY_MIN` before may come back in time. None of who came
    /// later than that, or never.
    pub fn stay(&self, now: SimTime) -> Option<(SimTime, Span, bool)> {
        let seen = now.since(SimTime::ZERO);
        let known = SimTime::ZERO + seen.saturating_sub(AWAY_MIN);
        let is_long = seen >= AWAY_MIN;
        let came_at = self.came_at.filter(|at| is_long && *at <= known)?;
        let left_at = self.left_at.or(self.away_since.filter(|since| *since <= known));
        Some((came_at, left_at.unwrap_or(known).since(came_at), left_at.is_some()))
    }

    /// Remembers one failure more.
    pub fn note_failure(&mut self, now: SimTime, half_life: Span) {
        self.failures_micro = self.failures_micro(now, half_life) + MICRO;
        self.failed_at = now;
    }
}

/// What anybody can see of this network in a pool: sums that fade hour by hour, and prices.
#[derive(Clone, Debug, Default)]
pub struct Measured {
    /// What free GPUs of each card ask in the mean, by `CardId`.
    pub prices: Vec<GpuHourPrice>,
    /// The pool's price over the book prices of the start, in millionths.
    pub price_ppm: u64,
    /// Interruptions times the GPUs that they stopped, in millionths.
    interruptions_micro: u128,
    /// Of these, those by who wanted the machine back.
    preemptions_micro: u128,
    /// GPU-time paid for, GPU-microseconds.
    paid_gpu_us: u128,
    /// Waits that ended, in microseconds, times a million; and how many, in millionths.
    waits: [u128; 2],
}

impl Measured {
    /// An interruption stopped the work of so many GPUs; a pre-emption because somebody wanted the
    /// machine back.
    pub fn note_interruption(&mut self, gpus: u64, is_preemption: bool) {
        self.interruptions_micro += u128::from(gpus * MICRO);
        self.preemptions_micro += if is_preemption { u128::from(gpus * MICRO) } else { 0 };
    }

    /// A job waited so long, until its lease was confirmed or it went away.
    pub fn note_wait(&mut self, wait: Span) {
        self.waits[0] += u128::from(wait.nanos() / 1_000) * u128::from(MICRO);
        self.waits[1] += u128::from(MICRO);
    }

    /// An hour ends in which so much GPU-time was paid for; everything fades by its part of the
    /// window, rounded up.
    pub fn end_hour(&mut self, paid_gpu_us: u64, window: Span) {
        self.paid_gpu_us += u128::from(paid_gpu_us);
        let hours = u128::from(window.nanos() / Span::HOUR.nanos());
        let [sum, count] = &mut self.waits;
        let events = [&mut self.interruptions_micro, &mut self.preemptions_micro];
        for sum in events.into_iter().chain([&mut self.paid_gpu_us, sum, count]) {
            *sum -= sum.div_ceil(hours);
        }
    }

    /// Interruptions in thirty days of a GPU's work; none are expected where none worked.
    pub fn interruptions_per_month(&self) -> f64 {
        self.per_month(self.interruptions_micro)
    }

    /// Of these, those that no machine under a long contract has.
    pub fn preemptions_per_month(&self) -> f64 {
        self.per_month(self.preemptions_micro)
    }

    fn per_month(&self, events_micro: u128) -> f64 {
        if self.paid_gpu_us == 0 {
            return 0.0;
        }
        let months = self.paid_gpu_us as f64 / (30.0 * 86_400.0 * 1e6);
        events_micro as f64 / 1e6 / months
    }

    /// The mean wait for a lease; nothing before anybody waited.
    pub fn wait(&self) -> Span {
        let micros = self.waits[0].checked_div(self.waits[1]).unwrap_or(0);
        Span::from_nanos(u64::try_from(micros * 1_000).unwrap_or(u64::MAX))
    }
}

/// The jobs of one class that came in one era and went to one venue for one reason.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sent {
    /// How many.
    pub jobs: u64,
    /// Their work, in GPU-seconds, each rounded down.
    pub gpu_s: u64,
    /// What it costs there.
    pub spend: Usd,
    /// Jobs whose tenant was there before.
    pub stayed: u64,
    /// The sum of their surpluses, in nano-dollars per GPU-hour.
    pub surplus: i64,
}

/// Demand that answers to price, and tenants who choose.
#[derive(Clone, Debug)]
pub struct ChoiceBooks {
    /// By `PoolId`, then `TenantId`; empty for a pool that gets every job.
    pub memories: Vec<Vec<Memory>>,
    /// By `PoolId`.
    pub measured: Vec<Measured>,
    /// The mean round trip from each region to a pool's providers, by `PoolId` and `RegionId`.
    pub round_trips: Vec<Vec<Span>>,
    /// What the era has seen so far.
    pub sent: BTreeMap<(Option<u32>, ClassId, VenueId, VenueReason), Sent>,
    /// Jobs of the hour, by `ClassId`: possible at the lowest price, wanted at this one.
    pub wanted: Vec<[u64; 2]>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_a_failure_is_forgotten_in_a_half_life() {
        let day = |days: u64| SimTime::ZERO + Span::from_hours(24 * days);
        let half_life = Span::from_hours(24 * 10);
        let mut memory = Memory::new(0, 0);
        assert_eq!(memory.failures_micro(day(5), half_life), 0);
        memory.note_failure(day(1), half_life);
        assert_eq!(memory.failures_micro(day(11), half_life), 500_000);
        memory.note_failure(day(11), half_life);
        assert_eq!(memory.failures_micro(day(21), half_life), 750_000);
    }

    #[test]
    fn a_tenant_has_left_when_it_does_not_come_back_for_a_week() {
        let day = |days: u64| SimTime::ZERO + Span::from_hours(24 * days);
        let span = |days: u64| Span::from_hours(24 * days);
        let (here, cloud) = (VenueId(0), VenueId(2));
        let mut memory = Memory::new(0, 0);
        memory.go_to(day(1), cloud);
        assert_eq!(memory.stay(day(30)), None, "it was never here");
        for (at, venue) in [(2, here), (3, cloud), (9, cloud), (9, here), (12, cloud)] {
            memory.go_to(day(at), venue);
        }
        assert_eq!(memory.stay(day(8)), None, "it came less than a week ago");
        assert_eq!(memory.stay(day(18)), Some((day(2), span(9), false)), "it may come back");
        assert_eq!(memory.stay(day(19)), Some((day(2), span(10), true)));
        memory.go_to(day(25), here);
        assert_eq!(memory.stay(day(40)), Some((day(2), span(10), true)), "be it that it did");
    }

    #[test]
    fn what_is_measured_fades_and_its_rates_stay() {
        let mut measured = Measured::default();
        assert_eq!((measured.interruptions_per_month(), measured.wait()), (0.0, Span::ZERO));
        let window = Span::from_hours(10);
        for _ in 0..200 {
            measured.note_interruption(1, true); // One in an hour of ten GPUs: 72 in a GPU's month.
            measured.note_wait(Span::from_secs(90));
            measured.end_hour(10 * 3_600_000_000, window);
        }
        assert!((measured.interruptions_per_month() - 72.0).abs() < 0.01);
        assert!((measured.preemptions_per_month() - 72.0).abs() < 0.01);
        assert_eq!(measured.wait().nanos() / 1_000_000_000, 90);
        let before = measured.waits[1];
        measured.end_hour(0, window);
        assert!((measured.waits[1] as f64 / before as f64 - 0.9).abs() < 1e-6);
    }
}
