//! Lines over time.

use crate::axis::{legend, legend_height};
use crate::canvas::{Align, Canvas, draw, draw_nothing};
use crate::number::Format;
use crate::scale::Scale;
use crate::style::{AXIS, GRID, INK, MARGIN, SHADE, TITLE, WIDTH, colour, shortened};
use plotters::style::RGBColor;

/// Height of the plot itself, pixels.
const PLOT: f64 = 250.0;
/// Space for the labels of the value axis, left of the plot.
const LEFT: f64 = 62.0;

/// One line: a name and its points, with gaps where there is no value.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// The name in the legend.
    pub name: String,
    /// Time and value, ascending in time.
    pub points: Vec<(f64, Option<f64>)>,
}

/// A stretch of time that is set apart.
#[derive(Clone, Debug, Default)]
pub struct Shade {
    /// Where it begins.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
    /// What it is.
    pub name: String,
}

/// Lines over time since a start; both axes show zero.
#[derive(Clone, Debug)]
pub struct LineChart {
    /// Title of the time axis, with unit.
    pub time_title: String,
    /// Title of the value axis, with unit.
    pub value_title: String,
    /// How values are written.
    pub format: Format,
    /// The lines.
    pub lines: Vec<Line>,
    /// Time set apart, such as the warm-up.
    pub shade: Option<Shade>,
}

impl LineChart {
    /// The figure as SVG.
    pub fn svg(&self) -> String {
        let points = || self.lines.iter().flat_map(|line| &line.points);
        let values = points().filter_map(|(_, value)| *value);
        let top = values.clone().fold(f64::NEG_INFINITY, f64::max);
        if !top.is_finite() {
            return draw_nothing(&self.value_title);
        }
        let from = points().map(|(time, _)| *time).fold(0.0, f64::min);
        let to = points().map(|(time, _)| *time).fold(f64::NEG_INFINITY, f64::max);
        let bottom = values.fold(0.0, f64::min);
        self.draw((from, to), (bottom, top))
    }

    fn draw(&self, times: (f64, f64), values: (f64, f64)) -> String {
        let entries = self.entries();
        let plot_top = MARGIN + legend_height(LEFT, &entries) + 30.0;
        let plot_bottom = plot_top + PLOT;
        let time = Scale::exact(times, (LEFT, WIDTH - 2.0 * MARGIN), 8);
        let value = Scale::linear(values, (plot_bottom, plot_top), 5);
        draw(plot_bottom + 46.0, &self.value_title, |canvas| {
            legend(canvas, LEFT, MARGIN, &entries);
            let title_at = (MARGIN, plot_top - 17.0);
            canvas.text(title_at, Align::Left, &self.value_title, TITLE, INK);
            self.ground(canvas, &time, &value, (plot_top, plot_bottom));
            for (place, line) in self.lines.iter().enumerate() {
                for run in runs(&line.points) {
                    let path: Vec<_> =
                        run.iter().map(|(t, v)| (time.at(*t), value.at(*v))).collect();
                    canvas.line(&path, colour(place), 1.5);
                }
            }
        })
    }

    fn entries(&self) -> Vec<(String, RGBColor)> {
        let lines = self.lines.iter().enumerate();
        let lines = lines.map(|(place, line)| (shortened(&line.name, 40), colour(place)));
        lines.chain(self.shade.iter().map(|shade| (shade.name.clone(), SHADE))).collect()
    }

    /// Shade, grid and labels, under the lines.
    fn ground(&self, canvas: &Canvas, time: &Scale, value: &Scale, (top, bottom): (f64, f64)) {
        if let Some(shade) = &self.shade {
            let (from, to) = (time.at(shade.from), time.at(shade.to));
            canvas.rect((from, top), (to, bottom), SHADE);
        }
        for tick in &value.ticks {
            let y = value.at(*tick);
            let is_zero = tick.abs() < 1e-12;
            let colour = if is_zero { AXIS } else { GRID };
            canvas.line(&[(LEFT, y), (WIDTH - 2.0 * MARGIN, y)], colour, 1.0);
            let text = self.format.tick(*tick, value.step);
            canvas.muted((LEFT - 8.0, y), Align::Right, &text);
        }
        for tick in &time.ticks {
            let x = time.at(*tick);
            canvas.line(&[(x, bottom), (x, bottom + 4.0)], AXIS, 1.0);
            let text = Format::Number.tick(*tick, time.step);
            canvas.muted((x, bottom + 14.0), Align::Centre, &text);
        }
        let middle = (LEFT + WIDTH - 2.0 * MARGIN) / 2.0;
        canvas.text((middle, bottom + 33.0), Align::Centre, &self.time_title, TITLE, INK);
    }
}

/// The stretches of points without a gap.
fn runs(points: &[(f64, Option<f64>)]) -> Vec<Vec<(f64, f64)>> {
    points
        .split(|(_, value)| value.is_none())
        .filter(|run| run.len() > 1)
        .map(|run| run.iter().filter_map(|(time, value)| Some((*time, (*value)?))).collect())
        .collect()
}
