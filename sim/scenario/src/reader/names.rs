//! Names that a document declares in one place and refers to in others.

use crate::problem::nearest;

/// The names of a catalogue, to which others refer.
pub struct Names {
    kind: &'static str,
    names: Vec<String>,
}

impl Names {
    /// The names of a catalogue; `kind` is its word, as in `card`.
    pub fn new(kind: &'static str, names: Vec<String>) -> Names {
        Names { kind, names }
    }

    /// The number of names.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// The place of a name.
    pub fn index(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|known| known == name)
    }

    /// All names, in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// What to say about a name that is not among these.
    pub fn unknown(&self, name: &str) -> String {
        let kind = self.kind;
        match nearest(name, self.iter()) {
            Some(close) => format!("is no known {kind}; did you mean {close}?"),
            None => format!("is no known {kind}; use one that is declared under [{kind}]"),
        }
    }
}
