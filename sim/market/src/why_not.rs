//! Which single change would have won a round for a candidate that lost it, and at what value.
//!
//! The round is decided again for each value that is tried, at the same noise: the answer is what
//! [`match_round_eager`] says, not what a formula promises. Where the core claims to be monotone
//! in what is changed, a search by halves finds the least change exactly; elsewhere evenly spaced
//! values are tried first, and a smaller change may exist between them.

use crate::candidate::Candidate;
use crate::core::Virtue;
use crate::eligible::{Filter, Reject};
use crate::round::{RoundInput, match_round_eager};
use units::{GpuHourPrice, Ppm, ProviderId, Span, Spon};

/// What a provider can change before its next bid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lever {
    /// A lower bid, in nano-dollars per GPU-hour.
    Price,
    /// More stake, in base units.
    Stake,
    /// More challenges answered, in millionths.
    Uptime,
    /// A shorter round trip, in nanoseconds.
    Latency,
}

impl Lever {
    /// All of them.
    pub const ALL: [Lever; 4] = [Lever::Price, Lever::Stake, Lever::Uptime, Lever::Latency];

    fn virtue(self) -> Virtue {
        match self {
            Lever::Price => Virtue::Price,
            Lever::Stake => Virtue::Stake,
            Lever::Uptime => Virtue::Uptime,
            Lever::Latency => Virtue::Nearness,
        }
    }
}

/// A value of what a lever changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// A bid.
    Price(GpuHourPrice),
    /// Own and delegated stake.
    Stake(Spon),
    /// Share of challenges answered.
    Uptime(Ppm),
    /// The whole round trip to the tenant.
    Latency(Span),
}

/// What a lever alone can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chance {
    /// It wins from here on.
    Wins {
        /// The least change that wins; with one unit less of it the candidate does not win.
        at: Level,
        /// Whether no smaller change wins; otherwise smaller ones were tried at intervals only.
        is_least: bool,
    },
    /// Even the best value fails this filter.
    Rejected(Reject),
    /// Even the best value leaves somebody ahead.
    Outranked,
}

/// Why a candidate did not win.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhyNot {
    /// It did.
    Won,
    /// Its bid came late: what it held counts for nothing.
    Late,
    /// What each lever alone can do.
    Chances(Vec<(Lever, Chance)>),
}

/// More stake than there will ever be tokens: 10^12 of them.
const STAKE_MOST: i128 = 1_000_000_000_000 * Spon::ONE.base();

/// Values that are tried where a core is not monotone.
const TRIES: u128 = 256;

/// Why `provider` did not win the round of `input`, and which single change would have won it.
///
/// `bid_in_time` must not depend on bids. None when no candidate is `provider`.
///
/// ```
/// # use market::{Candidate, Core, Forms, Mode, Order, RoundInput, Scoring, SoftFilters};
/// # use market::{Chance, Level, Lever, Ticket, Weights, WhyNot, why_not};
/// # use units::{EntityKey, GpuHourPrice, Span};
/// # let scoring = Scoring::new(Weights::BALANCED, Forms::capped_at(50)).unwrap();
/// let price = GpuHourPrice::from_nanos;
/// let order = Order::plain(EntityKey(7), Mode::Fizz, price(300));
/// let cheap = Candidate::plain(EntityKey(1), 0, Mode::Fizz, price(100));
/// let dear = Candidate::plain(EntityKey(2), 1, Mode::Fizz, price(200));
/// let candidates = [cheap, dear].map(|c| Candidate { merit: scoring.merit(&c.standing), ..c });
/// let input = RoundInput {
///     order: &order,
///     rtt_from_tenant: &[Span::ZERO],
///     ticket: Ticket::new(0, order.key, 0, b"beacon"),
///     core: Core::from_name("lowest_price").unwrap(),
///     scoring: &scoring,
///     draws_max: 1,
///     soft: SoftFilters::default(),
/// };
/// let answer = why_not(&input, &candidates, |_| true, dear.provider).unwrap();
/// let WhyNot::Chances(chances) = answer else { panic!("it lost, and was in time") };
/// let at = Level::Price(price(99)); // at 100 the lower identity wins the tie
/// assert_eq!(chances[0], (Lever::Price, Chance::Wins { at, is_least: true }));
/// assert_eq!(chances[1], (Lever::Stake, Chance::Outranked));
/// ```
pub fn why_not(
    input: &RoundInput<'_>,
    candidates: &[Candidate],
    bid_in_time: impl Fn(&Candidate) -> bool,
    provider: ProviderId,
) -> Option<WhyNot> {
    let place = candidates.iter().position(|candidate| candidate.provider == provider)?;
    let flat = Flat::new(input, candidates);
    let trial = Trial { input: flat.input(input), place, in_time: &bid_in_time };
    let own = flat.candidates[place];
    if trial.wins(&flat.candidates, own) {
        return Some(WhyNot::Won);
    }
    if !bid_in_time(&own) {
        return Some(WhyNot::Late);
    }
    let chance = |lever| (lever, trial.chance(&flat.candidates, lever));
    Some(WhyNot::Chances(Lever::ALL.into_iter().map(chance).collect()))
}

/// The same candidates with no round trip between regions: each has the whole of its own in its
/// last mile, so that one can be brought nearer without moving its neighbours.
struct Flat {
    candidates: Vec<Candidate>,
    rtt_from_tenant: Vec<Span>,
}

impl Flat {
    fn new(input: &RoundInput<'_>, candidates: &[Candidate]) -> Flat {
        let flatten = |candidate: &Candidate| Candidate {
            last_mile: candidate.rtt(input.rtt_from_tenant).unwrap_or(candidate.last_mile),
            ..*candidate
        };
        Flat {
            candidates: candidates.iter().map(flatten).collect(),
            rtt_from_tenant: vec![Span::ZERO; input.rtt_from_tenant.len()],
        }
    }

    fn input<'a>(&'a self, input: &RoundInput<'a>) -> RoundInput<'a> {
        RoundInput { rtt_from_tenant: &self.rtt_from_tenant, ..*input }
    }
}

/// A round that is decided again and again, with another candidate at one place.
struct Trial<'a, F> {
    input: RoundInput<'a>,
    place: usize,
    in_time: &'a F,
}

impl<F: Fn(&Candidate) -> bool> Trial<'_, F> {
    fn wins(&self, candidates: &[Candidate], own: Candidate) -> bool {
        let mut candidates = candidates.to_vec();
        candidates[self.place] = own;
        let input = RoundInput { draws_max: 1, ..self.input };
        let round = match_round_eager(&input, candidates.iter(), self.in_time);
        round.picks.first().is_some_and(|pick| pick.provider == own.provider)
    }

    fn chance(&self, candidates: &[Candidate], lever: Lever) -> Chance {
        let own = candidates[self.place];
        let at = |steps: u128| self.moved(own, lever, steps);
        let wins = |steps: u128| self.wins(candidates, at(steps));
        let most = steps_max(&own, lever);
        let is_monotone = self.input.core.monotone_in().contains(&lever.virtue());
        let tries = if is_monotone { 1 } else { TRIES.min(most.max(1)) };
        let place = |n: u128| most / tries * n + most % tries * n / tries;
        match (1..=tries).find(|n| wins(place(*n))) {
            Some(n) => {
                let steps = least_winning(place(n - 1), place(n), wins);
                let least_tried = is_monotone || tries == most;
                Chance::Wins { at: level(&at(steps), lever), is_least: least_tried }
            }
            None => self.obstacle(&at(most)),
        }
    }

    /// `own`, better by so many units.
    fn moved(&self, own: Candidate, lever: Lever, steps: u128) -> Candidate {
        let less = |value: u64| value - u64::try_from(steps).expect("at most the value itself");
        let mut own = own;
        match lever {
            Lever::Price => own.bid = GpuHourPrice::from_nanos(less(own.bid.nanos())),
            Lever::Latency => own.last_mile = Span::from_nanos(less(own.last_mile.nanos())),
            Lever::Stake => {
                let more = i128::try_from(steps).expect("at most as many as there are tokens");
                own.standing.stake = Spon::from_base(own.standing.stake.base() + more);
            }
            Lever::Uptime => {
                own.standing.uptime.0 += u32::try_from(steps).expect("at most a million");
            }
        }
        own.merit = self.input.scoring.merit(&own.standing);
        own
    }

    /// Why somebody who is as good as can be in one way still does not win.
    fn obstacle(&self, best: &Candidate) -> Chance {
        let all = Filter::new(self.input.order, self.input.rtt_from_tenant);
        all.check(best).map_or_else(Chance::Rejected, |()| Chance::Outranked)
    }
}

/// How many units better a candidate can be.
fn steps_max(own: &Candidate, lever: Lever) -> u128 {
    match lever {
        Lever::Price => u128::from(own.bid.nanos()),
        Lever::Latency => u128::from(own.last_mile.nanos()),
        Lever::Stake => {
            u128::try_from(STAKE_MOST.saturating_sub(own.standing.stake.base())).unwrap_or(0)
        }
        Lever::Uptime => u128::from(Ppm::ONE.0.saturating_sub(own.standing.uptime.0)),
    }
}

fn level(own: &Candidate, lever: Lever) -> Level {
    match lever {
        Lever::Price => Level::Price(own.bid),
        Lever::Stake => Level::Stake(own.standing.stake),
        Lever::Uptime => Level::Uptime(own.standing.uptime),
        Lever::Latency => Level::Latency(own.last_mile),
    }
}

/// The least number of steps that wins: `below` does not, `above` does.
fn least_winning(mut below: u128, mut above: u128, wins: impl Fn(u128) -> bool) -> u128 {
    while above - below > 1 {
        let middle = below + (above - below) / 2;
        if wins(middle) {
            above = middle;
        } else {
            below = middle;
        }
    }
    above
}
