//! The rules of a snapshot: those of a scenario, laid over defaults.

use crate::node::Node;
use crate::parse;

/// What holds where a snapshot says nothing else: a first draw and two redraws, no filter that
/// gives way, and the core's published parameters.
const DEFAULT: &str = r#"
core = "weighted_softmax"
weights = "balanced"
stake_cap_multiple = 50
is_weighted_by_capacity = false
draws_max = 3
soft = []

[forms]
region = "half_point"
price = "half_budget"
uptime = "marks"
reputation = "prior"
availability = "spread"
slash = "halving"
stake = "log"

[core_parameters]
livepeer_mix = { stake = "70 %", price = "0 %", random = "30 %", price_unit = "0.1 USD/GPU-h" }
lava_product = { stake_exponent_milli = 1000, geo_exponent_milli = 1000 }
kalypso_linear = { successes = 15, slashes = -15, price = -3, time = -3, leases = -2 }
power_of_d = { choices = 2 }
"#;

/// Completes the rules of a snapshot, so that every key of them is there.
pub fn complete(snapshot: &mut Node) {
    let written = snapshot.take("rules");
    let (mut rules, _) = parse::document("the default rules", DEFAULT.as_bytes());
    if let Some(written) = written {
        rules.overlay(written);
    }
    let origin = rules.origin.clone();
    *snapshot.table_at("rules", &origin) = rules;
}
