//! The run loop: takes events in order, moves the clock and files what handlers put in the outbox.
//!
//! It works in slices and returns to its caller, who draws progress bars and hears interruptions.

use crate::outbox::{Outbox, Ranked};
use crate::queue::Queue;
use units::SimTime;

/// How a slice ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Every event up to the end of the slice has run, and the clock shows its end.
    Reached,
    /// The allowance of events is used up; call again to go on.
    Paused,
}

/// Clock and queue of one run.
#[derive(Clone, Debug)]
pub struct Clockwork<E> {
    queue: Queue<E>,
    now: SimTime,
    popped: u64,
    outbox: Outbox<E>,
}

impl<E: Copy + Ranked> Clockwork<E> {
    /// A clock at the start, without events.
    pub fn new() -> Clockwork<E> {
        let now = SimTime::ZERO;
        Clockwork { queue: Queue::new(), now, popped: 0, outbox: Outbox::new(now) }
    }

    /// Adds an event from outside: how a run begins.
    ///
    /// # Panics
    /// When `time` has passed.
    pub fn schedule(&mut self, time: SimTime, event: E) {
        assert!(time >= self.now, "an event cannot change the past");
        self.queue.push(time, event.rank(), event);
    }

    /// Runs events up to and including `until`, but at most `events_max` of them.
    ///
    /// # Panics
    /// When `until` has passed.
    pub fn advance(
        &mut self,
        until: SimTime,
        events_max: u64,
        mut handle: impl FnMut(SimTime, E, &mut Outbox<E>),
    ) -> Progress {
        assert!(until >= self.now, "time never runs backwards");
        for _ in 0..events_max {
            let Some((time, event)) = self.queue.pop_before(until) else {
                self.now = until;
                return Progress::Reached;
            };
            assert!(time >= self.now, "time never runs backwards");
            self.now = time;
            self.popped += 1;
            self.outbox.open(time);
            handle(time, event, &mut self.outbox);
            for (time, event) in self.outbox.take() {
                self.queue.push(time, event.rank(), event);
            }
        }
        Progress::Paused
    }

    /// The time of the clock.
    pub fn now(&self) -> SimTime {
        self.now
    }

    /// How many events have run.
    pub fn popped(&self) -> u64 {
        self.popped
    }

    /// The events to come, to be counted.
    pub fn queue(&self) -> &Queue<E> {
        &self.queue
    }
}

impl<E: Copy + Ranked> Default for Clockwork<E> {
    fn default() -> Clockwork<E> {
        Clockwork::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use units::Span;

    #[derive(Clone, Copy, Debug, PartialEq)]
    enum Event {
        Fault,
        Tick(u32),
    }

    impl Ranked for Event {
        fn rank(&self) -> u8 {
            match self {
                Event::Fault => 0,
                Event::Tick(_) => 1,
            }
        }
    }

    /// A clock that ticks each second, ten times, and faults at the fifth.
    fn started() -> Clockwork<Event> {
        let mut clockwork = Clockwork::new();
        clockwork.schedule(SimTime::ZERO, Event::Tick(0));
        clockwork.schedule(SimTime::ZERO + Span::from_secs(5), Event::Fault);
        clockwork
    }

    fn tick(log: &mut Vec<(u64, Event)>, now: SimTime, event: Event, out: &mut Outbox<Event>) {
        log.push((now.nanos() / 1_000_000_000, event));
        if let Event::Tick(n) = event
            && n < 10
        {
            out.after(Span::SECOND, Event::Tick(n + 1));
        }
    }

    #[test]
    fn slices_of_any_size_run_the_same_events() {
        let end = SimTime::ZERO + Span::from_secs(20);
        let mut whole = Vec::new();
        let reached = started().advance(end, u64::MAX, |t, e, out| tick(&mut whole, t, e, out));
        assert_eq!(reached, Progress::Reached);
        assert_eq!(whole.len(), 12);
        assert_eq!(whole[5..7], [(5, Event::Fault), (5, Event::Tick(5))]);
        for events_max in 1..14 {
            let (mut parts, mut clockwork) = (Vec::new(), started());
            while clockwork.advance(end, events_max, |t, e, out| tick(&mut parts, t, e, out))
                == Progress::Paused
            {}
            assert_eq!(parts, whole);
            assert_eq!(clockwork.now(), end);
            assert_eq!(clockwork.popped(), 12);
        }
    }

    #[test]
    fn the_clock_stops_where_it_was_told() {
        let mut clockwork = started();
        let four = SimTime::ZERO + Span::from_secs(4);
        let mut log = Vec::new();
        clockwork.advance(four, u64::MAX, |t, e, out| tick(&mut log, t, e, out));
        assert_eq!(log.last(), Some(&(4, Event::Tick(4))));
        assert_eq!(clockwork.now(), four);
        assert_eq!(clockwork.queue().len(), 2);
    }
}
