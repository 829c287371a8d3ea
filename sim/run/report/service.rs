//! Service levels, as a section of the report.

use super::pick::words;
use super::{figure, paragraph, section, table};
use figures::{Format, IntervalChart, IntervalRow, Section, Spacing};
use metrics::{Attainment, Summary, number, tables};

/// What was promised and how far it was kept; nothing where no class with jobs promises anything.
pub(super) fn service(summary: &Summary) -> Option<Section> {
    let text = "What a class promises is declared with it; it changes no run. Started: so many of \
                the jobs work within the bound after they came. Done: so many are done within \
                so many times their nominal duration, which is their work on the card that they \
                asked for. At work: from their first start to their end, jobs compute for so much \
                of the time. A job counts when its bound was over before the run ended; who gave \
                up or went elsewhere before it was over did not get what was promised.";
    let note = "The interval is Student's t over days of arrival, because the jobs of a day share \
                its bursts and outages. Missed by is in percentage points (pp). Target at is the \
                bound within which the share that was promised came; a dash where so many never \
                came through. Attained at work is a share of time, not of jobs.";
    let table_of = tables::service(summary);
    let is_any = !table_of.rows.is_empty();
    let blocks = vec![
        paragraph(text),
        figure(chart(summary), caption(summary)),
        table(table_of),
        paragraph(note),
    ];
    is_any.then(|| section("What jobs were promised", blocks))
}

/// Every promise that was made to somebody, with its class.
fn promises(summary: &Summary) -> impl Iterator<Item = (String, &Attainment)> {
    summary.service.iter().flat_map(|(class, service)| {
        let some = service.all().into_iter().filter(|(_, of)| of.target.is_some() && of.jobs > 0);
        some.map(move |(promise, of)| (format!("{}: {promise}", words(class)), of))
    })
}

/// What was attained less what was promised.
fn chart(summary: &Summary) -> String {
    let row = |(name, of): (String, &Attainment)| {
        let (target, attained) = (of.target?, of.attained?);
        let points = |share: f64| 100.0 * (share - target);
        let (low, high) = of.attained_low.zip(of.attained_high).unwrap_or((attained, attained));
        let (low, middle, high) = (points(low), points(attained), points(high));
        Some(IntervalRow { name, low, middle, high })
    };
    IntervalChart {
        value_title: "attained less promised, percentage points".into(),
        format: Format::Number,
        spacing: Spacing::SymmetricLog { linear_to: 1.0 },
        interval_name: "95 % interval".into(),
        middle_name: "attained less promised".into(),
        rows: promises(summary).filter_map(row).collect(),
    }
    .svg()
}

fn caption(summary: &Summary) -> String {
    let all: Vec<_> = promises(summary).collect();
    let missed = |of: &Attainment| of.missed_by.unwrap_or(0.0);
    let broken = all.iter().filter(|(_, of)| missed(of) > 0.0).count();
    let worst = all.iter().max_by(|a, b| missed(a.1).total_cmp(&missed(b.1)));
    match worst {
        Some((name, of)) if broken > 0 => format!(
            "{broken} of {} promises were missed, most of all {name}, by {} percentage points.",
            all.len(),
            number(100.0 * missed(of), 1)
        ),
        _ => format!("All {} promises were kept.", all.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Context, page};
    use metrics::{Attainment, Changes, Service, Summary};

    fn text(summary: &Summary) -> String {
        figures::report_markdown(&page(summary, &Context::default()))
    }

    #[test]
    fn what_is_off_has_no_section() {
        let text = text(&Summary::default());
        for title in [
            "What jobs were promised",
            "Where tenants went",
            "What was wanted at which price",
            "Supply that came and went",
        ] {
            assert!(!text.contains(title), "{title}");
        }
        let mut moving = Summary::default();
        moving.supply.all.changes = Changes { left: 1, ..Changes::default() };
        assert!(super::tests::text(&moving).contains("Supply that came and went"));
    }

    #[test]
    fn a_missed_promise_is_told_with_its_interval() {
        let started = Attainment {
            target: Some(0.95),
            jobs: 200,
            attained: Some(0.9),
            attained_low: Some(0.87),
            attained_high: Some(0.93),
            missed_by: Some(0.05),
            bound: Some(0.25),
            needed: Some(1.5),
            ..Attainment::default()
        };
        let service = Service { jobs: 200, started, ..Service::default() };
        let service = [("community.batch".to_string(), service)].into_iter().collect();
        let text = text(&Summary { service, ..Summary::default() });
        assert!(text.contains("1 of 1 promises were missed, most of all community.batch: started"));
        assert!(text.contains("| 15.0 min | 95.0 % | 90.0 % | 87.0 to 93.0 % | 5.0 pp | 200 |"));
    }
}
