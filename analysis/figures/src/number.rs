//! Numbers on axes and beside bars.

/// How the numbers of an axis are written. The unit stands in the title of the axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Plain, with `k` and `M` for thousands and millions.
    Number,
    /// A share as per cent.
    Percent,
}

impl Format {
    /// A tick; `step` is the distance to the next and decides the digits.
    pub(crate) fn tick(self, value: f64, step: f64) -> String {
        match self {
            Format::Percent => format!("{} %", rounded(value * 100.0, places(step * 100.0))),
            Format::Number => {
                let (size, suffix) = magnitude(value.abs());
                format!("{}{suffix}", rounded(value / size, places(step / size)))
            }
        }
    }

    /// A value beside a bar, to about three digits.
    pub(crate) fn value(self, value: f64) -> String {
        match self {
            Format::Percent => format!("{} %", rounded(value * 100.0, 1)),
            Format::Number => {
                let (size, suffix) = magnitude(value.abs());
                let scaled = value / size;
                let is_whole = suffix.is_empty() && (scaled - scaled.round()).abs() < 1e-9;
                let digits = match scaled.abs() {
                    _ if is_whole => 0,
                    small if small < 9.995 => 2,
                    medium if medium < 99.95 => 1,
                    _ => 0,
                };
                format!("{}{suffix}", rounded(scaled, digits))
            }
        }
    }
}

/// What a value is divided by, and the sign for it. Up to 9,999 numbers stay as they are.
fn magnitude(size: f64) -> (f64, &'static str) {
    match size {
        _ if size >= 999_500.0 => (1e6, " M"),
        _ if size >= 9_999.5 => (1e3, " k"),
        _ => (1.0, ""),
    }
}

/// Digits behind the point that tell ticks of this step apart.
fn places(step: f64) -> usize {
    let mut places = 0;
    let mut scaled = step.abs();
    while places < 4 && (scaled - scaled.round()).abs() > 1e-6 {
        scaled *= 10.0;
        places += 1;
    }
    places
}

/// The number with so many digits behind the point and a true minus sign; never minus zero.
fn rounded(value: f64, places: usize) -> String {
    let text = format!("{:.places$}", value.abs());
    let is_zero = !text.bytes().any(|digit| (b'1'..=b'9').contains(&digit));
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let sign = if value < 0.0 && !is_zero { "\u{2212}" } else { "" };
    // Numbers beyond 9,999 have become thousands, so there is at most one separator.
    match whole.split_at_checked(whole.len().saturating_sub(3)) {
        Some((thousands, last)) if !thousands.is_empty() => {
            format!("{sign}{thousands},{last}{rest}")
        }
        _ => format!("{sign}{text}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_have_the_digits_of_their_step() {
        assert_eq!(Format::Percent.tick(0.4, 0.2), "40 %");
        assert_eq!(Format::Percent.tick(0.025, 0.025), "2.5 %");
        assert_eq!(Format::Number.tick(-0.5, 0.25), "\u{2212}0.50");
        assert_eq!(Format::Number.tick(40_000.0, 20_000.0), "40 k");
        assert_eq!(Format::Number.tick(1_500_000.0, 500_000.0), "1.5 M");
        assert_eq!(Format::Number.tick(0.0, 5.0), "0");
    }

    #[test]
    fn values_keep_about_three_digits() {
        let texts = [3.0, 0.4249, 12.34, 512.3, 9_999.0, 12_345.0, 3_141_592.0, -0.001]
            .map(|value| Format::Number.value(value));
        assert_eq!(texts, ["3", "0.42", "12.3", "512", "9,999", "12.3 k", "3.14 M", "0.00"]);
        assert_eq!(Format::Percent.value(0.4712), "47.1 %");
    }
}
