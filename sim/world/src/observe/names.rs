//! What the numbers in rows are called.

use record::Names;
use scenario::{OtherNetwork, Scenario, Venue};

/// The names behind the identifiers in rows.
pub fn names(scenario: &Scenario) -> Names {
    Names {
        pools: scenario.pools.iter().map(|pool| pool.name.clone()).collect(),
        regions: scenario.regions.iter().map(|region| region.name.clone()).collect(),
        cards: scenario.cards.iter().map(|card| card.name.clone()).collect(),
        classes: scenario.classes.iter().map(|class| class.name.clone()).collect(),
        host_classes: scenario.host_classes.iter().map(|host| host.name.clone()).collect(),
        provider_kinds: scenario.provider_kinds.iter().map(|kind| kind.name.clone()).collect(),
        tenant_kinds: scenario.tenant_kinds.iter().map(|kind| kind.name.clone()).collect(),
        venues: [Venue::HERE.to_string()]
            .into_iter()
            .chain(scenario.venue_list.iter().map(|venue| venue.name.clone()))
            .collect(),
        networks: [OtherNetwork::HERE.to_string()]
            .into_iter()
            .chain(scenario.other_networks.iter().map(|network| network.name.clone()))
            .collect(),
        operators: scenario.committee.operators.iter().map(|one| one.name.clone()).collect(),
        fleet: scenario.fleet.iter().map(|one| one.name.clone()).collect(),
    }
}
