//! Machines that a user declares one by one: `[[provider]]`, or a line each in a CSV file.
//!
//! `providers_file = "fleet.csv"` adds an entry for each of its lines, before anything is checked:
//! the effective scenario holds all that a run depends on. The first line names the columns, which
//! are the keys of an entry; an empty field is a key that is not written.

use crate::catalogue::bandwidth;
use crate::chain::{Loader, resolved};
use crate::node::{Node, Origin, Value};
use crate::pools::{Catalogues, PROVIDER_GPUS_MAX};
use crate::problem::{Problem, nearest};
use crate::reader::{Names, Table};
use crate::validated::{Faults, FleetProvider, HostClass, Pool, UpDown};
use engine::distribution::{Exponential, Stretch};
use units::text::{parse_gpu_hour_price, parse_kwh_price, parse_ppm};
use units::{CardId, HostClassId, PoolId, Ppm, ProviderKindId, RegionId, Span};

/// The key that names a file.
const FILE: &str = "providers_file";
/// The key of the list that its lines go to.
const LIST: &str = "provider";
/// The keys of an entry, which are the columns of a file.
const KEYS: [&str; 10] =
    ["name", "pool", "card", "machines", "region", "tariff", "bid", "uptime", "host_class", "kind"];
/// Most declared providers.
const FLEET_MAX: usize = 10_000;
/// Most machines of one of them.
const MACHINES_MAX: u32 = 100_000;

/// Puts the lines of the file that a scenario names behind the entries that it declares itself.
pub fn expand(root: &mut Node, loader: &dyn Loader, problems: &mut Vec<Problem>) {
    let Some(named) = root.take(FILE) else { return };
    match lines(&named, loader) {
        Ok(lines) => append(root, lines, &named.origin),
        Err(problem) => problems.push(problem),
    }
}

fn append(root: &mut Node, lines: Vec<Node>, origin: &Origin) {
    let mut list = root
        .take(LIST)
        .unwrap_or_else(|| Node { value: Value::List(Vec::new()), origin: origin.clone() });
    // What is no list is left as it is: it is refused where it was written.
    if let Value::List(items) = &mut list.value {
        items.extend(lines);
    }
    if let Value::Table(entries) = &mut root.value {
        entries.push((LIST.to_string(), list));
    }
}

/// An entry for each line of the named file.
fn lines(named: &Node, loader: &dyn Loader) -> Result<Vec<Node>, Problem> {
    let at_key = |message: String| Problem {
        key: FILE.to_string(),
        ..Problem::of_file(&named.origin.file, message).at_line(named.origin.line)
    };
    let Value::Text(file) = &named.value else {
        return Err(at_key("is no path; write \"fleet.csv\", or remove it".to_string()));
    };
    let path = resolved(&named.origin.file, file);
    let bytes = loader.read(&path).map_err(|error| at_key(format!("{path} {error}")))?;
    let text = String::from_utf8(bytes)
        .map_err(|_| at_key(format!("{path} is no text; write it as UTF-8")))?;
    read_lines(&path, &text)
        .map_err(|(line, message)| Problem::of_file(&path, message).at_line(line))
}

/// The entries of a file's text, or the line that is wrong and why.
fn read_lines(path: &str, text: &str) -> Result<Vec<Node>, (u32, String)> {
    let mut lines = (1..).zip(text.trim_start_matches('\u{feff}').lines());
    let columns = KEYS.join(",");
    let (_, head) = lines.next().ok_or((1, format!("is empty; begin it with {columns}")))?;
    let head: Vec<&str> = head.split(',').map(str::trim).collect();
    for name in &head {
        if !KEYS.contains(name) {
            let close = nearest(name, KEYS.into_iter());
            let remedy = close
                .map_or(format!("columns are {columns}"), |close| format!("did you mean {close}?"));
            return Err((1, format!("has a column {name:?} that means nothing; {remedy}")));
        }
    }
    let mut entries = Vec::new();
    for (line, row) in lines.filter(|(_, row)| !row.trim().is_empty()) {
        let fields: Vec<&str> = row.split(',').map(str::trim).collect();
        if fields.len() != head.len() {
            let (has, wants) = (fields.len(), head.len());
            return Err((line, format!("has {has} fields where the head names {wants}")));
        }
        let origin = Origin { file: path.into(), line };
        let written = head.iter().zip(fields).filter(|(_, field)| !field.is_empty());
        let entry = written.map(|(key, field)| (key.to_string(), value(key, field, &origin)));
        entries.push(Node { value: Value::Table(entry.collect()), origin: origin.clone() });
    }
    if entries.is_empty() {
        return Err((1, format!("has no provider below its columns; write one, or drop {FILE}")));
    }
    Ok(entries)
}

/// A field as it would stand in a scenario: numbers of machines are whole, all else is a text.
fn value(key: &str, field: &str, origin: &Origin) -> Node {
    let whole = field.parse::<i128>().ok().filter(|_| key == "machines");
    let value = whole.map_or_else(|| Value::Text(field.to_string()), Value::Whole);
    Node { value, origin: origin.clone() }
}

/// The declared providers. Who declares an uptime gets a host class of its own, behind the
/// catalogue's.
pub fn fleet(
    root: &Table,
    catalogues: &Catalogues,
    pools: &[Pool],
    host_classes: &mut Vec<HostClass>,
) -> Vec<FleetProvider> {
    let common = root.table("fleet", |table| Common {
        repair: table.span_above_zero("repair"),
        bandwidth_bits_per_s: bandwidth(table),
    });
    let names = Names::new("pool", pools.iter().map(|pool| pool.name.clone()).collect());
    let mut seen = std::collections::BTreeSet::new();
    let made = std::cell::RefCell::new(host_classes);
    if root.peek(LIST).is_none() {
        return Vec::new();
    }
    let fleet = root.numbered_tables(LIST, |table| {
        let name = table.text("name");
        table.require(seen.insert(name.clone()), "name", || {
            format!("{name} is taken by another provider; names tell them apart")
        });
        check_name(table, &name);
        let host_class = host_class(table, &name, catalogues, common, &mut made.borrow_mut());
        provider(table, name, catalogues, &names, pools, host_class)
    });
    root.require(fleet.len() <= FLEET_MAX, LIST, || {
        format!("has {} entries; keep at most {FLEET_MAX}", fleet.len())
    });
    fleet
}

/// What machines have in common that are declared by their uptime.
#[derive(Clone, Copy)]
struct Common {
    repair: Span,
    bandwidth_bits_per_s: u64,
}

/// A name is a part of a metric's path.
fn check_name(table: &Table, name: &str) {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    table.require(!name.is_empty() && name.chars().all(is_plain), "name", || {
        "is no plain name; use letters, digits, _ and -".to_string()
    });
}

fn provider(
    table: &Table,
    name: String,
    catalogues: &Catalogues,
    names: &Names,
    pools: &[Pool],
    host_class: HostClassId,
) -> FleetProvider {
    let pool = table.reference("pool", names);
    let machines = table.whole("machines", 1..=MACHINES_MAX);
    let each = pools.get(pool).map_or(1, |pool| pool.gpus_per_machine.0);
    let gpus = u64::from(machines) * u64::from(each);
    table.require(gpus <= PROVIDER_GPUS_MAX, "machines", || {
        format!("makes {gpus} GPUs of one provider; keep it at {PROVIDER_GPUS_MAX} or fewer")
    });
    FleetProvider {
        name,
        pool: PoolId(pool as u16),
        card: CardId(table.reference("card", &catalogues.cards) as u16),
        machines,
        kind: written(table, "kind")
            .then(|| ProviderKindId(table.reference("kind", &catalogues.provider_kinds) as u16)),
        region: RegionId(table.reference("region", &catalogues.regions) as u16),
        tariff: written(table, "tariff").then(|| table.quantity("tariff", parse_kwh_price)),
        bid: written(table, "bid").then(|| table.quantity("bid", parse_gpu_hour_price)),
        host_class,
    }
}

fn written(table: &Table, key: &str) -> bool {
    table.peek(key).is_some()
}

/// A declared class, or one whose faults make the declared uptime: `between = repair u / (1 - u)`.
fn host_class(
    table: &Table,
    name: &str,
    catalogues: &Catalogues,
    common: Common,
    classes: &mut Vec<HostClass>,
) -> HostClassId {
    if written(table, "uptime") == written(table, "host_class") {
        table.problem("uptime", "or host_class is wanted, one of the two; write uptime = \"95 %\"");
        return HostClassId(0);
    }
    if written(table, "host_class") {
        return HostClassId(table.reference("host_class", &catalogues.host_classes) as u16);
    }
    let uptime = table.quantity("uptime", parse_ppm);
    let is_uptime = uptime.0 > 0 && uptime.0 <= Ppm::ONE.0;
    table.require(is_uptime, "uptime", || {
        "is no share of time above zero; write up to 100 %, or leave the provider out".to_string()
    });
    let taken = catalogues.host_classes.index(name).is_some();
    table.require(!taken, "name", || {
        format!("{name} is a host class already; a provider with an uptime needs another name")
    });
    let exponential = |seconds| Stretch::Exponential(Exponential::new(seconds));
    let share = uptime.as_f64();
    let down = common.repair.as_secs_f64();
    let law = || UpDown { up: exponential(down * share / (1.0 - share)), down: exponential(down) };
    let fault = (is_uptime && uptime < Ppm::ONE).then(|| Faults::Law(law()));
    classes.push(HostClass {
        name: name.to_string(),
        fault,
        gpu_fault: None,
        daily_off: None,
        maintenance: None,
        bandwidth_bits_per_s: common.bandwidth_bits_per_s,
        owner_use: None,
    });
    HostClassId((classes.len() - 1) as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    type Pairs = Vec<(String, String)>;

    fn texts(text: &str) -> Result<Vec<Pairs>, (u32, String)> {
        let entry = |node: &Node| {
            node.entries().iter().map(|(key, node)| (key.clone(), node.as_written())).collect()
        };
        read_lines("f.csv", text).map(|nodes| nodes.iter().map(entry).collect())
    }

    #[test]
    fn lines_become_entries_and_empty_fields_are_not_written() {
        let read = texts("name,machines,bid\na,4,\n\nb,1,0.2 USD/GPU-h\n").expect("it is sound");
        let pair = |key: &str, text: &str| (key.to_string(), text.to_string());
        assert_eq!(read[0], [pair("name", "a"), pair("machines", "4")]);
        assert_eq!(read[1].len(), 3);
        assert_eq!(read[1][2], pair("bid", "0.2 USD/GPU-h"));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        assert_eq!(texts("").expect_err("empty").0, 1);
        let (line, why) = texts("name,pool,card\n\n").expect_err("nobody");
        assert!(line == 1 && why.starts_with("has no provider below its columns"), "{why}");
        let (line, why) = texts("name,crad\n").expect_err("a misspelt column");
        assert!(line == 1 && why.ends_with("did you mean card?"), "{why}");
        assert_eq!(texts("name,card\na,h100\nb\n").expect_err("too few fields").0, 3);
    }
}
