//! Emission that waits for growth (Filecoin's baseline minting).
//!
//! A target of capacity doubles in fixed time. Proven capacity is summed up, each era at most at
//! its target; where the sum of targets reaches that sum lies the *network time* theta. A network
//! that keeps up is paid by the calendar, one that lags is paid later.

use crate::q128::{ONE, compute_exp_neg, growth_rounded_down, narrow, rate_rounded_down};
use ruint::aliases::U512;

/// What a growth-indexed emission is declared by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BaselineTerms {
    /// Emitted by the calendar alone, in base units; all eras together approach it.
    pub simple_total: u128,
    /// Emitted by network time, in base units; all of network time approaches it.
    pub baseline_total: u128,
    /// Eras of calendar or network time in which half of what is left is emitted.
    pub half_life_eras: u64,
    /// The target of the first era, in any unit of proven capacity; at least one.
    pub capacity_at_start: u128,
    /// Eras in which the target doubles; at least two.
    pub doubling_eras: u64,
}

/// A growth-indexed emission under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Baseline {
    minting: Minting,
    /// Growth of the target in one era, in Q.128.
    growth: u128,
    /// Eras so far.
    eras: u64,
    /// The target of the era that comes next.
    target: u128,
    /// Sum of proven capacity, each era at most at its target.
    realized: u128,
    /// Network time, rounded up, with the target at that time and the sum of targets up to it.
    network_eras: u64,
    network_target: u128,
    network_sum: u128,
}

/// The two totals and how fast they are emitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Minting {
    simple_total: u128,
    baseline_total: u128,
    /// lambda = ln 2 / half-life, and e^lambda - 1, both in Q.128.
    rate: u128,
    growth: u128,
}

impl Minting {
    /// Totals of which half of what is left is emitted in `half_life_eras`, at least two.
    pub fn new(simple_total: u128, baseline_total: u128, half_life_eras: u64) -> Minting {
        let rate = rate_rounded_down(half_life_eras);
        Minting { simple_total, baseline_total, rate, growth: growth_rounded_down(half_life_eras) }
    }

    /// Due at calendar era `era` while network time moves from theta `from` to `to` (in Q.128).
    ///
    /// `total x (e^lambda - 1) x e^(-lambda era)`, plus what network time adds. Both stay in Q.128
    /// until they are added: the order of truncation is a part of the mechanism (economics.md 5.1).
    ///
    /// # Panics
    /// When theta falls, or is above 2^64.
    pub fn reward_rounded_down(&self, era: u64, from: U512, to: U512) -> u128 {
        let elapsed = U512::from(self.rate) * U512::from(era);
        let scaled = U512::from(self.simple_total) * U512::from(self.growth);
        let simple = (scaled * compute_exp_neg(elapsed)) >> 128;
        let (before, after) = (self.emitted_by(from), self.emitted_by(to));
        narrow((simple + (after - before)) >> 128)
    }

    /// Emitted by network time alone until `theta`: `total x (1 - e^(-lambda theta))`, in Q.128.
    fn emitted_by(&self, theta: U512) -> U512 {
        assert!(theta >> 192 == U512::ZERO, "network time stays below 2^64 eras");
        let elapsed = (theta * U512::from(self.rate)) >> 128;
        (ONE - compute_exp_neg(elapsed)) * U512::from(self.baseline_total)
    }
}

/// Network time in Q.128: `network_eras`, less the part of its last era that is still missing.
///
/// `network_target` is the target of that last era, `network_sum` the sum of targets up to it and
/// `realized` the sum that was proven, at most as much.
pub fn compute_theta(
    network_eras: u64,
    network_target: u128,
    realized: u128,
    network_sum: u128,
) -> U512 {
    if network_eras == 0 {
        return U512::ZERO;
    }
    let missing = U512::from(network_sum - realized) << 128;
    (U512::from(network_eras) << 128) - missing / U512::from(network_target)
}

impl Baseline {
    /// An emission that has not begun.
    ///
    /// # Panics
    /// When a number of eras or the capacity at the start is too small.
    pub fn new(terms: &BaselineTerms) -> Baseline {
        assert!(terms.capacity_at_start > 0, "a target of nothing does not double");
        let totals = (terms.simple_total, terms.baseline_total);
        Baseline {
            minting: Minting::new(totals.0, totals.1, terms.half_life_eras),
            growth: growth_rounded_down(terms.doubling_eras),
            eras: 0,
            target: terms.capacity_at_start,
            realized: 0,
            network_eras: 0,
            network_target: terms.capacity_at_start,
            network_sum: 0,
        }
    }

    /// Due for an era in which `capacity` was proven.
    ///
    /// Filecoin also pays for calendar era 0, and so comes out one era above its total. Here the
    /// first era is 1: the sum stays below the total.
    pub fn step(&mut self, capacity: u128) -> u128 {
        let before = self.theta();
        self.eras += 1;
        self.realized = add(self.realized, capacity.min(self.target));
        self.target = self.grow(self.target);
        while self.realized > self.network_sum {
            self.network_eras += 1;
            self.network_target = self.grow(self.network_target);
            self.network_sum = add(self.network_sum, self.network_target);
        }
        self.minting.reward_rounded_down(self.eras, before, self.theta())
    }

    /// Network time in Q.128 eras.
    pub fn theta(&self) -> U512 {
        let Baseline { network_eras, network_target, realized, network_sum, .. } = *self;
        compute_theta(network_eras, network_target, realized, network_sum)
    }

    /// The target of the era that comes next.
    pub fn target(&self) -> u128 {
        self.target
    }

    /// What all eras together stay below.
    pub fn cap(&self) -> u128 {
        add(self.minting.simple_total, self.minting.baseline_total)
    }

    fn grow(&self, target: u128) -> u128 {
        add(target, narrow((U512::from(target) * U512::from(self.growth)) >> 128))
    }
}

fn add(a: u128, b: u128) -> u128 {
    a.checked_add(b).expect("capacity and totals stay below 2^127")
}
