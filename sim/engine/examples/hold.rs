//! Measures a keyed draw, and the event queue: one hold takes the earliest event and puts it back
//! later.
//!
//! ```text
//! cargo run --release -p engine --example hold
//! ```
//!
//! Prints wall nanoseconds per fresh draw and per hold, the best of five rounds, for the wheel and
//! for the binary heap of the standard library on the same entries and the same delays.
#![expect(clippy::disallowed_types, reason = "a benchmark reads the wall clock; no result does")]

use engine::distribution::Exponential;
use engine::draws::{Draws, Purpose};
use engine::queue::Queue;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::hint::black_box;
use std::time::Instant;
use units::{EntityKey, SimTime, Span};

const HOLDS: usize = 2_000_000;
const ROUNDS: usize = 5;

/// What an event of the simulator weighs: two words.
type Event = [u64; 2];

trait Holds {
    fn push(&mut self, time: SimTime, event: Event);
    fn pop(&mut self) -> (SimTime, Event);
}

impl Holds for Queue<Event> {
    fn push(&mut self, time: SimTime, event: Event) {
        Queue::push(self, time, 0, event);
    }

    fn pop(&mut self) -> (SimTime, Event) {
        self.pop_before(SimTime::NEVER).expect("every hold puts back what it takes")
    }
}

#[derive(Default)]
struct Heap {
    entries: BinaryHeap<Reverse<(SimTime, u64, Event)>>,
    pushed: u64,
}

impl Holds for Heap {
    fn push(&mut self, time: SimTime, event: Event) {
        self.entries.push(Reverse((time, self.pushed, event)));
        self.pushed += 1;
    }

    fn pop(&mut self) -> (SimTime, Event) {
        let Reverse((time, _, event)) =
            self.entries.pop().expect("every hold puts back what it takes");
        (time, event)
    }
}

/// Best nanoseconds per hold over the rounds, and the sum of popped times to compare orders.
fn measure(queue: &mut impl Holds, delays: &[Span], pending: usize) -> (f64, u64) {
    for n in 0..pending {
        queue.push(SimTime::ZERO + delays[n % delays.len()], [n as u64, 0]);
    }
    let (mut best, mut sum) = (f64::INFINITY, 0_u64);
    for _ in 0..ROUNDS {
        let start = Instant::now();
        for &delay in delays {
            let (time, event) = queue.pop();
            sum = sum.rotate_left(7) ^ time.nanos() ^ event[0];
            queue.push(time + delay, event);
        }
        best = best.min(start.elapsed().as_nanos() as f64 / delays.len() as f64);
    }
    (best, sum)
}

/// Best nanoseconds per fresh uniform draw, each under its own entity key.
fn measure_draws(draws: &Draws) -> f64 {
    let mut best = f64::INFINITY;
    for round in 0..ROUNDS as u64 {
        let start = Instant::now();
        let draw = |key| draws.at(Purpose(1), EntityKey(key), round).unit();
        black_box((0..HOLDS as u64).map(draw).sum::<f64>());
        best = best.min(start.elapsed().as_nanos() as f64 / HOLDS as f64);
    }
    best
}

fn main() {
    let (draws, key, hour) = (Draws::new(1), EntityKey::group("hold"), Exponential::new(3600.0));
    let delay = |n| Span::from_secs_f64_rounded(draws.at(Purpose(0), key, n).sample(&hour));
    let delays: Vec<Span> = (0..HOLDS as u64).map(delay).collect();
    println!("one fresh draw: {:.1} ns", measure_draws(&draws));
    println!("{:>9} {:>10} {:>10}  ns per hold", "pending", "wheel", "heap");
    for pending in [1_000, 100_000, 1_000_000] {
        let (wheel, order) = measure(&mut Queue::new(), &delays, pending);
        let (heap, same) = measure(&mut Heap::default(), &delays, pending);
        assert_eq!(order, same, "both give the same events in the same order");
        println!("{pending:>9} {wheel:>10.1} {heap:>10.1}");
    }
}
