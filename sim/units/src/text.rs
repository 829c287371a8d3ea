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
    /// The number has an exponent.
    Exponent,
    /// The quantity is larger than any run could use.
    TooLarge {
        /// The largest that is read.
        most: &'static str,
    },
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
            TextError::Exponent => write!(f, "has an exponent; write all digits of the number"),
            TextError::TooLarge { most } => write!(f, "is too large; write at most {most}"),
            TextError::TooFine => write!(f, "has more digits than can be counted; shorten it"),
        }
    }
}

impl std::error::Error for TextError {}

/// How a kind of quantity is written.
struct Form {
    /// The text of each unit and how many of the smallest it is.
    units: &'static [(&'static str, u128)],
    /// The units, for messages.
    known: &'static str,
    /// The largest that is read, in the smallest unit.
    limit: u128,
    /// The same as one may write it.
    most: &'static str,
}

/// Reads `"<decimal> <unit>"` into a count of the smallest unit.
fn parse(text: &str, form: &Form) -> Result<u128, TextError> {
    let text = text.trim();
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '_' | '-' | '+')))
        .unwrap_or(text.len());
    let (number, unit) = (&text[..end], text[end..].trim());
    let scale = form.units.iter().find(|(name, _)| *name == unit).map(|(_, scale)| *scale);
    if number.is_empty() {
        return Err(TextError::NotANumber);
    }
    let scale = scale.ok_or_else(|| {
        let rest = text[end..].strip_prefix(['e', 'E']);
        let is_exponent = rest.is_some_and(|rest| {
            rest.trim_start_matches(['+', '-']).starts_with(|c: char| c.is_ascii_digit())
        });
        if is_exponent { TextError::Exponent } else { TextError::Unit { known: form.known } }
    })?;
    let too_large = TextError::TooLarge { most: form.most };
    match scaled(number, scale) {
        Err(TextError::TooLarge { .. }) => Err(too_large),
        Ok(value) if value > form.limit => Err(too_large),
        other => other,
    }
}

/// The same for quantities that 64 bits hold.
fn parse_u64(text: &str, form: &Form) -> Result<u64, TextError> {
    let value = parse(text, form)?;
    u64::try_from(value).map_err(|_| TextError::TooLarge { most: form.most })
}

/// `number * scale`, exactly.
fn scaled(number: &str, scale: u128) -> Result<u128, TextError> {
    let digits = number.replace('_', "");
    let digits = digits.strip_prefix('+').unwrap_or(&digits);
    if let Some(rest) = digits.strip_prefix('-') {
        return match scaled(rest, scale) {
            Ok(0) => Ok(0),
            Ok(_) | Err(TextError::TooLarge { .. } | TextError::TooFine) => {
                Err(TextError::Negative)
            }
            Err(other) => Err(other),
        };
    }
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all = format!("{whole}{fraction}");
    if all.is_empty() || !all.bytes().all(|b| b.is_ascii_digit()) {
        return Err(TextError::NotANumber);
    }
    let too_large = TextError::TooLarge { most: "" }; // The caller knows how much.
    let value: u128 = all.parse().map_err(|_| too_large.clone())?;
    let places = u32::try_from(fraction.len()).map_err(|_| TextError::TooFine)?;
    let divisor = 10u128.checked_pow(places).ok_or(TextError::TooFine)?;
    let product = value.checked_mul(scale).ok_or(too_large)?;
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
    /// A century is longer than any run and short enough that sums of spans never overflow.
    const FORM: Form = Form {
        units: &[
            ("ns", 1),
            ("us", 1_000),
            ("ms", 1_000_000),
            ("s", NANO),
            ("min", 60 * NANO),
            ("h", 3_600 * NANO),
            ("d", 86_400 * NANO),
        ],
        known: "ns, us, ms, s, min, h, d",
        limit: 36_525 * 86_400 * NANO,
        most: "36525 d",
    };
    parse_u64(text, &FORM).map(Span::from_nanos)
}

/// Reads dollars: `"10 USD"`.
pub fn parse_usd(text: &str) -> Result<Usd, TextError> {
    const FORM: Form = Form {
        units: &[("USD", NANO)],
        known: "USD",
        limit: 9_223_372_036 * NANO,
        most: "9223372036 USD",
    };
    parse_u64(text, &FORM).map(|nanos| Usd::from_nanos(nanos as i64))
}

/// Reads tokens: `"164271 SPON"`.
pub fn parse_spon(text: &str) -> Result<Spon, TextError> {
    /// More than 10^12 tokens would be a thousand times the supply.
    const FORM: Form = Form {
        units: &[("SPON", NANO * NANO)],
        known: "SPON",
        limit: 1_000_000_000_000 * NANO * NANO,
        most: "1000000000000 SPON",
    };
    parse(text, &FORM).map(|base| Spon::from_base(base as i128))
}

/// Reads a price: `"0.175 USD/GPU-h"`.
pub fn parse_gpu_hour_price(text: &str) -> Result<GpuHourPrice, TextError> {
    const FORM: Form = Form {
        units: &[("USD/GPU-h", NANO)],
        known: "USD/GPU-h",
        limit: 1_000_000 * NANO,
        most: "1000000 USD/GPU-h",
    };
    parse_u64(text, &FORM).map(GpuHourPrice::from_nanos)
}

/// Reads a tariff: `"0.155 USD/kWh"`.
pub fn parse_kwh_price(text: &str) -> Result<KwhPrice, TextError> {
    const FORM: Form = Form {
        units: &[("USD/kWh", NANO)],
        known: "USD/kWh",
        limit: 1_000 * NANO,
        most: "1000 USD/kWh",
    };
    parse_u64(text, &FORM).map(KwhPrice::from_nanos)
}

/// Reads a token price: `"0.03 USD/SPON"`.
pub fn parse_token_price(text: &str) -> Result<TokenPrice, TextError> {
    const FORM: Form = Form {
        units: &[("USD/SPON", NANO)],
        known: "USD/SPON",
        limit: 1_000_000 * NANO,
        most: "1000000 USD/SPON",
    };
    parse_u64(text, &FORM).map(TokenPrice::from_nanos)
}

/// Reads what a unit of gas costs, `"0.02 gwei"` or `"7 wei"`, in wei: 10^-18 of a coin.
///
/// ```
/// # use units::text;
/// assert_eq!(text::parse_wei("0.02 gwei"), Ok(20_000_000));
/// assert!(text::parse_wei("0.5 wei").is_err());
/// ```
pub fn parse_wei(text: &str) -> Result<u128, TextError> {
    /// More than a coin for a unit of gas would be more than any call is worth.
    const FORM: Form = Form {
        units: &[("gwei", NANO), ("wei", 1)],
        known: "gwei, wei",
        limit: NANO * NANO,
        most: "1000000000 gwei",
    };
    parse(text, &FORM)
}

/// Reads power: `"450 W"`.
pub fn parse_watts(text: &str) -> Result<Watts, TextError> {
    const FORM: Form = Form {
        units: &[("W", 1), ("kW", 1_000)],
        known: "W, kW",
        limit: 1_000_000,
        most: "1000 kW",
    };
    parse(text, &FORM).map(|watts| Watts(watts as u32))
}

/// Reads what a line carries: `"50 Mbps"`, `"1 Gbps"`.
pub fn parse_bits_per_second(text: &str) -> Result<u64, TextError> {
    const FORM: Form = Form {
        units: &[("Mbps", 1_000_000), ("Gbps", NANO)],
        known: "Mbps, Gbps",
        limit: 1_000_000 * NANO,
        most: "1000000 Gbps",
    };
    parse_u64(text, &FORM)
}

/// Reads memory in GiB: `"8 GiB"`, `"0.5 GiB"`, in bytes.
pub fn parse_bytes(text: &str) -> Result<u64, TextError> {
    const FORM: Form = Form {
        units: &[("GiB", 1 << 30), ("MiB", 1 << 20)],
        known: "GiB, MiB",
        limit: 1 << 50,
        most: "1048576 GiB",
    };
    parse_u64(text, &FORM)
}

/// Reads a share of at most the whole as basis points: `"20 %"`, `"6667 bp"`.
pub fn parse_basis_points(text: &str) -> Result<BasisPoints, TextError> {
    const FORM: Form =
        Form { units: &[("%", 100), ("bp", 1)], known: "%, bp", limit: 10_000, most: "100 %" };
    parse(text, &FORM).map(|points| BasisPoints(points as u32))
}

/// Reads a share of at most the whole as millionths: `"95 %"`, `"99.5 %"`.
pub fn parse_ppm(text: &str) -> Result<Ppm, TextError> {
    const FORM: Form = Form {
        units: &[("%", 10_000), ("ppm", 1)],
        known: "%, ppm",
        limit: 1_000_000,
        most: "100 %",
    };
    parse(text, &FORM).map(|millionths| Ppm(millionths as u32))
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
        let too_large = || TextError::TooLarge { most: "36525 d" };
        assert_eq!(parse_span("99999999999999999999 d"), Err(too_large()));
        assert_eq!(parse_span(&format!("{} d", "9".repeat(60))), Err(too_large()));
        assert_eq!(parse_span("1e9 s"), Err(TextError::Exponent));
        assert_eq!(parse_span("1E-3s"), Err(TextError::Exponent));
        assert!(matches!(parse_span("1 e9"), Err(TextError::Unit { .. })));
        assert_eq!(parse_span("h"), Err(TextError::NotANumber));
        assert_eq!(parse_span("1.2.3 h"), Err(TextError::NotANumber));
        assert_eq!(parse_span("0.1 ns"), Err(TextError::TooFine));
        assert_eq!(parse_span(""), Err(TextError::NotANumber));
        assert_eq!(parse_basis_points("101 %"), Err(TextError::TooLarge { most: "100 %" }));
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
