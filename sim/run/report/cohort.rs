//! How long those of a cohort stay, as a figure and its finding.

use figures::{Curve, CurveChart, CurvePoint, Form, Format};
use metrics::{Staying, number, percent};

/// The curve of a cohort, with its band; none where nobody was.
pub(super) fn cohort(name: &str, of: &Staying) -> Option<Curve> {
    if of.count == 0 {
        return None;
    }
    let start = CurvePoint { x: 0.0, y: 1.0, interval: Some((1.0, 1.0)) };
    let falls = of.curve.iter().map(|fall| CurvePoint {
        x: fall.days,
        y: fall.share,
        interval: Some((fall.low, fall.high)),
    });
    let mut points: Vec<CurvePoint> = [start].into_iter().chain(falls).collect();
    // What was known last holds as long as anybody was seen.
    let last = points[points.len() - 1];
    points.extend((of.seen_d > last.x).then_some(CurvePoint { x: of.seen_d, ..last }));
    Some(Curve { name: format!("{name} ({})", of.count), form: Form::Steps, points })
}

/// Curves of cohorts side by side.
pub(super) fn cohorts_chart(who: &str, curves: Vec<Curve>) -> String {
    CurveChart {
        x_title: "days since they came".into(),
        y_title: format!("{who} that have not left (Kaplan-Meier), with 95 % bands (Greenwood)"),
        format: Format::Percent,
        shows_zero: true,
        curves,
    }
    .svg()
}

/// How many are left of each cohort when it was last seen.
pub(super) fn stayed<'a>(
    cohorts: impl Iterator<Item = (&'a str, &'a Staying)>,
    who: &str,
) -> String {
    let told = cohorts.filter(|(_, of)| of.count > 0).map(|(name, of)| {
        let last = of.curve.last().map_or(1.0, |fall| fall.share);
        format!("{} after {} days ({name})", percent(Some(last)), number(of.seen_d, 1))
    });
    let told: Vec<String> = told.collect();
    if told.is_empty() {
        return "The run has nothing to show here.".to_string();
    }
    format!("Of all {who}, so many had not left: {}.", told.join(", "))
}
