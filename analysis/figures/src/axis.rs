//! What charts share: grids, titles of axes, legends.

use crate::canvas::{Align, Canvas};
use crate::number::Format;
use crate::scale::Scale;
use crate::style::{AXIS, GRID, INK, LABEL, MARGIN, TITLE, WIDTH, text_width};
use plotters::style::RGBColor;

/// Height of a row of a legend, pixels.
const LEGEND_ROW: f64 = 20.0;
/// Side of the coloured square of a legend entry.
const SWATCH: f64 = 11.0;

/// Vertical grid lines with labels below, between `top` and `bottom`, and the title under them.
pub(crate) fn value_axis(
    canvas: &Canvas,
    scale: &Scale,
    (top, bottom): (f64, f64),
    format: Format,
    title: &str,
) {
    for tick in &scale.ticks {
        let x = scale.at(*tick);
        let is_zero = tick.abs() < 1e-12;
        canvas.line(&[(x, top), (x, bottom)], if is_zero { AXIS } else { GRID }, 1.0);
        canvas.muted((x, bottom + 12.0), Align::Centre, &format.tick(*tick, scale.step));
    }
    let ends = (scale.ticks.first(), scale.ticks.last());
    let (Some(first), Some(last)) = ends else { return };
    let middle = (scale.at(*first) + scale.at(*last)) / 2.0;
    // A long title would leave the sheet when it is centred under a short axis.
    let half = text_width(title, TITLE) / 2.0;
    let x = middle.min(WIDTH - MARGIN - half).max(MARGIN + half);
    canvas.text((x, bottom + 32.0), Align::Centre, title, TITLE, INK);
}

/// Space that `value_axis` needs below the plot.
pub(crate) const VALUE_AXIS_HEIGHT: f64 = 46.0;

/// Rows of entries, as many in a row as fit.
pub(crate) fn legend(canvas: &Canvas, left: f64, top: f64, entries: &[(String, RGBColor)]) {
    for ((name, colour), (x, y)) in entries.iter().zip(places(left, entries)) {
        let middle = top + y + LEGEND_ROW / 2.0;
        canvas.rect((x, middle - SWATCH / 2.0), (x + SWATCH, middle + SWATCH / 2.0), *colour);
        canvas.label((x + SWATCH + 6.0, middle), Align::Left, name);
    }
}

/// The height that a legend will use.
pub(crate) fn legend_height(left: f64, entries: &[(String, RGBColor)]) -> f64 {
    places(left, entries).last().map_or(0.0, |(_, y)| y + LEGEND_ROW)
}

/// Where each entry begins.
fn places(left: f64, entries: &[(String, RGBColor)]) -> Vec<(f64, f64)> {
    let (mut x, mut y) = (left, 0.0);
    let mut places = Vec::with_capacity(entries.len());
    for (name, _) in entries {
        let width = SWATCH + 6.0 + text_width(name, LABEL);
        if x > left && x + width > WIDTH - MARGIN {
            (x, y) = (left, y + LEGEND_ROW);
        }
        places.push((x, y));
        x += width + 16.0;
    }
    places
}

/// The width that the longest of some labels needs.
pub(crate) fn widest<'a>(labels: impl Iterator<Item = &'a str>) -> f64 {
    labels.map(|label| text_width(label, LABEL)).fold(0.0, f64::max)
}
