//! Lists of numbers out of CSV files: `{ csv = "closes.csv", column = "close" }` stands for the
//! numbers of that column, in the order of the file.
//!
//! They are put in its place before anything is checked, so that the effective scenario holds all
//! that a run depends on. With `only = "token=HNT"` a row counts only if that column has that
//! text. The first line names the columns; fields are plain, without quotes.

use crate::chain::{Loader, resolved};
use crate::node::{Node, Value};
use crate::problem::Problem;

/// Most numbers of one list.
const NUMBERS_MAX: usize = 100_000;

/// Puts the numbers in the place of every table that names a file.
pub fn expand(node: &mut Node, loader: &dyn Loader, problems: &mut Vec<Problem>) {
    if node.get("csv").is_some() {
        match numbers(node, loader) {
            Ok(items) => node.value = Value::List(items),
            Err(problem) => problems.push(problem),
        }
        return;
    }
    match &mut node.value {
        Value::Table(entries) => {
            entries.iter_mut().for_each(|(_, child)| expand(child, loader, problems));
        }
        Value::List(items) => items.iter_mut().for_each(|item| expand(item, loader, problems)),
        _ => {}
    }
}

/// The numbers that a table names.
fn numbers(node: &Node, loader: &dyn Loader) -> Result<Vec<Node>, Problem> {
    let at_table = |message: String| {
        let mut problem = Problem::of_file(&node.origin.file, message).at_line(node.origin.line);
        problem.key = "csv".to_string();
        problem
    };
    let text_of = |key: &str| match node.get(key).map(|found| &found.value) {
        Some(Value::Text(text)) => Some(text.as_str()),
        _ => None,
    };
    if let Some((key, _)) = node.entries().iter().find(|(key, _)| !KEYS.contains(&key.as_str())) {
        return Err(at_table(format!("has a key {key} that it does not know; remove it")));
    }
    let (Some(file), Some(column)) = (text_of("csv"), text_of("column")) else {
        return Err(at_table(NO_COLUMN.to_string()));
    };
    let path = resolved(&node.origin.file, file);
    let bytes = loader.read(&path).map_err(|error| at_table(format!("{path} {error}")))?;
    let text = String::from_utf8(bytes)
        .map_err(|_| at_table(format!("{path} is no text; write it as UTF-8")))?;
    let values = read_column(&text, column, text_of("only"))
        .map_err(|(line, message)| Problem::of_file(&path, message).at_line(line))?;
    let as_node = |value| Node { value: Value::Number(value), origin: node.origin.clone() };
    Ok(values.into_iter().map(as_node).collect())
}

/// What a table that names a file may hold.
const KEYS: [&str; 3] = ["csv", "column", "only"];

const NO_COLUMN: &str = "names no column; write { csv = \"closes.csv\", column = \"close\" }";

/// A column's numbers, or the line that is wrong and why.
fn read_column(text: &str, column: &str, only: Option<&str>) -> Result<Vec<f64>, (u32, String)> {
    let mut lines = (1..).zip(text.lines());
    let (_, head) = lines.next().ok_or((1, "is empty; name its columns first".to_string()))?;
    let names: Vec<&str> = head.split(',').map(str::trim).collect();
    let place = |name: &str| {
        let found = names.iter().position(|other| *other == name.trim());
        found.ok_or_else(|| (1, format!("has no column {name}; it has {}", names.join(", "))))
    };
    let wanted = place(column)?;
    let only = match only.map(|only| only.split_once('=')) {
        None => None,
        Some(Some((name, text))) => Some((place(name)?, text.trim())),
        Some(None) => return Err((1, "is asked for no column; write only = \"a=b\"".to_string())),
    };
    let mut values = Vec::new();
    for (line, row) in lines.filter(|(_, row)| !row.trim().is_empty()) {
        let fields: Vec<&str> = row.split(',').map(str::trim).collect();
        if only.is_some_and(|(at, text)| fields.get(at) != Some(&text)) {
            continue;
        }
        let value = fields.get(wanted).and_then(|field| field.parse::<f64>().ok());
        let value = value.filter(|value| value.is_finite());
        values.push(value.ok_or((line, format!("has no number under {column}; write one")))?);
        if values.len() > NUMBERS_MAX {
            return Err((line, format!("is past {NUMBERS_MAX} numbers; shorten the file")));
        }
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "date,token,close\n2020-01-01,A,1.5\n2020-01-01,B,7\n\n2020-01-02,A,2\n";

    #[test]
    fn a_column_is_read_in_the_order_of_the_file() {
        assert_eq!(read_column(TEXT, "close", None), Ok(vec![1.5, 7.0, 2.0]));
        assert_eq!(read_column(TEXT, "close", Some("token=A")), Ok(vec![1.5, 2.0]));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let line = |text: &str, column: &str| read_column(text, column, None).map_err(|why| why.0);
        assert_eq!(line(TEXT, "open"), Err(1));
        assert_eq!(line(TEXT, "token"), Err(2));
        assert_eq!(line("close\n1\n\nNaN\n", "close"), Err(4));
        assert_eq!(line("", "close"), Err(1));
    }
}
