//! Recorded availability out of CSV files: `fault = { trace = "spot.csv" }`.
//!
//! What the file says is put in its place before anything is checked, so that the effective
//! scenario holds all that a run depends on: a list of numbers for each machine of the file,
//! 1 or 0 for up or down at first, then seconds until each change. The columns say which of two
//! forms it has: `trace, start_s, length_s, value` (instances available, run-length encoded) or
//! `node_id, type, start, stop` (1 up, 0 down, Unix seconds); others are ignored.

use crate::chain::{Loader, resolved};
use crate::node::{Node, Value};
use crate::problem::Problem;
use std::collections::BTreeMap;
use units::text::parse_span;

/// Most changes in all traces of one file.
const CHANGES_MAX: usize = 200_000;
/// Longest time that a trace may last, in seconds.
const SECONDS_MAX: f64 = 1e10;
/// Most instances of one trace: each becomes a machine of its own.
const INSTANCES_MAX: f64 = 1_000.0;

/// Puts traces in the place of every table that names a file of them.
pub fn expand(node: &mut Node, loader: &dyn Loader, problems: &mut Vec<Problem>) {
    if let Some(Value::Text(file)) = node.get("trace").map(|found| &found.value) {
        let path = resolved(&node.origin.file, file);
        match read(&path, node, loader) {
            Ok(traces) => node.value = Value::Table(vec![("traces".to_string(), traces)]),
            Err(problem) => {
                problems.push(problem);
                // What cannot be read says nothing of what else the table lacks.
                node.value = Value::Text("none".to_string());
            }
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

fn read(path: &str, node: &Node, loader: &dyn Loader) -> Result<Node, Problem> {
    let at_table = |message: String| {
        let mut problem = Problem::of_file(&node.origin.file, message).at_line(node.origin.line);
        problem.key = "trace".to_string();
        problem
    };
    if let Some((key, _)) = node.entries().iter().find(|(key, _)| key != "trace") {
        return Err(at_table(format!("stands beside {key}, which it replaces; remove {key}")));
    }
    let bytes = loader.read(path).map_err(|error| at_table(format!("{path} {error}")))?;
    let text = String::from_utf8(bytes)
        .map_err(|_| at_table(format!("{path} is no text; unpack it and write it as UTF-8")))?;
    let traces =
        parse(&text).map_err(|(line, message)| Problem::of_file(path, message).at_line(line))?;
    let list = |items: Vec<Node>| Node { value: Value::List(items), origin: node.origin.clone() };
    let number = |value: &f64| Node { value: Value::Number(*value), origin: node.origin.clone() };
    let one = |trace: &Vec<f64>| list(trace.iter().map(number).collect());
    Ok(list(traces.iter().map(one).collect()))
}

/// What stood in one row: from when to when, in nanoseconds, and how many instances were up. Times
/// are exact: a row begins where the one before it ended, or it does not.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Stretch {
    line: u32,
    from: i128,
    to: i128,
    up: f64,
}

/// The traces of a text, or the line that is wrong and why.
fn parse(text: &str) -> Result<Vec<Vec<f64>>, (u32, String)> {
    let mut lines = (1..).zip(text.trim_start_matches('\u{feff}').lines());
    let (_, head) = lines.next().ok_or((1, "is empty; name its columns first".to_string()))?;
    let names: Vec<&str> = head.split(',').map(str::trim).collect();
    let find = |wanted: [&str; 4]| {
        let places = wanted.map(|name| names.iter().position(|other| *other == name));
        places.iter().all(Option::is_some).then(|| places.map(Option::unwrap_or_default))
    };
    let spot = find(["trace", "start_s", "length_s", "value"]);
    let columns = spot.or(find(["node_id", "start", "stop", "type"]));
    let Some(columns) = columns else {
        return Err((1, FORMS.to_string()));
    };
    let mut order = Vec::new();
    let mut rows: BTreeMap<&str, Vec<Stretch>> = BTreeMap::new();
    for (line, row) in lines.filter(|(_, row)| !row.trim().is_empty()) {
        let fields: Vec<&str> = row.split(',').map(str::trim).collect();
        let [name, from, to, up] = columns.map(|at| fields.get(at).copied().unwrap_or_default());
        let number = |text: &str, column: usize| {
            let value = text.parse::<f64>().ok().filter(|value| value.is_finite());
            value.ok_or((line, format!("has no number under {}; write one", names[column])))
        };
        let time = |text: &str, column: usize| {
            let (whole, nanos) = (number(text, column)?, nanos(text));
            let is_lost = nanos == Some(0) && whole.abs() > 0.0;
            let name = names[column];
            let why = || format!("has less than a nanosecond under {name}; write 0 or more");
            nanos.filter(|_| !is_lost).ok_or_else(|| (line, why()))
        };
        let (from, to) = (time(from, columns[1])?, time(to, columns[2])?);
        let to = if spot.is_some() { from.saturating_add(to) } else { to };
        let stretch = Stretch { line, from, to, up: number(up, columns[3])? };
        let before = rows.entry(name).or_insert_with(|| {
            order.push(name);
            Vec::new()
        });
        check(before.last(), &stretch, if spot.is_some() { INSTANCES_MAX } else { 1.0 })?;
        check_length(before.first().unwrap_or(&stretch), &stretch)?;
        before.push(stretch);
    }
    let traces = order.iter().flat_map(|name| machines(&rows[name]));
    let traces: Vec<Vec<f64>> = traces.filter(|trace| trace.len() > 1).collect();
    if traces.is_empty() {
        return Err((1, "has no time in it; write at least one row that lasts".to_string()));
    }
    let changes = traces.iter().map(Vec::len).sum::<usize>();
    if changes > CHANGES_MAX {
        return Err((1, format!("has {changes} changes, over {CHANGES_MAX}; shorten the file")));
    }
    Ok(traces)
}

const FORMS: &str = "has the columns of no trace; name them trace,start_s,length_s,value \
                     or node_id,type,start,stop";

/// Seconds in nanoseconds, exactly if they are written without a power of ten.
fn nanos(text: &str) -> Option<i128> {
    let (sign, size) = text.strip_prefix('-').map_or((1, text), |size| (-1, size));
    let exact = parse_span(&format!("{size} s")).map(|span| i128::from(span.nanos()));
    let rounded = || size.parse().ok().map(|seconds: f64| libm::round(seconds * 1e9) as i128);
    Some(sign * exact.ok().or_else(rounded)?)
}

fn seconds(nanos: i128) -> f64 {
    nanos as f64 / 1e9
}

/// A row follows the one before it, without a hole and without going back.
fn check(before: Option<&Stretch>, row: &Stretch, most: f64) -> Result<(), (u32, String)> {
    let Stretch { line, from, to, up } = *row;
    let [starts, ends] = [from, to].map(seconds);
    if to < from {
        let why = format!("ends at {ends}, before it starts at {starts}; swap its times");
        return Err((line, why));
    }
    if !(0.0..=most).contains(&up) || up > libm::floor(up) {
        return Err((line, format!("has {up} up; write a whole number from 0 to {most}")));
    }
    let Some(before) = before else { return Ok(()) };
    let (at, ended) = (before.line, seconds(before.to));
    let message = if from < before.from {
        format!("starts at {starts}, before line {at} does: time goes back; sort its rows by time")
    } else if from < before.to {
        format!("starts at {starts} and overlaps line {at}, which ends at {ended}; cut one")
    } else if from > before.to {
        format!("starts at {starts}, and nothing says what was since {ended}; add a row")
    } else {
        return Ok(());
    };
    Err((line, message))
}

/// Times can be counted in nanoseconds, from the first row of a trace to each.
fn check_length(first: &Stretch, row: &Stretch) -> Result<(), (u32, String)> {
    let since = seconds(row.to.saturating_sub(first.from));
    if since > SECONDS_MAX {
        let why = format!("ends {since:e} s after the first; keep it under 1e10");
        return Err((row.line, why));
    }
    Ok(())
}

/// One list for each instance: it is up while more instances are up than stand before it.
fn machines(rows: &[Stretch]) -> Vec<Vec<f64>> {
    let most = rows.iter().map(|row| row.up).fold(1.0, f64::max) as u32;
    (0..most).map(|number| changes(rows, f64::from(number))).collect()
}

fn changes(rows: &[Stretch], others: f64) -> Vec<f64> {
    let mut lengths: Vec<i128> = Vec::new();
    let (mut first, mut was_up) = (None, None);
    for row in rows.iter().filter(|row| row.to > row.from) {
        let (is_up, length) = (row.up > others, row.to - row.from);
        first.get_or_insert(f64::from(u8::from(is_up)));
        match lengths.last_mut() {
            Some(last) if was_up == Some(is_up) => *last += length,
            _ => lengths.push(length),
        }
        was_up = Some(is_up);
    }
    first.into_iter().chain(lengths.into_iter().map(seconds)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPOT: &str = "trace,start_s,length_s,value\na,0,60,2\na,60,30,1\nb,0,10,0\na,90,10,0\n";
    const NODES: &str = "node_id,node_name,type,start,stop,reason\n\
                         7,x,0,100,160,1\n7,x,1,160,400,2\n7,x,1,400,400,2\n7,x,1,400,500,2\n";

    #[test]
    fn both_forms_are_read_machine_by_machine() {
        let spot = vec![vec![1.0, 90.0, 10.0], vec![1.0, 60.0, 40.0], vec![0.0, 10.0]];
        assert_eq!(parse(SPOT), Ok(spot));
        assert_eq!(parse(NODES), Ok(vec![vec![0.0, 60.0, 340.0]]));
    }

    /// 0.1 + 0.2 is not 0.3 in floats, and of a date in seconds they keep no nanoseconds.
    #[test]
    fn fractions_of_seconds_meet_exactly() {
        let head = "\u{feff}trace,start_s,length_s,value\n";
        let rows = "a,0.1,0.2,1\na,0.3,10,0\na,10.3,20,1\n\
                    b,1700000000.123456789,0.876543211,1\nb,1700000001,1e1,0\n";
        let found = vec![vec![1.0, 0.2, 10.0, 20.0], vec![1.0, 0.876_543_211, 10.0]];
        assert_eq!(parse(&format!("{head}{rows}")), Ok(found));
        assert_eq!(nanos("-1.5"), Some(-1_500_000_000));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let head = "trace,start_s,length_s,value\n";
        let cases = [
            ("", 1, "is empty"),
            ("a,b\n", 1, "columns of no trace"),
            (head, 1, "no time in it"),
            ("a,0,0,1\n", 1, "no time in it"),
            ("a,0,10,1\na,20,10,0\n", 3, "nothing says what was since 10"),
            ("a,0,10,1\na,5,10,0\n", 3, "overlaps line 2"),
            ("a,10,10,1\na,0,10,0\n", 3, "time goes back"),
            ("a,0,-1,1\n", 2, "before it starts"),
            ("a,0,1,0.5\n", 2, "a whole number from 0"),
            ("a,0,x,1\n", 2, "no number under length_s"),
            ("a,0,10,1\na,10,1e300,0\n", 3, "s after the first; keep it under 1e10"),
            ("a,0,1e-12,1\n", 2, "less than a nanosecond"),
        ];
        for (text, line, part) in cases {
            let text = if text.starts_with("a,0") || text.starts_with("a,1") {
                format!("{head}{text}")
            } else {
                text.to_string()
            };
            let (at, message) = parse(&text).expect_err("it is wrong");
            assert_eq!(at, line, "{message}");
            assert!(message.contains(part), "{message}");
        }
        let (line, message) = parse("node_id,type,start,stop\n1,2,0,5\n").expect_err("two up");
        assert_eq!((line, message.as_str()), (2, "has 2 up; write a whole number from 0 to 1"));
    }
}
