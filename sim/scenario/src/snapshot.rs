//! A snapshot: all that decides one round, in a file of its own, so that the matcher can be used
//! alone, from the command line and beside other implementations.
//!
//! TOML and JSON give the same tree and are read by the same rules: units in text, names instead
//! of numbers, unknown keys refused, every problem told at once. `tests/vectors/README.md`
//! describes the format, the defaults included.

mod bytes;
mod candidates;
mod closing;
mod order;
mod rules;

use crate::node::Value;
use crate::parse;
use crate::problem::Problem;
use crate::reader::{Desk, Names, Table};
use crate::round_rules;
use market::{
    Arrival, Beacon, Candidate, Closing, Committee, Core, Hash, Order, RoundInput, Scoring, Signer,
    SoftFilters,
};
use std::collections::BTreeSet;
use units::text::parse_span;
use units::{CardId, CardSet, EntityKey, ProviderId, RegionId, RegionSet, Span};

/// All that decides one round.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The end of the window.
    pub closing: Closing,
    /// How the beacon came about.
    pub beacon: Beacon,
    /// The value of the beacon.
    pub beacon_value: Hash,
    /// Who may sign a record.
    pub committee: Committee,
    /// What they sign with, by key.
    pub signers: Vec<(EntityKey, Signer)>,
    /// The order.
    pub order: Order,
    /// The names of the regions, by `RegionId`.
    pub regions: Vec<String>,
    /// Round trips between the tenant's region and each region, by `RegionId`.
    pub rtt_from_tenant: Vec<Span>,
    /// The names of the cards, by `CardId`.
    pub cards: Vec<String>,
    /// How admitted bids are ranked.
    pub core: Core,
    /// Weights and forms of the factors.
    pub scoring: Scoring,
    /// Draws in all.
    pub draws_max: u32,
    /// Filters that are dropped rather than leave nobody.
    pub soft: SoftFilters,
    /// The candidates, by `ProviderId`.
    pub candidates: Vec<Candidate>,
    /// Their names, by `ProviderId`.
    pub names: Vec<String>,
    /// Whose bid came after the window had closed, by `ProviderId`.
    pub is_late: Vec<bool>,
    /// When each bid came, by `ProviderId`; not read of the late.
    pub arrivals: Vec<Arrival>,
}

/// Regions are a set of bits.
const NAMES_MAX: usize = 64;

impl Snapshot {
    /// Reads a snapshot; `file` is its name in messages, and JSON when it ends with `.json`.
    ///
    /// # Errors
    /// Every problem, with place and remedy.
    ///
    /// ```
    /// use scenario::Snapshot;
    /// let text = "order = { ceiling = \"0.30 USD/GPU-h\" }\n\
    ///             block_hash = \"0x00\"\n\
    ///             candidates = [{ name = \"a\", number = 0, bid = \"0.25 USD/GPU-hour\" }]";
    /// let problems = Snapshot::read("a.toml", text.as_bytes()).expect_err("two mistakes");
    /// let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
    /// assert!(told[0].starts_with("a.toml:3: candidates[1].bid: \"0.25 USD/GPU-hour\" has an"));
    /// assert!(told[1].starts_with("a.toml:2: block_hash: \"0x00\" has 1 bytes; write 32"));
    /// ```
    pub fn read(file: &str, bytes: &[u8]) -> Result<Snapshot, Vec<Problem>> {
        let is_json = file.to_ascii_lowercase().ends_with(".json");
        let document = if is_json { parse::json::document } else { parse::document };
        let (mut tree, problems) = document(file, bytes);
        if !problems.is_empty() && tree.entries().is_empty() {
            return Err(problems);
        }
        let is_incomplete = !problems.is_empty();
        rules::complete(&mut tree);
        let desk = Desk { is_incomplete, ..Desk::new(problems, remedy_of_missing) };
        let root = Table::root(&desk, &tree);
        let snapshot = read(&root);
        root.refuse_unknown();
        let problems = desk.problems.into_inner();
        snapshot.filter(|_| problems.is_empty()).ok_or(problems)
    }

    /// What the round is decided by.
    pub fn input(&self) -> RoundInput<'_> {
        RoundInput {
            order: &self.order,
            rtt_from_tenant: &self.rtt_from_tenant,
            ticket: self.closing.ticket(self.beacon_value),
            core: self.core,
            scoring: &self.scoring,
            draws_max: self.draws_max,
            soft: self.soft,
        }
    }

    /// The candidate of that name.
    ///
    /// # Errors
    /// What to do about a name that nobody has.
    pub fn provider(&self, name: &str) -> Result<ProviderId, String> {
        let names = Names::new("candidate", self.names.clone());
        let place = candidates::place_of(&names, name)?;
        Ok(self.candidates[place].provider)
    }

    /// Whether the bid of `candidate` came inside the window.
    pub fn is_in_time(&self, candidate: &Candidate) -> bool {
        !self.is_late[candidate.provider.index()]
    }
}

fn remedy_of_missing(path: &str) -> String {
    let example = match path.rsplit('.').next().unwrap_or_default() {
        "ceiling" | "bid" => " = \"0.30 USD/GPU-h\"",
        "block_hash" | "seed" | "secret" => " = \"0x\" and 32 bytes in hex",
        "shares" => ", one table for each operator that committed",
        "name" => ", which messages and lists call it by",
        "number" => ", its registration number: its noise is drawn from it",
        _ => "",
    };
    format!("write it{example}; tests/vectors/README.md describes every key")
}

/// The catalogues that names refer to.
struct Catalogues {
    regions: Names,
    cards: Names,
}

fn read(root: &Table) -> Option<Snapshot> {
    let (regions, rtt_from_tenant) = read_regions(root);
    let catalogues = Catalogues { regions, cards: read_cards(root) };
    let found = candidates::read(root, &catalogues);
    let order = root.table("order", |table| order::read(table, &catalogues, &found));
    let rules = root.table("rules", round_rules::read);
    let closing = closing::read_closing(root, order.key);
    let signers = closing::read_signers(root);
    let beacon = closing::read_beacon(root, &closing, &signers);
    let value = beacon.value(&closing, &signers.committee);
    let value = value.map_err(|wrong| root.problem("shares", format!("do not add up: {wrong}")));
    let arrivals = found.arrivals(root, closing.height);
    // Rules that cannot score are among the problems.
    let scoring = Scoring::new(rules.weights, rules.forms).ok()?;
    Some(Snapshot {
        closing,
        beacon,
        beacon_value: value.ok()?,
        committee: signers.committee,
        signers: signers.signers,
        order,
        rtt_from_tenant,
        core: rules.core,
        scoring,
        draws_max: rules.draws_max,
        soft: rules.soft,
        candidates: candidates::with_merit(found.candidates, &scoring),
        names: found.names,
        is_late: found.is_late,
        arrivals,
        regions: catalogues.regions.iter().map(String::from).collect(),
        cards: catalogues.cards.iter().map(String::from).collect(),
    })
}

fn whole_u64(table: &Table, key: &str) -> u64 {
    let value = table.integer(key, 0..=i128::from(u64::MAX));
    value.map_or(0, |value| u64::try_from(value).expect("the range is one of u64"))
}

/// The regions with the round trip of each from the tenant; without them there is one, at no
/// distance.
fn read_regions(root: &Table) -> (Names, Vec<Span>) {
    let rtt = |table: &Table| {
        let read = |name: &str| (name.to_string(), table.quantity(name, parse_span));
        table.keys().map(read).collect()
    };
    let here = vec![("here".to_string(), Span::ZERO)];
    let all = root.or("round_trips", here, |root, key| root.table(key, rtt));
    if all.is_empty() || all.len() > NAMES_MAX {
        root.problem("round_trips", format!("has {} regions; name 1 to {NAMES_MAX}", all.len()));
    }
    let (names, rtts) = all.into_iter().take(NAMES_MAX).unzip();
    (Names::new("region", names), rtts)
}

/// The names of the cards; without them there is one.
fn read_cards(root: &Table) -> Names {
    let one = || vec!["gpu".to_string()];
    let mut names = root.or("cards", one(), |root, key| {
        let mut known = BTreeSet::new();
        root.each_text(key, |name| match known.insert(name.to_string()) {
            true => Ok(name.to_string()),
            false => Err("is named twice; keep one".to_string()),
        })
    });
    if names.is_empty() || names.len() > CardSet::MAX {
        root.problem("cards", format!("has {} names; name 1 to {}", names.len(), CardSet::MAX));
        names = one();
    }
    Names::new("card", names)
}

impl Catalogues {
    /// The region of a key.
    fn region(&self, table: &Table, key: &str) -> RegionId {
        let place = name_at(table, key, |name| place(&self.regions, name));
        RegionId(place.unwrap_or(0))
    }

    /// The card of a key.
    fn card(&self, table: &Table, key: &str) -> CardId {
        CardId(name_at(table, key, |name| place(&self.cards, name)).unwrap_or(0))
    }

    /// The regions of a list.
    fn region_set(&self, table: &Table, key: &str) -> RegionSet {
        let places = table.each_text(key, |name| place(&self.regions, name));
        places.into_iter().fold(RegionSet::default(), |set, place| set.with(RegionId(place)))
    }

    /// The cards of a list.
    fn card_set(&self, table: &Table, key: &str) -> CardSet {
        let places = table.each_text(key, |name| place(&self.cards, name));
        places.into_iter().fold(CardSet::default(), |set, place| set.with(CardId(place)))
    }
}

/// The name of a candidate or an operator: what one line can show, and nothing that steers a
/// terminal.
fn read_name(table: &Table) -> String {
    let name = table.text("name");
    let is_text = matches!(table.peek("name").map(|node| &node.value), Some(Value::Text(_)));
    if is_text && (name.trim().is_empty() || name.contains(char::is_control)) {
        table.problem("name", "is empty or holds control characters; write what can be printed");
    }
    name
}

/// The place of a name, below what a set holds.
fn place(names: &Names, name: &str) -> Result<u16, String> {
    let place = names.index(name).ok_or_else(|| names.unknown(name))?;
    Ok(u16::try_from(place).expect("a catalogue holds few names"))
}

/// What `find` makes of the text of a key; what it refuses is a problem.
fn name_at<T>(table: &Table, key: &str, find: impl Fn(&str) -> Result<T, String>) -> Option<T> {
    let problems = table.problem_count();
    let name = table.text(key);
    if table.problem_count() > problems {
        return None;
    }
    find(&name).map_err(|message| table.problem(key, message)).ok()
}
