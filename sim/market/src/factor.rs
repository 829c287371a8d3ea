//! The seven scored factors of the matchmaker; the eighth, randomness, is the draw.
//!
//! Each is a function of one candidate alone, so adding a candidate moves no other's score. Scores
//! are millionths from nothing to the whole, rounded down.
//!
//! Source: protocol.md 9.4; where the shape of a formula comes from stands beside each.

use crate::fixed;
use units::{GpuCount, GpuHourPrice, Ppm, Span, Spon};

/// Round trips up to this long are as good as none. Source: protocol.md 9.4 (ours).
pub const RTT_FREE: Span = Span::from_millis(20);
/// Excess round trip at which the region score is a half. Source: protocol.md 9.4 (ours).
pub const RTT_HALF: Span = Span::from_millis(100);
/// Uptime that scores nothing: the mark of trust tier 6. Source: protocol.md 2.3.
pub const UPTIME_NONE: Ppm = Ppm(850_000);
/// Uptime that scores in full: the mark of trust tier 1. Source: protocol.md 2.3.
pub const UPTIME_FULL: Ppm = Ppm(990_000);
/// Good leases that everybody starts with, in thousandths. Source: protocol.md 9.4 (ours).
pub const PRIOR_GOOD_MILLI: u64 = 8_000;
/// Leases that everybody starts with, good and bad, in thousandths. Source: protocol.md 9.4 (ours).
pub const PRIOR_ALL_MILLI: u64 = 10_000;

/// Region: `1 / (1 + max(0, rtt - 20 ms) / 100 ms)`.
///
/// `rtt` is the round trip between tenant and machine. Lava scores `10000 / latency`; the free
/// part and the half point are ours.
///
/// ```
/// # use {market::factor, units::{Ppm, Span}};
/// assert_eq!(factor::region(Span::from_millis(120)), Ppm(500_000));
/// ```
pub fn region(rtt: Span) -> Ppm {
    let excess = rtt.saturating_sub(RTT_FREE).nanos();
    Ppm::ratio_rounded_down(RTT_HALF.nanos(), RTT_HALF.nanos().saturating_add(excess))
}

/// Price delta: `(ceiling - bid) / (ceiling / 2)`, between nothing and the whole.
///
/// Full marks at half the budget, so that a race to zero earns nothing more. "Budget against bid"
/// is the seed article's, the cap ours.
///
/// ```
/// # use {market::factor, units::{GpuHourPrice, Ppm}};
/// let ceiling = GpuHourPrice::from_nanos(300_000_000);
/// assert_eq!(factor::price(GpuHourPrice::from_nanos(225_000_000), ceiling), Ppm(500_000));
/// ```
pub fn price(bid: GpuHourPrice, ceiling: GpuHourPrice) -> Ppm {
    let saved = ceiling.nanos().saturating_sub(bid.nanos());
    Ppm::ratio_rounded_down(saved.saturating_mul(2), ceiling.nanos())
}

/// Uptime: `(uptime - 0.85) / (0.99 - 0.85)`, between nothing and the whole.
///
/// `uptime` is the share of challenges answered over the last 30 eras. The bounds are the marks of
/// trust tiers 6 and 1; the window is ours.
///
/// ```
/// # use {market::factor, units::Ppm};
/// assert_eq!(factor::uptime(Ppm(920_000)), Ppm(500_000));
/// ```
pub fn uptime(uptime: Ppm) -> Ppm {
    let above = uptime.0.saturating_sub(UPTIME_NONE.0);
    Ppm::ratio_rounded_down(u64::from(above), u64::from(UPTIME_FULL.0 - UPTIME_NONE.0))
}

/// Reputation: `(good + 8) / (good + bad + 10)`, of decayed counts in thousandths of a lease.
///
/// Akash's AEP-86 takes the completion rate over at least ten leases; the prior is ours.
///
/// ```
/// # use {market::factor, units::Ppm};
/// assert_eq!(factor::reputation(0, 0), Ppm(800_000));
/// ```
pub fn reputation(good_milli: u64, bad_milli: u64) -> Ppm {
    let good = good_milli.saturating_add(PRIOR_GOOD_MILLI);
    let all = good_milli.saturating_add(bad_milli).saturating_add(PRIOR_ALL_MILLI);
    Ppm::ratio_rounded_down(good, all)
}

/// Availability: GPUs still free after placing the order, as a share of all that it has.
///
/// "Current capacity" is the seed article's.
///
/// ```
/// # use {market::factor, units::{GpuCount, Ppm}};
/// assert_eq!(factor::availability(GpuCount(5), GpuCount(8), GpuCount(1)), Ppm(500_000));
/// ```
pub fn availability(free: GpuCount, total: GpuCount, asked: GpuCount) -> Ppm {
    let left = free.0.saturating_sub(asked.0);
    Ppm::ratio_rounded_down(u64::from(left), u64::from(total.0))
}

/// Slash: `2^-m` after `m` slashes in the last 30 days, `m` counted in halves.
///
/// Kalypso halves for each miss; the window and the half for a partial slash are ours.
///
/// ```
/// # use {market::factor, units::Ppm};
/// assert_eq!(factor::slash(2), Ppm(500_000));
/// ```
pub fn slash(slash_halves: u32) -> Ppm {
    let power = fixed::exp2_neg(u64::from(slash_halves) * (fixed::ONE / 2));
    Ppm::ratio_rounded_down(power, fixed::ONE)
}

/// Stake: `ln(1 + min(S, cap) / S_min) / ln(1 + cap / S_min)` with `cap = cap_multiple x S_min`.
///
/// The higher the stake the likelier, says the source; that it flattens is ours. With no minimum
/// there is nothing to measure by and everybody scores in full.
///
/// ```
/// # use {market::factor, units::{Ppm, Spon}};
/// let minimum = Spon::from_base(1_000);
/// assert_eq!(factor::stake(Spon::from_base(50_000), minimum, 50), Ppm::ONE);
/// assert_eq!(factor::stake(Spon::ZERO, minimum, 50), Ppm::ZERO);
/// ```
pub fn stake(stake: Spon, stake_min: Spon, cap_multiple: u32) -> Ppm {
    if stake_min <= Spon::ZERO {
        return Ppm::ONE;
    }
    let cap = u64::from(cap_multiple) << 32;
    let multiple = compute_multiple(stake, stake_min).min(cap);
    let share = |multiple: u64| fixed::ln(fixed::ONE.saturating_add(multiple)).unsigned_abs();
    Ppm::ratio_rounded_down(share(multiple), share(cap))
}

/// `stake / stake_min` in Q32.32, as large as that goes; a debt counts as nothing.
fn compute_multiple(stake: Spon, stake_min: Spon) -> u64 {
    let (mut part, mut whole) = (stake.base().max(0), stake_min.base());
    // All the tokens there are need 90 bits; beyond 95, bits that no score shows give room.
    while part >> 95 != 0 && whole > 1 {
        (part, whole) = (part >> 1, whole >> 1);
    }
    let multiple = part.checked_mul(1 << 32).map_or(i128::MAX, |scaled| scaled / whole);
    u64::try_from(multiple).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_every_factor_hold() {
        assert_eq!(region(Span::ZERO), Ppm::ONE);
        assert_eq!(region(RTT_FREE), Ppm::ONE);
        assert!(region(Span::from_nanos(u64::MAX)) < Ppm(10));
        assert_eq!(price(GpuHourPrice::from_nanos(0), GpuHourPrice::from_nanos(7)), Ppm::ONE);
        assert_eq!(price(GpuHourPrice::from_nanos(7), GpuHourPrice::from_nanos(7)), Ppm::ZERO);
        assert_eq!(price(GpuHourPrice::from_nanos(0), GpuHourPrice::from_nanos(0)), Ppm::ZERO);
        assert_eq!(uptime(UPTIME_NONE), Ppm::ZERO);
        assert_eq!(uptime(UPTIME_FULL), Ppm::ONE);
        assert_eq!(uptime(Ppm::ONE), Ppm::ONE);
        assert!(reputation(u64::MAX, u64::MAX) <= Ppm::ONE);
        assert_eq!(availability(GpuCount(0), GpuCount(0), GpuCount(3)), Ppm::ZERO);
        assert_eq!(slash(0), Ppm::ONE);
        assert_eq!(slash(1), Ppm(707_106));
        assert_eq!(slash(u32::MAX), Ppm::ZERO);
    }

    #[test]
    fn stake_beyond_any_supply_is_still_scored() {
        let (most, half) = (Spon::from_base(i128::MAX), Spon::from_base(i128::MAX / 2));
        assert_eq!(stake(most, Spon::from_base(1), u32::MAX), Ppm::ONE);
        assert_eq!(stake(half, most, 1), stake(Spon::from_base(1), Spon::from_base(2), 1));
        assert_eq!(stake(Spon::from_base(-5), Spon::from_base(1), 50), Ppm::ZERO);
        assert_eq!(stake(Spon::ZERO, Spon::ZERO, 50), Ppm::ONE);
    }
}
