//! A sheet to draw on in pixels, on the SVG backend of plotters.

use crate::style::{INK, LABEL, MUTED, WIDTH, shortened, text_width};
use plotters::coord::Shift;
use plotters::element::{Drawable, PointCollection};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// Drawing units per pixel: the backend counts in whole units, lines should not be stairs.
const UNITS: f64 = 4.0;
/// The backend divides the size of text by this.
const TEXT_SIZE: f64 = 1.24;

/// Where text stands relative to its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Centre,
    Right,
}

/// A sheet of a given size; every coordinate is in pixels from the upper left.
pub(crate) struct Canvas<'a> {
    area: DrawingArea<SVGBackend<'a>, Shift>,
}

/// Draws a figure `height` pixels high and returns its SVG; `label` is what a reader hears.
pub(crate) fn draw(height: f64, label: &str, paint: impl FnOnce(&Canvas)) -> String {
    let size = (units(WIDTH) as u32, units(height) as u32);
    let mut text = String::new();
    {
        let area = SVGBackend::with_string(&mut text, size).into_drawing_area();
        let canvas = Canvas { area };
        canvas.rect((0.0, 0.0), (WIDTH, height), WHITE);
        paint(&canvas);
        canvas.area.present().expect("writing to a string cannot fail");
    }
    with_head(&text, size, height, label)
}

/// A figure that says that there is nothing to draw.
pub(crate) fn draw_nothing(label: &str) -> String {
    let height = 80.0;
    draw(height, label, |canvas| {
        let middle = (WIDTH / 2.0, height / 2.0);
        canvas.muted(middle, Align::Centre, "Nothing to show: there is no data for this figure.");
    })
}

/// Replaces the opening tag: sized in pixels, drawn in units, and named for screen readers.
fn with_head(text: &str, (width, height): (u32, u32), pixels: f64, label: &str) -> String {
    let body = text.split_once(">\n").map_or("", |(_, body)| body);
    let label = label.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{pixels:.0}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{label}\">\n{body}"
    )
}

impl<'a> Canvas<'a> {
    /// A filled rectangle between two corners.
    pub(crate) fn rect(&self, from: (f64, f64), to: (f64, f64), colour: RGBColor) {
        self.put(&Rectangle::new([point(from), point(to)], colour.filled()));
    }

    /// A line through points.
    pub(crate) fn line(&self, points: &[(f64, f64)], colour: RGBColor, width: f64) {
        let points: Vec<_> = points.iter().copied().map(point).collect();
        self.put(&PathElement::new(points, colour.stroke_width(units(width) as u32)));
    }

    /// A filled disc.
    pub(crate) fn disc(&self, centre: (f64, f64), radius: f64, colour: RGBColor) {
        self.put(&Circle::new(point(centre), units(radius), colour.filled()));
    }

    /// A label, its middle at the height of `at`.
    pub(crate) fn label(&self, at: (f64, f64), align: Align, text: &str) {
        self.text(at, align, text, LABEL, INK);
    }

    /// A label that steps back.
    pub(crate) fn muted(&self, at: (f64, f64), align: Align, text: &str) {
        self.text(at, align, text, LABEL, MUTED);
    }

    /// Text, its middle at the height of `at`.
    pub(crate) fn text(
        &self,
        at: (f64, f64),
        align: Align,
        text: &str,
        size: f64,
        colour: RGBColor,
    ) {
        let room = match align {
            Align::Left => WIDTH - at.0,
            Align::Centre => 2.0 * at.0.min(WIDTH - at.0),
            Align::Right => at.0,
        };
        let text = fitted(text, size, room);
        let position = match align {
            Align::Left => HPos::Left,
            Align::Centre => HPos::Center,
            Align::Right => HPos::Right,
        };
        let style = ("sans-serif", f64::from(units(size)) * TEXT_SIZE)
            .into_font()
            .color(&colour)
            .pos(Pos::new(position, VPos::Center));
        self.put(&Text::new(text, point(at), style));
    }

    fn put<E>(&self, element: &E)
    where
        for<'e> &'e E: PointCollection<'e, (i32, i32)>,
        E: Drawable<SVGBackend<'a>>,
    {
        self.area.draw(element).expect("writing to a string cannot fail");
    }
}

/// The text, cut so that it stays on the sheet.
fn fitted(text: &str, size: f64, room: f64) -> String {
    let mut letters = text.chars().count();
    let mut fitted = text.to_string();
    while letters > 1 && text_width(&fitted, size) > room {
        letters -= 1;
        fitted = shortened(text, letters);
    }
    fitted
}

fn units(pixels: f64) -> i32 {
    (pixels * UNITS).round() as i32
}

fn point((x, y): (f64, f64)) -> (i32, i32) {
    (units(x), units(y))
}
