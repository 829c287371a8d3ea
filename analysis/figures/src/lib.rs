//! House style, charts and report pages from plain series.
//!
//! Charts take numbers and names and return SVG text; the same input gives the same bytes. Pages
//! take text, tables and charts and become one self-contained HTML file or Markdown. This crate
//! knows no market: what a figure says is decided by whoever fills it.
//!
//! Modules below may import only modules above them.

mod number;
mod style;

mod canvas;
mod scale;

mod axis;

mod bars;
mod curve;
mod interval;
mod line;

mod page;

mod html;
mod markdown;

pub use bars::{Arrangement, BarChart, BarSeries};
pub use curve::{Curve, CurveChart, CurvePoint, Form};
pub use html::report_html;
pub use interval::{IntervalChart, IntervalRow};
pub use line::{Line, LineChart, Shade};
pub use markdown::report_markdown;
pub use number::Format;
pub use page::{Block, Page, Section};
pub use scale::Spacing;
