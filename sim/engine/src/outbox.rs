//! The outbox: where a handler puts what follows, so that only the run loop touches the queue.

use units::{SimTime, Span};

/// An event that knows its place within one instant.
pub trait Ranked {
    /// Lower ranks run first among events of one time.
    fn rank(&self) -> u8;
}

/// Consequences of one event, in the order in which they were put.
#[derive(Clone, Debug)]
pub struct Outbox<E> {
    now: SimTime,
    events: Vec<(SimTime, E)>,
}

impl<E> Outbox<E> {
    /// An empty outbox of a handler that runs at `now`.
    pub const fn new(now: SimTime) -> Outbox<E> {
        Outbox { now, events: Vec::new() }
    }

    /// Puts an event `span` after now; without any span it still runs after all that ran.
    #[inline]
    pub fn after(&mut self, span: Span, event: E) {
        self.events.push((self.now + span, event));
    }

    /// Puts an event at `time`.
    ///
    /// # Panics
    /// When `time` has passed.
    #[inline]
    pub fn at(&mut self, time: SimTime, event: E) {
        assert!(time >= self.now, "an event cannot change the past");
        self.events.push((time, event));
    }

    /// What was put, in order: what a run begins with, and what tests of handlers look at.
    pub fn events(&self) -> &[(SimTime, E)] {
        &self.events
    }

    /// Starts over for the next handler, at `now`; the memory stays.
    pub(crate) fn open(&mut self, now: SimTime) {
        assert!(self.events.is_empty(), "the run loop takes everything before the next event");
        self.now = now;
    }

    /// Takes what was put, in order.
    pub(crate) fn take(&mut self) -> impl Iterator<Item = (SimTime, E)> {
        self.events.drain(..)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn consequences_keep_their_order_and_times() {
        let now = SimTime::from_nanos(10);
        let mut out = Outbox::new(now);
        out.after(Span::from_nanos(5), 'b');
        out.at(now, 'a');
        let fifteen = SimTime::from_nanos(15);
        assert_eq!(out.events(), [(fifteen, 'b'), (now, 'a')]);
        assert_eq!(out.take().count(), 2);
        assert!(out.events().is_empty());
    }

    #[test]
    #[should_panic(expected = "change the past")]
    fn a_handler_cannot_reach_back() {
        Outbox::new(SimTime::from_nanos(10)).at(SimTime::from_nanos(9), ());
    }
}
