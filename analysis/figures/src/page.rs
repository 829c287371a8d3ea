//! What a report is made of, whatever it is written in.

/// A report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The title.
    pub title: String,
    /// What stands under it: the run it came from, what was asked.
    pub lead: Vec<String>,
    /// The sections.
    pub sections: Vec<Section>,
}

/// A part of a report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    /// The title.
    pub title: String,
    /// What it holds, in order.
    pub blocks: Vec<Block>,
}

/// A piece of a section. All text is plain: whoever writes the page escapes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A paragraph.
    Paragraph(String),
    /// A remark that should be seen: a warning, a limit.
    Note(String),
    /// Several short statements.
    List(Vec<String>),
    /// A table.
    Table {
        /// What it shows, with units.
        title: String,
        /// Heads of the columns.
        head: Vec<String>,
        /// The rows; each has as many cells as the head.
        rows: Vec<Vec<String>>,
        /// How many columns from the left hold words; the others hold numbers.
        words: usize,
    },
    /// A figure of this crate.
    Figure {
        /// The drawing.
        svg: String,
        /// The finding that it shows.
        caption: String,
    },
    /// Text whose lines and columns matter.
    Preformatted(String),
}
