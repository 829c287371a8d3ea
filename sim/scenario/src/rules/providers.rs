//! Provider kinds: what a pool's providers are a mixture of.

use crate::reader::Table;
use crate::validated::{Bidding, ProviderKind};

/// All kinds, in the order of the file.
pub fn provider_kinds(root: &Table) -> Vec<ProviderKind> {
    let kinds = root.entries("provider_kind", |name, table| ProviderKind {
        name: name.to_string(),
        bidding: bidding(table),
    });
    kinds.into_iter().map(|(_, kind)| kind).collect()
}

fn bidding(table: &Table) -> Bidding {
    table.word("bidding", &[("posted", Bidding::Posted)])
}
