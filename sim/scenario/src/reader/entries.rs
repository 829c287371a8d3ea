//! Tables that are entries of one kind, by name: cards, regions, pools.

use super::Table;
use crate::node::is_bare_key;
use crate::problem::nearest;

/// As many missing keys mean that nobody began to write an entry.
const MISSING_MANY: usize = 3;

impl Table<'_> {
    /// The tables of a table by name, in the order of the file.
    pub fn entries<T>(
        &self,
        key: &str,
        mut read: impl FnMut(&str, &Table) -> T,
    ) -> Vec<(String, T)> {
        self.table(key, |table| table.all_entries(&mut read))
    }

    /// The tables of this table by name, in the order of the file.
    pub fn all_entries<T>(&self, mut read: impl FnMut(&str, &Table) -> T) -> Vec<(String, T)> {
        let entry = |name: &str| {
            let value = self.table(name, |table| {
                let value = read(name, table);
                self.doubt_name(name, table);
                value
            });
            if !is_bare_key(name) {
                self.problem(name, "is no plain name; use letters, digits, _ and -");
            }
            (name.to_string(), value)
        };
        self.keys().map(entry).collect()
    }

    /// Reports something doubtful about a key further down, where it was written, or else the
    /// table in which it would stand.
    pub fn warning_at(&self, path: &str, message: String) {
        let Some(top) = self.node else { return };
        let mut place = top;
        for part in path.split('.') {
            let Some(child) = place.get(part) else { break };
            place = child;
        }
        self.report_at(path, place, message, true);
    }

    /// Says of an entry that lacks a lot, and whose name looks like another's, that the other was
    /// meant; one problem in the place of one for each missing key.
    fn doubt_name(&self, name: &str, entry: &Table) {
        let missing = entry.missing.borrow();
        let Some(close) = nearest(name, self.keys().filter(|other| *other != name)) else { return };
        if missing.len() < MISSING_MANY {
            return;
        }
        self.desk.problems.borrow_mut().retain(|problem| !missing.contains(&problem.key));
        let others = missing.len();
        self.problem(name, format!("lacks {others} keys of a new entry; did you mean {close}?"));
    }
}
