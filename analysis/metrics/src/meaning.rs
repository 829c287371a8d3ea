//! What metrics mean and in which unit they are.
//!
//! A metric is a field of a summary, and its definition is the doc comment of the field. The
//! sources are read again here, so that a list of metrics cannot say anything else.

use serde_json::Value;

/// Every source that declares a part of a summary.
const SOURCES: [&str; 31] = [
    include_str!("summary.rs"),
    include_str!("capacity.rs"),
    include_str!("capital.rs"),
    include_str!("committee.rs"),
    include_str!("contracts.rs"),
    include_str!("demand.rs"),
    include_str!("earnings.rs"),
    include_str!("economy.rs"),
    include_str!("fleet.rs"),
    include_str!("flows.rs"),
    include_str!("gas.rs"),
    include_str!("latency.rs"),
    include_str!("leases.rs"),
    include_str!("misuse.rs"),
    include_str!("networks.rs"),
    include_str!("orders.rs"),
    include_str!("providers.rs"),
    include_str!("rents.rs"),
    include_str!("rounds.rs"),
    include_str!("series.rs"),
    include_str!("service.rs"),
    include_str!("solvency.rs"),
    include_str!("stakes.rs"),
    include_str!("staying.rs"),
    include_str!("supply.rs"),
    include_str!("tenants.rs"),
    include_str!("token.rs"),
    include_str!("trust.rs"),
    include_str!("venues.rs"),
    include_str!("wins.rs"),
    include_str!("work.rs"),
];

/// One metric of a summary.
#[derive(Clone, Debug, PartialEq)]
pub struct Metric {
    /// Its place in the summary, with dots.
    pub path: String,
    /// The same with a star for each name that the scenario gives.
    pub pattern: String,
    /// What it is measured in; empty for counts and plain numbers.
    pub unit: &'static str,
    /// What it is: the sentence of its field, after those of what it is a part of.
    pub meaning: String,
    /// Its value.
    pub value: Option<f64>,
}

/// A field of a struct as its source has it.
struct Field {
    name: String,
    /// The type without `Option`, `Named` and `Vec`.
    kind: String,
    doc: String,
    is_flat: bool,
    is_named: bool,
}

/// A struct as its source has it.
struct Shape {
    name: String,
    fields: Vec<Field>,
}

/// The numbers and nulls of a summary, with what they mean.
pub(crate) fn describe(summary: &Value) -> Vec<Metric> {
    let shapes: Vec<Shape> = SOURCES.iter().flat_map(|source| shapes(source)).collect();
    let mut walk = Walk { shapes: &shapes, metrics: Vec::new() };
    walk.walk(&Place::default(), "Summary", summary);
    walk.metrics
}

/// Where a walk stands.
#[derive(Clone, Default)]
struct Place {
    path: String,
    pattern: String,
    said: String,
    /// The struct of the field.
    owner: String,
}

/// The walk over a summary and its types at once.
struct Walk<'a> {
    shapes: &'a [Shape],
    metrics: Vec<Metric>,
}

impl<'a> Walk<'a> {
    fn shape(&self, name: &str) -> Option<&'a Shape> {
        self.shapes.iter().find(|shape| shape.name == name)
    }

    /// The field of that name with its struct, here or in what is flattened into it.
    fn field(&self, shape: &'a Shape, name: &str) -> Option<(&'a Shape, &'a Field)> {
        let own = shape.fields.iter().find(|field| field.name == name && !field.is_flat);
        own.map(|field| (shape, field)).or_else(|| {
            let flat = shape.fields.iter().filter(|field| field.is_flat);
            flat.filter_map(|field| self.shape(&field.kind))
                .find_map(|inner| self.field(inner, name))
        })
    }

    fn walk(&mut self, at: &Place, kind: &str, value: &Value) {
        match (value, self.shape(kind)) {
            (Value::Object(entries), Some(shape)) => {
                for (name, value) in entries {
                    if let Some((owner, field)) = self.field(shape, name) {
                        self.walk_field(&at.below(name, owner, field), field, value);
                    }
                }
            }
            (Value::Number(_) | Value::Null, _) => {
                let Place { path, pattern, said, .. } = at.clone();
                let unit = unit(at, kind);
                self.metrics.push(Metric {
                    path,
                    pattern,
                    unit,
                    meaning: said,
                    value: value.as_f64(),
                });
            }
            _ => {}
        }
    }

    fn walk_field(&mut self, at: &Place, field: &Field, value: &Value) {
        match value {
            Value::Object(entries) if field.is_named => {
                for (name, value) in entries {
                    self.walk(&at.named(name), &field.kind, value);
                }
            }
            _ => self.walk(at, &field.kind, value),
        }
    }
}

impl Place {
    fn below(&self, name: &str, owner: &Shape, field: &Field) -> Place {
        Place {
            path: join(&self.path, name),
            pattern: join(&self.pattern, name),
            said: join_sentences(&self.said, &field.doc),
            owner: owner.name.clone(),
        }
    }

    fn named(&self, name: &str) -> Place {
        Place { path: join(&self.path, name), pattern: join(&self.pattern, "*"), ..self.clone() }
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_string() } else { format!("{path}.{name}") }
}

fn join_sentences(one: &str, other: &str) -> String {
    if one.is_empty() { other.to_string() } else { format!("{one} {other}") }
}

/// What the ends of paths say, the most special first.
const BY_END: [(&str, &str); 53] = [
    ("usd_per_gpu_hour", "USD/GPU-h"),
    ("usd_per_work_hour", "USD/GPU-h of work"),
    ("usd_per_gpu_day", "USD/GPU-d"),
    ("usd_per_gpu_year", "USD/GPU-y"),
    ("price_usd_at_start", "USD"),
    ("surplus_usd", "USD/GPU-h"),
    ("peers_net_p25", "USD/GPU-d"),
    ("peers_net_p50", "USD/GPU-d"),
    ("peers_net_p75", "USD/GPU-d"),
    ("gpu_days", "GPU-d"),
    ("gpu_hours", "GPU-h"),
    ("work_hours", "GPU-h of work"),
    ("lease_hours", "per 1,000 h"),
    ("lease_hours_low", "per 1,000 h"),
    ("lease_hours_high", "per 1,000 h"),
    ("_spon_at_start", "SPON"),
    ("spon", "SPON"),
    ("share", "share"),
    ("share_of_hours", "share"),
    ("share_at_end", "share"),
    ("share_first_week", "share"),
    ("share_last_week", "share"),
    ("availability", "share"),
    ("_of_installed", "share"),
    ("_of_available", "share"),
    ("_of_idle", "share"),
    ("_of_offered", "share"),
    ("move_per_hour", "share"),
    ("losing_with_capital", "share"),
    ("lost_money", "share"),
    ("per_act_usd", "USD"),
    ("_minutes", "min"),
    ("target", "share"),
    ("attained", "share"),
    ("attained_low", "share"),
    ("attained_high", "share"),
    ("missed_by", "share"),
    ("started.bound", "h"),
    ("started.needed", "h"),
    ("_ms", "ms"),
    ("_hours", "h"),
    ("_years", "y"),
    ("_eras", "eras"),
    ("irr", "per year"),
    ("_per_year", "per year"),
    ("_usd", "USD"),
    (".usd", "USD"),
    ("share_of_revenue", "share"),
    ("share_of_income", "share"),
    ("queue_s_max", "s"),
    ("_wait_s", "s"),
    ("fee_gwei", "gwei"),
    ("fee_gwei_max", "gwei"),
];

/// The unit of all fields of a struct whose paths do not say another.
const BY_STRUCT: [(&str, &str); 5] = [
    ("GpuHours", "GPU-h"),
    ("Earnings", "USD/GPU-d"),
    ("RentGroup", "USD/GPU-h"),
    ("Quantiles", "ms"),
    ("Books", "of the asset"),
];

/// The unit of a metric: its path says it, or its struct; what is counted has none.
fn unit(at: &Place, kind: &str) -> &'static str {
    let path = at.pattern.trim_end_matches(".*");
    if kind != "f64" || path.contains("regret.") {
        return "";
    }
    if path.contains(".after_") {
        return "share";
    }
    let days = path.ends_with("_d") || path.contains(".days_p");
    let by_end = || BY_END.iter().find(|(end, _)| path.ends_with(end)).map(|(_, unit)| *unit);
    let is_rent = at.owner == "RentGroup" && path.ends_with("_usd");
    let by_struct = || {
        let found = BY_STRUCT.iter().find(|(name, _)| *name == at.owner);
        found.map(|(_, unit)| *unit)
    };
    match (days, is_rent) {
        (true, _) => "d",
        (_, true) => "USD/GPU-h",
        _ => by_end().or_else(by_struct).unwrap_or(""),
    }
}

/// The public structs of a source.
fn shapes(source: &str) -> Vec<Shape> {
    let mut shapes: Vec<Shape> = Vec::new();
    let (mut doc, mut is_flat, mut is_inside) = (String::new(), false, false);
    for line in source.lines().map(str::trim) {
        if let Some(text) = line.strip_prefix("///") {
            doc = join_sentences(&doc, text.trim());
            continue;
        }
        if line.starts_with("#[") {
            is_flat |= line == "#[serde(flatten)]";
            continue;
        }
        let words = line.strip_prefix("pub struct ").and_then(|rest| rest.strip_suffix(" {"));
        if let Some(name) = words {
            is_inside = true;
            shapes.push(Shape { name: name.to_string(), fields: Vec::new() });
        } else if let (true, Some(last)) = (is_inside, shapes.last_mut()) {
            last.fields.extend(field(line, &doc, is_flat));
            is_inside = line != "}";
        }
        (doc, is_flat) = (String::new(), false);
    }
    shapes
}

/// The field that a line declares, if it does.
fn field(line: &str, doc: &str, is_flat: bool) -> Option<Field> {
    let (name, kind) = line.strip_prefix("pub ")?.strip_suffix(',')?.split_once(": ")?;
    let inner = |kind: &str, outer: &str| {
        let inside = kind.strip_prefix(outer)?.strip_suffix('>');
        inside.map(str::to_string)
    };
    let is_named = kind.starts_with("Named<");
    let kind = inner(kind, "Named<").unwrap_or_else(|| kind.to_string());
    let kind = inner(&kind, "Option<").unwrap_or(kind);
    let name = name.trim_start_matches("r#").to_string();
    Some(Field { name, kind, doc: doc.to_string(), is_flat, is_named })
}
