//! Provider kinds: mixtures, what moves no draw, and what each way to ask comes to in a run.

mod support;

use support::{digest, rows, scenario};
use world::Options;

#[test]
fn a_mixture_of_kinds_that_do_the_same_is_the_run_without_it() {
    let days = ["clock.warm_up=0 d", "clock.horizon=2 d"];
    let of = |sets: &[&str]| scenario("small", &[&days, sets].concat());
    let plain = of(&[]);
    let twins = [
        "provider_kind.twin={ bidding = \"posted\" }",
        "pool.community.kinds={ posted = \"40 %\", twin = \"60 %\" }",
    ];
    let (mixed, outcome) = rows(&of(&twins), 1, Options::default());
    assert_eq!(outcome.digest.digest, digest(&plain, 1));
    let is_twin = |row: &&String| row.contains("provider_kind: ProviderKindId(1)");
    let twins = mixed.leases.iter().filter(is_twin).count();
    assert!((1..mixed.leases.len()).contains(&twins), "there are leases of both");
}
