//! Arrivals: when the jobs of a stream come, what they bring about, and the jobs of a file.

use crate::event::Event;
use crate::purpose;
use crate::state::{BurstState, Stream};
use crate::world::{Step, World};
use engine::distribution::Exponential;
use scenario::{Bursts, Growth, Wave};
use units::{EntityKey, PoolId, RegionId, SimTime, Span};

/// Bits of an arrival's ordinal that count within an hour.
const ARRIVALS_BITS: u32 = 32;

/// Set in the ordinal of a job that another brought about: above all hours, within what an ordinal
/// of a draw may have.
const FOLLOWS: u64 = 1 << 55;

/// The ordinal of such a job: a part of a hash, so that nobody need count them.
fn following(key: EntityKey, number: u64) -> u64 {
    (key.child(number).0 % FOLLOWS) | FOLLOWS
}

/// Plans all arrivals of the hour that begins, when its demand is known.
pub fn plan_arrivals(world: &mut World, step: &mut Step<'_>) {
    for pool in 0..world.pools.len() {
        move_bursts(world, step.now, PoolId(pool as u16));
    }
    for index in 0..world.streams.len() {
        draw_arrivals(world, step, index as u16);
    }
    for pool in 0..world.pools.len() {
        plan_replay(world, step, PoolId(pool as u16));
    }
}

/// Draws a stream's arrivals: a Poisson process at the hour's rate. Where the rate moves within
/// the hour, arrivals at its upper bound are thinned (economics.md 1.2).
fn draw_arrivals(world: &mut World, step: &mut Step<'_>, index: u16) {
    let stream = world.streams[usize::from(index)];
    let shape = world.shape_of(&stream, step.now);
    let most = shape.most();
    let per_hour = world.rate_of(&stream, step.now) * most;
    if per_hour <= 0.0 {
        return;
    }
    let law = Exponential::new(3600.0 / per_hour);
    let hour = step.now.nanos() / Span::HOUR.nanos();
    let mut at = 0.0;
    for number in 0..1 << ARRIVALS_BITS {
        let ordinal = hour << ARRIVALS_BITS | number;
        at += world.draws.at(purpose::ARRIVAL, stream.key, ordinal).sample(&law);
        if at >= 3600.0 {
            return;
        }
        let delay = Span::from_secs_f64_rounded(at);
        let lot = || world.draws.at(purpose::ARRIVAL_KEPT, stream.key, ordinal).unit();
        if shape.is_flat() || lot() * most < shape.at(step.now + delay) {
            step.out.after(delay, Event::JobArrived { stream: index, ordinal });
        }
    }
    panic!("validation bounds demand below {} arrivals an hour", 1_u64 << ARRIVALS_BITS);
}

/// What a stream's rate is multiplied by from moment to moment within an hour.
struct Shape<'a> {
    waves: &'a [Wave],
    growth: Option<&'a Growth>,
    /// The pool's bursts, with the rates of a calm and of a burst.
    bursts: Option<(&'a BurstState, [f64; 2])>,
    from: SimTime,
}

impl Shape<'_> {
    fn is_flat(&self) -> bool {
        self.waves.is_empty() && self.growth.is_none() && self.bursts.is_none()
    }

    /// At least as much as it comes to at any moment of the hour; 1 where nothing moves.
    fn most(&self) -> f64 {
        let waves = 1.0 + self.waves.iter().map(|wave| wave.amplitude).sum::<f64>();
        let from = self.from.since(SimTime::ZERO);
        let growth = self.growth.map_or(1.0, |growth| growth.largest(from, from + Span::HOUR));
        let bursts = self.bursts.map_or(1.0, |(state, [calm, burst])| {
            if state.is_bursting || !state.switches.is_empty() { burst } else { calm }
        });
        waves * growth * bursts
    }

    fn at(&self, time: SimTime) -> f64 {
        let since = time.since(SimTime::ZERO);
        let wave = |wave: &Wave| {
            let turns =
                (since.as_secs_f64() - wave.rises_at.as_secs_f64()) / wave.period.as_secs_f64();
            wave.amplitude * libm::sin(std::f64::consts::TAU * turns)
        };
        let waves = 1.0 + self.waves.iter().map(wave).sum::<f64>();
        let growth = self.growth.map_or(1.0, |growth| growth.factor(since));
        let bursts = self.bursts.map_or(1.0, |(state, rates)| {
            let switches = state.switches.iter().filter(|at| **at <= time).count();
            rates[usize::from(state.is_bursting ^ (switches % 2 == 1))]
        });
        waves * growth * bursts
    }
}

/// The rates of a calm and of a burst, of which the mean over time is 1.
fn burst_rates(times: f64, calm: Span, burst: Span) -> [f64; 2] {
    let (calm, burst) = (calm.as_secs_f64(), burst.as_secs_f64());
    let in_calm = (calm + burst) / (calm + times * burst);
    [in_calm, times * in_calm]
}

/// Moves a pool's two-state rate on by an hour: how it begins, and when it switches.
fn move_bursts(world: &mut World, now: SimTime, id: PoolId) {
    let Bursts::Mmpp { calm, burst, .. } = world.pool(id).bursts else { return };
    let draws = world.draws;
    let pool = &mut world.pools[id.index()];
    let (key, state) = (pool.key, &mut pool.bursts);
    let drawn = &mut state.drawn;
    let mut length = |is_bursting: bool| {
        let mean = if is_bursting { burst } else { calm }.as_secs_f64();
        *drawn += 1; // The first lot is which of the two it begins in.
        let span = draws.at(purpose::BURST, key, *drawn).sample(&Exponential::new(mean));
        Span::from_secs_f64_rounded(span).max(Span::from_nanos(1))
    };
    if now == SimTime::ZERO {
        let share = burst.as_secs_f64() / (calm + burst).as_secs_f64();
        state.is_bursting = draws.at(purpose::BURST, key, 0).unit() < share;
        state.next_at = now + length(state.is_bursting);
    } else {
        state.is_bursting ^= state.switches.len() % 2 == 1;
    }
    state.switches.clear();
    let mut is_bursting = state.is_bursting;
    while state.next_at < now + Span::HOUR {
        state.switches.push(state.next_at);
        is_bursting = !is_bursting;
        state.next_at = state.next_at + length(is_bursting);
    }
}

/// A job that arrived brings others about, where arrivals bunch.
pub fn plan_followers(world: &World, step: &mut Step<'_>, index: u16, ordinal: u64) {
    let stream = world.streams[usize::from(index)];
    let key = stream.key.child(ordinal);
    let draw = |purpose, number| world.draws.at(purpose, key, number);
    match world.pool(stream.pool).bursts {
        Bursts::Hawkes { branching, delay } => {
            // As many as points of a unit Poisson process before `branching`.
            let mut so_far = 0.0;
            for number in 0.. {
                so_far += draw(purpose::FOLLOWER, number).sample(&Exponential::new(1.0));
                if so_far >= branching {
                    return;
                }
                let law = Exponential::new(delay.as_secs_f64());
                let after = draw(purpose::FOLLOWER_DELAY, number).sample(&law);
                let ordinal = following(key, number);
                let after = Span::from_secs_f64_rounded(after);
                step.out.after(after, Event::JobArrived { stream: index, ordinal });
            }
        }
        Bursts::Batches { mean } if mean > 1.0 && ordinal & FOLLOWS == 0 => {
            let lot = libm::log(draw(purpose::FOLLOWER, 0).unit_open());
            let more = (lot / libm::log1p(-1.0 / mean)) as u64;
            for number in 0..more {
                let ordinal = following(key, number);
                step.out.after(Span::ZERO, Event::JobArrived { stream: index, ordinal });
            }
        }
        Bursts::None | Bursts::Mmpp { .. } | Bursts::Batches { .. } => {}
    }
}

/// Plans the jobs of a pool's file that arrive in the hour that begins, each as often as the scale
/// says: its fraction is a lot of each job's own.
fn plan_replay(world: &mut World, step: &mut Step<'_>, id: PoolId) {
    let Some(replay) = &world.scenario.pools[id.index()].replay else { return };
    let from = step.now.since(SimTime::ZERO);
    let key = world.pools[id.index()].key;
    let first = replay.jobs.partition_point(|job| job.arrives_at < from);
    let here = replay.jobs[first..].iter().take_while(|job| job.arrives_at < from + Span::HOUR);
    for (place, job) in (first..).zip(here) {
        let lot = world.draws.at(purpose::REPLAYED, key, u64::from(job.line)).unit();
        let copies = (replay.scale + lot) as u16;
        for copy in 0..copies {
            let event = Event::JobReplayed { pool: id.0, job: place as u32, copy };
            step.out.after(job.arrives_at.saturating_sub(from), event);
        }
    }
}

impl World {
    /// A stream's arrivals per hour in the hour at `now`: its rate times the multipliers of local
    /// hour, local weekday and demand, less what arrivals bring about by themselves.
    fn rate_of(&self, stream: &Stream, now: SimTime) -> f64 {
        let pool = self.pool(stream.pool);
        let (hour, weekday) = self.local_hour(stream.region, now);
        let class = &self.scenario.classes[stream.class.index()];
        let demand = self.pools[stream.pool.index()].demand_ppm as f64 / 1e6;
        let hours = class.hours.as_ref().unwrap_or(&pool.hours);
        // As many as would come at the lowest price: each is then asked whether it is wanted.
        let most = class.demand_curve.map_or(1.0, |curve| curve.at_most());
        let rate = stream.per_hour * hours[hour] * pool.weekdays[weekday] * demand * most;
        match pool.bursts {
            Bursts::Hawkes { branching, .. } => rate * (1.0 - branching),
            Bursts::Batches { mean } => rate / mean,
            Bursts::None | Bursts::Mmpp { .. } => rate,
        }
    }

    fn shape_of(&self, stream: &Stream, now: SimTime) -> Shape<'_> {
        let pool = self.pool(stream.pool);
        let state = &self.pools[stream.pool.index()].bursts;
        let bursts = match pool.bursts {
            Bursts::Mmpp { times, calm, burst } => Some((state, burst_rates(times, calm, burst))),
            _ => None,
        };
        let growth = self.scenario.classes[stream.class.index()].growth.as_ref();
        Shape { waves: &pool.waves, growth, bursts, from: now }
    }

    /// Hour of the day and day of the week in a region.
    fn local_hour(&self, region: RegionId, now: SimTime) -> (usize, usize) {
        let minutes = (now.nanos() / (60 * Span::SECOND.nanos())) as i64;
        let start = i64::from(self.scenario.clock.start_weekday) * 1440;
        let offset = i64::from(self.scenario.regions[region.index()].utc_offset_minutes);
        let local = (start + minutes + offset).rem_euclid(7 * 1440);
        ((local / 60 % 24) as usize, (local / 1440) as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rates_of_calm_and_burst_have_mean_one() {
        let (calm, burst) = (Span::from_hours(5), Span::from_hours(1));
        let [low, high] = burst_rates(4.0, calm, burst);
        assert!(libm::fabs(high / low - 4.0) < 1e-12);
        assert!(libm::fabs((5.0 * low + high) / 6.0 - 1.0) < 1e-12);
    }

    #[test]
    fn the_bound_is_never_below_the_rate() {
        let hours = Span::from_hours;
        let waves =
            [(0.5, 24, 3), (0.3, 168, 0), (0.2, 1, 0)].map(|(amplitude, period, rises_at)| Wave {
                amplitude,
                period: hours(period),
                rises_at: hours(rises_at),
            });
        let growth = Growth { stretches: vec![(Span::ZERO, 50.0), (hours(30), -80.0)] };
        let minute = Span::from_secs(60);
        let switches = vec![SimTime::ZERO + hours(30) + minute.times(7)];
        let state = BurstState { is_bursting: false, switches, ..BurstState::default() };
        for hour in 0..200 {
            let from = SimTime::ZERO + hours(hour);
            let bursts = (hour == 30).then_some((&state, [0.5, 3.0]));
            let shape = Shape { waves: &waves, growth: Some(&growth), bursts, from };
            let rates = (0..60).map(|number| shape.at(from + minute.times(number)));
            let top = rates.fold(0.0, f64::max);
            assert!(top <= shape.most() * (1.0 + 1e-12), "hour {hour}");
            assert!(top > 0.1 * shape.most(), "hour {hour}: the bound is near");
        }
    }
}
