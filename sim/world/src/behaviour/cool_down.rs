//! Machines that came back earn nothing for a while (protocol.md 3.1).

use crate::state::{Cause, Causes, Machine};
use crate::world::World;
use units::{ProviderId, SimTime, Span};

/// When a machine came back in this era: it was down, and not because its provider was not there.
fn returns(machine: &Machine) -> impl Iterator<Item = SimTime> {
    let absent = Causes::default().with(Cause::Absent);
    let mut before = machine.causes_at_era;
    machine.trail.iter().filter_map(move |(at, causes)| {
        let was = std::mem::replace(&mut before, *causes);
        let is_return = !was.is_up() && was != absent && causes.is_up();
        is_return.then_some(*at)
    })
}

/// When a machine last came back, up to now.
pub fn last_return(machine: &Machine) -> Option<SimTime> {
    returns(machine).last().or(machine.back_at)
}

/// How much of the time between `from` and `to` lies within `cool_down` of a machine's return.
fn compute_cooling(machine: &Machine, from: SimTime, to: SimTime, cool_down: Span) -> Span {
    let mut cooled_until = from;
    let mut cooling = Span::ZERO;
    for back_at in machine.back_at.into_iter().chain(returns(machine)) {
        let until = (back_at + cool_down).min(to);
        cooling += until.saturating_since(back_at.max(cooled_until));
        cooled_until = cooled_until.max(until);
    }
    cooling
}

impl World {
    /// GPU-time of the era so far in which a provider's machines had come back lately, in
    /// GPU-nanoseconds.
    pub fn compute_cooling(&self, now: SimTime, id: ProviderId) -> u64 {
        let cool_down = self.scenario.rewards.cool_down;
        let machines = self.providers[id.index()].machine_ids();
        let of_machine = machines.map(|id| {
            let machine = &self.machines[id.index()];
            let cooling = compute_cooling(machine, self.era_started_at, now, cool_down);
            u64::from(machine.gpus) * cooling.nanos()
        });
        of_machine.sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use units::EntityKey;

    const UP: Causes = Causes(0);
    const DOWN: Causes = Causes(Cause::Fault as u8);
    const COOL_DOWN: Span = Span::from_hours(3);

    fn hour(hours: u64) -> SimTime {
        SimTime::ZERO + Span::from_hours(hours)
    }

    /// A machine in the day from hour 24 on: its state then, when it came back last, its changes.
    fn machine(at_era: Causes, back_at: Option<u64>, trail: &[(u64, Causes)]) -> Machine {
        Machine {
            key: EntityKey(1),
            provider: ProviderId(0),
            gpus: 1,
            gpus_free: 1,
            causes: UP,
            causes_at_era: at_era,
            back_at: back_at.map(hour),
            trail: trail.iter().map(|(at, causes)| (hour(*at), *causes)).collect(),
            faults: 0,
            gpu_faults: 0,
            session: crate::state::Session::default(),
            notice: None,
            jobs: Vec::new(),
            breaches: Vec::new(),
            eager_challenges: [0; 3],
        }
    }

    fn hours(machine: &Machine) -> u64 {
        let cooling = compute_cooling(machine, hour(24), hour(48), COOL_DOWN);
        cooling.nanos() / Span::HOUR.nanos()
    }

    /// The obvious way: look at every hour whether some return was less than three hours ago.
    fn hours_one_by_one(machine: &Machine) -> u64 {
        let all: Vec<SimTime> = machine.back_at.into_iter().chain(returns(machine)).collect();
        let is_cold = |at: &u64| {
            all.iter().any(|back| *back <= hour(*at) && hour(*at).since(*back) < COOL_DOWN)
        };
        (24..48).filter(is_cold).count() as u64
    }

    #[test]
    fn three_hours_follow_each_return_and_are_counted_once() {
        let steady = machine(UP, None, &[]);
        let once = machine(UP, None, &[(30, DOWN), (32, UP)]);
        let twice = machine(UP, None, &[(30, DOWN), (32, UP), (33, DOWN), (34, UP)]);
        let at_end = machine(DOWN, None, &[(47, UP)]);
        let carried = machine(UP, Some(23), &[]);
        let long_ago = machine(UP, Some(20), &[]);
        let both = machine(UP, Some(23), &[(24, DOWN), (25, UP)]);
        let all = [steady, once, twice, at_end, carried, long_ago, both];
        let expected = [0, 3, 5, 1, 2, 0, 4];
        for (machine, expected) in all.iter().zip(expected) {
            assert_eq!(hours(machine), expected, "{machine:?}");
            assert_eq!(hours_one_by_one(machine), expected, "{machine:?}");
        }
    }

    #[test]
    fn who_joins_comes_for_the_first_time() {
        let absent = Causes::default().with(Cause::Absent);
        let newcomer = machine(absent, None, &[(30, UP)]);
        assert_eq!(hours(&newcomer), 0);
        assert_eq!(last_return(&newcomer), None);
        let broken = machine(absent.with(Cause::Fault), None, &[(30, DOWN), (31, UP)]);
        assert_eq!(last_return(&broken), Some(hour(31)), "it broke before it joined");
    }
}
