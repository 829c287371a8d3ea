//! A [`Node`] tree back to TOML text that reads as the same tree.

use crate::node::{Node, Value, is_bare_key};
use std::fmt::Write;

/// Widest table that is written on one line, in characters.
const LINE: usize = 180;

/// The tree as TOML: plain keys first, then sections in the order of the tree.
pub fn document(root: &Node) -> String {
    let mut out = String::new();
    section(root, "", &mut out);
    out
}

/// The leaves of a tree, paths with dots, each with its value as TOML. A list is one leaf.
pub fn leaves(root: &Node) -> Vec<(String, String)> {
    let mut found = Vec::new();
    collect(root, "", &mut found);
    found
}

fn collect(node: &Node, path: &str, found: &mut Vec<(String, String)>) {
    for (key, node) in node.entries() {
        let path = joined(path, &bare(key));
        match &node.value {
            Value::Table(_) => collect(node, &path, found),
            _ => found.push((path, inline(node))),
        }
    }
}

fn section(table: &Node, path: &str, out: &mut String) {
    // All tables of one table are written alike: a mixture would change their order.
    let is_long = |node: &Node| node.is_table() && inline(node).len() > LINE;
    let has_sections = path.is_empty() || table.entries().iter().any(|(_, node)| is_long(node));
    let is_section = |node: &Node| is_list_of_tables(node) || node.is_table() && has_sections;
    let (sections, plain): (Vec<_>, Vec<_>) =
        table.entries().iter().partition(|(_, node)| is_section(node));
    if !path.is_empty() && (!plain.is_empty() || sections.is_empty()) {
        let _ = writeln!(out, "\n[{path}]");
    }
    for (key, node) in plain {
        let _ = writeln!(out, "{} = {}", bare(key), inline(node));
    }
    for (key, node) in sections {
        let path = joined(path, &bare(key));
        match &node.value {
            Value::List(items) => items.iter().for_each(|item| list_item(item, &path, out)),
            _ => section(node, &path, out),
        }
    }
}

fn list_item(item: &Node, path: &str, out: &mut String) {
    let _ = writeln!(out, "\n[[{path}]]");
    for (key, node) in item.entries() {
        let _ = writeln!(out, "{} = {}", bare(key), inline(node));
    }
}

fn is_list_of_tables(node: &Node) -> bool {
    match &node.value {
        Value::List(items) => !items.is_empty() && items.iter().all(Node::is_table),
        _ => false,
    }
}

/// A value on one line.
fn inline(node: &Node) -> String {
    match &node.value {
        Value::Text(text) => quoted(text),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(inline).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Table(entries) if entries.is_empty() => "{}".to_string(),
        Value::Table(entries) => {
            let pairs =
                entries.iter().map(|(key, node)| format!("{} = {}", bare(key), inline(node)));
            format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", "))
        }
        Value::Whole(_) | Value::Number(_) | Value::Flag(_) | Value::Other(_) => node.as_written(),
    }
}

fn joined(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_string() } else { format!("{path}.{key}") }
}

fn bare(key: &str) -> String {
    if is_bare_key(key) { key.to_string() } else { quoted(key) }
}

fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse;

    #[test]
    fn printed_text_reads_as_the_same_tree() {
        let text = "a = 1\nb = \"q\\\"\\u0007\"\n[t]\nx = 0.5\nu = { y = [1, 2], \"k k\" = true }\n\
                    [[e]]\nm = \"p\"\n[[e]]\nm = \"q\"\n";
        let (node, problems) = parse::document("a", text.as_bytes());
        assert!(problems.is_empty());
        let printed = document(&node);
        let (again, problems) = parse::document("a", printed.as_bytes());
        assert!(problems.is_empty(), "{printed}");
        assert_eq!(leaves(&again), leaves(&node));
        assert_eq!(document(&again), printed);
    }

    #[test]
    fn leaves_have_dotted_paths() {
        let (node, _) = parse::document("a", b"[t.u]\nx = 0.5\ny = [1, 2]\n");
        let expected = [("t.u.x", "0.5"), ("t.u.y", "[1, 2]")];
        assert_eq!(leaves(&node), expected.map(|(k, v)| (k.to_string(), v.to_string())));
    }
}
