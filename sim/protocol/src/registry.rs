//! What the chain remembers of a provider: stake rules, uptime, trust, slashes, reputation.

use crate::params::{Params, PoolRules, TrustRung};
use std::collections::VecDeque;
use units::{GpuCount, Ppm, SimTime, Span, Spon, TrustTier, Usd};

/// Challenge uptimes of the last eras, with a prior for newcomers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UptimeWindow {
    eras: VecDeque<Ppm>,
    sum: u64,
}

impl UptimeWindow {
    /// Takes an era in; the oldest leaves when the window is full.
    pub fn note(&mut self, uptime: Ppm, window: u32) {
        self.eras.push_back(uptime);
        self.sum += u64::from(uptime.0);
        while self.eras.len() > window as usize {
            let oldest = self.eras.pop_front().expect("a window that is too long is not empty");
            self.sum -= u64::from(oldest.0);
        }
    }

    /// The mean over the window, with the prior counting as so many eras (protocol.md 9.4).
    pub fn mean_rounded_down(&self, prior: Ppm, prior_eras: u32) -> Ppm {
        let sum = self.sum + u64::from(prior.0) * u64::from(prior_eras);
        let count = self.eras.len() as u64 + u64::from(prior_eras);
        sum.checked_div(count).map_or(prior, |mean| Ppm(mean as u32))
    }

    /// Eras in the window.
    pub fn len(&self) -> usize {
        self.eras.len()
    }

    /// Whether there is no record yet.
    pub fn is_empty(&self) -> bool {
        self.eras.is_empty()
    }
}

/// Counts of good and bad lease endings, in thousandths, halving over the half-life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reputation {
    /// Leases that ended by term or by the tenant.
    pub good_milli: u64,
    /// Leases that the provider ended, or never confirmed.
    pub bad_milli: u64,
}

impl Reputation {
    /// Notes one ending.
    pub fn note(&mut self, is_good: bool) {
        let count = if is_good { &mut self.good_milli } else { &mut self.bad_milli };
        *count += 1000;
    }

    /// Lets the past fade by `elapsed`; what is left is rounded down.
    pub fn fade(&mut self, elapsed: Span, half_life: Span) {
        if half_life.is_zero() {
            *self = Reputation::default();
            return;
        }
        let halvings = (u128::from(elapsed.nanos()) << 32) / u128::from(half_life.nanos());
        let kept = market::fixed::exp2_neg(u64::try_from(halvings).unwrap_or(u64::MAX));
        let fade = |count: u64| ((u128::from(count) * u128::from(kept)) >> 32) as u64;
        *self = Reputation { good_milli: fade(self.good_milli), bad_milli: fade(self.bad_milli) };
    }
}

/// What a provider's leases came to in the era that runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EraSums {
    /// Paid by tenants for its GPUs, in nano-dollars, before any share or fee.
    pub revenue_nanos: u128,
    /// GPU-time that was paid for, in GPU-nanoseconds, each settlement rounded down.
    pub served_gpu_ns: u128,
}

impl EraSums {
    /// Adds a settlement at a price in nano-dollars for a GPU-hour.
    pub fn note(&mut self, payment: Usd, price_nanos: u64) {
        let nanos = payment.base().unsigned_abs();
        let time = nanos * u128::from(Span::HOUR.nanos());
        self.revenue_nanos += nanos;
        self.served_gpu_ns += time.checked_div(price_nanos.into()).unwrap_or(0);
    }
}

/// A registered provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// The rules of its pool.
    pub rules: PoolRules,
    /// GPUs registered.
    pub gpus: GpuCount,
    /// Reward multiplier of its card, in hundredths.
    pub multiplier_hundredths: u32,
    /// Least stake for its machines.
    pub stake_min: Spon,
    /// Trust tier; none under Fizz rules.
    pub trust: Option<TrustTier>,
    /// Consecutive eras above the tier's mark.
    pub eras_good: u32,
    /// Consecutive eras at or under the tier's mark.
    pub eras_bad: u32,
    /// Challenge uptimes.
    pub uptime: UptimeWindow,
    /// Lease endings.
    pub reputation: Reputation,
    /// Moments of slashes that are still remembered. Downtime slashes are partial: half each.
    pub slashes: VecDeque<SimTime>,
    /// Whether a fault took the reward of the era that runs.
    pub is_forfeit: bool,
    /// Until when it may not serve, and earns no reward.
    pub jailed_until: SimTime,
    /// What its leases came to in the era that runs.
    pub era: EraSums,
    /// Eras in a row that counted towards each milestone: uptime, quality.
    pub streaks: [u32; 2],
    /// Whether it is in maintenance: it takes no leases, and downtime costs no stake.
    pub is_in_maintenance: bool,
}

impl Registration {
    /// A new registration without a past; the chain works out its least stake.
    pub fn new(
        rules: PoolRules,
        gpus: GpuCount,
        multiplier_hundredths: u32,
        trust: Option<TrustTier>,
    ) -> Registration {
        assert_eq!(trust.is_some(), rules == PoolRules::Provider, "only providers have trust");
        Registration {
            rules,
            gpus,
            multiplier_hundredths,
            stake_min: Spon::ZERO,
            trust,
            eras_good: 0,
            eras_bad: 0,
            uptime: UptimeWindow::default(),
            reputation: Reputation::default(),
            slashes: VecDeque::new(),
            is_forfeit: false,
            jailed_until: SimTime::ZERO,
            era: EraSums::default(),
            streaks: [0; 2],
            is_in_maintenance: false,
        }
    }

    /// Whether it may take leases at `now`: it is neither in jail nor in maintenance.
    pub fn may_serve(&self, now: SimTime) -> bool {
        !self.is_in_maintenance && self.jailed_until <= now
    }

    /// The mean challenge uptime that matching goes by.
    pub fn uptime_mean(&self, params: &Params) -> Ppm {
        self.uptime
            .mean_rounded_down(params.standing.uptime_prior, params.standing.uptime_prior_eras)
    }

    /// Whether it earns no reward in the era that ends at `now`, whatever it did.
    pub fn is_barred(&self, now: SimTime) -> bool {
        self.is_forfeit || self.jailed_until > now
    }

    /// Slashes remembered at `now`, in halves: a partial one counts one half.
    pub fn slash_halves(&self, now: SimTime, window: Span) -> u32 {
        let fresh = |at: &&SimTime| now.saturating_since(**at) < window;
        self.slashes.iter().filter(fresh).count() as u32
    }

    /// Moves along the trust ladder by the uptime of an era (protocol.md 2.3).
    pub fn climb(&mut self, uptime: Ppm, ladder: &[TrustRung; 7]) {
        let Some(tier) = self.trust else { return };
        let rung = &ladder[tier.index()];
        let is_good = uptime > rung.uptime;
        self.eras_good = if is_good { self.eras_good + 1 } else { 0 };
        self.eras_bad = if is_good { 0 } else { self.eras_bad + 1 };
        let rises = rung.eras_up > 0 && self.eras_good >= rung.eras_up;
        let falls = rung.eras_down > 0 && self.eras_bad >= rung.eras_down;
        if rises || falls {
            self.trust = Some(if rises { tier.promoted() } else { tier.demoted() });
            (self.eras_good, self.eras_bad) = (0, 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::ladder;

    #[test]
    fn the_shortest_climb_takes_89_eras() {
        let mut one = registration(TrustTier::NEWCOMER);
        let mut eras = 0;
        while one.trust != TrustTier::new(1) {
            one.climb(Ppm::ONE, &ladder());
            eras += 1;
        }
        assert_eq!(eras, 89);
    }

    #[test]
    fn one_bad_era_starts_the_count_anew() {
        let mut one = registration(TrustTier::NEWCOMER);
        for uptime in [1_000_000, 1_000_000, 750_000, 1_000_000, 1_000_000] {
            one.climb(Ppm(uptime), &ladder());
        }
        assert_eq!(one.trust, Some(TrustTier::NEWCOMER));
        one.climb(Ppm::ONE, &ladder());
        assert_eq!(one.trust, TrustTier::new(6));
    }

    #[test]
    fn the_prior_fades_as_the_record_grows() {
        let mut window = UptimeWindow::default();
        assert_eq!(window.mean_rounded_down(Ppm(900_000), 5), Ppm(900_000));
        for _ in 0..40 {
            window.note(Ppm::ONE, 30);
        }
        assert_eq!(window.len(), 30);
        assert_eq!(window.mean_rounded_down(Ppm(900_000), 5), Ppm(985_714));
    }

    #[test]
    fn a_half_life_halves() {
        let mut reputation = Reputation { good_milli: 40_000, bad_milli: 1_000 };
        reputation.fade(Span::DAY, Span::DAY);
        assert_eq!(reputation, Reputation { good_milli: 20_000, bad_milli: 500 });
        reputation.fade(Span::DAY.times(10_000), Span::DAY);
        assert_eq!(reputation, Reputation::default());
    }

    fn registration(tier: TrustTier) -> Registration {
        Registration::new(PoolRules::Provider, GpuCount(8), 1200, Some(tier))
    }
}
