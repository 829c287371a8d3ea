//! Variants of a scenario: the same question asked of several rules, to be held side by side.
//!
//! ```toml
//! [compare]                          # columns of the table: a head and a metric
//! matched = "orders.matched_share"
//!
//! [[variant]]                        # rows: a name and what it changes, as with --set
//! name = "lowest_price"
//! set = ["matching.core=lowest_price"]
//! ```
//!
//! Like `[[expect]]` they are not inherited, and they are no part of the effective scenario: a
//! variant that was run is a scenario of its own.

use crate::node::Value;
use crate::reader::Table;

/// One variant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// Its name in tables.
    pub name: String,
    /// What it changes, in the form of `--set`.
    pub sets: Vec<String>,
}

/// One column of the comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The head.
    pub label: String,
    /// The metric: its path in `summary.json`, with dots.
    pub metric: String,
    /// The file that declares it, for messages.
    pub file: String,
    /// Its line, from 1.
    pub line: u32,
}

/// What a scenario holds side by side; nothing in most.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// The columns, in the order of the file.
    pub columns: Vec<Column>,
    /// The rows, in the order of the file.
    pub variants: Vec<Variant>,
}

/// The keys of a comparison at the top of a file.
pub const KEYS: [&str; 2] = ["compare", "variant"];

/// Reads variants and columns; a scenario with one has the other.
pub fn comparison(root: &Table) -> Comparison {
    let variants = root.list_of_tables("variant", variant);
    let has_columns = root.peek("compare").is_some();
    root.require(variants.is_empty() || has_columns, "variant", || {
        "stands without columns; write [compare] with a head and a metric for each".to_string()
    });
    root.require(!(variants.is_empty() && has_columns), "compare", || {
        "compares nothing; write [[variant]] with a name and what it sets".to_string()
    });
    for variant in variants.iter().filter(|variant| !is_name(&variant.name)) {
        let name = variant.name.escape_debug();
        let remedy = "give it a name that can be printed, other than \"as declared\"";
        root.problem("variant", format!("\"{name}\" names no variant; {remedy}"));
    }
    let names = || variants.iter().map(|variant| variant.name.as_str());
    for (place, name) in
        names().enumerate().filter(|(place, name)| names().take(*place).any(|n| n == *name))
    {
        root.problem("variant", format!("number {} is a second {name}; name it apart", place + 1));
    }
    let columns = if has_columns { root.table("compare", columns) } else { Vec::new() };
    Comparison { columns, variants }
}

/// The row of the scenario itself is called "as declared".
fn is_name(name: &str) -> bool {
    !name.is_empty() && name != "as declared" && !name.contains(char::is_control)
}

fn columns(table: &Table) -> Vec<Column> {
    let column = |label: &str| {
        let origin = table.peek(label).map(|node| node.origin.clone());
        let (file, line) = origin.map_or((String::new(), 0), |at| (at.file.to_string(), at.line));
        Column { label: label.to_string(), metric: table.text(label), file, line }
    };
    table.keys().map(column).collect()
}

fn variant(table: &Table) -> Variant {
    let sets = table.each_text("set", set);
    if matches!(table.peek("set").map(|node| &node.value), Some(Value::List(all)) if all.is_empty())
    {
        table.problem("set", CHANGES_NOTHING);
    }
    Variant { name: table.text("name"), sets }
}

const CHANGES_NOTHING: &str = "changes nothing: the scenario itself is the row \"as declared\" of \
                               every table; write what to change, as in \
                               [\"matching.core=lowest_price\"], or remove the variant";

/// What a variant changes is part of a run.
fn set(text: &str) -> Result<String, String> {
    let key = text.split(['.', '=']).next().unwrap_or_default().trim();
    if KEYS.contains(&key) {
        return Err(format!(
            "sets {key}, which is read of the scenario itself and of no variant; move it there"
        ));
    }
    Ok(text.to_string())
}
