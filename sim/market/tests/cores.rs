//! What must hold for every core, on generated markets: no place in a list counts, a better
//! candidate never loses, and a core that picks by a quantity picks what a plain sort picks.

mod generated;

use generated::{Choices, Market, draw_forms, draw_market};
use market::{
    Candidate, Core, Forms, LivepeerMix, Round, Scoring, Virtue, Weights, check_eligible,
};
use units::{BasisPoints, EntityKey, GpuHourPrice, Span, Spon};

/// The market of `seed` for `core`, everybody in time and everybody ranked.
fn whole_market(seed: u64, core: Core) -> Market {
    let mut market = draw_market(seed);
    market.core = core;
    (market.draws_max, market.late_one_in) = (u32::MAX, 1 << 60);
    market
}

/// Other forms for the factors of `market`.
fn reform(market: &mut Market, seed: u64) {
    let forms = draw_forms(&mut Choices::new(seed ^ 0xf0));
    let scoring = Scoring::new(*market.scoring.weights(), forms).expect("only the forms are new");
    market.rescore(scoring);
}

fn place(round: &Round, key: EntityKey) -> Option<usize> {
    round.picks.iter().position(|pick| pick.key == key)
}

#[test]
fn no_core_minds_the_order_of_the_candidates() {
    for (name, core) in Core::all() {
        for seed in 0..600 {
            let mut market = draw_market(seed);
            market.core = core;
            reform(&mut market, seed);
            let round = market.run();
            let mut choices = Choices::new(seed);
            for _ in 0..3 {
                choices.shuffle(&mut market.candidates);
                assert_eq!(market.run(), round, "{name}, seed {seed}");
            }
        }
    }
}

/// How often taking one candidate away moved the others among themselves.
fn count_moved(core: Core) -> u32 {
    let mut moved = 0;
    for seed in 0..600 {
        let mut market = whole_market(seed, core);
        reform(&mut market, seed);
        let Some(removed) = market.candidates.first().map(|c| c.key) else { continue };
        let with = market.run();
        market.candidates.remove(0);
        let without = market.run();
        if with.dropped != without.dropped {
            continue; // The one removed was the only one near enough.
        }
        let others = with.picks.iter().map(|pick| pick.key).filter(|key| *key != removed);
        moved += u32::from(!others.eq(without.picks.iter().map(|pick| pick.key)));
    }
    moved
}

/// Kalypso divides by the largest of the set, and a sample of `d` has room for one more or not;
/// every other core ranks each by itself.
#[test]
fn one_candidate_more_leaves_the_order_of_the_others() {
    for (name, core) in Core::all() {
        let is_relative = matches!(core, Core::KalypsoLinear(_) | Core::PowerOfD(_));
        assert_eq!(count_moved(core) > 0, is_relative, "{name}");
    }
}

/// One step better in `virtue`.
fn improve(candidate: &mut Candidate, virtue: Virtue) {
    let c = candidate;
    match virtue {
        Virtue::Nearness => c.last_mile = Span::from_nanos(c.last_mile.nanos() / 2),
        Virtue::Price => c.bid = GpuHourPrice::from_nanos(c.bid.nanos() * 3 / 4),
        Virtue::Uptime => c.standing.uptime.0 = (c.standing.uptime.0 + 10_000).min(1_000_000),
        Virtue::Reputation => c.standing.good_milli += 5_000,
        Virtue::Availability => {
            c.gpus_free.0 = (c.gpus_free.0 + 1).min(c.gpus_total.0);
            c.gpus_free_on_node.0 = (c.gpus_free_on_node.0 + 1).min(c.gpus_on_node.0);
        }
        Virtue::Slashes => c.standing.slash_halves = c.standing.slash_halves.saturating_sub(1),
        Virtue::Stake => c.standing.stake += Spon::from_base(500),
    }
}

/// How often being better in `virtue` cost a candidate its place, and how often it helped, at the
/// same ticket, with the default forms.
fn count_losses_and_gains(core: Core, virtue: Virtue, seeds: u64) -> (u32, u32) {
    let (mut losses, mut gains) = (0, 0);
    for seed in 0..seeds {
        let mut market = whole_market(seed, core);
        for at in 0..market.candidates.len().min(8) {
            let original = market.candidates[at];
            let Some(before) = place(&market.run(), original.key) else { continue };
            let better = &mut market.candidates[at];
            improve(better, virtue);
            better.merit = market.scoring.merit(&better.standing);
            let after = place(&market.run(), original.key).expect("better is still eligible");
            losses += u32::from(after > before);
            gains += u32::from(after < before);
            market.candidates[at] = original;
        }
    }
    (losses, gains)
}

#[test]
fn better_in_a_claimed_virtue_never_loses_a_place() {
    // Livepeer's published mixture does not read the price.
    let [stake, price, random] = [3_000, 5_000, 2_000].map(BasisPoints);
    let price_unit = GpuHourPrice::from_nanos(20);
    let mix = ("livepeer_mix by price", LivepeerMix { stake, price, random, price_unit });
    for (name, core) in Core::all().chain([(mix.0, Core::LivepeerMix(mix.1))]) {
        for virtue in core.monotone_in() {
            let (losses, gains) = count_losses_and_gains(core, *virtue, 1_000);
            assert_eq!(losses, 0, "{name} in {virtue:?}");
            let is_read = name != "random" && (name, *virtue) != ("livepeer_mix", Virtue::Price);
            assert!(gains > 0 || !is_read, "{name} in {virtue:?}: the check has seen no change");
        }
    }
}

/// The check above can fail: what these two do not claim, they do not have.
#[test]
fn a_claim_of_everything_would_be_false_where_none_is_made() {
    let losses = |name: &str, seeds: u64| -> Vec<u32> {
        let core = Core::from_name(name).expect("a core of ours");
        assert_eq!(core.monotone_in(), []);
        Virtue::ALL.iter().map(|virtue| count_losses_and_gains(core, *virtue, seeds).0).collect()
    };
    let linear = losses("kalypso_linear", 3_000);
    assert!(linear.iter().sum::<u32>() > 0, "{linear:?}");

    assert!(losses("best_fit", 600)[4] > 0, "more room is worse for packing");
}

/// What a core ranks by, the smallest first, as its source says it.
type Quantity = fn(&Market, &Candidate) -> i128;

/// The picks by sorting the admitted: the quantity, then price, slashes, join, identity.
fn sort_plainly(market: &Market, quantity: Quantity) -> Vec<EntityKey> {
    let is_admitted = |c: &&Candidate| {
        check_eligible(&market.order, c, &market.rtt_from_tenant).is_ok() && market.is_in_time(c)
    };
    let mut admitted: Vec<&Candidate> = market.candidates.iter().filter(is_admitted).collect();
    admitted.sort_by_key(|c| {
        let slashes = c.standing.slash_halves;
        (quantity(market, c), c.bid, slashes, c.joined_at, c.key)
    });
    let picks = admitted.iter().map(|c| c.key);
    picks.take(market.draws_max as usize).collect()
}

#[test]
fn cores_without_chance_are_a_plain_sort() {
    let rtt: Quantity = |market, c| {
        let between_regions = market.rtt_from_tenant[c.region.index()];
        i128::from(between_regions.nanos() + c.last_mile.nanos())
    };
    let load: Quantity = |_, c| {
        let served = i128::from(c.activity.served_in_era.nanos());
        served * 1_000_000 / i128::from(c.standing.uptime.0)
    };
    // A share of a card needs no free GPU: then nothing is left over.
    let left: Quantity =
        |market, c| (i128::from(c.gpus_free_on_node.0) - i128::from(market.order.gpus.0)).max(0);
    let rows: [(&str, Quantity); 6] = [
        ("lowest_price", |_, c| i128::from(c.bid.nanos())),
        ("fifo_queue", |_, c| i128::from(c.activity.idle_since.nanos())),
        ("least_loaded", load),
        ("latency_first", rtt),
        ("first_fit", |_, c| i128::from(c.number)),
        ("best_fit", left),
    ];
    for (name, quantity) in rows {
        let mut picked = 0;
        for seed in 0..3_000 {
            let mut market = draw_market(seed);
            (market.core, market.is_latency_soft) =
                (Core::from_name(name).expect("a core of ours"), false);
            let picks: Vec<EntityKey> = market.run().picks.iter().map(|pick| pick.key).collect();
            assert_eq!(picks, sort_plainly(&market, quantity), "{name}, seed {seed}");
            picked += u32::from(picks.len() > 1);
        }
        assert!(picked > 200, "{name}: {picked} rounds with a choice");
    }
}

/// Without randomness the default core takes the best score.
#[test]
fn at_temperature_zero_the_best_score_wins() {
    let points: Quantity = |market, c| {
        let rtt = market.rtt_from_tenant[c.region.index()].nanos() + c.last_mile.nanos();
        let card = market.scoring.card(&market.order, c, Span::from_nanos(rtt));
        -i128::from(market.scoring.points(&card).0)
    };
    for seed in 0..3_000 {
        let mut market = draw_market(seed);
        market.is_latency_soft = false;
        let forms = Forms::capped_at(50);
        let cold = Weights { randomness: BasisPoints(0), ..Weights::BALANCED };
        market.rescore(Scoring::new(cold, forms).expect("the default weights without chance"));
        let picks: Vec<EntityKey> = market.run().picks.iter().map(|pick| pick.key).collect();
        assert_eq!(picks, sort_plainly(&market, points), "seed {seed}");
    }
}
