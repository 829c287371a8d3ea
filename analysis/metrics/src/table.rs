//! A small table of text, for terminals and pages.

/// Widest line of a table in a terminal, in characters.
const WIDTH_MAX: usize = 100;
/// The first column keeps at least this width when a table is too wide.
const FIRST_WIDTH_MIN: usize = 12;

/// A table of text: numbers are already written for people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// What it shows, with units.
    pub title: String,
    /// Heads of the columns.
    pub head: Vec<String>,
    /// The rows; each has as many cells as the head.
    pub rows: Vec<Vec<String>>,
    /// How many columns from the left hold words; the others hold numbers.
    pub words: usize,
}

impl Table {
    /// An empty table with one column of words.
    pub fn new(title: &str, head: &[&str]) -> Table {
        let head = head.iter().map(|text| (*text).to_string()).collect();
        Table { title: title.to_string(), head, rows: Vec::new(), words: 1 }
    }

    /// Adds a row.
    ///
    /// # Panics
    /// When the number of cells is not that of the head.
    pub fn row(&mut self, cells: Vec<String>) {
        assert_eq!(cells.len(), self.head.len(), "a row of {} has a cell per column", self.title);
        self.rows.push(cells);
    }

    /// The table as aligned text, at most 100 characters wide; a dash stands for no rows.
    pub fn text(&self) -> String {
        let widths = self.widths();
        let mut text = format!("{}\n{}\n", self.title, self.line(&self.head, &widths));
        if self.rows.is_empty() {
            text.push_str("  -\n");
        }
        for row in &self.rows {
            text.push_str(&self.line(row, &widths));
            text.push('\n');
        }
        text
    }

    /// Widths of the columns; the first gives way when the line would be too long.
    fn widths(&self) -> Vec<usize> {
        let cells = |place: usize| self.rows.iter().chain([&self.head]).map(move |row| &row[place]);
        let mut widths: Vec<usize> = (0..self.head.len())
            .map(|place| cells(place).map(|cell| cell.chars().count()).max().unwrap_or(0))
            .collect();
        let total: usize = widths.iter().map(|width| width + 2).sum();
        if let Some(first) = widths.first_mut() {
            *first = (*first).min((*first + WIDTH_MAX).saturating_sub(total).max(FIRST_WIDTH_MIN));
        }
        widths
    }

    fn line(&self, cells: &[String], widths: &[usize]) -> String {
        let mut line = String::new();
        for (place, (cell, width)) in cells.iter().zip(widths).enumerate() {
            let cell = shortened(cell, *width);
            line.push_str(&if place < self.words {
                format!("  {cell:<width$}")
            } else {
                format!("  {cell:>width$}")
            });
        }
        line.trim_end().to_string()
    }
}

/// The text itself, or its beginning and an ellipsis.
fn shortened(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_string();
    }
    text.chars().take(width.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_left_and_numbers_right() {
        let mut table = Table::new("T", &["name", "n"]);
        table.row(vec!["a".into(), "1,000".into()]);
        table.row(vec!["longer".into(), "7".into()]);
        assert_eq!(table.text(), "T\n  name        n\n  a       1,000\n  longer      7\n");
    }

    #[test]
    fn no_line_is_wider_than_a_terminal() {
        let mut table = Table::new("T", &["name", "x", "y"]);
        table.row(vec!["n".repeat(200), "1".repeat(20), "2".repeat(20)]);
        let widest = table.text().lines().map(|line| line.chars().count()).max();
        assert_eq!(widest, Some(WIDTH_MAX));
        assert!(table.text().contains('…'));
    }

    #[test]
    fn an_empty_table_shows_a_dash() {
        assert_eq!(Table::new("T", &["name"]).text(), "T\n  name\n  -\n");
    }
}
