//! What is wrong with a record: one field, what it should be, and what it is.

use std::fmt;

/// The first field of a record that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongField {
    /// Where: `bids[3].score`, the fields and places from the outside in.
    pub field: String,
    /// What belongs there.
    pub expected: String,
    /// What is there.
    pub found: String,
}

impl WrongField {
    /// `field` should be `expected` and is `found`.
    pub(crate) fn new(
        field: impl Into<String>,
        expected: impl fmt::Display,
        found: impl fmt::Display,
    ) -> WrongField {
        WrongField { field: field.into(), expected: expected.to_string(), found: found.to_string() }
    }

    /// The same, seen from outside the field `name`.
    pub(crate) fn inside(self, name: &str) -> WrongField {
        let is_direct = self.field.is_empty() || self.field.starts_with('[');
        let field = format!("{name}{}{}", if is_direct { "" } else { "." }, self.field);
        WrongField { field, ..self }
    }

    /// The same, seen from outside the list of which it is item `at`.
    pub(crate) fn at(self, at: usize) -> WrongField {
        self.inside(&format!("[{at}]"))
    }
}

impl fmt::Display for WrongField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: expected {}, found {}", self.field, self.expected, self.found)
    }
}

impl std::error::Error for WrongField {}
