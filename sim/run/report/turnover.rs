//! Supply that came and went, as a section of the report.

use super::cohort::{cohort, cohorts_chart, stayed};
use super::pick::words;
use super::{figure, paragraph, section, table};
use figures::{Format, Line, LineChart, Section};
use metrics::{EraSupply, Summary, count, number, tables, usd};

/// Who entered and left; nothing where nobody did.
pub fn turnover(summary: &Summary) -> Option<Section> {
    let text = "Each decides at the end of every so many eras, by what it expects of a GPU-hour \
                that is there; what that was, and when, is in the table supply. Who leaves takes \
                no more leases and is gone when those that it had are over. What is decided as an \
                era ends counts in the next. How long providers stay is estimated over the whole \
                run by Kaplan and Meier, because most are still there when it ends.";
    let all = &summary.supply.all;
    let gpus = |value: Option<u64>| value.map_or_else(|| "-".to_string(), count);
    let gpus = format!(
        "GPUs registered: {} when the first reported era ended, {} at most, {} at the end. \
         Hardware, checks and moves came to {} USD.",
        gpus(all.gpus_at_start),
        gpus(all.gpus_peak),
        gpus(all.gpus_at_end),
        usd(Some(all.outlay_usd)),
    );
    let cohorts: Vec<_> = summary
        .supply
        .pools
        .iter()
        .flat_map(|(pool, of)| {
            let named = |what: &str| format!("{}, {what}", words(pool));
            [(named("from the start"), &of.first), (named("later"), &of.later)]
        })
        .collect();
    let curves = cohorts.iter().filter_map(|(name, of)| cohort(name, of)).collect();
    let stays = stayed(cohorts.iter().map(|(name, of)| (name.as_str(), *of)), "providers");
    let blocks = vec![
        paragraph(text),
        paragraph(&gpus),
        table(tables::changes(summary)),
        figure(eras_chart(&summary.supply.eras), eras_caption(&summary.supply.eras)),
        table(tables::supply_eras(summary)),
        figure(cohorts_chart("providers", curves), stays),
        table(tables::staying(summary)),
        table(tables::networks(summary)),
    ];
    summary.has_moving_supply().then(|| section("Supply that came and went", blocks))
}

/// GPUs by era: registered, up, busy.
fn eras_chart(eras: &[EraSupply]) -> String {
    let line = |name: &str, gpus: fn(&EraSupply) -> f64| Line {
        name: name.into(),
        points: eras.iter().map(|era| (f64::from(era.era), Some(gpus(era)))).collect(),
    };
    LineChart {
        time_title: "era".into(),
        value_title: "GPUs".into(),
        format: Format::Number,
        lines: vec![
            line("registered at its end", |era| era.registered as f64),
            line("active: up, in the mean", |era| era.active),
            line("busy: computing, in the mean", |era| era.busy),
        ],
        shade: None,
    }
    .svg()
}

fn eras_caption(eras: &[EraSupply]) -> String {
    let moved: [u64; 2] = eras.iter().fold([0; 2], |[came, went], era| {
        let sum = |moved: &metrics::Named<u64>| moved.iter().map(|(_, gpus)| *gpus).sum::<u64>();
        [came + sum(&era.gpus_in), went + sum(&era.gpus_out)]
    });
    let mean = |of: fn(&EraSupply) -> f64| {
        number(eras.iter().map(of).sum::<f64>() / eras.len().max(1) as f64, 0)
    };
    format!(
        "{} GPUs came and {} left; in the mean {} were up and {} computed for tenants.",
        count(moved[0]),
        count(moved[1]),
        mean(|era| era.active),
        mean(|era| era.busy)
    )
}
