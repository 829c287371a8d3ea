//! The plain shape of a record: what its JSON, its digest and its comparison are all made from.

use crate::bytes::{Hash, Hasher};
use crate::wrong::WrongField;
use std::borrow::Cow;
use std::fmt;

/// A value of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tree {
    /// Nothing where something may stand.
    Nothing,
    /// Yes or no.
    Flag(bool),
    /// A number of at most 32 bits.
    Number(i64),
    /// Anything longer, and names.
    Text(String),
    /// Values in order.
    List(Vec<Tree>),
    /// Named values in order.
    Map(Vec<(Cow<'static, str>, Tree)>),
}

/// The named values of a map that has exactly the names it should.
pub(super) struct Fields<'t>(&'t [(Cow<'static, str>, Tree)]);

impl Tree {
    /// A map of `fields`.
    pub(super) fn map<const N: usize>(fields: [(&'static str, Tree); N]) -> Tree {
        Tree::Map(fields.map(|(name, tree)| (Cow::Borrowed(name), tree)).into())
    }

    /// The fields of a map with exactly these `names`, in any order.
    pub(super) fn fields(&self, names: &[&str]) -> Result<Fields<'_>, WrongField> {
        let Tree::Map(fields) = self else {
            return Err(WrongField::new("", "an object", self));
        };
        let has = |name: &str| fields.iter().any(|(known, _)| known == name);
        if let Some(missing) = names.iter().find(|name| !has(name)) {
            return Err(WrongField::new(*missing, "a field", "none"));
        }
        for (at, (name, _)) in fields.iter().enumerate() {
            if !names.contains(&name.as_ref()) {
                return Err(WrongField::new(name.as_ref(), "no such field", "one"));
            }
            if fields[..at].iter().any(|(earlier, _)| earlier == name) {
                return Err(WrongField::new(name.as_ref(), "the field once", "twice"));
            }
        }
        Ok(Fields(fields))
    }

    /// The name in field `key` of a map whose other fields depend on it.
    pub(super) fn name_in(&self, key: &str) -> Result<&str, WrongField> {
        let Tree::Map(fields) = self else {
            return Err(WrongField::new("", "an object", self));
        };
        match fields.iter().find(|(name, _)| name == key) {
            Some((_, Tree::Text(name))) => Ok(name),
            Some((_, other)) => Err(WrongField::new(key, "a name", other)),
            None => Err(WrongField::new(key, "a field", "none")),
        }
    }

    /// SHA-256 over the lines `place=value` of every value, from the first to the last; of a list
    /// first its length.
    pub(super) fn digest(&self) -> Hash {
        let mut lines = Lines::default();
        self.write_lines(&mut lines);
        lines.hash.finish()
    }

    fn write_lines(&self, lines: &mut Lines) {
        match self {
            Tree::List(items) => {
                lines.write(self);
                for (at, item) in items.iter().enumerate() {
                    lines.inside(format_args!("[{at}]"), |lines| item.write_lines(lines));
                }
            }
            Tree::Map(fields) => {
                let dot = if lines.place.is_empty() { "" } else { "." };
                for (name, tree) in fields {
                    lines.inside(format_args!("{dot}{name}"), |lines| tree.write_lines(lines));
                }
            }
            _ => lines.write(self),
        }
    }

    /// The first place where `found` is not what `self` is.
    pub(super) fn check_same(&self, found: &Tree) -> Result<(), WrongField> {
        match (self, found) {
            (Tree::List(items), Tree::List(others)) if items.len() == others.len() => {
                let mut pairs = items.iter().zip(others).enumerate();
                pairs.try_for_each(|(at, (one, other))| {
                    one.check_same(other).map_err(|wrong| wrong.at(at))
                })
            }
            (Tree::Map(fields), Tree::Map(others)) if names(fields).eq(names(others)) => {
                let mut pairs = fields.iter().zip(others);
                pairs.try_for_each(|((name, one), (_, other))| {
                    one.check_same(other).map_err(|wrong| wrong.inside(name))
                })
            }
            _ if self == found => Ok(()),
            _ => Err(WrongField::new("", self, found)),
        }
    }
}

fn names<'t>(fields: &'t [(Cow<'static, str>, Tree)]) -> impl Iterator<Item = &'t str> {
    fields.iter().map(|(name, _)| name.as_ref())
}

/// Lines that are hashed as they are written, so that no record has to fit into memory twice.
#[derive(Default)]
struct Lines {
    place: String,
    hash: Hasher,
}

impl Lines {
    /// What `write` writes one step further in.
    fn inside(&mut self, step: fmt::Arguments<'_>, write: impl FnOnce(&mut Lines)) {
        let length = self.place.len();
        self.place.push_str(&step.to_string());
        write(self);
        self.place.truncate(length);
    }

    fn write(&mut self, value: &Tree) {
        self.hash.add(format!("{}={value}\n", self.place).as_bytes());
    }
}

impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Tree::Nothing => write!(f, "null"),
            Tree::Flag(flag) => write!(f, "{flag}"),
            Tree::Number(number) => write!(f, "{number}"),
            Tree::Text(text) => write!(f, "{text}"),
            Tree::List(items) => write!(f, "{} items", items.len()),
            Tree::Map(_) => write!(f, "an object"),
        }
    }
}

impl Fields<'_> {
    /// The value of field `name`.
    pub(super) fn read<T: super::form::Form>(&self, name: &str) -> Result<T, WrongField> {
        let (_, tree) = self.0.iter().find(|(known, _)| known == name).expect("names were checked");
        T::read(tree).map_err(|wrong| wrong.inside(name))
    }
}
