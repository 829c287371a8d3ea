//! A report as Markdown: the same page without its drawings.

use crate::page::{Block, Page};

/// The report as Markdown. Figures are in the HTML page; here stands what they show.
pub fn report_markdown(page: &Page) -> String {
    let mut parts = vec![format!("# {}", escaped(&page.title))];
    parts.extend(page.lead.iter().map(|text| escaped(text)));
    let mut figures = 0;
    for (place, section) in page.sections.iter().enumerate() {
        parts.push(format!("## {}. {}", place + 1, escaped(&section.title)));
        parts.extend(section.blocks.iter().map(|part| block(part, &mut figures)));
    }
    parts.join("\n\n") + "\n"
}

fn block(block: &Block, figures: &mut usize) -> String {
    match block {
        Block::Paragraph(text) => escaped(text),
        Block::Note(text) => format!("> **Note.** {}", escaped(text)),
        Block::List(items) => {
            items.iter().map(|item| format!("- {}", escaped(item))).collect::<Vec<_>>().join("\n")
        }
        Block::Table { title, head, rows, words } => table(title, head, rows, *words),
        Block::Figure { caption, .. } => {
            *figures += 1;
            format!("**Figure {figures}** (drawn in the HTML report). {}", escaped(caption))
        }
        Block::Preformatted(text) => indented(text),
    }
}

fn table(title: &str, head: &[String], rows: &[Vec<String>], words: usize) -> String {
    let line = |cells: &[String]| {
        let cells: Vec<_> = cells.iter().map(|cell| escaped(cell)).collect();
        format!("| {} |", cells.join(" | "))
    };
    let rule: Vec<_> =
        (0..head.len()).map(|place| if place < words { "---" } else { "---:" }).collect();
    let mut lines = vec![format!("**{}**", escaped(title)), String::new(), line(head)];
    lines.push(format!("| {} |", rule.join(" | ")));
    lines.extend(rows.iter().map(|row| line(row)));
    lines.join("\n")
}

/// A block of code by indentation, which no content can end early.
fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
}

/// One line of text with what means something to Markdown written out.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        match letter {
            '\\' | '`' | '*' | '|' | '[' | ']' => safe.extend(['\\', letter]),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            other => safe.push(other),
        }
    }
    safe
}
