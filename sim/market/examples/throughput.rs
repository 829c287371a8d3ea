//! How many rounds a second of processor time gives, by kernel.
//!
//! `cargo run --release -p market --example throughput -- PROVIDERS SECONDS` prints one CSV line
//! for each kernel: name, providers, requests per CPU second, nanoseconds per provider, checksum
//! of the winners. The market is like the community pool of protocol.md 10: one GPU each, 60 % in
//! use, an eighth of the machines off, an order accepts a few of seven cards, one bid in ten late.
//! `scan_argmax` has no randomness and another checksum; the other two must agree.

use market::{
    Candidate, Core, Forms, Mode, Order, Round, RoundInput, Scoring, SoftFilters, Standing, Ticket,
    Weights, first_failing, match_round, match_round_eager,
};
use std::process::ExitCode;
use std::{env, hint};
use units::{
    BasisPoints, CardId, CardSet, EntityKey, GpuCount, GpuHourPrice, Philox, Ppm, RegionId,
    SimTime, Span, Spon,
};

const REGIONS: u64 = 13;
const CARDS: u64 = 7;
const ORDERS: u64 = 64;

fn main() -> ExitCode {
    let arguments: Vec<u64> = env::args().skip(1).map_while(|text| text.parse().ok()).collect();
    let &[providers, seconds] = arguments.as_slice() else {
        eprintln!("usage: throughput PROVIDERS SECONDS, for example: throughput 8400 2");
        return ExitCode::from(2);
    };
    let noisy = make_scoring(Weights::BALANCED);
    let greedy = make_scoring(Weights { randomness: BasisPoints(0), ..Weights::BALANCED });
    let market = Market::new(providers, &noisy);

    report("scan_softmax", &market, seconds, |order| {
        fold(
            &market.round(order, &noisy, |input, candidates| {
                match_round(input, candidates, is_in_time)
            }),
        )
    });
    report("scan_argmax", &market, seconds, |order| {
        fold(
            &market.round(order, &greedy, |input, candidates| {
                match_round(input, candidates, is_in_time)
            }),
        )
    });
    report("scan_eager", &market, seconds, |order| {
        fold(&market.round(order, &noisy, |input, candidates| {
            match_round_eager(input, candidates, is_in_time)
        }))
    });
    report("scan_explain", &market, seconds, |order| {
        // A ceiling of nothing: the price is what everybody fails at the latest.
        let order = &Order { ceiling: GpuHourPrice::default(), ..order.clone() };
        let input = market.input(order, &noisy);
        first_failing(&input, market.candidates.iter()).map_or(0, |reject| reject as u64)
    });
    ExitCode::SUCCESS
}

/// Runs all orders again and again until the time is up, then prints the line.
fn report(name: &str, market: &Market, seconds: u64, mut kernel: impl FnMut(&Order) -> u64) {
    let clock = Clock::start();
    let (mut requests, mut checksum) = (0_u64, 0_u64);
    while requests == 0 || clock.seconds() < seconds as f64 {
        let pass = market.orders.iter().map(&mut kernel);
        checksum = pass.fold(0, |sum, value| sum.wrapping_mul(0x0000_0100_0000_01b3) ^ value);
        requests += market.orders.len() as u64;
    }
    let elapsed = clock.seconds();
    let providers = market.candidates.len();
    let each = elapsed * 1e9 / (requests as f64 * providers.max(1) as f64);
    let rate = requests as f64 / elapsed;
    println!("{name},{providers},{rate:.0},{each:.3},{checksum:016x}");
}

fn fold(round: &Round) -> u64 {
    round.picks.first().map_or(0, |pick| pick.key.0)
}

fn is_in_time(candidate: &Candidate) -> bool {
    !hint::black_box(candidate.key.0).is_multiple_of(10)
}

/// Processor time of this process where the system tells it, else time on the wall.
struct Clock {
    #[expect(clippy::disallowed_types, reason = "a benchmark measures real time")]
    wall: std::time::Instant,
    processor: Option<f64>,
}

impl Clock {
    #[expect(clippy::disallowed_types, reason = "a benchmark measures real time")]
    fn start() -> Clock {
        Clock { wall: std::time::Instant::now(), processor: processor_seconds() }
    }

    fn seconds(&self) -> f64 {
        match (self.processor, processor_seconds()) {
            (Some(start), Some(now)) => now - start,
            _ => self.wall.elapsed().as_secs_f64(),
        }
    }
}

fn processor_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/schedstat").ok()?;
    text.split_whitespace().next()?.parse().ok().map(|nanos: f64| nanos / 1e9)
}

struct Market {
    candidates: Vec<Candidate>,
    orders: Vec<Order>,
    rtt_from_tenant: Vec<Span>,
}

impl Market {
    fn new(providers: u64, scoring: &Scoring) -> Market {
        Market {
            candidates: (0..providers).map(|n| make_candidate(n, scoring)).collect(),
            orders: (0..ORDERS).map(make_order).collect(),
            rtt_from_tenant: (0..REGIONS).map(|n| Span::from_millis(5 + 15 * n)).collect(),
        }
    }

    fn input<'a>(&'a self, order: &'a Order, scoring: &'a Scoring) -> RoundInput<'a> {
        RoundInput {
            order,
            rtt_from_tenant: &self.rtt_from_tenant,
            ticket: Ticket::new(1, order.key, 7, b"beacon"),
            scoring,
            draws_max: 4,
            core: Core::default(),
            soft: SoftFilters { latency_bound: true, owner_cap: false },
        }
    }

    fn round<'a>(
        &'a self,
        order: &'a Order,
        scoring: &'a Scoring,
        run: impl Fn(&RoundInput<'_>, std::slice::Iter<'a, Candidate>) -> Round,
    ) -> Round {
        run(&self.input(order, scoring), self.candidates.iter())
    }
}

fn make_scoring(weights: Weights) -> Scoring {
    Scoring::new(weights, Forms::capped_at(50)).expect("weights inside the bounds")
}

/// A choice of a market: the `what`-th of entity `n`, below `bound`.
fn choose(n: u64, what: u64, bound: u64) -> u64 {
    Philox::new(1).value(n, what) % bound
}

fn make_candidate(n: u64, scoring: &Scoring) -> Candidate {
    let standing = Standing {
        uptime: Ppm(750_000 + choose(n, 0, 250_000) as u32),
        good_milli: choose(n, 1, 200_000),
        bad_milli: choose(n, 2, 20_000),
        slash_halves: (choose(n, 3, 4) / 3) as u32,
        stake: Spon::from_base(1_000 + i128::from(choose(n, 4, 60_000))),
        stake_min: Spon::from_base(1_000),
    };
    let free = GpuCount(u32::from(choose(n, 5, 10) >= 6));
    let key = EntityKey::group("community").child(n);
    let bid = GpuHourPrice::from_nanos(100_000_000 + choose(n, 6, 60_000_000));
    Candidate {
        last_mile: Span::from_millis(5 + choose(n, 7, 25)),
        merit: scoring.merit(&standing),
        gpus_free: free,
        gpus_total: GpuCount(1),
        gpus_free_on_node: free,
        gpus_on_node: GpuCount(1),
        region: RegionId(choose(n, 8, REGIONS) as u16),
        card: CardId(choose(n, 9, CARDS) as u16),
        is_active: choose(n, 10, 8) > 0,
        joined_at: SimTime::from_nanos(n),
        standing,
        ..Candidate::plain(key, n as u32, Mode::Fizz, bid)
    }
}

fn make_order(n: u64) -> Order {
    let ceiling = GpuHourPrice::from_nanos(120_000_000 + choose(n, 12, 120_000_000));
    let cards = (choose(n, 11, CARDS)..CARDS).map(|card| CardId(card as u16));
    Order {
        uptime_min: Ppm(if n.is_multiple_of(4) { 900_000 } else { 0 }),
        cards: cards.fold(CardSet::default(), CardSet::with),
        latency_bound: n.is_multiple_of(2).then(|| Span::from_millis(100 + choose(n, 13, 50))),
        ..Order::plain(EntityKey::group("orders").child(n), Mode::Fizz, ceiling)
    }
}
