//! What a folder of results is: which scenario and seed made it, and the hash of each file.
//!
//! Nothing in it depends on when, where or on how many threads it was made, so that equal runs
//! have equal manifests.

use crate::error::RunError;
use crate::files;
use crate::tables::{SHAPES, Written};
use record::Names;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;
use world::Outcome;

/// The file's name within a folder of results.
pub const FILE: &str = "manifest.json";

/// The file that says how long a run took: it is of the run, but not of its result.
pub const TIMING_FILE: &str = "timing.json";

/// The version of this file's shape.
const VERSION: u32 = 1;

/// Everything needed to make a run again and to know its results.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of this file's shape.
    pub version: u32,
    /// Who made the results.
    pub code: String,
    /// Which run this is.
    #[serde(flatten)]
    pub identity: Identity,
    /// What `--set` changed, in order.
    pub sets: Vec<String>,
    /// Simulated time before the reported time, nanoseconds.
    pub warm_up_ns: u64,
    /// One order in this many has its round and its bids in the tables.
    pub sample_one_in: u32,
    /// Simulated time reached, warm-up included, nanoseconds.
    pub ended_at_ns: u64,
    /// Whether the run stopped before its end.
    pub is_partial: bool,
    /// The hash over every receipt and the state at every era, in hex.
    pub digest: String,
    /// Receipts of the chain.
    pub receipts: u64,
    /// Events.
    pub events: u64,
    /// Events that shared their moment with another.
    pub ties: u64,
    /// The tables, with their rows and columns.
    pub tables: Vec<TableEntry>,
    /// The names that tables hold, in the order of the scenario.
    pub names: NameLists,
    /// The SHA-256 of every other file but `timing.json`, in hex.
    pub files: BTreeMap<String, String>,
    /// The SHA-256 of this file with this value empty.
    pub checksum: String,
}

/// Which run a folder holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The scenario's name.
    pub scenario: String,
    /// The SHA-256 of the effective scenario's text, in hex.
    pub scenario_hash: String,
    /// The seed.
    pub seed: u64,
}

/// A table of the folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableEntry {
    /// Its name.
    pub name: String,
    /// Its rows.
    pub rows: u64,
    /// Its columns, in order.
    pub columns: Vec<String>,
}

/// `record::Names` as the manifest holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameLists {
    pools: Vec<String>,
    regions: Vec<String>,
    cards: Vec<String>,
    classes: Vec<String>,
    host_classes: Vec<String>,
    provider_kinds: Vec<String>,
    tenant_kinds: Vec<String>,
    operators: Vec<String>,
    fleet: Vec<String>,
    venues: Vec<String>,
    networks: Vec<String>,
}

impl From<Names> for NameLists {
    fn from(names: Names) -> NameLists {
        let Names {
            pools,
            regions,
            cards,
            classes,
            host_classes,
            provider_kinds,
            tenant_kinds,
            operators,
            fleet,
            venues,
            networks,
        } = names;
        NameLists {
            pools,
            regions,
            cards,
            classes,
            host_classes,
            provider_kinds,
            tenant_kinds,
            operators,
            fleet,
            venues,
            networks,
        }
    }
}

impl From<NameLists> for Names {
    fn from(lists: NameLists) -> Names {
        let NameLists {
            pools,
            regions,
            cards,
            classes,
            host_classes,
            provider_kinds,
            tenant_kinds,
            operators,
            fleet,
            venues,
            networks,
        } = lists;
        Names {
            pools,
            regions,
            cards,
            classes,
            host_classes,
            provider_kinds,
            tenant_kinds,
            operators,
            fleet,
            venues,
            networks,
        }
    }
}

impl Manifest {
    /// The manifest of a run that ended; the files come later.
    pub fn of(identity: Identity, sets: &[String], names: Names, outcome: &Outcome) -> Manifest {
        Manifest {
            version: VERSION,
            code: Manifest::code_now(),
            identity,
            sets: sets.to_vec(),
            warm_up_ns: 0,
            sample_one_in: 0,
            ended_at_ns: outcome.ended_at.nanos(),
            is_partial: outcome.is_partial,
            digest: outcome.digest.digest.clone(),
            receipts: outcome.digest.receipts,
            events: outcome.events,
            ties: outcome.ties,
            tables: Vec::new(),
            names: names.into(),
            files: BTreeMap::new(),
            checksum: String::new(),
        }
    }

    /// The name and version of this code.
    pub fn code_now() -> String {
        concat!("orrery ", env!("CARGO_PKG_VERSION")).to_string()
    }

    /// Lists tables that stand in `tables/`.
    pub fn add_tables(&mut self, tables: &[Written]) {
        for table in tables {
            self.files.insert(format!("tables/{}.parquet", table.name), table.sha256.clone());
            self.tables.push(entry(table));
        }
    }

    /// The text of the file, its checksum included.
    pub fn text(&self) -> String {
        let bare = Manifest { checksum: String::new(), ..self.clone() };
        let checksum = files::sha256(plain_text(&bare).as_bytes());
        plain_text(&Manifest { checksum, ..bare })
    }

    /// Reads the manifest of a folder and makes sure that nobody has changed it.
    pub fn read(folder: &Path) -> Result<Manifest, RunError> {
        let path = folder.join(FILE);
        let bytes = files::read(&path)?;
        let damaged = |what: String| RunError::Damaged { path: path.clone(), what };
        let manifest: Manifest = serde_json::from_slice(&bytes)
            .map_err(|error| damaged(format!("it cannot be read as a manifest ({error})")))?;
        if manifest.version != VERSION {
            return Err(damaged(format!("its version is {}, not {VERSION}", manifest.version)));
        }
        if manifest.text().as_bytes() != bytes {
            return Err(damaged("it was edited, its checksum does not fit".to_string()));
        }
        Ok(manifest)
    }

    /// Makes sure that every file of the folder is as it was written.
    pub fn check_files(&self, folder: &Path) -> Result<(), RunError> {
        for (name, sha256) in &self.files {
            let path = folder.join(name);
            if files::sha256(&files::read(&path)?) != *sha256 {
                let what = "it was edited or cut off, its checksum does not fit".to_string();
                return Err(RunError::Damaged { path, what });
            }
        }
        Ok(())
    }

    /// The files of a folder that the run did not write.
    pub fn strange_files(&self, folder: &Path) -> Result<Vec<String>, RunError> {
        let is_own = |name: &String| {
            self.files.contains_key(name) || [FILE, TIMING_FILE].contains(&name.as_str())
        };
        let mut names = files::names_below(folder)?;
        names.retain(|name| !is_own(name));
        Ok(names)
    }
}

fn entry(table: &Written) -> TableEntry {
    let shape = SHAPES.iter().find(|shape| shape.name == table.name);
    let columns = shape.expect("only known tables are written").columns.iter();
    let columns = columns.map(|column| column.name.to_string()).collect();
    TableEntry { name: table.name.to_string(), rows: table.rows, columns }
}

fn plain_text(manifest: &Manifest) -> String {
    pretty(manifest)
}

/// JSON for people and programs, with a line's end at the end.
pub fn pretty(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value).expect("our types are plain JSON values");
    text.push('\n');
    text
}
