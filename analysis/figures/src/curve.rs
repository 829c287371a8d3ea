//! Curves of one quantity over another: steps with their bands, points, lines.

use crate::axis::{legend, legend_height};
use crate::canvas::{Align, Canvas, draw, draw_nothing};
use crate::number::Format;
use crate::scale::Scale;
use crate::style::{AXIS, GRID, INK, MARGIN, TITLE, WIDTH, colour, pale, shortened};

/// Height of the plot itself, pixels.
const PLOT: f64 = 250.0;
/// Space for the labels of the value axis, left of the plot.
const LEFT: f64 = 62.0;

/// How a curve is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// Level until the next point, then up or down at once.
    #[default]
    Steps,
    /// A dot at each point.
    Dots,
    /// Straight from point to point.
    Line,
}

/// One point of a curve.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CurvePoint {
    /// Where it stands.
    pub x: f64,
    /// Its value.
    pub y: f64,
    /// The ends of its interval, if it has one.
    pub interval: Option<(f64, f64)>,
}

/// One curve.
#[derive(Clone, Debug, Default)]
pub struct Curve {
    /// The name in the legend.
    pub name: String,
    /// How it is drawn.
    pub form: Form,
    /// Its points, ascending in `x`.
    pub points: Vec<CurvePoint>,
}

/// Curves over a common axis.
#[derive(Clone, Debug)]
pub struct CurveChart {
    /// Title of the axis below, with unit.
    pub x_title: String,
    /// Title of the value axis, with unit.
    pub y_title: String,
    /// How values are written.
    pub format: Format,
    /// Whether both axes show zero; else each spans what there is.
    pub shows_zero: bool,
    /// The curves.
    pub curves: Vec<Curve>,
}

impl CurveChart {
    /// The figure as SVG.
    pub fn svg(&self) -> String {
        let points = || self.curves.iter().flat_map(|curve| &curve.points);
        let values = || points().flat_map(|point| [Some(point.y), low(point), high(point)]);
        let (Some(xs), Some(ys)) =
            (self.range(points().map(|point| point.x)), self.range(values().flatten()))
        else {
            return draw_nothing(&self.y_title);
        };
        let names = self.curves.iter().enumerate();
        let entries: Vec<_> =
            names.map(|(place, curve)| (shortened(&curve.name, 40), colour(place))).collect();
        let top = MARGIN + legend_height(LEFT, &entries) + 30.0;
        let bottom = top + PLOT;
        let x = Scale::exact(xs, (LEFT, WIDTH - 2.0 * MARGIN), 8);
        let y = Scale::linear(ys, (bottom, top), 5);
        draw(bottom + 46.0, &self.y_title, |canvas| {
            legend(canvas, LEFT, MARGIN, &entries);
            canvas.text((MARGIN, top - 17.0), Align::Left, &self.y_title, TITLE, INK);
            self.ground(canvas, (&x, &y), bottom);
            for (place, curve) in self.curves.iter().enumerate() {
                curve.draw_band(canvas, (&x, &y), place);
            }
            for (place, curve) in self.curves.iter().enumerate() {
                curve.draw(canvas, (&x, &y), place);
            }
        })
    }

    /// The least and the greatest; none of nothing.
    fn range(&self, values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
        let start = if self.shows_zero { 0.0 } else { f64::INFINITY };
        let ends = |(low, high): (f64, f64), value: f64| (low.min(value), high.max(value));
        let (low, high) = values.fold((start, f64::NEG_INFINITY), ends);
        high.is_finite().then_some((low, high))
    }

    /// Grid and labels, under the curves.
    fn ground(&self, canvas: &Canvas, (x, y): (&Scale, &Scale), bottom: f64) {
        for tick in &y.ticks {
            let at = y.at(*tick);
            let colour = if tick.abs() < 1e-12 { AXIS } else { GRID };
            canvas.line(&[(LEFT, at), (WIDTH - 2.0 * MARGIN, at)], colour, 1.0);
            canvas.muted((LEFT - 8.0, at), Align::Right, &self.format.tick(*tick, y.step));
        }
        for tick in &x.ticks {
            let at = x.at(*tick);
            canvas.line(&[(at, bottom), (at, bottom + 4.0)], AXIS, 1.0);
            let text = Format::Number.tick(*tick, x.step);
            canvas.muted((at, bottom + 14.0), Align::Centre, &text);
        }
        let middle = (LEFT + WIDTH - 2.0 * MARGIN) / 2.0;
        canvas.text((middle, bottom + 33.0), Align::Centre, &self.x_title, TITLE, INK);
    }
}

impl Curve {
    /// The band of steps, each interval until the next; whiskers of dots.
    fn draw_band(&self, canvas: &Canvas, (x, y): (&Scale, &Scale), place: usize) {
        for (point, next) in self.points.iter().zip(self.points.iter().skip(1)) {
            if let (Form::Steps, Some((low, high))) = (self.form, point.interval) {
                let (from, to) = ((x.at(point.x), y.at(low)), (x.at(next.x), y.at(high)));
                canvas.rect(from, to, pale(place));
            }
        }
        for point in self.points.iter().filter(|_| self.form == Form::Dots) {
            if let Some((low, high)) = point.interval {
                let at = x.at(point.x);
                canvas.line(&[(at, y.at(low)), (at, y.at(high))], pale(place), 2.0);
            }
        }
    }

    fn draw(&self, canvas: &Canvas, (x, y): (&Scale, &Scale), place: usize) {
        let at = |point: &CurvePoint| (x.at(point.x), y.at(point.y));
        let mut path: Vec<(f64, f64)> = Vec::new();
        for point in self.points.iter().map(at) {
            match (self.form, path.last()) {
                (Form::Dots, _) => canvas.disc(point, 3.5, colour(place)),
                (Form::Steps, Some(&(_, level))) => path.extend([(point.0, level), point]),
                _ => path.push(point),
            }
        }
        if path.len() > 1 {
            canvas.line(&path, colour(place), 1.7);
        }
    }
}

fn low(point: &CurvePoint) -> Option<f64> {
    point.interval.map(|(low, _)| low)
}

fn high(point: &CurvePoint) -> Option<f64> {
    point.interval.map(|(_, high)| high)
}
