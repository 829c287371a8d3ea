//! The choices of a scenario in the matcher: do they hold what is claimed, whatever else is chosen?

mod support;

use market::{Arrival, BidLeaf, Core, bids_root};
use record::{BidRow, Observer, ProviderRole, ProviderRow, RoundRow, Row};
use std::path::Path;
use std::process::Command;
use support::{digest, project, rows, run, scenario};
use world::{Options, Search};

/// Newcomers, an owner of several names, a cap and a sequencer that grinds, all at once.
const ALL_AT_ONCE: [&str; 8] = [
    "clock.warm_up=1 d",
    "clock.horizon=2 d",
    "pool.community.newcomers={ count = 9, join = \"30 h\" }",
    "pool.secured.newcomers={ count = 2, join = \"24 h\" }",
    "pool.secured.splitting={ owners = 2, identities = 3, stake = 4.0 }",
    "matching.owner_leases_max=2",
    "matching.beacon=block_hash",
    "matching.grinding={ tries = 3, favoured = \"30 %\" }",
];

/// Keeps what the tests look at.
#[derive(Default)]
struct Watcher {
    rounds: Vec<RoundRow>,
    bids: Vec<BidRow>,
    providers: Vec<ProviderRow>,
    unmatched: usize,
}

impl Observer for Watcher {
    fn on_row(&mut self, row: Row<'_>) {
        match row {
            Row::Round(row) => self.rounds.push(*row),
            Row::Bid(row) => self.bids.push(*row),
            Row::Provider(row) => self.providers.push(*row),
            Row::Order(row) => {
                let is_round = row.outcome == record::OrderOutcome::Unmatched;
                self.unmatched += usize::from(is_round && row.draws == 0);
            }
            _ => {}
        }
    }

    fn wants_sample(&self) -> bool {
        true
    }

    fn wants_unmatched(&self) -> bool {
        true
    }
}

#[test]
fn lazy_and_eager_runs_agree_whatever_is_chosen() {
    let market = scenario("small", &ALL_AT_ONCE);
    let audited = Options { audit_every_event: true, ..Options::default() };
    let (lazy, one) = rows(&market, 3, audited);
    let (eager, two) = rows(&market, 3, Options { search: Search::Eager, ..Options::default() });
    assert_eq!(one.digest, two.digest);
    assert_eq!(lazy.orders, eager.orders);
    assert_eq!(lazy.others, eager.others);
    assert_ne!(one.digest.digest, digest(&scenario("small", &ALL_AT_ONCE[..2]), 3));
}

#[test]
fn every_core_carries_a_whole_run() {
    for (name, _) in Core::all() {
        let core = format!("matching.core={name}");
        let market = scenario("small", &["clock.warm_up=0 d", "clock.horizon=12 h", &core]);
        let options = Options { audit_every_event: true, ..Options::default() };
        let mut watcher = Watcher::default();
        run(&market, 2, options, &mut watcher);
        let won: u64 = watcher.providers.iter().map(|row| row.leases_won).sum();
        assert!(won > 50, "{name}: {won} leases");
    }
}

#[test]
fn a_round_accounts_for_everybody() {
    let mut watcher = Watcher::default();
    let sets = ["clock.horizon=1 d", "matching.owner_leases_max=1", "matching.sample_one_in=1"];
    let market = scenario("small", &sets);
    let outcome = run(&market, 4, Options::default(), &mut watcher);
    assert_eq!(outcome.digest.digest, digest(&market, 4), "watching changes nothing");
    for row in &watcher.rounds {
        assert_eq!(row.eligible + failed(row), row.candidates, "{row:?}");
        assert_eq!(row.in_time + row.late, row.eligible, "{row:?}");
        assert!(row.picks <= row.in_time.min(market.matching.draws_max), "{row:?}");
        assert_eq!(row.winner.is_some(), row.regret_ppm.is_some(), "{row:?}");
        assert!(row.gap.is_none_or(|gap| gap >= 0), "{row:?}");
    }
    let nobody = watcher.rounds.iter().filter(|row| row.winner.is_none()).count();
    assert_eq!(nobody, watcher.unmatched, "every order that nobody was drawn for has its round");
    let late = |row: &&RoundRow| row.winner.is_none() && row.eligible > 0;
    assert!(watcher.rounds.iter().any(|row| row.is_sampled && row.winner.is_some()));
    assert!(watcher.rounds.iter().filter(late).all(|row| row.in_time == 0));
    assert!(watcher.rounds.iter().any(|row| row.owner_cap_dropped), "the soft cap gave way once");
}

/// Anyone who has the bids can make the root again, and one bid less makes another.
#[test]
fn the_root_of_a_round_is_that_of_its_bids() {
    let mut watcher = Watcher::default();
    let market = scenario("small", &["clock.horizon=1 d", "matching.sample_one_in=1"]);
    run(&market, 4, Options::default(), &mut watcher);
    let whole = |row: &&RoundRow| row.late == 0 && row.in_time > 1 && row.pool.0 == 0;
    let mut checked = 0;
    for row in watcher.rounds.iter().filter(whole) {
        let mut bids: Vec<&BidRow> =
            watcher.bids.iter().filter(|bid| bid.order_key == row.order_key).collect();
        bids.sort_by_key(|bid| bid.arrived_at_ns);
        let mut leaves: Vec<BidLeaf> = Vec::new();
        for bid in bids {
            let height = bid.arrived_at_ns.nanos().div_ceil(market.chain.block.nanos());
            let earlier = leaves.iter().filter(|leaf| leaf.arrival.height == height).count();
            leaves.push(BidLeaf {
                provider: watcher.providers[bid.provider.index()].provider_key,
                number: bid.provider.0, // The first pool: places are registration numbers.
                bid: bid.price_nano_usd_per_gpu_hour,
                arrival: Arrival { height, index: earlier as u32 },
            });
        }
        assert_eq!(bids_root(leaves.iter().copied()).0, row.bids_root, "{row:?}");
        assert_ne!(bids_root(leaves[1..].iter().copied()).0, row.bids_root, "{row:?}");
        checked += 1;
    }
    assert!(checked > 100, "{checked} rounds without a late bid");
}

fn failed(row: &RoundRow) -> u32 {
    row.failed_provider_inactive
        + row.failed_mode
        + row.failed_trust_tier
        + row.failed_uptime_minimum
        + row.failed_excluded
        + row.failed_region
        + row.failed_law
        + row.failed_card
        + row.failed_node_size
        + row.failed_capacity
        + row.failed_host
        + row.failed_price
        + row.failed_stake
        + row.failed_latency
        + row.failed_owner_cap
}

#[test]
fn a_hard_cap_holds_for_an_owner_whatever_its_names() {
    let sets = ["clock.horizon=1 d", "matching.owner_leases_max=1", "matching.soft=[]"];
    let market = scenario("small", &sets);
    let mut watcher = Watcher::default();
    run(&market, 4, Options::default(), &mut watcher);
    assert!(watcher.rounds.iter().any(|row| row.failed_owner_cap > 0));
    assert!(watcher.rounds.iter().all(|row| !row.owner_cap_dropped));
}

#[test]
fn newcomers_win_nothing_before_they_join() {
    let mut watcher = Watcher::default();
    run(&scenario("small", &ALL_AT_ONCE), 3, Options::default(), &mut watcher);
    let of = |role| watcher.providers.iter().filter(move |row| row.role == role);
    assert_eq!(of(ProviderRole::Newcomer).count(), 11);
    let waits = of(ProviderRole::Newcomer)
        .filter_map(|row| Some(row.first_lease_at_ns? > row.joined_at_ns));
    let waits: Vec<bool> = waits.collect();
    assert!(!waits.is_empty() && waits.iter().all(|is_after| *is_after));
    // Two owners of three names each, and nobody else shares an owner.
    let split: Vec<_> = of(ProviderRole::Split).map(|row| row.owner_key).collect();
    assert!(split.len() > 2 && split.iter().collect::<std::collections::BTreeSet<_>>().len() == 2);
}

#[test]
fn newcomers_who_join_after_the_end_are_nobodys_rows() {
    let mut watcher = Watcher::default();
    let late = "pool.community.newcomers={ count = 9, join = \"3 d\" }";
    run(
        &scenario("small", &[&ALL_AT_ONCE[..], &[late]].concat()),
        3,
        Options::default(),
        &mut watcher,
    );
    let newcomers = watcher.providers.iter().filter(|row| row.role == ProviderRole::Newcomer);
    assert_eq!(newcomers.count(), 2, "those of the other pool");
}

#[test]
fn a_comparison_holds_what_each_run_alone_comes_to() {
    let room = std::env::temp_dir().join(format!("orrery-compare-{}", std::process::id()));
    let compare = || {
        let output = Command::new(env!("CARGO_BIN_EXE_orrery"))
            .args(["compare", "scenarios/matching/cores.toml", "--quiet", "--seeds", "1..2"])
            .args(["--set", "clock.horizon=12 h", "--out"])
            .arg(&room)
            .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
            .output()
            .expect("the binary was built for this test");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let folder = std::fs::read_dir(&room).expect("results were written").next();
        let folder = folder.expect("one folder").expect("it can be read").path();
        let files = std::fs::read_dir(folder).expect("it holds files");
        let mut files: Vec<_> = files.map(|file| file.expect("it can be read").path()).collect();
        files.sort();
        let endings = files.iter().map(|file| file.extension().expect("an ending").to_owned());
        assert_eq!(endings.collect::<Vec<_>>(), ["csv", "html", "md"]);
        std::fs::read_to_string(&files[0]).expect("the CSV can be read")
    };
    let csv = compare();
    assert_eq!(csv, compare(), "the same call makes the same bytes, in the same place");
    assert_eq!(csv.lines().count(), 1 + 14 * 2, "a row for each variant and seed");
    for (row, core) in [("as declared", "weighted_softmax"), ("lowest_price", "lowest_price")] {
        let sets = ["clock.horizon=12 h", &format!("matching.core={core}")];
        let alone = support::summary(&scenario("matching/cores", &sets), 2);
        let value = alone.get("leases.charged_usd_per_gpu_hour").expect("something was paid");
        let line = csv.lines().find(|line| line.starts_with(&format!("{row},2,")));
        let cells: Vec<&str> = line.expect("the row is there").split(',').collect();
        assert_eq!(cells[3].parse(), Ok(value), "{row}");
    }
    std::fs::remove_dir_all(room).expect("the room is ours");
}

#[test]
fn what_the_matching_scenarios_expect_holds() {
    let folder = project("scenarios/matching");
    let files = std::fs::read_dir(&folder).expect("the folder is there");
    let files: Vec<_> = files.map(|file| file.expect("it can be read").path()).collect();
    assert!(files.len() >= 6);
    let output = Command::new(env!("CARGO_BIN_EXE_orrery"))
        .args(["check", "--quiet"])
        .args(files)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
        .output()
        .expect("the binary was built for this test");
    let text = String::from_utf8_lossy(&output.stdout);
    let failed: Vec<&str> = text.lines().filter(|line| line.contains("FAIL")).collect();
    assert!(output.status.success() && failed.is_empty(), "{failed:#?}");
    assert!(text.contains("variant random, 16 tries"), "variants are checked as well");
}
