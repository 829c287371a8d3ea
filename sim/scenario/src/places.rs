//! Which shipped file shows each section, for the remedy of a missing key.

/// Sections and the file under `scenarios/` that has a full one.
const HOMES: [(&str, &str); 42] = [
    ("question", "baseline.toml"),
    ("expectation", "baseline.toml"),
    ("price_book", "baseline.toml"),
    ("clock", "baseline.toml"),
    ("chain", "baseline.toml"),
    ("tenants", "baseline.toml"),
    ("pool", "baseline.toml"),
    ("class", "baseline.toml"),
    ("hardware_tier", "library/cards.toml"),
    ("card", "library/cards.toml"),
    ("price_books", "library/prices.toml"),
    ("region", "library/regions.toml"),
    ("country", "library/countries.toml"),
    ("latency", "library/regions.toml"),
    ("host_class", "library/hosts.toml"),
    ("hardware", "library/hardware.toml"),
    ("owner_profile", "library/hosts.toml"),
    ("provider_kind", "library/providers.toml"),
    ("tenant_kind", "library/venues.toml"),
    ("tenant_misuse", "library/misuse.toml"),
    ("tenant_rules", "library/misuse.toml"),
    ("venue", "library/venues.toml"),
    ("venues", "library/venues.toml"),
    ("investment", "library/investment.toml"),
    ("admission", "library/investment.toml"),
    ("other_network", "library/networks.toml"),
    ("region_outage", "library/hosts.toml"),
    ("fleet", "library/hosts.toml"),
    ("chain_profile", "library/chains.toml"),
    ("committee", "library/protocol.toml"),
    ("matching", "library/protocol.toml"),
    ("ordering", "library/protocol.toml"),
    ("contract", "library/protocol.toml"),
    ("fees", "library/protocol.toml"),
    ("stake", "library/protocol.toml"),
    ("rewards", "library/protocol.toml"),
    ("token", "library/protocol.toml"),
    ("exchange", "library/protocol.toml"),
    ("token_sales", "library/protocol.toml"),
    ("drivers", "library/protocol.toml"),
    ("costs", "library/protocol.toml"),
    ("expect", "baseline.toml"),
];

/// What to do about a key that is missing.
pub fn remedy_of_missing(path: &str) -> String {
    format!("write it as {} does, or extend it", home_of(path))
}

/// The file under `scenarios/` that shows how a key is written.
fn home_of(path: &str) -> &'static str {
    let section = path.split('.').next().unwrap_or("");
    HOMES.iter().find(|(name, _)| *name == section).map_or("baseline.toml", |(_, file)| *file)
}
