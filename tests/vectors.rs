//! Recorded cases, each to its last printed digit: the worked vector of protocol.md 9.9 through the
//! matcher's public face, and the delivery case of protocol.md 3.1.

use market::{
    Candidate, Core, Forms, Mode, Order, RoundInput, Scoring, SoftFilters, Standing, Ticket,
    Weights, match_round,
};
use units::{BasisPoints, EntityKey, GpuCount, GpuHourPrice, Ppm, Span, Spon};

/// One printed row: what is given, and the eight scores.
struct Row {
    rtt_ms: u64,
    bid_cents: u64,
    uptime: u32,
    good: u64,
    bad: u64,
    free_percent: u32,
    slashes: u32,
    stake: i128,
    printed: [f64; 8],
}

const ROWS: [Row; 3] = [
    Row {
        rtt_ms: 20,
        bid_cents: 25,
        uptime: 995_000,
        good: 40,
        bad: 1,
        free_percent: 50,
        slashes: 0,
        stake: 5_000,
        printed: [1.0, 0.3333, 1.0, 0.9412, 0.50, 1.0, 0.4557, 0.7375],
    },
    Row {
        rtt_ms: 85,
        bid_cents: 16,
        uptime: 930_000,
        good: 12,
        bad: 3,
        free_percent: 75,
        slashes: 1,
        stake: 1_000,
        printed: [0.6061, 0.9333, 0.5714, 0.8000, 0.75, 0.5, 0.1763, 0.6637],
    },
    Row {
        rtt_ms: 160,
        bid_cents: 20,
        uptime: 999_000,
        good: 200,
        bad: 2,
        free_percent: 10,
        slashes: 0,
        stake: 60_000,
        printed: [0.4167, 0.6667, 1.0, 0.9811, 0.10, 1.0, 1.0, 0.7337],
    },
];

fn candidate(ordinal: u32, row: &Row, scoring: &Scoring) -> Candidate {
    let standing = Standing {
        uptime: Ppm(row.uptime),
        good_milli: row.good * 1_000,
        bad_milli: row.bad * 1_000,
        slash_halves: 2 * row.slashes,
        stake: Spon::from_base(row.stake * Spon::ONE.base()),
        stake_min: Spon::from_base(1_000 * Spon::ONE.base()),
    };
    let key = EntityKey::group("worked").child(u64::from(ordinal));
    let bid = GpuHourPrice::from_nanos(row.bid_cents * 10_000_000);
    Candidate {
        last_mile: Span::from_millis(row.rtt_ms),
        merit: scoring.merit(&standing),
        gpus_free: GpuCount(row.free_percent + 1),
        gpus_total: GpuCount(100),
        standing,
        ..Candidate::plain(key, ordinal, Mode::Fizz, bid)
    }
}

fn order() -> Order {
    let ceiling = GpuHourPrice::from_nanos(300_000_000);
    Order::plain(EntityKey::group("order"), Mode::Fizz, ceiling)
}

fn scoring(randomness: u32) -> Scoring {
    let weights = Weights { randomness: BasisPoints(randomness), ..Weights::BALANCED };
    Scoring::new(weights, Forms::capped_at(50)).expect("the default weights score")
}

fn candidates(scoring: &Scoring) -> [Candidate; 3] {
    [0, 1, 2].map(|n| candidate(n, &ROWS[n as usize], scoring))
}

#[test]
fn every_printed_score_holds() {
    let scoring = scoring(500);
    for (row, candidate) in ROWS.iter().zip(candidates(&scoring)) {
        let card = scoring.card(&order(), &candidate, candidate.last_mile);
        let scores = card.all().into_iter().chain([scoring.score(scoring.points(&card))]);
        for (score, printed) in scores.zip(row.printed) {
            assert!((score.as_f64() - printed).abs() <= 0.000_051, "{score:?} against {printed}");
        }
    }
}

/// The printed chances of A, B and C by temperature in basis points.
const CHANCES: [(u32, [f64; 3]); 3] =
    [(200, [0.540, 0.013, 0.446]), (500, [0.464, 0.106, 0.430]), (1_000, [0.410, 0.196, 0.394])];

#[expect(clippy::disallowed_methods, reason = "the formula in floats is the oracle here")]
fn softmax(scores: [f64; 3], temperature: f64) -> [f64; 3] {
    let powers = scores.map(|score| (score / temperature).exp());
    powers.map(|power| power / powers.iter().sum::<f64>())
}

#[test]
fn the_chances_follow_from_the_scores() {
    let scoring = scoring(500);
    let order = order();
    let scores = candidates(&scoring).map(|candidate| {
        let card = scoring.card(&order, &candidate, candidate.last_mile);
        scoring.score(scoring.points(&card)).as_f64()
    });
    for (temperature, printed) in CHANCES {
        let chances = softmax(scores, f64::from(temperature) / 1e4);
        for (chance, printed) in chances.into_iter().zip(printed) {
            assert!((chance - printed).abs() <= 0.000_501, "{chance} against {printed}");
        }
    }
}

/// First picks, and second picks given the first: the redraw is a draw among those left.
///
/// 27 frequencies at 4 sigma each: a false alarm in one of 580 beacons; the beacons are fixed.
#[test]
fn the_draws_have_these_chances() {
    const ROUNDS: u64 = 200_000;
    for (temperature, _) in CHANCES {
        let scoring = scoring(temperature);
        let candidates = candidates(&scoring);
        let order = order();
        let scores = candidates.map(|candidate| {
            let card = scoring.card(&order, &candidate, candidate.last_mile);
            scoring.score(scoring.points(&card)).as_f64()
        });
        let mut firsts = [0.0; 3];
        let mut seconds = [[0.0; 3]; 3];
        for height in 0..ROUNDS {
            let input = RoundInput {
                order: &order,
                rtt_from_tenant: &[Span::ZERO],
                ticket: Ticket::new(1, order.key, height, b"beacon"),
                core: Core::default(),
                scoring: &scoring,
                draws_max: 2,
                soft: SoftFilters::default(),
            };
            let round = match_round(&input, candidates.iter(), |_| true);
            let [first, second] = [0, 1].map(|n| round.picks[n].provider.index());
            firsts[first] += 1.0;
            seconds[first][second] += 1.0;
        }
        let chances = softmax(scores, f64::from(temperature) / 1e4);
        for first in 0..3 {
            check_frequency(firsts[first], ROUNDS as f64, chances[first]);
            for second in (0..3).filter(|second| *second != first) {
                let chance = chances[second] / (1.0 - chances[first]);
                check_frequency(seconds[first][second], firsts[first], chance);
            }
        }
    }
}

fn check_frequency(count: f64, trials: f64, chance: f64) {
    let sigma = (trials * chance * (1.0 - chance)).sqrt();
    let expected = trials * chance;
    assert!((count - expected).abs() <= 4.0 * sigma, "{count} against {expected} +- {sigma}");
}

#[test]
fn without_randomness_the_best_score_always_wins() {
    let scoring = scoring(0);
    let candidates = candidates(&scoring);
    let order = order();
    for height in 0..100 {
        let input = RoundInput {
            order: &order,
            rtt_from_tenant: &[Span::ZERO],
            ticket: Ticket::new(1, order.key, height, b"beacon"),
            core: Core::default(),
            scoring: &scoring,
            draws_max: 3,
            soft: SoftFilters::default(),
        };
        let picks = match_round(&input, candidates.iter(), |_| true).picks;
        assert_eq!(picks.iter().map(|pick| pick.provider.0).collect::<Vec<_>>(), [0, 2, 1]);
    }
}

/// Shortfalls of 10, 5, 0 and 20 % of processor, memory, disk and GPU deliver 0.855.
#[test]
fn the_published_delivery_case_holds() {
    let weights = [2_000, 1_000, 1_000, 6_000].map(BasisPoints);
    let shortfalls = [100_000, 50_000, 0, 200_000].map(Ppm);
    assert_eq!(protocol::compute_delivery(weights, shortfalls), Ppm(855_000));
}
