//! Numbers for people. What has no value is a dash.

/// `write(value)`, or a dash when there is none.
pub fn or_dash(value: Option<f64>, write: impl Fn(f64) -> String) -> String {
    value.filter(|value| value.is_finite()).map_or_else(|| "-".to_string(), write)
}

/// A count with separators: `1,234,567`.
pub fn count(value: u64) -> String {
    grouped(&value.to_string())
}

/// A number with `places` digits behind the point and separators before it: `-1,234.50`.
///
/// ```
/// assert_eq!(metrics::number(-1234.5, 2), "-1,234.50");
/// assert_eq!(metrics::number(-0.001, 2), "0.00");
/// ```
pub fn number(value: f64, places: usize) -> String {
    let text = format!("{:.places$}", value.abs());
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let is_zero = !text.bytes().any(|digit| (b'1'..=b'9').contains(&digit));
    let sign = if value < 0.0 && !is_zero { "-" } else { "" };
    format!("{sign}{}{rest}", grouped(whole))
}

/// A share as per cent: `47.1 %`.
pub fn percent(share: Option<f64>) -> String {
    or_dash(share, |share| format!("{} %", number(share * 100.0, 1)))
}

/// Dollars to the cent; whole dollars from a thousand on.
pub fn usd(value: Option<f64>) -> String {
    or_dash(value, |value| number(value, if value.abs() >= 1000.0 { 0 } else { 2 }))
}

/// Hours: one digit behind the point below a thousand, none above.
pub fn hours(value: Option<f64>) -> String {
    or_dash(value, |value| number(value, if value.abs() >= 1000.0 { 0 } else { 1 }))
}

/// Milliseconds in the unit that reads best: `850 ms`, `1.24 s`, `3.2 min`.
pub fn millis(value: Option<f64>) -> String {
    or_dash(value, |value| match value.abs() {
        size if size < 999.5 => format!("{} ms", number(value, 0)),
        size if size < 119_950.0 => {
            format!("{} s", number(value / 1e3, if size < 9_995.0 { 2 } else { 1 }))
        }
        size if size < 7_190_000.0 => format!("{} min", number(value / 6e4, 1)),
        _ => format!("{} h", number(value / 3.6e6, 1)),
    })
}

/// Digits in groups of three.
fn grouped(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() * 4 / 3 + 1);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_grouped_by_three() {
        let texts: Vec<_> = [0, 999, 1000, 1_234_567].map(count).into();
        assert_eq!(texts, ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn spans_take_the_unit_that_reads_best() {
        let texts: Vec<_> =
            [0.0, 850.4, 1240.0, 75_000.0, 192_000.0, 9e6].map(|value| millis(Some(value))).into();
        assert_eq!(texts, ["0 ms", "850 ms", "1.24 s", "75.0 s", "3.2 min", "2.5 h"]);
    }

    #[test]
    fn nothing_is_a_dash() {
        assert_eq!(percent(None), "-");
        assert_eq!(usd(Some(f64::NAN)), "-");
        assert_eq!(percent(Some(0.4712)), "47.1 %");
        assert_eq!(usd(Some(-12.345)), "-12.35");
        assert_eq!(usd(Some(12_345.6)), "12,346");
    }
}
