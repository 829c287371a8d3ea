use super::*;
use crate::draws::{Draw, Draws, Purpose};
use std::cmp::Reverse;
use units::EntityKey;

/// The slow obvious queue.
#[derive(Default)]
struct Reference {
    heap: BinaryHeap<Reverse<(u64, u8, u64, u32)>>,
    pushed: u64,
}

impl Reference {
    fn push(&mut self, time: u64, rank: u8, event: u32) {
        self.heap.push(Reverse((time, rank, self.pushed, event)));
        self.pushed += 1;
    }

    fn pop_before(&mut self, limit: u64) -> Option<(SimTime, u32)> {
        let &Reverse((time, _, _, event)) = self.heap.peek()?;
        (time <= limit).then(|| {
            self.heap.pop();
            (SimTime::from_nanos(time), event)
        })
    }
}

fn draw(seed: u64, ordinal: u64) -> Draw {
    Draws::new(seed).at(Purpose(0), EntityKey(0), ordinal)
}

/// Delays in nanoseconds, by kind.
fn delay(kind: u64, random: &mut Draw) -> u64 {
    match kind {
        0 => random.below(1 << 34),
        1 => [random.below(1 << 12), (1 << 40) + random.below(1 << 12)][random.below(2) as usize],
        2 => random.below(3) << 19,
        3 => 1 << random.below(57),
        4 => random.below(1 << 20) * u64::from(random.below(8) == 0),
        _ => (1 << 56) + random.below(1 << 60),
    }
}

/// Interleaves pushes with pops under limits, and follows the reference event by event.
fn compare(seed: u64, operations: u64, kinds: &[u64], waiting: u64) {
    let (mut queue, mut reference) = (Queue::new(), Reference::default());
    let mut now = 0;
    for n in 0..operations {
        let mut random = draw(seed, n);
        let kind = kinds[random.below(kinds.len() as u64) as usize];
        let Some(time) = u64::checked_add(now, delay(kind, &mut random)) else { break };
        let (rank, event) = (random.below(3) as u8, n as u32);
        queue.push(SimTime::from_nanos(time), rank, event);
        reference.push(time, rank, event);
        if queue.len() <= waiting {
            continue;
        }
        // Some limits lie before the next event: nothing leaves and the past stays the past.
        let limit = if random.below(4) == 0 { now + random.below(1 << 30) } else { u64::MAX };
        let popped = queue.pop_before(SimTime::from_nanos(limit));
        assert_eq!(popped, reference.pop_before(limit), "seed {seed}, operation {n}");
        now = popped.map_or(now, |(time, _)| time.nanos());
    }
    while let Some(popped) = queue.pop_before(SimTime::NEVER) {
        assert_eq!(Some(popped), reference.pop_before(u64::MAX), "seed {seed}, at the end");
    }
    assert!(reference.heap.is_empty());
    assert!(queue.is_empty());
    assert_eq!(queue.pushed, reference.pushed);
}

#[test]
fn the_wheel_agrees_with_a_heap_on_every_kind_of_delay() {
    for kind in 0..=5 {
        compare(kind, 300_000, &[kind], 1000);
    }
}

#[test]
fn the_wheel_agrees_with_a_heap_on_mixtures() {
    for seed in 0..200 {
        compare(100 + seed, 5_000, &[0, 1, 2, 3, 4], 1 + seed);
    }
    compare(300, 500_000, &[0, 1, 2, 3, 4, 4], 20_000);
    compare(301, 10_000, &[0, 5], 3);
}

#[test]
fn an_event_at_the_present_runs_after_what_ran_and_by_rank_among_the_rest() {
    let mut queue = Queue::new();
    let now = SimTime::from_nanos(5 << TICK_BITS);
    for (rank, event) in [(1, 'a'), (2, 'b'), (3, 'd')] {
        queue.push(now, rank, event);
    }
    assert_eq!(queue.pop_before(now), Some((now, 'a')));
    assert_eq!(queue.pop_before(now), Some((now, 'b')));
    queue.push(now, 2, 'c');
    queue.push(now, 3, 'e');
    queue.push(now, 0, '0');
    let rest: Vec<char> = std::iter::from_fn(|| queue.pop_before(now)).map(|(_, e)| e).collect();
    assert_eq!(rest, ['0', 'c', 'd', 'e']);
    assert_eq!(queue.ties(), 1, "only d and e share time and rank and follow one another");
}

#[test]
fn a_limit_is_inclusive_and_may_be_asked_again() {
    let mut queue = Queue::new();
    let hour = SimTime::from_nanos(3_600_000_000_000);
    queue.push(hour, 0, 1);
    assert_eq!(queue.pop_before(SimTime::from_nanos(hour.nanos() - 1)), None);
    assert_eq!(queue.len(), 1);
    queue.push(SimTime::from_nanos(7), 0, 2);
    assert_eq!(queue.pop_before(hour), Some((SimTime::from_nanos(7), 2)));
    assert_eq!(queue.pop_before(hour), Some((hour, 1)));
    assert_eq!(queue.pop_before(SimTime::NEVER), None);
}

#[test]
fn the_ends_of_time_are_in_range() {
    let mut queue = Queue::new();
    queue.push(SimTime::NEVER, 255, 2);
    queue.push(SimTime::ZERO, 0, 1);
    assert_eq!(queue.pop_before(SimTime::NEVER), Some((SimTime::ZERO, 1)));
    assert_eq!(queue.pop_before(SimTime::NEVER), Some((SimTime::NEVER, 2)));
}

#[test]
#[should_panic(expected = "change the past")]
fn the_past_cannot_change() {
    let mut queue = Queue::new();
    queue.push(SimTime::from_nanos(2), 0, ());
    queue.pop_before(SimTime::NEVER);
    queue.push(SimTime::from_nanos(1), 0, ());
}

/// A thousand waiting events need 32 chunks and one for each open slot, however long it runs.
#[test]
fn memory_follows_what_waits_and_not_what_passed() {
    let mut queue = Queue::new();
    (0..1000).for_each(|n| queue.push(SimTime::from_nanos(n), 0, n));
    for n in 0..2_000_000 {
        let (time, event) = queue.pop_before(SimTime::NEVER).unwrap();
        let later = time.nanos() + draw(7, n).below(1 << 36);
        queue.push(SimTime::from_nanos(later), 0, event);
    }
    let open = SLOTS * LEVELS;
    assert!(queue.chunks.count() < 32 + open, "{} chunks", queue.chunks.count());
    assert!(queue.run.capacity() <= 2048);
    assert!(queue.late.capacity() <= 2048);
}
