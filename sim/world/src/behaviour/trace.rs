//! Machines that follow a recorded trace: each has a trace and a place in it of its own, both by
//! its key, and begins anew where the trace ends.

use crate::purpose;
use crate::world::World;
use scenario::Trace;
use units::{EntityKey, MachineId, Span};

/// Where a machine is in its trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The number of the stretch.
    pub index: usize,
    /// What is left of it.
    pub left: Span,
}

/// The stretch at `offset` from the beginning of a trace, going round.
pub fn find_place(trace: &Trace, offset: Span) -> Place {
    let mut offset = offset.nanos() % trace.total().nanos().max(1);
    for (index, length) in trace.lengths.iter().enumerate() {
        if offset < length.nanos() {
            return Place { index, left: Span::from_nanos(length.nanos() - offset) };
        }
        offset -= length.nanos();
    }
    unreachable!("the offset is less than all lengths together")
}

/// The share of each of the `eras` before `offset` that a trace was up, the oldest first.
pub fn compute_history(trace: &Trace, offset: Span, era: Span, eras: u32) -> Vec<f64> {
    let total = u128::from(trace.total().nanos());
    let before = u128::from(era.nanos()) * u128::from(eras) % total;
    let start = (u128::from(offset.nanos()) + total - before) % total;
    let mut place = find_place(trace, Span::from_nanos(start as u64));
    let up_in = |_| {
        let (mut up, mut rest) = (0, era);
        while !rest.is_zero() {
            let step = rest.min(place.left);
            up += if trace.is_up(place.index) { step.nanos() } else { 0 };
            rest = rest.saturating_sub(step);
            place.left = place.left.saturating_sub(step);
            if place.left.is_zero() {
                place.index = (place.index + 1) % trace.lengths.len();
                place.left = trace.lengths[place.index];
            }
        }
        up as f64 / era.nanos() as f64
    };
    (0..eras).map(up_in).collect()
}

impl World {
    /// The trace that a machine follows, if it does.
    pub fn trace_of(&self, id: MachineId) -> Option<&Trace> {
        let traces = self.host_class_of(id).traces()?;
        Some(self.draw_trace(traces, self.machines[id.index()].key))
    }

    /// The trace of the machine with this key.
    pub fn draw_trace<'a>(&self, traces: &'a [Trace], key: EntityKey) -> &'a Trace {
        let lot = self.draws.at(purpose::TRACE, key, 0).below(traces.len() as u64);
        &traces[lot as usize]
    }

    /// Where in its trace the machine with this key is at the start.
    pub fn draw_offset(&self, trace: &Trace, key: EntityKey) -> Span {
        let total = trace.total().nanos().max(1);
        Span::from_nanos(self.draws.at(purpose::TRACE, key, 1).below(total))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(lengths: &[u64]) -> Vec<Span> {
        lengths.iter().map(|hours| Span::from_hours(*hours)).collect()
    }

    #[test]
    fn a_place_is_found_and_the_time_before_it_is_known() {
        let trace = Trace { is_up_first: true, lengths: hours(&[3, 1, 2, 4]) };
        let at = |hours: u64| find_place(&trace, Span::from_hours(hours));
        assert_eq!(at(0), Place { index: 0, left: Span::from_hours(3) });
        assert_eq!(at(3), Place { index: 1, left: Span::HOUR });
        assert_eq!(at(15), Place { index: 2, left: Span::HOUR });
        // From 8 h round to 4 h: down, down, up up up, down; up twice then.
        let history = compute_history(&trace, Span::from_hours(4), Span::from_hours(2), 3);
        assert_eq!(history, [0.0, 1.0, 0.5]);
    }

    #[test]
    fn a_trace_without_changes_stays_as_it_is() {
        let trace = Trace { is_up_first: false, lengths: hours(&[5]) };
        assert_eq!(compute_history(&trace, Span::HOUR, Span::DAY, 2), [0.0, 0.0]);
    }
}
