//! Who may import whom: crates by their manifests, modules by their order in `lib.rs`, and what
//! the simulator itself must not touch at all.
//!
//! rustfmt sorts modules that stand together; an empty line between two keeps their order.

use crate::text::{Source, code, code_without_tests, names_after};
use std::collections::BTreeMap;

/// A crate and what its manifest may name. `ours` holds names from the rows above only.
pub struct Layer {
    pub name: &'static str,
    pub folder: &'static str,
    pub ours: &'static [&'static str],
    pub outside: &'static [&'static str],
}

const fn layer(
    name: &'static str,
    folder: &'static str,
    ours: &'static [&'static str],
    outside: &'static [&'static str],
) -> Layer {
    Layer { name, folder, ours, outside }
}

/// The house. Each crate imports from rows above its own; `ARCHITECTURE.md` says why.
pub const HOUSE: &[Layer] = &[
    layer("units", "sim/units", &[], &["serde"]),
    layer("market", "sim/market", &["units"], &["serde", "sha2", "smallvec", "ed25519-dalek"]),
    layer("engine", "sim/engine", &["units"], &["rand", "rand_distr", "libm", "sha2"]),
    layer("record", "sim/record", &["units"], &[]),
    layer("mechanism", "sim/mechanism", &["units"], &["ruint"]),
    layer("drivers", "sim/drivers", &["units", "engine"], &["nalgebra", "libm", "rand"]),
    layer("protocol", "sim/protocol", &["units", "market", "mechanism"], &["serde"]),
    layer("network", "sim/network", &["units", "engine"], &["rand", "nalgebra"]),
    layer(
        "scenario",
        "sim/scenario",
        &["units", "market", "mechanism", "drivers", "protocol", "network", "engine"],
        &["serde", "serde_json", "toml", "schemars", "libm"],
    ),
    layer(
        "world",
        "sim/world",
        &[
            "units",
            "market",
            "engine",
            "record",
            "mechanism",
            "drivers",
            "protocol",
            "network",
            "scenario",
        ],
        &["rand", "rand_distr", "libm", "nalgebra"],
    ),
    layer(
        "estimate",
        "analysis/estimate",
        &[],
        &["sketches-ddsketch", "statrs", "nalgebra", "libm"],
    ),
    layer(
        "metrics",
        "analysis/metrics",
        &["units", "record", "estimate"],
        &["serde", "serde_json"],
    ),
    layer("figures", "analysis/figures", &["units"], &["plotters", "libm"]),
    layer(
        "orrery",
        "",
        &[
            "units", "market", "engine", "record", "protocol", "network", "scenario", "world",
            "estimate", "metrics", "figures",
        ],
        &[
            "clap",
            "indicatif",
            "rayon",
            "parquet",
            "serde",
            "serde_json",
            "ctrlc",
            "sha2",
            "flate2",
        ],
    ),
];

/// The crates that may see no file, clock, thread, environment or terminal.
pub fn is_pure(layer: &Layer) -> bool {
    layer.folder.starts_with("sim/")
}

/// The only folders at the top.
pub const FOLDERS: &[&str] = &["analysis", "notebooks", "results", "scenarios", "sim", "tests"];

/// Folders at the top that are not of the house, and those of the house that are missing.
pub fn check_folders(found: &[String]) -> Vec<String> {
    let is_ours = |name: &str| name.starts_with('.') || name == "target" || FOLDERS.contains(&name);
    let strange = found.iter().filter(|name| !is_ours(name));
    let missing = FOLDERS.iter().filter(|name| !found.iter().any(|f| f == *name));
    strange
        .map(|name| format!("{name}/: not a folder of the house; put it into one of {FOLDERS:?}"))
        .chain(missing.map(|name| format!("{name}/: missing")))
        .collect()
}

/// Dependencies of a manifest that its layer does not allow.
pub fn check_manifest(manifest: &str, layer: &Layer) -> Vec<String> {
    let is_ours = |name: &str| HOUSE.iter().any(|other| other.name == name);
    let refused = dependencies(manifest).into_iter().filter_map(|name| {
        let (allowed, kind) =
            if is_ours(&name) { (layer.ours, "crate") } else { (layer.outside, "outside crate") };
        let is_allowed = allowed.contains(&name.as_str());
        (!is_allowed).then(|| format!("{}: may not use the {kind} `{name}`", layer.name))
    });
    refused.collect()
}

/// The names in every `[dependencies]`, `[build-dependencies]` and target-specific section.
/// What only tests use is free.
fn dependencies(manifest: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut is_inside = false;
    for line in manifest.lines().map(|line| line.split('#').next().unwrap_or("").trim()) {
        if let Some(section) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            is_inside = section.ends_with("dependencies")
                && !section.ends_with("dev-dependencies")
                && section != "workspace.dependencies";
            names.extend(section.strip_prefix("dependencies.").map(str::to_string));
        } else if is_inside && let Some((key, _)) = line.split_once('=') {
            let name = key.split('.').next().unwrap_or(key);
            names.push(name.trim().trim_matches('"').to_string());
        }
    }
    names
}

/// The modules of a crate in the order of its `lib.rs`, and which of them each re-exported name
/// comes from.
pub struct Modules {
    order: Vec<String>,
    exports: BTreeMap<String, String>,
}

impl Modules {
    /// Reads `lib.rs`.
    pub fn of(lib: &str) -> Modules {
        let code = code_without_tests(lib);
        let order: Vec<String> = code.lines().filter_map(declared_module).collect();
        let mut exports = BTreeMap::new();
        for module in &order {
            for (_, name) in names_after(&code, &format!("{module}::")) {
                exports.insert(name, module.clone());
            }
        }
        Modules { order, exports }
    }

    /// The place of the module called `name`, or of the module that `name` is re-exported from.
    fn place(&self, name: &str) -> Option<usize> {
        let of = |module: &str| self.order.iter().position(|m| m == module);
        of(name).or_else(|| of(self.exports.get(name)?))
    }
}

fn declared_module(line: &str) -> Option<String> {
    let line = line.trim();
    let rest = line.strip_prefix("pub(crate) ").or(line.strip_prefix("pub ")).unwrap_or(line);
    Some(rest.strip_prefix("mod ")?.strip_suffix(';')?.to_string())
}

/// Imports in `source` (a file under `folder`, where `lib.rs` stands) from modules that `lib.rs`
/// declares below its own.
pub fn check_order(source: &Source, folder: &str, modules: &Modules) -> Vec<String> {
    let inside = source.path.strip_prefix(folder).unwrap_or(&source.path).trim_matches('/');
    let steps: Vec<&str> = inside.trim_end_matches(".rs").split('/').collect();
    let Some(own) = modules.place(steps[0]) else { return Vec::new() };
    let depth = steps.len() - usize::from(steps.last() == Some(&"mod"));
    let code = code_without_tests(&source.text);
    let mut found = names_after(&code, "crate::");
    found.extend(names_after(&code, &"super::".repeat(depth)));
    found.sort();
    found.dedup();
    let below = found.into_iter().filter(|(_, name)| modules.place(name).is_some_and(|p| p > own));
    let message = |(line, name): (usize, String)| {
        let module = &modules.order[own];
        let path = &source.path;
        format!("{path}:{line}: `{name}` is declared below `{module}` in lib.rs; move one of them")
    };
    below.map(message).collect()
}

/// Parts of the standard library that would let a place or a moment into a result.
const IMPURE: &[&str] = &["fs", "time", "thread", "env", "process", "net", "os"];

/// Macros that write to the terminal.
const LOUD: &[&str] = &["println!", "eprintln!", "print!", "eprint!"];

/// Files, clocks, threads, the environment or the terminal in code that must be pure.
pub fn check_pure(source: &Source) -> Vec<String> {
    let code = code_without_tests(&source.text);
    let used = names_after(&code, "std::").into_iter();
    let impure = used.filter(|(_, name)| IMPURE.contains(&name.as_str())).map(|(line, name)| {
        format!("{}:{line}: `std::{name}` belongs to `sim/run` or `analysis`", source.path)
    });
    let loud = LOUD.iter().filter(|mark| says(&code, mark)).map(|mark| {
        format!("{}: `{mark}` belongs to `sim/run`; return the text instead", source.path)
    });
    impure.chain(loud).collect()
}

fn says(code: &str, mark: &str) -> bool {
    code.match_indices(mark).any(|(at, _)| !code[..at].ends_with(crate::text::is_word))
}

/// Crates of the workspace that the house does not list, and the other way round.
pub fn check_members(root_manifest: &str) -> Vec<String> {
    let members = root_manifest.lines().find(|line| line.starts_with("members"));
    let listed: Vec<&str> = members.unwrap_or("").split('"').skip(1).step_by(2).collect();
    let known = |folder: &str| HOUSE.iter().any(|layer| layer.folder == folder);
    let strange = listed.iter().filter(|folder| !known(folder));
    let missing = HOUSE.iter().map(|l| l.folder).filter(|f| !f.is_empty() && !listed.contains(f));
    strange
        .map(|folder| format!("{folder}: give the crate a row in tests/tidy/layers.rs"))
        .chain(missing.map(|folder| format!("{folder}: listed in the house, not in the workspace")))
        .collect()
}

/// Rows of the house that import a row at or below their own.
pub fn check_house(house: &[Layer]) -> Vec<String> {
    let place = |name: &str| house.iter().position(|layer| layer.name == name);
    let mut problems = Vec::new();
    for (own, layer) in house.iter().enumerate() {
        for name in layer.ours.iter().filter(|name| place(name).is_none_or(|p| p >= own)) {
            problems.push(format!("{}: `{name}` does not stand above it", layer.name));
        }
    }
    problems
}

/// The folder of a crate's sources: where its `lib.rs` stands.
pub fn sources_of(layer: &Layer) -> String {
    if layer.folder.is_empty() { "sim/run".into() } else { format!("{}/src", layer.folder) }
}

#[cfg(test)]
mod can_fail {
    use super::*;

    fn source(path: &str, text: &str) -> Source {
        Source { path: path.into(), text: text.into() }
    }

    fn named(name: &str) -> &'static Layer {
        HOUSE.iter().find(|layer| layer.name == name).unwrap()
    }

    #[test]
    fn a_matcher_that_asks_for_the_engine_is_refused() {
        let manifest = "[dependencies]\nunits.workspace = true\nengine = { path = \"x\" } # why\n\
                        rand = \"1\"\n[dev-dependencies]\nworld.workspace = true\n";
        let problems = check_manifest(manifest, named("market"));
        assert_eq!(problems.len(), 2, "{problems:?}");
        assert!(problems[0].contains("`engine`") && problems[1].contains("`rand`"));
        let table = "[dependencies.polars]\nversion = \"1\"\n";
        assert_eq!(check_manifest(table, named("orrery")).len(), 1);
    }

    #[test]
    fn a_house_with_a_cycle_is_refused() {
        let house = [layer("a", "a", &["b"], &[]), layer("b", "b", &["a"], &[])];
        assert_eq!(check_house(&house), ["a: `b` does not stand above it"]);
    }

    #[test]
    fn a_folder_or_crate_nobody_listed_is_refused() {
        let found: Vec<String> = FOLDERS.iter().skip(1).map(|f| f.to_string()).collect();
        let problems = check_folders(&[found, vec!["utils".into(), "target".into()]].concat());
        assert_eq!(problems.len(), 2, "{problems:?}");
        let problems = check_members("members = [\"sim/units\", \"sim/helpers\"]");
        assert!(problems[0].starts_with("sim/helpers"));
        assert_eq!(problems.len(), HOUSE.len() - 1);
    }

    #[test]
    fn a_module_that_looks_down_is_refused() {
        let modules =
            Modules::of("mod above;\npub mod own;\n\nmod below;\n\npub use below::{Low};\n");
        let looks_down =
            |path: &str, text: &str| check_order(&source(path, text), "sim/x/src", &modules).len();
        assert_eq!(looks_down("sim/x/src/own.rs", "use crate::below::Low;"), 1);
        assert_eq!(looks_down("sim/x/src/own.rs", "use crate::{above::High, Low};"), 1);
        assert_eq!(looks_down("sim/x/src/own.rs", "fn f() -> crate::Low { super::below::g() }"), 2);
        assert_eq!(looks_down("sim/x/src/own/part.rs", "use super::super::below::Low;"), 1);
        assert_eq!(looks_down("sim/x/src/own/mod.rs", "use super::Low;"), 1);
        assert_eq!(looks_down("sim/x/src/own/part.rs", "use super::below;"), 0);
        assert_eq!(looks_down("sim/x/src/below.rs", "use crate::own::Own;\nuse super::above;"), 0);
        let test = "// crate::below\n#[cfg(test)]\nmod tests {\n    use crate::below::Low;\n}";
        assert_eq!(looks_down("sim/x/src/own.rs", test), 0);
    }

    #[test]
    fn files_clocks_and_terminals_are_refused() {
        let found = |text: &str| check_pure(&source("sim/x/src/a.rs", text)).len();
        assert_eq!(found("use std::fs;\nfn f() { println!(\"{}\", 1) }"), 2);
        assert_eq!(found("use std::{fmt, thread::spawn};"), 1);
        assert_eq!(found("let now = ::std::time::Instant::now();"), 1);
        assert_eq!(found("// std::fs is not for us\nlet text = \"println!\";"), 0);
        assert_eq!(code("a // b"), "a     ");
    }
}
