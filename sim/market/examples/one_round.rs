//! One order, three candidates, one beacon: the round, why the others lost, and its record.
//!
//! `cargo run -p market --example one_round` prints all of it. Nothing here but `market` and
//! `units`: no simulator, no clock, no file.

use market::{
    Arrival, Beacon, Candidate, Closing, Committee, Core, Facts, Forms, Hash, MatchRecord, Mode,
    Operator, Order, RoundInput, Scoring, Signer, SoftFilters, Standing, Weights, WrongField,
    check_eligible, match_round,
};
use units::{BasisPoints, EntityKey, GpuHourPrice, Ppm, Span, Spon};

/// Round trips from the tenant's region to each region: here there is one.
const RTT_FROM_TENANT: &[Span] = &[Span::ZERO];

fn main() -> Result<(), WrongField> {
    let scoring = Scoring::new(Weights::BALANCED, Forms::capped_at(50)).expect("weights that add");
    let key = EntityKey::group("tenant").child(7);
    let order = Order {
        latency_bound: Some(Span::from_millis(150)),
        ..Order::plain(key, Mode::Fizz, GpuHourPrice::from_nanos(300_000_000))
    };
    let candidates = [
        candidate(1, 20, 250_000_000, 995_000, 5_000, &scoring),
        candidate(2, 85, 160_000_000, 930_000, 1_000, &scoring),
        candidate(3, 160, 200_000_000, 999_000, 60_000, &scoring), // too far
    ];

    // The window closes with a block. Only then do the operators sign, so nobody knew the beacon.
    let group = Signer::from_seed([9; 32]);
    let operators = [1, 2, 3].map(|n| (EntityKey(n), Signer::from_seed([n as u8; 32])));
    let committee = committee(&operators, &group);
    let block_hash = Hash::of(&[b"the closing block"]);
    let closing = Closing { chain_id: 1, order: key, height: 1_002, block_hash };
    let beacon = Beacon::sign_closing(&closing, &group);
    let ticket = closing.ticket(beacon.value(&closing, &committee)?);

    let input = RoundInput {
        order: &order,
        rtt_from_tenant: RTT_FROM_TENANT,
        ticket,
        core: Core::default(),
        scoring: &scoring,
        draws_max: 2,
        soft: SoftFilters::default(),
    };
    let round = match_round(&input, candidates.iter(), |_| true);
    for candidate in &candidates {
        if let Err(reject) = check_eligible(&order, candidate, RTT_FROM_TENANT) {
            println!("provider {}: rejected by `{}`", candidate.number, reject.name());
        }
    }

    let facts = Facts { closing, beacon, committee };
    let bids = (0..).zip(&candidates).map(|(n, c)| (c, Some(Arrival { height: 1_001, index: n })));
    let mut record = MatchRecord::make(&facts, &input, &round, bids)?;
    for (operator, signer) in &operators {
        record.sign(*operator, signer);
    }
    report(&record);
    record.verify_under(&facts.committee)?;
    println!("the record holds");

    // A better score for the loser, and nobody is fooled.
    record.bids[0].score = Ppm::ONE;
    println!("altered: {}", record.verify().expect_err("a false score"));
    Ok(())
}

/// A home machine so many milliseconds away, with a bid, an uptime and a stake.
fn candidate(
    number: u32,
    rtt_ms: u64,
    bid: u64,
    uptime: u32,
    stake: i128,
    scoring: &Scoring,
) -> Candidate {
    let key = EntityKey::group("home machines").child(number.into());
    let plain = Candidate::plain(key, number, Mode::Fizz, GpuHourPrice::from_nanos(bid));
    let [stake, stake_min] =
        [stake, 1_000].map(|tokens| Spon::from_base(tokens * Spon::ONE.base()));
    let standing = Standing { uptime: Ppm(uptime), stake, stake_min, ..plain.standing };
    let merit = scoring.merit(&standing);
    Candidate { last_mile: Span::from_millis(rtt_ms), standing, merit, ..plain }
}

/// Operators of equal stake.
fn committee(operators: &[(EntityKey, Signer)], group: &Signer) -> Committee {
    let operator = |(key, signer): &(EntityKey, Signer)| Operator {
        key: *key,
        stake: Spon::ONE,
        public_key: signer.public_key(),
    };
    Committee {
        operators: operators.iter().map(operator).collect(),
        quorum: BasisPoints(6_667),
        group_key: group.public_key(),
    }
}

/// The score cards of the admitted, and who was drawn.
fn report(record: &MatchRecord) {
    for bid in &record.bids {
        let (number, score, key) = (bid.candidate.number, bid.score.0, bid.draw_key.0);
        println!("provider {number}: score {score} ppm, draw key {key}");
        println!("  {:?}", bid.card);
    }
    for (place, pick) in record.picks.iter().enumerate() {
        println!("pick {place}: {:016x} at {} nano-USD", pick.provider.0, pick.price.nanos());
    }
    println!("root {}, digest {}", record.bids_root, record.digest);
}
