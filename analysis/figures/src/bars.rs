//! Horizontal bars: alone, side by side, or one after the other.

use crate::axis::{VALUE_AXIS_HEIGHT, legend, legend_height, value_axis, widest};
use crate::canvas::{Align, Canvas, draw, draw_nothing};
use crate::number::Format;
use crate::scale::Scale;
use crate::style::{INK, LABEL, MARGIN, WIDTH, colour, is_dark, shortened, text_width};
use plotters::style::{RGBColor, WHITE};

/// Height of a bar, pixels.
const BAR: f64 = 15.0;
/// Space between groups of bars.
const GAP: f64 = 11.0;

/// How the bars of a group stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrangement {
    /// Under one another, each from zero.
    Grouped,
    /// One after the other: parts of a whole.
    Stacked,
}

/// One colour of bars: a value per group, none where there is no bar.
#[derive(Clone, Debug, Default)]
pub struct BarSeries {
    /// The name in the legend.
    pub name: String,
    /// Values from zero up, in the order of the groups.
    pub values: Vec<Option<f64>>,
}

/// Horizontal bars; a single series has no legend.
#[derive(Clone, Debug)]
pub struct BarChart {
    /// Title of the value axis, with unit.
    pub value_title: String,
    /// How values are written.
    pub format: Format,
    /// How the bars of a group stand.
    pub arrangement: Arrangement,
    /// Names of the groups, from the top.
    pub groups: Vec<String>,
    /// The colours.
    pub series: Vec<BarSeries>,
}

impl BarChart {
    /// A chart of one series: names and values from the top.
    pub fn simple(
        value_title: &str,
        format: Format,
        rows: impl IntoIterator<Item = (String, Option<f64>)>,
    ) -> BarChart {
        let (groups, values) = rows.into_iter().unzip();
        let series = vec![BarSeries { name: String::new(), values }];
        let value_title = value_title.to_string();
        BarChart { value_title, format, arrangement: Arrangement::Grouped, groups, series }
    }

    /// The figure as SVG.
    ///
    /// # Panics
    /// When a value is negative, or a series has another length than the groups.
    pub fn svg(&self) -> String {
        for series in &self.series {
            assert_eq!(series.values.len(), self.groups.len(), "a value per group");
            let is_good = |value: &f64| value.is_finite() && *value >= 0.0;
            assert!(series.values.iter().flatten().all(is_good), "bars start at zero and go up");
        }
        if self.series.iter().all(|series| series.values.iter().all(Option::is_none)) {
            return draw_nothing(&self.value_title);
        }
        self.draw()
    }

    fn draw(&self) -> String {
        let names: Vec<_> = self.groups.iter().map(|name| shortened(name, 34)).collect();
        let left = MARGIN + widest(names.iter().map(String::as_str)) + 12.0;
        let entries = self.entries();
        let top = MARGIN + legend_height(left, &entries) + 6.0;
        let pitch = self.group_height() + GAP;
        let bottom = top + pitch * self.groups.len() as f64;
        let right = WIDTH - MARGIN - 62.0;
        let scale = Scale::linear((0.0, self.greatest()), (left, right), 6);
        draw(bottom + VALUE_AXIS_HEIGHT, &self.value_title, |canvas| {
            legend(canvas, left, MARGIN, &entries);
            value_axis(canvas, &scale, (top, bottom), self.format, &self.value_title);
            for (group, name) in names.iter().enumerate() {
                let y = top + pitch * group as f64 + GAP / 2.0;
                let middle = y + self.group_height() / 2.0;
                canvas.label((left - 8.0, middle), Align::Right, name);
                match self.arrangement {
                    Arrangement::Grouped => self.draw_grouped(canvas, &scale, group, y),
                    Arrangement::Stacked => self.draw_stacked(canvas, &scale, group, y),
                }
            }
        })
    }

    fn entries(&self) -> Vec<(String, RGBColor)> {
        if self.series.len() < 2 {
            return Vec::new();
        }
        let entry = |(place, series): (usize, &BarSeries)| (series.name.clone(), colour(place));
        self.series.iter().enumerate().map(entry).collect()
    }

    fn group_height(&self) -> f64 {
        match self.arrangement {
            Arrangement::Grouped => BAR * self.series.len() as f64,
            Arrangement::Stacked => BAR * 1.5,
        }
    }

    /// The longest bar, all its parts together.
    fn greatest(&self) -> f64 {
        let of_group = |group: usize| {
            let values = self.series.iter().filter_map(move |series| series.values[group]);
            match self.arrangement {
                Arrangement::Grouped => values.fold(0.0, f64::max),
                Arrangement::Stacked => values.sum(),
            }
        };
        (0..self.groups.len()).map(of_group).fold(0.0, f64::max)
    }

    fn draw_grouped(&self, canvas: &Canvas, scale: &Scale, group: usize, top: f64) {
        for (place, series) in self.series.iter().enumerate() {
            let y = top + BAR * place as f64;
            let value = series.values[group];
            let end = scale.at(value.unwrap_or(0.0));
            canvas.rect((scale.at(0.0), y + 1.0), (end, y + BAR - 1.0), colour(place));
            let text = value.map_or_else(|| "-".to_string(), |value| self.format.value(value));
            canvas.label((end + 6.0, y + BAR / 2.0), Align::Left, &text);
        }
    }

    fn draw_stacked(&self, canvas: &Canvas, scale: &Scale, group: usize, top: f64) {
        let (bottom, mut total) = (top + self.group_height(), 0.0);
        for (place, series) in self.series.iter().enumerate() {
            let Some(value) = series.values[group] else { continue };
            let (from, to) = (scale.at(total), scale.at(total + value));
            canvas.rect((from, top), (to, bottom), colour(place));
            let text = self.format.value(value);
            if text_width(&text, LABEL) + 8.0 < to - from {
                let ink = if is_dark(colour(place)) { WHITE } else { INK };
                let middle = ((from + to) / 2.0, (top + bottom) / 2.0);
                canvas.text(middle, Align::Centre, &text, LABEL, ink);
            }
            total += value;
        }
        let at = (scale.at(total) + 6.0, (top + bottom) / 2.0);
        canvas.label(at, Align::Left, &self.format.value(total));
    }
}
