//! Where tenants went, how long they stayed, what they wanted at which price: sections that are
//! left out where they have no choice.

use super::cohort::{cohort, cohorts_chart, stayed};
use super::pick::words;
use super::{figure, paragraph, section, table};
use figures::{Curve, CurveChart, CurvePoint, Form, Format, Line, LineChart, Section};
use metrics::{Demand, EraShares, Summary, number, percent, tables};

/// Where tenants went; nothing where every job comes here.
pub(super) fn venues(summary: &Summary) -> Option<Section> {
    let text = "A tenant takes each job to this network, to another one or to a central cloud, by \
                what a GPU-hour costs it there: the price, with time that is paid for and not \
                used, and what it would pay for fewer interruptions, a shorter wait, a nearer \
                place, a law that suits, and staying where it is. Reasons say in what the chosen \
                venue is most ahead of the next best one; a taste is what nothing declared \
                explains. Jobs that waited here too long, and went elsewhere in the place of being \
                given up, count there. What is spent elsewhere is the price that tenants saw. The \
                surplus is what having the choice is worth to a tenant, up to a constant: its \
                differences between two runs mean something.";
    let staying = "A tenant comes with its first job here, and has left when it takes jobs elsewhere \
                   by choice and brings none here for 7 days, be it that it comes back later; a \
                   regular, who does not compare job by job, goes where it moves. Who has not left \
                   7 days before the run ends is censored then.";
    let shares = &summary.venues.eras;
    let blocks = vec![
        paragraph(text),
        table(tables::venues(summary)),
        table(tables::venue_shares(summary)),
        table(tables::venue_reasons(summary)),
        figure(shares_chart(shares), shares_caption(summary)),
        table(tables::venue_eras(summary)),
    ];
    let known = tables::tenants(summary);
    let stays = (!known.rows.is_empty()).then(|| {
        let drawn = figure(staying_chart(summary), staying_caption(summary));
        [paragraph(staying), drawn, table(known)]
    });
    let blocks = blocks.into_iter().chain(stays.into_iter().flatten()).collect();
    (summary.venues.all.jobs > 0).then(|| section("Where tenants went", blocks))
}

fn shares_chart(eras: &[EraShares]) -> String {
    let line = |name: &str, share: fn(&EraShares) -> f64| Line {
        name: name.into(),
        points: eras.iter().map(|era| (f64::from(era.era), Some(share(era)))).collect(),
    };
    LineChart {
        time_title: "era".into(),
        value_title: "share of the jobs".into(),
        format: Format::Percent,
        lines: vec![
            line("this network", |era| era.here),
            line("other networks", |era| era.networks),
            line("central clouds", |era| era.clouds),
        ],
        shade: None,
    }
    .svg()
}

fn shares_caption(summary: &Summary) -> String {
    let all = &summary.venues.all;
    format!(
        "Of all jobs {} came to this network, {} went to other networks and {} to central clouds; \
         of their GPU-hours, {} and {} here and to the clouds.",
        percent(all.here_share),
        percent(all.networks_share),
        percent(all.clouds_share),
        percent(all.here_share_of_hours),
        percent(all.clouds_share_of_hours)
    )
}

fn staying_chart(summary: &Summary) -> String {
    let kinds = summary.tenants.kinds.iter();
    let curves = kinds.filter_map(|(kind, of)| cohort(&words(kind), of)).collect();
    cohorts_chart("tenants", curves)
}

fn staying_caption(summary: &Summary) -> String {
    stayed(summary.tenants.kinds.iter(), "tenants that were ever here")
}

/// What was wanted at which price; nothing where demand does not answer.
pub(super) fn demand(summary: &Summary) -> Option<Section> {
    let text = "Each job is asked whether it is wanted at its pool's price of the hour, which is \
                what free GPUs ask over the book prices of the start. Quantities are multiples of \
                what is wanted at the book's prices.";
    let identified = "The elasticity is minus the power of the price that makes the jobs of all \
                      points most likely, those at which nobody came with them, with Student's t \
                      interval. It is the answer to the price alone, \
                      because the run knows which jobs would have come and were not wanted. An \
                      onlooker sees only jobs and prices by the hour (the last column): whatever \
                      brings more jobs and higher prices at once, such as a busy hour, looks to \
                      him as if dear hours were wanted more.";
    let curves = tables::demand(summary);
    let blocks = vec![
        paragraph(text),
        figure(curve_chart(summary), curve_caption(summary)),
        table(curves.clone()),
        table(tables::elasticities(summary)),
        paragraph(identified),
    ];
    (!curves.rows.is_empty()).then(|| section("What was wanted at which price", blocks))
}

/// A dot for each price, of its share's 95 % interval.
fn curve_chart(summary: &Summary) -> String {
    let demands = summary.demand.iter().filter(|(_, demand)| !demand.curve.is_empty());
    let curve = |(pool, demand): (&str, &Demand)| Curve {
        name: words(pool),
        form: Form::Dots,
        points: demand
            .curve
            .iter()
            .map(|point| CurvePoint { x: point.price, y: point.quantity, interval: None })
            .collect(),
    };
    CurveChart {
        x_title: "price, over the book prices of the start".into(),
        y_title: "wanted, as a multiple of what is wanted at the book's prices".into(),
        format: Format::Number,
        shows_zero: false,
        curves: demands.map(curve).collect(),
    }
    .svg()
}

fn curve_caption(summary: &Summary) -> String {
    let demands = summary.demand.iter();
    let told = demands.filter_map(|(pool, demand)| {
        let elasticity = demand.elasticity?;
        let half = demand.elasticity_high.map(|high| high - elasticity);
        let half = half.map_or(String::new(), |half| format!(" +/- {}", number(half, 2)));
        Some(format!("{}{half} ({})", number(elasticity, 2), words(pool)))
    });
    let told: Vec<String> = told.collect();
    if told.is_empty() {
        return "The price did not move, so that nothing is known of what it does.".to_string();
    }
    format!("A price higher by a per cent took so many per cent of demand: {}.", told.join(", "))
}
