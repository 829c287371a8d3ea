//! How many rounds a second of processor time gives, by kernel.
//!
//! `cargo run --release -p market --example throughput -- PROVIDERS SECONDS` prints one CSV line
//! for each kernel: name, providers, requests per CPU second, nanoseconds per provider, checksum
//! of the winners. Market and requests are those of performance.md 3: 32 regions, four trust
//! tiers, up to 8 GPUs free, factors half of which are one quality and half luck; 30 % of the
//! requests for any region, 40 % for four, 30 % for one, a tier of at least t, 1 to 8 GPUs. Before
//! each request two providers change how many GPUs they have free, for every kernel.
//!
//! | lines | requests | who answers |
//! |---|---|---|
//! | `scan_columns`, `scan_portable` | any weights | every row, with and without AVX2 |
//! | `scan_buckets` | any weights | every row of the regions and tiers asked for |
//! | `index_argmax` | any weights | the index |
//! | `named_scan`, `named_argmax` | balanced weights, one region | every row; the named index |
//! | `scan_softmax`, `index_softmax` | balanced weights with noise | every candidate; the index |
//!
//! Lines with the same requests have the same checksum.

use market::{
    Candidate, ColumnScan, Core, Forms, Index, Kernel, Mode, Order, Round, RoundInput, Scoring,
    SoftFilters, Standing, Ticket, WeightedSoftmax, Weights, match_round,
};
use std::env;
use std::process::ExitCode;
use units::{
    BasisPoints, EntityKey, GpuCount, GpuHourPrice, Philox, Ppm, ProviderId, RegionId, RegionSet,
    SimTime, Span, Spon, TrustSet, TrustTier,
};

const REGIONS: u64 = 32;
const TIERS: u64 = 4;
const GPUS: u64 = 8;
const REQUESTS: u64 = 1_024;
/// Requests that the checksum is of.
const CHECKED: u64 = 32;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [providers, seconds] = arguments.as_slice() else { return explain_usage() };
    let (Ok(providers), Ok(seconds)) = (providers.parse::<u32>(), seconds.parse::<f64>()) else {
        return explain_usage();
    };
    let balanced = make_scoring(Weights::BALANCED);
    let candidates: Vec<Candidate> = (0..providers).map(|n| make_candidate(n, &balanced)).collect();

    let scorings: Vec<Scoring> = (0..REQUESTS).map(|n| make_scoring(draw_weights(n))).collect();
    let any = make_requests(|n| (draw_regions(n), &scorings[n as usize]));
    let scan = || ColumnScan::new(&balanced, Kernel::best(), &candidates);
    let index = || Index::new(&balanced, candidates.iter().copied());
    report("scan_columns", &any, seconds, scan());
    let portable = ColumnScan::new(&balanced, Kernel::PORTABLE, &candidates);
    report("scan_portable", &any, seconds, portable);
    report("scan_buckets", &any, seconds, Buckets(index()));
    report("index_argmax", &any, seconds, index());

    let greedy = make_scoring(Weights { randomness: BasisPoints(0), ..Weights::BALANCED });
    let preset = make_requests(|n| (one_region(n), &greedy));
    report("named_scan", &preset, seconds, scan());
    report("named_argmax", &preset, seconds, Index::named(&greedy, candidates.iter().copied()));

    let noisy = make_requests(|n| (draw_regions(n), &balanced));
    report("index_softmax", &noisy, seconds, index());
    report("scan_softmax", &noisy, seconds, Rows(candidates));
    ExitCode::SUCCESS
}

fn explain_usage() -> ExitCode {
    eprintln!("usage: throughput PROVIDERS SECONDS, for example: throughput 100000 0.5");
    ExitCode::from(2)
}

/// What answers requests.
trait Solver {
    fn update_capacity(&mut self, provider: ProviderId, free: GpuCount);
    fn answer(&self, input: &RoundInput<'_>) -> Round;
    fn providers(&self) -> usize;
}

impl Solver for ColumnScan {
    fn update_capacity(&mut self, provider: ProviderId, free: GpuCount) {
        ColumnScan::update_capacity(self, provider, free, free);
    }
    fn answer(&self, input: &RoundInput<'_>) -> Round {
        self.match_round(input, |_| true)
    }
    fn providers(&self) -> usize {
        self.candidates().count()
    }
}

impl Solver for Index {
    fn update_capacity(&mut self, provider: ProviderId, free: GpuCount) {
        Index::update_capacity(self, provider, free, free);
    }
    fn answer(&self, input: &RoundInput<'_>) -> Round {
        self.match_round(input, |_| true)
    }
    fn providers(&self) -> usize {
        self.candidates().count()
    }
}

/// An index that looks at every row of its buckets.
struct Buckets(Index);

impl Solver for Buckets {
    fn update_capacity(&mut self, provider: ProviderId, free: GpuCount) {
        self.0.update_capacity(provider, free, free);
    }
    fn answer(&self, input: &RoundInput<'_>) -> Round {
        self.0.scan_buckets(input, |_| true)
    }
    fn providers(&self) -> usize {
        self.0.candidates().count()
    }
}

/// Whole candidates, one beside the other.
struct Rows(Vec<Candidate>);

impl Solver for Rows {
    fn update_capacity(&mut self, provider: ProviderId, free: GpuCount) {
        let candidate = &mut self.0[provider.index()];
        (candidate.gpus_free, candidate.gpus_free_on_node) = (free, free);
    }
    fn answer(&self, input: &RoundInput<'_>) -> Round {
        match_round(input, self.0.iter(), |_| true)
    }
    fn providers(&self) -> usize {
        self.0.len()
    }
}

/// One order and how it is scored: by weights of its own, or by those that all share.
struct Request<'a> {
    order: Order,
    scoring: &'a Scoring,
    ticket: Ticket,
}

/// Answers requests again and again until the time is up, then prints the line.
fn report(name: &str, requests: &[Request<'_>], seconds: f64, mut solver: impl Solver) {
    let providers = solver.providers() as u64;
    let rtt: Vec<Span> = (0..REGIONS).map(|n| Span::from_millis(5 + 5 * n)).collect();
    let mut run = |from: u64, to: u64| {
        (from..to).fold(0_u64, |sum, n| {
            for change in [2 * n, 2 * n + 1] {
                let provider = ProviderId(choose(change, 90, providers) as u32);
                solver.update_capacity(provider, GpuCount(choose(change, 91, GPUS + 1) as u32));
            }
            let request = &requests[(n % REQUESTS) as usize];
            let round = solver.answer(&make_input(request, &rtt));
            let winner = round.picks.first().map_or(0, |pick| pick.key.0);
            sum.wrapping_mul(0x0000_0100_0000_01b3) ^ winner
        })
    };
    let checksum = run(0, CHECKED);
    let clock = Clock::start();
    let (mut done, mut batch) = (0, 1);
    while clock.seconds() < seconds {
        run(CHECKED + done, CHECKED + done + batch);
        done += batch;
        batch = (2 * batch).min(REQUESTS);
    }
    let elapsed = clock.seconds();
    let rate = done as f64 / elapsed;
    let each = 1e9 / rate / providers as f64;
    println!("{name},{providers},{rate:.0},{each:.4},{checksum:016x}");
}

fn make_input<'a>(request: &'a Request<'a>, rtt_from_tenant: &'a [Span]) -> RoundInput<'a> {
    RoundInput {
        order: &request.order,
        rtt_from_tenant,
        ticket: request.ticket,
        core: Core::WeightedSoftmax(WeightedSoftmax),
        scoring: request.scoring,
        draws_max: 1,
        soft: SoftFilters::default(),
    }
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

fn make_scoring(weights: Weights) -> Scoring {
    Scoring::new(weights, Forms::capped_at(50)).expect("weights inside the bounds")
}

/// A choice of a market: the `what`-th of entity `n`, below `bound`.
fn choose(n: u64, what: u64, bound: u64) -> u64 {
    Philox::new(1).value(n, what) % bound
}

/// A provider whose factors are each half its quality and half luck.
fn make_candidate(n: u32, scoring: &Scoring) -> Candidate {
    let number = u64::from(n);
    let quality = choose(number, 0, 1_001);
    let mixed = |what: u64, most: u64| most * (quality + choose(number, what, 1_001)) / 2_000;
    let standing = Standing {
        uptime: Ppm(840_000 + mixed(1, 160_000) as u32),
        good_milli: mixed(2, 200_000),
        bad_milli: 40_000 - mixed(3, 40_000),
        slash_halves: (5 - mixed(4, 5)) as u32,
        stake: Spon::from_base(1_000 + i128::from(mixed(5, 60_000))),
        stake_min: Spon::from_base(1_000),
    };
    let free = GpuCount(choose(number, 6, GPUS + 1) as u32);
    let bid = GpuHourPrice::from_nanos(160_000_000 - mixed(7, 100_000_000));
    let key = EntityKey::group("providers").child(number);
    Candidate {
        merit: scoring.merit(&standing),
        gpus_free: free,
        gpus_total: GpuCount(GPUS as u32),
        gpus_free_on_node: free,
        gpus_on_node: GpuCount(GPUS as u32),
        region: RegionId(choose(number, 8, REGIONS) as u16),
        trust_tier: TrustTier::new(1 + choose(number, 9, TIERS) as u8),
        joined_at: SimTime::from_nanos(number),
        standing,
        ..Candidate::plain(key, n, Mode::Provider, bid)
    }
}

fn make_requests<'a>(make: impl Fn(u64) -> (RegionSet, &'a Scoring)) -> Vec<Request<'a>> {
    let request = |n: u64| {
        let (regions, scoring) = make(n);
        let key = EntityKey::group("orders").child(n);
        let ceiling = GpuHourPrice::from_nanos(120_000_000 + choose(n, 20, 80_000_000));
        let worst = 1 + choose(n, 21, TIERS) as u8;
        let order = Order {
            regions,
            trust_tiers: (1..=worst)
                .filter_map(TrustTier::new)
                .fold(TrustSet::NONE, TrustSet::with),
            gpus: GpuCount(1 + choose(n, 22, GPUS) as u32),
            ..Order::plain(key, Mode::Provider, ceiling)
        };
        Request { ticket: Ticket::new(1, key, 7, b"beacon"), order, scoring }
    };
    (0..REQUESTS).map(request).collect()
}

/// 30 % any region, 40 % four, 30 % one.
fn draw_regions(n: u64) -> RegionSet {
    match choose(n, 30, 10) {
        0..3 => RegionSet::ALL,
        3..7 => (0..4).fold(RegionSet::default(), |set, at| set.with(draw_region(n, at))),
        _ => one_region(n),
    }
}

fn one_region(n: u64) -> RegionSet {
    RegionSet::default().with(draw_region(n, 0))
}

fn draw_region(n: u64, at: u64) -> RegionId {
    RegionId(choose(n, 31 + at, REGIONS) as u16)
}

/// Any weights; the round takes the best without a draw.
fn draw_weights(n: u64) -> Weights {
    let weight = |what: u64| BasisPoints(choose(n, 40 + what, 2_001) as u32);
    Weights {
        region: weight(0),
        price: weight(1),
        uptime: weight(2),
        reputation: weight(3),
        availability: weight(4),
        slash: weight(5),
        stake: weight(6),
        randomness: BasisPoints(0),
    }
}
