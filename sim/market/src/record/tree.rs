//! The plain shape of a record: what its JSON, its digest and its comparison are all made from.

use crate::bytes::Hash;
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

    /// Every value with its place, from the first to the last; of a list first its length.
    pub(super) fn visit(&self, place: &str, leaf: &mut impl FnMut(&str, &Tree)) {
        match self {
            Tree::List(items) => {
                leaf(place, self);
                for (at, item) in items.iter().enumerate() {
                    item.visit(&format!("{place}[{at}]"), leaf);
                }
            }
            Tree::Map(fields) => {
                for (name, tree) in fields {
                    let dot = if place.is_empty() { "" } else { "." };
                    tree.visit(&format!("{place}{dot}{name}"), leaf);
                }
            }
            _ => leaf(place, self),
        }
    }

    /// SHA-256 over the lines `place=value` of every value.
    pub(super) fn digest(&self) -> Hash {
        let mut lines = String::new();
        self.visit("", &mut |place, value| lines.push_str(&format!("{place}={value}\n")));
        Hash::of(&[lines.as_bytes()])
    }

    /// The first place where `found` is not what `self` is.
    pub(super) fn check_same(&self, found: &Tree) -> Result<(), WrongField> {
        let leaves = |tree: &Tree| {
            let mut leaves = Vec::new();
            tree.visit("", &mut |place, value| leaves.push((place.to_string(), value.to_string())));
            leaves
        };
        let (expected, found) = (leaves(self), leaves(found));
        match expected.iter().zip(&found).find(|(expected, found)| expected != found) {
            Some(((field, expected), (_, found))) => Err(WrongField::new(field, expected, found)),
            // A list of another length differs at its length, so equal leaves are all of them.
            None => Ok(()),
        }
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
