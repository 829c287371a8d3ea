//! Intervals with their middle, one row per thing.

use crate::axis::{VALUE_AXIS_HEIGHT, legend, legend_height, value_axis, widest};
use crate::canvas::{Align, Canvas, draw, draw_nothing};
use crate::number::Format;
use crate::scale::{Scale, Spacing};
use crate::style::{INK, LOSS, MARGIN, WIDTH, colour, shortened};
use plotters::style::RGBColor;

/// Height of a row, pixels.
const ROW: f64 = 27.0;
/// Below zero, pale.
const LOSS_PALE: RGBColor = RGBColor(0xf0, 0xc3, 0x9c);
/// From zero up, pale.
const GAIN_PALE: RGBColor = RGBColor(0xa6, 0xcd, 0xe4);

/// One row: what lies between `low` and `high`, with its middle.
#[derive(Clone, Debug, Default)]
pub struct IntervalRow {
    /// What it is about.
    pub name: String,
    /// The lower end.
    pub low: f64,
    /// The middle, such as a median.
    pub middle: f64,
    /// The upper end.
    pub high: f64,
}

/// Horizontal intervals around zero; what lies below zero has another colour.
#[derive(Clone, Debug)]
pub struct IntervalChart {
    /// Title of the value axis, with unit.
    pub value_title: String,
    /// How values are written.
    pub format: Format,
    /// How the axis spaces them.
    pub spacing: Spacing,
    /// What an interval is, such as `10 % to 90 % of GPU-days`.
    pub interval_name: String,
    /// What the middle is, such as `median`.
    pub middle_name: String,
    /// The rows, from the top.
    pub rows: Vec<IntervalRow>,
}

impl IntervalChart {
    /// The figure as SVG.
    pub fn svg(&self) -> String {
        if self.rows.is_empty() {
            return draw_nothing(&self.value_title);
        }
        let names: Vec<_> = self.rows.iter().map(|row| shortened(&row.name, 28)).collect();
        let labels: Vec<_> = self.rows.iter().map(|row| self.format.value(row.middle)).collect();
        let left = MARGIN + widest(names.iter().map(String::as_str)) + 12.0;
        let right = WIDTH - MARGIN - widest(labels.iter().map(String::as_str)) - 12.0;
        let low = self.rows.iter().map(|row| row.low).fold(0.0, f64::min);
        let high = self.rows.iter().map(|row| row.high).fold(0.0, f64::max);
        let scale = Scale::new(self.spacing, (low, high), (left, right));
        let entries = self.entries();
        let top = MARGIN + legend_height(left, &entries) + 8.0;
        let bottom = top + ROW * self.rows.len() as f64;
        draw(bottom + VALUE_AXIS_HEIGHT, &self.value_title, |canvas| {
            legend(canvas, left, MARGIN, &entries);
            canvas.muted((WIDTH - MARGIN, top - 6.0), Align::Right, &self.middle_name);
            value_axis(canvas, &scale, (top, bottom), self.format, &self.value_title);
            for (place, row) in self.rows.iter().enumerate() {
                let y = top + ROW * (place as f64 + 0.5);
                canvas.label((left - 8.0, y), Align::Right, &names[place]);
                canvas.label((WIDTH - MARGIN, y), Align::Right, &labels[place]);
                draw_row(canvas, &scale, row, y);
            }
        })
    }

    fn entries(&self) -> Vec<(String, RGBColor)> {
        let mut entries = vec![(self.interval_name.clone(), GAIN_PALE)];
        if self.rows.iter().any(|row| row.low < 0.0) {
            entries.push(("below zero".to_string(), LOSS_PALE));
        }
        entries.push((self.middle_name.clone(), colour(0)));
        entries
    }
}

fn draw_row(canvas: &Canvas, scale: &Scale, row: &IntervalRow, y: f64) {
    let half = ROW * 0.24;
    let bar = |from: f64, to: f64, colour: RGBColor| {
        if to > from {
            canvas.rect((scale.at(from), y - half), (scale.at(to), y + half), colour);
        }
    };
    bar(row.low, row.high.min(0.0), LOSS_PALE);
    bar(row.low.max(0.0), row.high, GAIN_PALE);
    canvas.line(&[(scale.at(0.0), y - ROW / 2.0), (scale.at(0.0), y + ROW / 2.0)], INK, 1.0);
    let ink = if row.middle < 0.0 { LOSS } else { colour(0) };
    canvas.disc((scale.at(row.middle), y), 4.5, ink);
}
