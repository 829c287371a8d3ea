//! Values as they leave the crate: billionths of a unit.

/// Billionths in a unit.
pub const NANOS: f64 = 1e9;

/// `value` in billionths, rounded, at least one and at most what 64 bits hold.
pub fn round_nanos(value: f64) -> u64 {
    ((value * NANOS + 0.5) as u64).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_rounded_and_never_vanish_or_wrap() {
        let values = [0.03, 1.4e-9, 1.6e-9, 0.0, f64::INFINITY];
        assert_eq!(values.map(round_nanos), [30_000_000, 1, 2, 1, u64::MAX]);
    }
}
