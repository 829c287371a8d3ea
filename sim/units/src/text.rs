//! Quantities as people write them: a number and its unit, `"250 ms"`, `"0.175 USD/GPU-h"`.
//!
//! Parsing is exact: decimal digits become integers without passing through a float. Whoever
//! reads a scenario gets a typed error that names the remedy.

use crate::{
    BasisPoints, GpuHourPrice, KwhPrice, Ppm, SimTime, Span, Spon, TokenPrice, Usd, Watts,
};
use std::fmt;

/// Why a text is not a quantity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextError {
    /// There is no number in front, or it is malformed.
    NotANumber,
    /// The unit is missing or not one of those listed.
    Unit {
        /// The units that would be understood.
        known: &'static str,
    },
    /// The quantity is below zero.
    Negative,
    /// The quantity is larger than any run could use.
    TooLarge,
    /// More digits behind the point than the smallest unit can hold.
    TooFine,
}

impl fmt::Display for TextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TextError::NotANumber => {
                write!(f, "does not start with a number; write a number and a unit")
            }
            TextError::Unit { known } => {
                write!(f, "has an unknown or missing unit; use one of: {known}")
            }
            TextError::Negative => write!(f, "is below zero; write a quantity of zero or more"),
            TextError::TooLarge => write!(f, "is too large; write a smaller quantity"),
            TextError::TooFine => write!(f, "has more digits than can be counted; shorten it"),
        }
    }
}

impl std::error::Error for TextError {}

/// A table of units: the text of each and how many of the smallest it is.
type Units = &'static [(&'static str, u128)];

/// Reads `"<decimal> <unit>"` into a count of the smallest unit.
fn parse(text: &str, units: Units, known: &'static str) -> Result<u128, TextError> {
    let text = text.trim();
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '_' | '-' | '+')))
        .unwrap_or(text.len());
    let (number, unit) = (&text[..end], text[end..].trim());
    let scale = units.iter().find(|(name, _)| *name == unit).map(|(_, scale)| *scale);
    if number.is_empty() {
        return Err(TextError::NotANumber);
    }
    let scale = scale.ok_or(TextError::Unit { known })?;
    scaled(number, scale)
}

/// `number * scale`, exactly.
fn scaled(number: &str, scale: u128) -> Result<u128, TextError> {
    let digits = number.replace('_', "");
    let digits = digits.strip_prefix('+').unwrap_or(&digits);
    if let Some(rest) = digits.strip_prefix('-') {
        return match scaled(rest, scale) {
            Ok(0) => Ok(0),
            Ok(_) | Err(TextError::TooLarge | TextError::TooFine) => Err(TextError::Negative),
            Err(other) => Err(other),
        };
    }
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all = format!("{whole}{fraction}");
    if all.is_empty() || !all.bytes().all(|b| b.is_ascii_digit()) {
        return Err(TextError::NotANumber);
    }
    let value: u128 = all.parse().map_err(|_| TextError::TooLarge)?;
    let places = u32::try_from(fraction.len()).map_err(|_| TextError::TooFine)?;
    let divisor = 10u128.checked_pow(places).ok_or(TextError::TooFine)?;
    let product = value.checked_mul(scale).ok_or(TextError::TooLarge)?;
    if product % divisor != 0 { Err(TextError::TooFine) } else { Ok(product / divisor) }
}

const NANO: u128 = 1_000_000_000;

/// Reads a span: `"250 ms"`, `"6 h"`, `"30 d"`.
///
/// ```
/// # use units::{text, Span};
/// assert_eq!(text::parse_span("1.5 h"), Ok(Span::from_secs(5400)));
/// assert!(text::parse_span("5 parsecs").is_err());
/// ```
pub fn parse_span(text: &str) -> Result<Span, TextError> {
    const UNITS: Units = &[
        ("ns", 1),
        ("us", 1_000),
        ("ms", 1_000_000),
        ("s", NANO),
        ("min", 60 * NANO),
        ("h", 3_600 * NANO),
        ("d", 86_400 * NANO),
    ];
    let nanos = parse(text, UNITS, "ns, us, ms, s, min, h, d")?;
    // A century is longer than any run and short enough that sums of spans never overflow.
    let century = 36_525 * u128::from(Span::DAY.nanos());
    if nanos > century {
        return Err(TextError::TooLarge);
    }
    Ok(Span::from_nanos(u64::try_from(nanos).map_err(|_| TextError::TooLarge)?))
}

/// Reads dollars: `"10 USD"`.
pub fn parse_usd(text: &str) -> Result<Usd, TextError> {
    let nanos = parse(text, &[("USD", NANO)], "USD")?;
    Ok(Usd::from_nanos(i64::try_from(nanos).map_err(|_| TextError::TooLarge)?))
}

/// Reads tokens: `"164271 SPON"`.
pub fn parse_spon(text: &str) -> Result<Spon, TextError> {
    let base = parse(text, &[("SPON", NANO * NANO)], "SPON")?;
    // More than 10^12 tokens would be a thousand times the supply.
    if base > 1_000_000_000_000 * NANO * NANO {
        Err(TextError::TooLarge)
    } else {
        Ok(Spon::from_base(base as i128))
    }
}

/// Reads a price: `"0.175 USD/GPU-h"`.
pub fn parse_gpu_hour_price(text: &str) -> Result<GpuHourPrice, TextError> {
    below(parse(text, &[("USD/GPU-h", NANO)], "USD/GPU-h")?, 1_000_000 * NANO)
        .map(GpuHourPrice::from_nanos)
}

/// Reads a tariff: `"0.155 USD/kWh"`.
pub fn parse_kwh_price(text: &str) -> Result<KwhPrice, TextError> {
    below(parse(text, &[("USD/kWh", NANO)], "USD/kWh")?, 1_000 * NANO).map(KwhPrice::from_nanos)
}

/// Reads a token price: `"0.03 USD/SPON"`.
pub fn parse_token_price(text: &str) -> Result<TokenPrice, TextError> {
    below(parse(text, &[("USD/SPON", NANO)], "USD/SPON")?, 1_000_000 * NANO)
        .map(TokenPrice::from_nanos)
}

/// Reads what a unit of gas costs, `"0.02 gwei"` or `"7 wei"`, in wei: 10^-18 of a coin.
///
/// ```
/// # use units::text;
/// assert_eq!(text::parse_wei("0.02 gwei"), Ok(20_000_000));
/// assert!(text::parse_wei("0.5 wei").is_err());
/// ```
pub fn parse_wei(text: &str) -> Result<u128, TextError> {
    // More than a coin for a unit of gas would be more than any call is worth.
    below(parse(text, &[("gwei", NANO), ("wei", 1)], "gwei, wei")?, NANO * NANO).map(u128::from)
}

/// Reads power: `"450 W"`.
pub fn parse_watts(text: &str) -> Result<Watts, TextError> {
    let watts = below(parse(text, &[("W", 1), ("kW", 1000)], "W, kW")?, 1_000_000)?;
    Ok(Watts(u32::try_from(watts).map_err(|_| TextError::TooLarge)?))
}

/// Reads what a line carries: `"50 Mbps"`, `"1 Gbps"`.
pub fn parse_bits_per_second(text: &str) -> Result<u64, TextError> {
    const UNITS: &[(&str, u128)] = &[("Mbps", 1_000_000), ("Gbps", NANO)];
    below(parse(text, UNITS, "Mbps, Gbps")?, 1_000_000 * NANO)
}

/// Reads memory in GiB: `"8 GiB"`, `"0.5 GiB"`, in bytes.
pub fn parse_bytes(text: &str) -> Result<u64, TextError> {
    below(parse(text, &[("GiB", 1 << 30), ("MiB", 1 << 20)], "GiB, MiB")?, 1 << 50)
}

/// Reads a share of at most the whole as basis points: `"20 %"`, `"6667 bp"`.
pub fn parse_basis_points(text: &str) -> Result<BasisPoints, TextError> {
    let points = below(parse(text, &[("%", 100), ("bp", 1)], "%, bp")?, 10_000)?;
    Ok(BasisPoints(u32::try_from(points).map_err(|_| TextError::TooLarge)?))
}

/// Reads a share of at most the whole as millionths: `"95 %"`, `"99.5 %"`.
pub fn parse_ppm(text: &str) -> Result<Ppm, TextError> {
    let millionths = below(parse(text, &[("%", 10_000), ("ppm", 1)], "%, ppm")?, 1_000_000)?;
    Ok(Ppm(u32::try_from(millionths).map_err(|_| TextError::TooLarge)?))
}

fn below(value: u128, limit: u128) -> Result<u64, TextError> {
    if value > limit {
        return Err(TextError::TooLarge);
    }
    u64::try_from(value).map_err(|_| TextError::TooLarge)
}

/// Writes a span with the largest unit that keeps it short: `2 d`, `6.5 h`, `250 ms`.
pub fn span(value: Span) -> String {
    let nanos = value.nanos() as f64;
    let (unit, size) = match value.nanos() {
        0 => return "0 s".to_string(),
        n if n >= 2 * Span::DAY.nanos() => ("d", 86_400e9),
        n if n >= 2 * Span::HOUR.nanos() => ("h", 3_600e9),
        n if n >= 120 * Span::SECOND.nanos() => ("min", 60e9),
        n if n >= Span::SECOND.nanos() => ("s", 1e9),
        _ => ("ms", 1e6),
    };
    format!("{} {unit}", trimmed(nanos / size))
}

/// Writes a moment as day and time of day: `day 3 14:05`.
pub fn moment(value: SimTime) -> String {
    let minutes = value.nanos() / 60_000_000_000;
    format!("day {} {:02}:{:02}", minutes / 1440, minutes / 60 % 24, minutes % 60)
}

/// Up to two digits behind the point, none when they are zero.
fn trimmed(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_texts_are_read_exactly() {
        assert_eq!(
            parse_gpu_hour_price("0.175 USD/GPU-h").map(GpuHourPrice::nanos),
            Ok(175_000_000)
        );
        assert_eq!(parse_basis_points("66.67 %"), Ok(BasisPoints(6667)));
        assert_eq!(parse_ppm("99.5 %"), Ok(Ppm(995_000)));
        assert_eq!(parse_spon("164_271 SPON").map(|s| s.as_f64()), Ok(164_271.0));
        assert_eq!(parse_watts("0.45 kW"), Ok(Watts(450)));
        assert_eq!(parse_bits_per_second("1.5 Gbps"), Ok(1_500_000_000));
        assert_eq!(parse_bytes("0.5 GiB"), Ok(1 << 29));
    }

    #[test]
    fn bad_texts_say_what_is_wrong() {
        assert_eq!(parse_span("-5 d"), Err(TextError::Negative));
        assert!(matches!(parse_span("5 parsecs"), Err(TextError::Unit { .. })));
        assert!(matches!(parse_span("5"), Err(TextError::Unit { .. })));
        assert_eq!(parse_span("99999999999999999999 d"), Err(TextError::TooLarge));
        assert_eq!(parse_span(&format!("{} d", "9".repeat(60))), Err(TextError::TooLarge));
        assert_eq!(parse_span("h"), Err(TextError::NotANumber));
        assert_eq!(parse_span("1.2.3 h"), Err(TextError::NotANumber));
        assert_eq!(parse_span("0.1 ns"), Err(TextError::TooFine));
        assert_eq!(parse_span(""), Err(TextError::NotANumber));
        assert_eq!(parse_basis_points("101 %"), Err(TextError::TooLarge));
        assert_eq!(parse_span("-0 d"), Ok(Span::ZERO));
    }

    #[test]
    fn spans_are_written_short() {
        assert_eq!(span(Span::from_millis(250)), "250 ms");
        assert_eq!(span(Span::from_hours(48)), "2 d");
        assert_eq!(span(Span::from_secs(5400)), "90 min");
        assert_eq!(
            moment(SimTime::from_nanos(3 * 86_400_000_000_000 + 50_700_000_000_000)),
            "day 3 14:05"
        );
    }
}
