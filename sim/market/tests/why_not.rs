//! Does the change that `why_not` names win, and one unit less of it not? On generated rounds of
//! every core, decided anew by the fast search from candidates that are changed in plain sight.

use market::{
    Candidate, Chance, Core, Forms, Level, Lever, Mode, Order, RoundInput, Scoring, SoftFilters,
    Standing, Ticket, Weights, WhyNot, assess, check_eligible, match_round, why_not,
};
use std::collections::BTreeMap;
use units::{EntityKey, GpuHourPrice, Philox, Ppm, ProviderId, RegionId, Span, Spon};

/// The round trips of a generated market.
const RTTS: [Span; 2] = [Span::from_millis(10), Span::from_millis(90)];

struct Market {
    core: Core,
    order: Order,
    scoring: Scoring,
    candidates: Vec<Candidate>,
    ticket: Ticket,
}

impl Market {
    fn new(seed: u64, core: Core) -> Market {
        let forms = Forms::capped_at(50);
        let scoring = Scoring::new(Weights::BALANCED, forms).expect("the default weights score");
        let ceiling = GpuHourPrice::from_nanos(300_000_000);
        let order = Order {
            latency_bound: Some(Span::from_millis(150)),
            uptime_min: Ppm(850_000),
            ..Order::plain(EntityKey::group("order").child(seed), Mode::Fizz, ceiling)
        };
        let candidates = (0..6).map(|n| candidate(seed, n, &scoring)).collect();
        let ticket = Ticket::new(1, order.key, 9, b"beacon");
        Market { core, order, scoring, candidates, ticket }
    }

    fn input<'a>(&'a self, rtt_from_tenant: &'a [Span]) -> RoundInput<'a> {
        RoundInput {
            order: &self.order,
            rtt_from_tenant,
            ticket: self.ticket,
            core: self.core,
            scoring: &self.scoring,
            draws_max: 2,
            soft: SoftFilters::default(),
        }
    }

    /// The candidate with another level of one thing.
    fn changed(&self, own: &Candidate, level: Level) -> Candidate {
        let mut own = *own;
        match level {
            Level::Price(bid) => own.bid = bid,
            Level::Stake(stake) => own.standing.stake = stake,
            Level::Uptime(uptime) => own.standing.uptime = uptime,
            Level::Latency(rtt) => own.last_mile = rtt,
        }
        own.merit = self.scoring.merit(&own.standing);
        own
    }

    /// The candidates, and the round trips, with `own` at another level of one thing. For a round
    /// trip its region comes to the tenant, and its neighbours' last miles grow by as much.
    fn with(&self, own: &Candidate, level: Level) -> (Vec<Candidate>, Vec<Span>) {
        let mut rtts = RTTS.to_vec();
        let mut candidates = self.candidates.clone();
        if let Level::Latency(_) = level {
            let near = std::mem::take(&mut rtts[own.region.index()]).nanos();
            for other in candidates.iter_mut().filter(|other| other.region == own.region) {
                other.last_mile = Span::from_nanos(other.last_mile.nanos() + near);
            }
        }
        let place = own.provider.index();
        candidates[place] = self.changed(own, level);
        (candidates, rtts)
    }

    fn wins(&self, own: &Candidate, level: Level) -> bool {
        let (candidates, rtts) = self.with(own, level);
        let round = match_round(&self.input(&rtts), candidates.iter(), is_in_time);
        round.picks.first().is_some_and(|pick| pick.provider == own.provider)
    }
}

fn candidate(seed: u64, ordinal: u32, scoring: &Scoring) -> Candidate {
    let values = Philox::new(seed);
    let below = |use_: u64, bound: u64| values.value(u64::from(ordinal), use_) % bound;
    let standing = Standing {
        uptime: Ppm(800_000 + below(0, 200_001) as u32),
        good_milli: below(1, 90_000),
        bad_milli: below(2, 9_000),
        slash_halves: below(3, 3) as u32,
        stake: Spon::from_base(i128::from(900 + below(4, 20_000)) * Spon::ONE.base()),
        stake_min: Spon::from_base(1_000 * Spon::ONE.base()),
    };
    let bid = GpuHourPrice::from_nanos(90_000_000 + below(5, 240_000_000));
    Candidate {
        last_mile: Span::from_nanos(below(6, 120_000_000)),
        merit: scoring.merit(&standing),
        region: RegionId(below(7, 2) as u16),
        is_active: below(8, 12) > 0,
        standing,
        ..Candidate::plain(
            EntityKey::group("p").child(u64::from(ordinal)),
            ordinal,
            Mode::Fizz,
            bid,
        )
    }
}

/// One in eight is late, whatever it bids.
fn is_in_time(candidate: &Candidate) -> bool {
    !EntityKey(candidate.number.into()).child(0).0.is_multiple_of(8)
}

/// One unit worse, and the best that there is.
fn worse_and_best(level: Level) -> (Level, Level) {
    let (price, span) = (GpuHourPrice::from_nanos, Span::from_nanos);
    let stake_most = Spon::from_base(1_000_000_000_000 * Spon::ONE.base());
    match level {
        Level::Price(bid) => (Level::Price(price(bid.nanos() + 1)), Level::Price(price(0))),
        Level::Stake(stake) => {
            (Level::Stake(Spon::from_base(stake.base() - 1)), Level::Stake(stake_most))
        }
        Level::Uptime(uptime) => (Level::Uptime(Ppm(uptime.0 - 1)), Level::Uptime(Ppm::ONE)),
        Level::Latency(rtt) => (Level::Latency(span(rtt.nanos() + 1)), Level::Latency(span(0))),
    }
}

fn level_of(own: &Candidate, lever: Lever) -> Level {
    let between = RTTS[own.region.index()].nanos();
    match lever {
        Lever::Price => Level::Price(own.bid),
        Lever::Stake => Level::Stake(own.standing.stake),
        Lever::Uptime => Level::Uptime(own.standing.uptime),
        Lever::Latency => Level::Latency(Span::from_nanos(own.last_mile.nanos() + between)),
    }
}

#[test]
fn the_change_that_is_named_wins_and_one_unit_less_does_not() {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for (seed, (name, core)) in (0..40).flat_map(|seed| Core::all().map(move |core| (seed, core))) {
        let market = Market::new(seed, core);
        for own in &market.candidates {
            let answer =
                why_not(&market.input(&RTTS), &market.candidates, is_in_time, own.provider);
            let told = format!("{name}, seed {seed}, {:?}: {answer:?}", own.provider);
            let is_winner = market.wins(own, Level::Price(own.bid));
            match answer.expect("it is a candidate") {
                WhyNot::Won => assert!(is_winner, "{told}"),
                WhyNot::Late => assert!(!is_winner && !is_in_time(own), "{told}"),
                WhyNot::Chances(chances) => {
                    assert!(!is_winner, "{told}");
                    for (lever, chance) in chances {
                        check_chance(&market, own, (lever, chance), &told);
                        let kind = format!("{chance:?}");
                        let kind = kind.split([' ', '(']).next().unwrap_or_default().to_string();
                        *seen.entry(format!("{lever:?} {kind}")).or_default() += 1;
                    }
                }
            }
        }
    }
    assert_eq!(seen.len(), 12, "every lever has every outcome: {seen:?}");
}

#[track_caller]
fn check_chance(market: &Market, own: &Candidate, (lever, chance): (Lever, Chance), told: &str) {
    let (_, best) = worse_and_best(level_of(own, lever));
    match chance {
        Chance::Wins { at, .. } => {
            assert!(market.wins(own, at), "{told}: {lever:?} wins");
            assert!(!market.wins(own, worse_and_best(at).0), "{told}: a unit less does not");
        }
        Chance::Rejected(reject) => {
            let (candidates, rtts) = market.with(own, best);
            let found = check_eligible(&market.order, &candidates[own.provider.index()], &rtts);
            assert_eq!(found, Err(reject), "{told}: {lever:?}");
        }
        Chance::Outranked => assert!(!market.wins(own, best), "{told}: {lever:?}"),
    }
}

/// Where the core is monotone the named change is the least: none of many smaller ones wins.
#[test]
fn no_smaller_change_wins_where_the_least_is_promised() {
    let mut tried = 0;
    for (seed, (name, core)) in (0..10).flat_map(|seed| Core::all().map(move |core| (seed, core))) {
        let market = Market::new(seed, core);
        for own in &market.candidates {
            let answer =
                why_not(&market.input(&RTTS), &market.candidates, is_in_time, own.provider);
            let Some(WhyNot::Chances(chances)) = answer else { continue };
            for (_, chance) in chances {
                let Chance::Wins { at: Level::Price(at), is_least: true } = chance else {
                    continue;
                };
                for step in 1..=50 {
                    let dearer = at.nanos() + (own.bid.nanos() - at.nanos()) * step / 50;
                    let level = Level::Price(GpuHourPrice::from_nanos(dearer));
                    assert!(dearer == at.nanos() || !market.wins(own, level), "{name} {seed}");
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 1_000, "{tried} smaller changes were tried");
}

#[test]
fn who_is_no_candidate_has_no_answer() {
    let market = Market::new(1, Core::default());
    let stranger = ProviderId(99);
    assert_eq!(why_not(&market.input(&RTTS), &market.candidates, is_in_time, stranger), None);
}

/// The assessment says of everybody what the round says of its picks, and the filters say of all.
#[test]
fn an_assessment_agrees_with_the_round_and_the_filters() {
    for (seed, (name, core)) in (0..20).flat_map(|seed| Core::all().map(move |core| (seed, core))) {
        let market = Market::new(seed, core);
        let input = market.input(&RTTS);
        let round = match_round(&input, market.candidates.iter(), is_in_time);
        let all = assess(&input, &market.candidates, &round, is_in_time);
        for (found, own) in all.iter().zip(&market.candidates) {
            let first = check_eligible(&market.order, own, &RTTS).err();
            assert_eq!(found.rejects.first().copied(), first, "{name}, seed {seed}");
            let is_admitted = first.is_none() && is_in_time(own);
            assert_eq!(found.draw_key.is_some(), is_admitted, "{name}, seed {seed}");
        }
        for pick in &round.picks {
            let found = &all[pick.provider.index()];
            assert_eq!(found.draw_key, Some(pick.draw_key), "{name}, seed {seed}");
            assert_eq!(found.score, pick.score, "{name}, seed {seed}");
        }
        let best = all.iter().filter_map(|found| found.draw_key).max();
        assert_eq!(best, round.picks.first().map(|pick| pick.draw_key), "{name}, seed {seed}");
    }
}
