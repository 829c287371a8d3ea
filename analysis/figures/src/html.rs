//! A report as one self-contained page.

use crate::page::{Block, Page, Section};
use std::fmt::Write;

/// The whole style: no file, font or script from elsewhere. Figures keep white cards in the dark.
const STYLE: &str = include_str!("report.css");

/// The report as HTML: everything inline, readable on paper, on telephones and in the dark.
pub fn report_html(page: &Page) -> String {
    let title = escaped(&page.title);
    let mut html = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <header>\n<h1>{title}</h1>\n"
    );
    for text in &page.lead {
        push(&mut html, format_args!("<p class=\"lead\">{}</p>\n", escaped(text)));
    }
    html.push_str("</header>\n");
    contents(&mut html, &page.sections);
    let mut figures = 0;
    for (place, part) in page.sections.iter().enumerate() {
        section(&mut html, place + 1, part, &mut figures);
    }
    html.push_str("</main>\n</body>\n</html>\n");
    html
}

fn contents(html: &mut String, sections: &[Section]) {
    html.push_str("<nav aria-label=\"Contents\">\n<ol>\n");
    for (place, section) in sections.iter().enumerate() {
        let (number, title) = (place + 1, escaped(&section.title));
        push(html, format_args!("<li><a href=\"#section-{number}\">{title}</a></li>\n"));
    }
    html.push_str("</ol>\n</nav>\n");
}

fn section(html: &mut String, number: usize, section: &Section, figures: &mut usize) {
    let title = escaped(&section.title);
    push(html, format_args!("<section id=\"section-{number}\">\n<h2>{number}. {title}</h2>\n"));
    for part in &section.blocks {
        block(html, part, figures);
    }
    html.push_str("</section>\n");
}

fn block(html: &mut String, block: &Block, figures: &mut usize) {
    match block {
        Block::Paragraph(text) => push(html, format_args!("<p>{}</p>\n", escaped(text))),
        Block::Note(text) => {
            push(html, format_args!("<p class=\"note\" role=\"note\">{}</p>\n", escaped(text)));
        }
        Block::List(items) => {
            html.push_str("<ul>\n");
            for item in items {
                push(html, format_args!("<li>{}</li>\n", escaped(item)));
            }
            html.push_str("</ul>\n");
        }
        Block::Table { title, head, rows, words } => table(html, title, head, rows, *words),
        Block::Figure { svg, caption } => {
            *figures += 1;
            let caption = escaped(caption);
            push(
                html,
                format_args!(
                    "<figure id=\"figure-{figures}\">\n{svg}<figcaption><b>Figure {figures}.</b> \
                     {caption}</figcaption>\n</figure>\n"
                ),
            );
        }
        Block::Preformatted(text) => push(html, format_args!("<pre>{}</pre>\n", escaped(text))),
    }
}

fn table(html: &mut String, title: &str, head: &[String], rows: &[Vec<String>], words: usize) {
    // Names stay on one line; columns of prose may break.
    let kind = if words == 1 { " class=\"named\"" } else { "" };
    push(html, format_args!("<div class=\"table\">\n<table{kind}>\n"));
    push(html, format_args!("<caption>{}</caption>\n", escaped(title)));
    let class = |place: usize| if place < words { "" } else { " class=\"n\"" };
    html.push_str("<thead><tr>");
    for (place, cell) in head.iter().enumerate() {
        push(html, format_args!("<th scope=\"col\"{}>{}</th>", class(place), escaped(cell)));
    }
    html.push_str("</tr></thead>\n<tbody>\n");
    for row in rows {
        html.push_str("<tr>");
        for (place, cell) in row.iter().enumerate() {
            push(html, format_args!("<td{}>{}</td>", class(place), escaped(cell)));
        }
        html.push_str("</tr>\n");
    }
    if rows.is_empty() {
        push(html, format_args!("<tr><td colspan=\"{}\">-</td></tr>\n", head.len().max(1)));
    }
    html.push_str("</tbody>\n</table>\n</div>\n");
}

fn push(html: &mut String, text: std::fmt::Arguments<'_>) {
    html.write_fmt(text).expect("writing to a string cannot fail");
}

/// The text with everything that means something to HTML written out.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}
