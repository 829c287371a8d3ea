//! Figures are the same bytes twice, say when there is nothing, and let no text break a page.

use figures::{
    Arrangement, BarChart, BarSeries, Block, Format, IntervalChart, IntervalRow, Line, LineChart,
    Page, Section, Shade, Spacing, report_html, report_markdown,
};

fn lines() -> LineChart {
    let points = |offset: u32| {
        (0..200u32)
            .map(|hour| {
                let share = f64::from((hour * 37 + offset) % 100) / 100.0;
                (f64::from(hour) / 24.0, (hour != 50).then_some(share))
            })
            .collect()
    };
    LineChart {
        time_title: "time, days".into(),
        value_title: "paid share of available GPU-hours".into(),
        format: Format::Percent,
        lines: vec![
            Line { name: "community".into(), points: points(3) },
            Line { name: "secured".into(), points: points(40) },
        ],
        shade: Some(Shade { from: 0.0, to: 2.0, name: "warm-up".into() }),
    }
}

fn intervals(spacing: Spacing) -> IntervalChart {
    let row = |name: &str, low, middle, high| IntervalRow { name: name.into(), low, middle, high };
    IntervalChart {
        value_title: "USD per GPU-day".into(),
        format: Format::Number,
        spacing,
        interval_name: "10 % to 90 %".into(),
        middle_name: "median".into(),
        rows: vec![row("a", -1.0, -0.2, 3.0), row("b", 0.5, 2.0, 60.0)],
    }
}

fn bars(arrangement: Arrangement) -> BarChart {
    BarChart {
        value_title: "GPU-hours".into(),
        format: Format::Number,
        arrangement,
        groups: vec!["low".into(), "<b>&high".into()],
        series: vec![
            BarSeries { name: "offered".into(), values: vec![Some(120_000.0), Some(7.0)] },
            BarSeries { name: "paid".into(), values: vec![Some(80_000.0), None] },
        ],
    }
}

fn all() -> Vec<String> {
    vec![
        lines().svg(),
        intervals(Spacing::Linear).svg(),
        intervals(Spacing::SymmetricLog { linear_to: 1.0 }).svg(),
        bars(Arrangement::Grouped).svg(),
        bars(Arrangement::Stacked).svg(),
        BarChart::simple("share", Format::Percent, [("x".to_string(), Some(0.5))]).svg(),
    ]
}

#[test]
fn figures_are_the_same_bytes_twice() {
    assert_eq!(all(), all());
}

#[test]
fn figures_are_whole_and_let_no_name_break_out() {
    for svg in all() {
        assert!(svg.starts_with("<svg xmlns=") && svg.trim_end().ends_with("</svg>"));
        assert_eq!(svg.matches("<svg").count(), 1);
        assert!(!svg.contains("<b>") && !svg.contains("NaN") && !svg.contains("inf"));
    }
}

#[test]
fn a_gap_parts_a_line() {
    let strokes = lines().svg().matches("stroke-width=\"6\"").count();
    assert_eq!(strokes, 4, "two lines with a gap each");
}

#[test]
fn figures_without_data_say_so() {
    for svg in [
        LineChart { lines: Vec::new(), ..lines() }.svg(),
        IntervalChart { rows: Vec::new(), ..intervals(Spacing::Linear) }.svg(),
        BarChart::simple("n", Format::Number, [("x".to_string(), None)]).svg(),
    ] {
        assert!(svg.contains("there is no data"), "{svg}");
    }
}

#[test]
fn all_zero_is_data() {
    let svg = BarChart::simple("n", Format::Number, [("x".to_string(), Some(0.0))]).svg();
    assert!(!svg.contains("there is no data") && !svg.contains("NaN"));
}

fn page() -> Page {
    let evil = "<script>alert(\"1 & 2\")</script> | *x*";
    Page {
        title: evil.into(),
        lead: vec![evil.into()],
        sections: vec![Section {
            title: evil.into(),
            blocks: vec![
                Block::Paragraph(evil.into()),
                Block::Note(evil.into()),
                Block::List(vec![evil.into()]),
                Block::Table {
                    title: evil.into(),
                    head: vec![evil.into(), "n".into()],
                    rows: vec![vec![evil.into(), "1".into()]],
                    words: 1,
                },
                Block::Figure { svg: lines().svg(), caption: evil.into() },
                Block::Preformatted(evil.into()),
            ],
        }],
    }
}

#[test]
fn no_text_becomes_markup() {
    let html = report_html(&page());
    assert!(!html.contains("<script") && html.contains("&lt;script&gt;"));
    assert!(html.contains("1 &amp; 2"));
    let markdown = report_markdown(&page());
    let outside_code = markdown.lines().filter(|line| !line.starts_with("    "));
    assert!(outside_code.clone().all(|line| !line.contains("<script")));
    assert!(outside_code.clone().any(|line| line.contains("\\| \\*x\\*")));
}

#[test]
fn a_page_needs_nothing_from_elsewhere() {
    let html = report_html(&page());
    let links = html.replace("http://www.w3.org/2000/svg", "");
    assert!(!links.contains("http") && !links.contains("src=") && !links.contains("@import"));
    assert_eq!(html, report_html(&page()));
    assert!(html.contains("href=\"#section-1\"") && html.contains("id=\"section-1\""));
    assert!(html.contains("<b>Figure 1.</b>"));
}

#[test]
fn an_empty_page_is_still_a_page() {
    let html = report_html(&Page::default());
    assert!(html.starts_with("<!DOCTYPE html>") && html.ends_with("</html>\n"));
    assert_eq!(report_markdown(&Page::default()), "# \n");
}
