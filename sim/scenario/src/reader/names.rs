//! Names that a document declares in one place and refers to in others.

use crate::problem::nearest;
use std::cell::Cell;
use std::collections::BTreeMap;

/// The names of a catalogue, to which others refer.
pub struct Names {
    kind: &'static str,
    names: Vec<String>,
    /// The first place of each name.
    places: BTreeMap<String, usize>,
    /// How many names may still be compared to find one that looks like an unknown one.
    comparisons: Cell<usize>,
}

/// Names that are compared in all with unknown ones. Nobody who slips with the pen comes near it; a
/// file that is wrong in every line would else compare each of its lines with each other.
const COMPARISONS_MAX: usize = 1_000_000;

impl Names {
    /// The names of a catalogue; `kind` is its word, as in `card`.
    pub fn new(kind: &'static str, names: Vec<String>) -> Names {
        let mut places = BTreeMap::new();
        for (place, name) in names.iter().enumerate() {
            places.entry(name.clone()).or_insert(place);
        }
        Names { kind, names, places, comparisons: Cell::new(COMPARISONS_MAX) }
    }

    /// The number of names.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// The place of a name.
    pub fn index(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied()
    }

    /// All names, in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// The name that looks most like one that is not among these, if one is close.
    pub fn nearest(&self, name: &str) -> Option<&str> {
        let left = self.comparisons.get().checked_sub(self.len())?;
        self.comparisons.set(left);
        nearest(name, self.iter())
    }

    /// What to say about a name that is not among these.
    pub fn unknown(&self, name: &str) -> String {
        let kind = self.kind;
        match self.nearest(name) {
            Some(close) => format!("is no known {kind}; did you mean {close}?"),
            None => format!("is no known {kind}; use one that is declared under [{kind}]"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_wrong_everywhere_ends_the_search_for_what_was_meant() {
        let all = (0..1_000).map(|number| format!("name-{number}")).collect();
        let names = Names::new("name", all);
        assert_eq!((names.index("name-7"), names.index("name_7")), (Some(7), None));
        let told = (0..2_000).filter(|_| names.nearest("name_7") == Some("name-7")).count();
        assert_eq!(told, COMPARISONS_MAX / names.len());
        assert!(names.unknown("name_7").ends_with("use one that is declared under [name]"));
    }
}
