//! The house style: colours, sizes and how wide text is.

use plotters::style::RGBColor;

/// Width of every figure, pixels.
pub(crate) const WIDTH: f64 = 760.0;
/// Space around a figure, pixels.
pub(crate) const MARGIN: f64 = 14.0;
/// Size of labels, pixels.
pub(crate) const LABEL: f64 = 12.0;
/// Size of titles of axes and of legends, pixels.
pub(crate) const TITLE: f64 = 12.5;

/// Text.
pub(crate) const INK: RGBColor = RGBColor(0x22, 0x22, 0x22);
/// Text that steps back.
pub(crate) const MUTED: RGBColor = RGBColor(0x5c, 0x5c, 0x5c);
/// Grid.
pub(crate) const GRID: RGBColor = RGBColor(0xe4, 0xe4, 0xe4);
/// Lines that values start from.
pub(crate) const AXIS: RGBColor = RGBColor(0x8a, 0x8a, 0x8a);
/// Ground of time outside the figures.
pub(crate) const SHADE: RGBColor = RGBColor(0xea, 0xea, 0xea);
/// Below zero.
pub(crate) const LOSS: RGBColor = RGBColor(0xd5, 0x5e, 0x00);

/// The palette of Okabe and Ito, apart for colour-blind readers too, strongest first.
/// Source: jfly.uni-koeln.de/color (2008); its yellow is too pale on white and is left out.
const PALETTE: [RGBColor; 7] = [
    RGBColor(0x00, 0x72, 0xb2),
    RGBColor(0xe6, 0x9f, 0x00),
    RGBColor(0x00, 0x9e, 0x73),
    RGBColor(0xcc, 0x79, 0xa7),
    RGBColor(0x56, 0xb4, 0xe9),
    RGBColor(0xd5, 0x5e, 0x00),
    RGBColor(0x44, 0x44, 0x44),
];

/// The colour of the series at `place`.
pub(crate) fn colour(place: usize) -> RGBColor {
    PALETTE[place % PALETTE.len()]
}

/// A pale shade of the colour at `place`, for the ground under it.
pub(crate) fn pale(place: usize) -> RGBColor {
    let RGBColor(red, green, blue) = colour(place);
    let shade = |part: u8| (255 - (255 - u16::from(part)) / 4) as u8;
    RGBColor(shade(red), shade(green), shade(blue))
}

/// Whether text on this colour should be white.
pub(crate) fn is_dark(colour: RGBColor) -> bool {
    let RGBColor(red, green, blue) = colour;
    2 * u32::from(red) + 5 * u32::from(green) + u32::from(blue) < 8 * 128
}

/// About how wide text is in a sans-serif face, pixels; rather too much than too little.
///
/// Without a font library nothing knows the face that a viewer will take, so widths are those of
/// a wide one (DejaVu Sans).
pub(crate) fn text_width(text: &str, size: f64) -> f64 {
    let ems: f64 = text
        .chars()
        .map(|letter| match letter {
            'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | ' ' => 0.34,
            'f' | 't' | 'r' | '-' | '(' | ')' | '/' => 0.42,
            'm' | 'w' | 'M' | 'W' | '%' | '@' => 0.96,
            'A'..='Z' => 0.70,
            _ => 0.63,
        })
        .sum();
    ems * size
}

/// The text itself, or its beginning and an ellipsis when it is longer than `letters`.
pub(crate) fn shortened(text: &str, letters: usize) -> String {
    if text.chars().count() <= letters {
        return text.to_string();
    }
    text.chars().take(letters.saturating_sub(1)).chain(['\u{2026}']).collect()
}
