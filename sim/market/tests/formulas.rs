//! Every core that draws, against the chances of its source's formula, worked out in floats.
//!
//! A case draws 50,000 tickets and counts who is first and who is second: what is first by the
//! formula, and what a draw without replacement makes of it. Each count must be within four
//! standard errors: once in 15,000 for one count, so once in 80 for all of this file under another
//! choice of tickets. The tickets are fixed.
#![expect(clippy::disallowed_methods, reason = "the formulas in floats are the oracle here")]

use market::factor::UptimeForm;
use market::{
    AdditiveUniform, Candidate, Contest, Core, Entrant, Forms, KalypsoLinear, KalypsoProduct,
    LavaProduct, LivepeerMix, Mode, Order, PowerOfD, Random, RoundInput, Scoring, SoftFilters,
    Ticket, WeightedSoftmax, Weights, match_round,
};
use units::{BasisPoints, EntityKey, GpuCount, GpuHourPrice, Ppm, RegionId, Span, Spon};

const TICKETS: u64 = 50_000;
const RTT_MILLIS: [u64; 3] = [5, 60, 110];
const CEILING: u64 = 300_000_000;

/// What a formula reads of a candidate.
type Feature = fn(&Candidate) -> f64;

/// A draw of which a share of the rounds is: the weight of each candidate in it.
type Part = (f64, Vec<f64>);

fn scoring(weights: Weights, forms: Forms) -> Scoring {
    Scoring::new(weights, forms).expect("weights inside the bounds")
}

fn balanced() -> Scoring {
    scoring(Weights::BALANCED, Forms::capped_at(50))
}

fn price(nanos: u64) -> GpuHourPrice {
    GpuHourPrice::from_nanos(nanos)
}

fn plain(number: u32) -> Candidate {
    let key = EntityKey::group("formula").child(u64::from(number));
    Candidate::plain(key, number, Mode::Fizz, price(250_000_000))
}

/// Four candidates that differ in everything that a core reads.
fn four() -> Vec<Candidate> {
    let columns = [
        // bid, region, last mile, uptime, good, bad, halves, stake, free, total, misses, leases
        (280, 0, 1, 900, 4, 2, 1, 1_200, 2, 8, 0, 1),
        (200, 1, 20, 950, 30, 1, 0, 4_000, 5, 8, 1, 0),
        (250, 0, 9, 930, 12, 0, 0, 2_000, 1, 4, 2, 2),
        (170, 2, 45, 980, 0, 0, 2, 9_000, 3, 4, 0, 3),
    ];
    let candidates = (0..).zip(columns).map(|(number, row)| {
        let mut c = plain(number);
        c.bid = price(row.0 * 1_000_000);
        (c.region, c.last_mile) = (RegionId(row.1), Span::from_millis(row.2));
        c.standing.uptime = Ppm(row.3 * 1_000);
        (c.standing.good_milli, c.standing.bad_milli) = (row.4 * 1_000, row.5 * 1_000);
        c.standing.slash_halves = row.6;
        (c.standing.stake, c.standing.stake_min) = (Spon::from_base(row.7), Spon::from_base(1_000));
        (c.gpus_free, c.gpus_total) = (GpuCount(row.8), GpuCount(row.9));
        (c.activity.misses, c.activity.leases) = (row.10, row.11);
        c
    });
    candidates.collect()
}

fn millis(c: &Candidate) -> f64 {
    RTT_MILLIS[c.region.index()] as f64 + c.last_mile.nanos() as f64 / 1e6
}

fn stake(c: &Candidate) -> f64 {
    c.standing.stake.base() as f64
}

/// `A` of protocol.md 9.4 and 9.5 with the default forms and weights.
fn score(c: &Candidate) -> f64 {
    let s = &c.standing;
    let of_stake = |stake: f64| (1.0 + stake / s.stake_min.base() as f64).ln();
    let factors = [
        (1_800.0, 1.0 / (1.0 + (millis(c) - 20.0).max(0.0) / 100.0)),
        (2_200.0, ((CEILING - c.bid.nanos()) as f64 / (0.5 * CEILING as f64)).min(1.0)),
        (1_600.0, ((s.uptime.as_f64() - 0.85) / 0.14).clamp(0.0, 1.0)),
        (1_400.0, {
            let (good, bad) = (s.good_milli as f64 / 1e3, s.bad_milli as f64 / 1e3);
            (good + 8.0) / (good + bad + 10.0)
        }),
        (800.0, f64::from(c.gpus_free.0 - 1) / f64::from(c.gpus_total.0)),
        (700.0, (-f64::from(s.slash_halves) / 2.0).exp2()),
        (1_000.0, of_stake(stake(c)) / 51.0_f64.ln()),
    ];
    factors.iter().map(|(weight, score)| weight * score).sum::<f64>() / 9_500.0
}

/// How often each pair was first and second.
fn count_pairs(core: Core, scoring: &Scoring, candidates: &[Candidate]) -> Vec<Vec<f64>> {
    let mut candidates = candidates.to_vec();
    for candidate in &mut candidates {
        candidate.merit = scoring.merit(&candidate.standing);
    }
    let order = Order::plain(EntityKey::group("formula"), Mode::Fizz, price(CEILING));
    let rtt_from_tenant = RTT_MILLIS.map(Span::from_millis);
    let mut pairs = vec![vec![0.0; candidates.len()]; candidates.len()];
    for height in 0..TICKETS {
        let input = RoundInput {
            order: &order,
            rtt_from_tenant: &rtt_from_tenant,
            ticket: Ticket::new(1, order.key, height, b"formula"),
            core,
            scoring,
            draws_max: 2,
            soft: SoftFilters::default(),
        };
        let picks = match_round(&input, candidates.iter(), |_| true).picks;
        assert_eq!(picks.len(), 2, "everybody is eligible");
        pairs[picks[0].provider.index()][picks[1].provider.index()] += 1.0;
    }
    pairs
}

/// How often each was first.
fn count_wins(core: Core, scoring: &Scoring, candidates: &[Candidate]) -> Vec<f64> {
    count_pairs(core, scoring, candidates).iter().map(|row| row.iter().sum()).collect()
}

fn assert_chance(count: f64, chance: f64, what: &str) {
    let n = TICKETS as f64;
    let error = (n * chance * (1.0 - chance)).max(0.0).sqrt();
    let difference = (count - n * chance).abs();
    assert!(difference <= 4.0 * error + 1e-6, "{what}: {count} of {n} at a chance of {chance}");
}

/// Firsts and seconds of `core` among `candidates`, against a mixture of draws by weight.
fn assert_draws(core: Core, scoring: &Scoring, candidates: &[Candidate], parts: &[Part]) {
    let whole: f64 = parts.iter().map(|(share, _)| share).sum();
    let pairs = count_pairs(core, scoring, candidates);
    for first in 0..candidates.len() {
        let chance =
            |(share, weights): &Part| share / whole * weights[first] / weights.iter().sum::<f64>();
        let what = format!("{} draws {first}", core.name());
        assert_chance(pairs[first].iter().sum(), parts.iter().map(chance).sum(), &what);
        for second in (0..candidates.len()).filter(|second| *second != first) {
            let chance = |part: &Part| {
                let rest = part.1.iter().sum::<f64>() - part.1[first];
                chance(part) * part.1[second] / rest
            };
            let what = format!("{what}, then {second}");
            assert_chance(pairs[first][second], parts.iter().map(chance).sum(), &what);
        }
    }
}

/// Firsts and seconds of `core` against a draw by `weight`, and, far sharper than any count, its
/// keys without noise against the logarithms of the weights.
fn assert_formula(core: Core, scoring: &Scoring, weight: impl Fn(&Candidate) -> f64) {
    let candidates = four();
    let order = Order::plain(EntityKey::group("formula"), Mode::Fizz, price(CEILING));
    let entrant = |candidate| {
        let rtt = Span::from_nanos((millis(candidate) * 1e6) as u64);
        let points = scoring.points(&scoring.card(&order, candidate, rtt));
        Entrant { candidate, rtt, points, noise: 0 }
    };
    let entrants: Vec<Entrant<'_>> = candidates.iter().map(entrant).collect();
    let ticket = Ticket::new(1, order.key, 0, b"formula");
    let keys = core.keys(&Contest { order: &order, ticket, scoring }, &entrants);
    for (key, candidate) in keys.iter().zip(&candidates) {
        let above_first = (key.0 - keys[0].0) as f64 / 2f64.powi(32);
        let expected = (weight(candidate) / weight(&candidates[0])).ln();
        // Scores are millionths, and T is a twentieth.
        let difference = (above_first - expected).abs();
        assert!(difference < 1e-4, "{}: {above_first} for {expected}", core.name());
    }
    let weights = candidates.iter().map(weight).collect();
    assert_draws(core, scoring, &candidates, &[(1.0, weights)]);
}

#[test]
fn weighted_softmax_draws_by_the_exponential_of_the_score() {
    let weight = |c: &Candidate| (score(c) / 0.05).exp();
    assert_formula(Core::WeightedSoftmax(WeightedSoftmax), &balanced(), weight);
}

/// Only uptime counts, as it is: scores can be set.
fn by_uptime(temperature: BasisPoints) -> Scoring {
    let none = BasisPoints(0);
    let weights = Weights {
        region: none,
        price: none,
        uptime: BasisPoints(1_000),
        reputation: none,
        availability: none,
        slash: none,
        stake: none,
        randomness: temperature,
    };
    scoring(weights, Forms { uptime: UptimeForm::Share, ..Forms::capped_at(50) })
}

fn with_uptimes(uptimes: &[u32]) -> Vec<Candidate> {
    let mut candidates: Vec<Candidate> = (0..).take(uptimes.len()).map(plain).collect();
    for (candidate, uptime) in candidates.iter_mut().zip(uptimes) {
        candidate.standing.uptime = Ppm(*uptime);
    }
    candidates
}

/// Row I5 of economics.md 3.3.
#[test]
fn three_scores_at_temperature_a_tenth_have_the_published_chances() {
    let core = Core::WeightedSoftmax(WeightedSoftmax);
    let candidates = with_uptimes(&[800_000, 700_000, 500_000]);
    let wins = count_wins(core, &by_uptime(BasisPoints(1_000)), &candidates);
    for (count, chance) in wins.into_iter().zip([0.705_385, 0.259_496, 0.035_119]) {
        assert_chance(count, chance, "row I5");
    }
}

/// The chance of `A + w u` is the integral over one's own `u` of being above all others.
#[test]
fn additive_uniform_draws_by_the_overlap_of_its_ranges() {
    const STEPS: u32 = 20_000;
    let scores = [0.80, 0.78, 0.77, 0.70];
    let candidates = with_uptimes(&[800_000, 780_000, 770_000, 700_000]);
    let core = Core::AdditiveUniform(AdditiveUniform);
    let wins = count_wins(core, &by_uptime(BasisPoints(500)), &candidates);
    for (own, count) in wins.into_iter().enumerate() {
        let above = |step: u32| -> f64 {
            let value = scores[own] + 0.05 * (f64::from(step) + 0.5) / f64::from(STEPS);
            let others = (0..scores.len()).filter(|other| *other != own);
            others.map(|other| ((value - scores[other]) / 0.05).clamp(0.0, 1.0)).product()
        };
        let chance = (0..STEPS).map(above).sum::<f64>() / f64::from(STEPS);
        assert_chance(count, chance, "additive_uniform");
        assert_eq!(chance == 0.0, own == 3, "the last is more than w behind");
    }
}

#[test]
fn livepeer_mix_draws_by_stake_price_or_evenly() {
    let parts = |mix: LivepeerMix| {
        let unit = mix.price_unit.nanos() as f64;
        let of_price = |c: &Candidate| (-(c.bid.nanos() as f64) / unit).exp();
        vec![
            (f64::from(mix.stake.0), four().iter().map(stake).collect()),
            (f64::from(mix.price.0), four().iter().map(of_price).collect()),
            (f64::from(mix.random.0), vec![1.0; 4]),
        ]
    };
    let published = LivepeerMix::default();
    let [stake, price, random] = [7_000, 0, 3_000].map(BasisPoints);
    assert_eq!([published.stake, published.price, published.random], [stake, price, random]);
    let [stake, price, random] = [3_000, 5_000, 2_000].map(BasisPoints);
    for mix in [published, LivepeerMix { stake, price, random, ..published }] {
        assert_draws(Core::LivepeerMix(mix), &balanced(), &four(), &parts(mix));
    }
}

#[test]
fn lava_product_draws_by_stake_times_nearness() {
    let geo = |c: &Candidate| {
        if c.region == RegionId(0) { 10_000.0 } else { (10_000.0 / millis(c)).floor() }
    };
    for (stake_exponent_milli, geo_exponent_milli) in [(1_000, 1_000), (500, 1_000), (2_000, 250)] {
        let core = Core::LavaProduct(LavaProduct { stake_exponent_milli, geo_exponent_milli });
        let [a, b] = [stake_exponent_milli, geo_exponent_milli].map(|milli| f64::from(milli) / 1e3);
        assert_formula(core, &balanced(), |c| stake(c).powf(a) * geo(c).powf(b));
    }
    let published = LavaProduct { stake_exponent_milli: 1_000, geo_exponent_milli: 1_000 };
    assert_eq!(LavaProduct::default(), published);
}

/// Row I4 of economics.md 3.3: a stake of 16 against nine of 10, whole and in four parts.
#[test]
fn splitting_a_stake_changes_its_chance_as_published() {
    let rows = [(500, 0.123_227, 0.219_416), (1_000, 0.150_943, 0.150_943)];
    let rows = rows.into_iter().chain([(2_000, 0.221_453, 0.066_390_0)]);
    for (stake_exponent_milli, whole, split) in rows {
        let core = LavaProduct { stake_exponent_milli, ..LavaProduct::default() };
        for (parts, chance) in [(1, whole), (4, split)] {
            let mut candidates: Vec<Candidate> = (0..parts + 9).map(plain).collect();
            for (number, candidate) in (0..).zip(&mut candidates) {
                let stake = if number < parts { 16 / i128::from(parts) } else { 10 };
                candidate.standing.stake = Spon::from_base(stake);
            }
            let wins = count_wins(Core::LavaProduct(core), &balanced(), &candidates);
            let count = wins.iter().take(parts as usize).sum();
            assert_chance(count, chance, &format!("exponent {stake_exponent_milli}, {parts}"));
        }
    }
}

#[test]
fn kalypso_product_draws_by_price_time_and_misses() {
    let weight = |c: &Candidate| {
        let [cost_most, time_most] = [280e6, 155.0];
        let [cost, time] = [c.bid.nanos() as f64 / cost_most, millis(c) / time_most];
        1.0 / cost * (1.0 / time) * (-f64::from(c.activity.misses)).exp2()
    };
    let core = Core::KalypsoProduct(KalypsoProduct);
    assert_formula(core, &balanced(), weight);
}

#[test]
fn kalypso_linear_draws_by_the_shifted_sum() {
    let published = KalypsoLinear { successes: 15, slashes: -15, price: -3, time: -3, leases: -2 };
    assert_eq!(KalypsoLinear::default(), published);
    let candidates = four();
    let features: [(f64, Feature); 5] = [
        (15.0, |c| c.standing.good_milli as f64),
        (-15.0, |c| f64::from(c.standing.slash_halves)),
        (-3.0, |c| c.bid.nanos() as f64),
        (-3.0, millis),
        (-2.0, |c| f64::from(c.activity.leases)),
    ];
    let most = features.map(|(_, of)| candidates.iter().map(of).fold(0.0, f64::max));
    let sum = |c: &Candidate| -> f64 {
        let terms = features.iter().zip(most);
        terms.map(|((coefficient, of), most)| coefficient * (of(c) / most * 1e18)).sum()
    };
    let least = candidates.iter().map(sum).fold(f64::MAX, f64::min);
    assert_formula(Core::KalypsoLinear(published), &balanced(), |c| sum(c) - least + 1.0);
}

#[test]
fn random_draws_anybody() {
    assert_formula(Core::Random(Random), &balanced(), |_| 1.0);
}

/// Of `n`, the one with `r` better ones wins when it is drawn and none of these is.
#[test]
fn power_of_d_draws_the_best_of_an_even_sample() {
    let choose = |n: usize, k: usize| (0..k).map(|i| (n - i) as f64 / (i + 1) as f64).product();
    let candidates = with_uptimes(&[500_000, 600_000, 700_000, 800_000, 900_000]);
    for choices in [1, 2, 3] {
        let core = Core::PowerOfD(PowerOfD { choices });
        let wins = count_wins(core, &by_uptime(BasisPoints(500)), &candidates);
        let others = choices as usize - 1;
        for (worse, count) in wins.into_iter().enumerate() {
            let ways: f64 = if worse < others { 0.0 } else { choose(worse, others) };
            let all: f64 = choose(candidates.len(), choices as usize);
            assert_chance(count, ways / all, &format!("best of {choices}, {worse} worse"));
        }
    }
}

/// Availability weighs nothing here: a small provider has less room left, whoever owns it.
fn by_capacity() -> Scoring {
    let weights = Weights { availability: BasisPoints(0), ..Weights::BALANCED };
    scoring(weights, Forms { is_weighted_by_capacity: true, ..Forms::capped_at(50) })
}

#[test]
fn a_draw_by_capacity_multiplies_the_chance_by_the_free_gpus() {
    let forms = Forms { is_weighted_by_capacity: true, ..Forms::capped_at(50) };
    let weight = |c: &Candidate| f64::from(c.gpus_free.0) * (score(c) / 0.05).exp();
    let core = Core::WeightedSoftmax(WeightedSoftmax);
    assert_formula(core, &scoring(Weights::BALANCED, forms), weight);
}

/// One provider of 8 GPUs has the chance of its 8 parts; without capacity they had more.
#[test]
fn splitting_a_provider_leaves_its_chance_in_a_draw_by_capacity() {
    let core = Core::WeightedSoftmax(WeightedSoftmax);
    let with_gpus = |gpus: &[u32]| -> Vec<Candidate> {
        let sized = (0..).zip(gpus).map(|(number, gpus)| Candidate {
            gpus_free: GpuCount(*gpus),
            gpus_total: GpuCount(*gpus),
            ..plain(number)
        });
        sized.collect()
    };
    let whole = with_gpus(&[8, 5, 2, 1]);
    let split = with_gpus(&[1, 1, 1, 1, 1, 1, 1, 1, 5, 2, 1]);
    assert_chance(count_wins(core, &by_capacity(), &whole)[0], 0.5, "whole");
    let parts = count_wins(core, &by_capacity(), &split)[..8].iter().sum();
    assert_chance(parts, 0.5, "in parts");
    let even = Forms { is_weighted_by_capacity: false, ..*by_capacity().forms() };
    let even = scoring(*by_capacity().weights(), even);
    assert_chance(count_wins(core, &even, &whole)[0], 0.25, "whole, by identity");
    let parts = count_wins(core, &even, &split)[..8].iter().sum();
    assert_chance(parts, 8.0 / 11.0, "in parts, by identity");
}
