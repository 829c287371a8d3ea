//! What a search reads of candidates: upper bounds in columns of 16 bits, 32 rows to a block, and
//! the one loop over them that matters.
//!
//! A row stands for a candidate, or for everybody in a block below: then each column holds the
//! best of theirs. Scores are in units of 40 millionths, rounded up, so the weighted sum of a row
//! is never below what it stands for, and seven scores at the largest weights fit into 31 bits.
//!
//! The loop is written once. On x86-64 a second copy is compiled for AVX2 and chosen at run time:
//! the arithmetic is the same integers in the same width, so the copies cannot differ.

#![expect(unsafe_code, reason = "a function for AVX2 may be called only where it exists; hints")]

/// Rows in a block.
pub(crate) const WIDTH: usize = 32;

/// Millionths in a unit of a score.
pub(crate) const UNIT: u32 = 40;

/// Full marks, in units.
pub(crate) const FULL: i16 = 25_000;

/// The bounds of one candidate, or of a whole block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// Scores that depend on the past alone, at most; the first is the uptime's.
    pub(crate) statics: [i16; 4],
    /// The bid, at least, in the bucket's own steps.
    pub(crate) bid: i16,
    /// The last mile, at least, in steps of 2^16 ns.
    pub(crate) last_mile: i16,
    /// What a lease changes.
    pub(crate) room: Room,
}

/// The part of a row that every lease changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Room {
    /// Free GPUs as a share of all that it has, at most.
    pub(crate) free_share: i16,
    /// One GPU as a share of all that it has, at least.
    pub(crate) gpu_share: i16,
    /// GPUs free on one node, at most; -1 for nobody.
    pub(crate) gpus: i16,
}

impl Room {
    /// The better of both in every column.
    #[inline]
    pub(crate) fn or(self, other: Room) -> Room {
        Room {
            free_share: self.free_share.max(other.free_share),
            gpu_share: self.gpu_share.min(other.gpu_share),
            gpus: self.gpus.max(other.gpus),
        }
    }

    /// Whether this bound may be loose once one of the rows below goes from `old` to `new`: it
    /// gets worse where it may have been the best.
    #[inline]
    pub(crate) fn is_held_by(self, old: Room, new: Room) -> bool {
        (old.free_share >= self.free_share) & (new.free_share < self.free_share)
            | (old.gpu_share <= self.gpu_share) & (new.gpu_share > self.gpu_share)
            | (old.gpus >= self.gpus) & (new.gpus < self.gpus)
    }
}

impl Row {
    /// Nobody: worse than anybody in every column, and never found.
    pub(crate) const NOBODY: Row = Row {
        statics: [0; 4],
        bid: i16::MAX,
        last_mile: i16::MAX,
        room: Room { free_share: 0, gpu_share: i16::MAX, gpus: -1 },
    };
}

/// 32 rows, by columns.
#[derive(Clone, Debug)]
#[repr(align(64))]
pub(crate) struct Block {
    statics: [[i16; WIDTH]; 4],
    bid: [i16; WIDTH],
    last_mile: [i16; WIDTH],
    free_share: [i16; WIDTH],
    gpu_share: [i16; WIDTH],
    gpus: [i16; WIDTH],
}

impl Block {
    /// A block of nobody.
    pub(crate) const EMPTY: Block = Block {
        statics: [[Row::NOBODY.statics[0]; WIDTH]; 4],
        bid: [Row::NOBODY.bid; WIDTH],
        last_mile: [Row::NOBODY.last_mile; WIDTH],
        free_share: [Row::NOBODY.room.free_share; WIDTH],
        gpu_share: [Row::NOBODY.room.gpu_share; WIDTH],
        gpus: [Row::NOBODY.room.gpus; WIDTH],
    };

    /// Puts `row` into `lane`; says whether that changes anything.
    #[inline]
    pub(crate) fn set(&mut self, lane: usize, row: &Row) -> bool {
        let mut is_changed = self.set_room(lane, row.room);
        for (column, value) in self.statics.iter_mut().zip(row.statics) {
            is_changed |= column[lane] != value;
            column[lane] = value;
        }
        is_changed |= self.bid[lane] != row.bid || self.last_mile[lane] != row.last_mile;
        (self.bid[lane], self.last_mile[lane]) = (row.bid, row.last_mile);
        is_changed
    }

    /// Puts `room` into `lane`; says whether that changes anything.
    #[inline]
    pub(crate) fn set_room(&mut self, lane: usize, room: Room) -> bool {
        let Room { free_share, gpu_share, gpus } = room;
        let old = (self.free_share[lane], self.gpu_share[lane], self.gpus[lane]);
        (self.free_share[lane], self.gpu_share[lane], self.gpus[lane]) =
            (free_share, gpu_share, gpus);
        old != (free_share, gpu_share, gpus)
    }

    /// What `lane` offers.
    #[inline]
    pub(crate) fn room(&self, lane: usize) -> Room {
        let (free_share, gpu_share) = (self.free_share[lane], self.gpu_share[lane]);
        Room { free_share, gpu_share, gpus: self.gpus[lane] }
    }

    /// Puts `room` into `lane`, where `old` stands, without reading the block. The share of one
    /// GPU seldom changes, and then its column need not come from memory.
    #[inline]
    pub(crate) fn replace_room(&mut self, lane: usize, old: Room, room: Room) {
        (self.free_share[lane], self.gpus[lane]) = (room.free_share, room.gpus);
        if old.gpu_share != room.gpu_share {
            self.gpu_share[lane] = room.gpu_share;
        }
    }

    /// The best of every column: the row that stands for the whole block.
    pub(crate) fn best(&self) -> Row {
        let [first, second, third, fourth] = &self.statics;
        Row {
            statics: [most(first), most(second), most(third), most(fourth)],
            bid: least(&self.bid),
            last_mile: least(&self.last_mile),
            room: self.best_room(),
        }
    }

    /// The part of [`Block::best`] that a lease changes.
    #[inline]
    pub(crate) fn best_room(&self) -> Room {
        let (free_share, gpu_share) = (most(&self.free_share), least(&self.gpu_share));
        Room { free_share, gpu_share, gpus: most(&self.gpus) }
    }
}

#[inline(always)]
fn most(column: &[i16; WIDTH]) -> i16 {
    column.iter().fold(i16::MIN, |most, value| most.max(*value))
}

#[inline(always)]
fn least(column: &[i16; WIDTH]) -> i16 {
    column.iter().fold(i16::MAX, |least, value| least.min(*value))
}

/// A score that falls with its column: `min(full, offset - slope x column)`, weight included, and
/// nothing for who is above `limit`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ramp {
    pub(crate) full: i32,
    pub(crate) offset: i32,
    pub(crate) slope: i32,
    pub(crate) limit: i16,
}

impl Ramp {
    /// The same for every column value up to `limit`.
    pub(crate) fn flat(full: i32, limit: i16) -> Ramp {
        Ramp { full, offset: full, slope: 0, limit }
    }

    /// Whether it is the same for every column value there is.
    #[inline(always)]
    fn is_flat(&self) -> bool {
        self.slope == 0 && self.limit == i16::MAX
    }

    #[inline(always)]
    fn at(&self, column: i16) -> i32 {
        self.full.min(self.offset.wrapping_sub(self.slope.wrapping_mul(i32::from(column))))
    }
}

/// What an order asks of the rows of one bucket, and how it weighs them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Probe {
    /// Weights of the static scores.
    pub(crate) statics: [i32; 4],
    /// The weight of availability.
    pub(crate) availability: i32,
    /// GPUs that it takes from who has some left.
    pub(crate) taken: i16,
    /// GPUs that must be free on one node.
    pub(crate) gpus: i16,
    /// The least uptime score.
    pub(crate) uptime: i16,
    /// The price by the bid.
    pub(crate) price: Ramp,
    /// The region by the last mile.
    pub(crate) region: Ramp,
}

/// The bound of each row of a block, -1 for who cannot have the order.
pub(crate) type Sums = [i32; WIDTH];

/// A block that was looked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    /// Its place among the blocks.
    pub(crate) place: usize,
    /// The first row with its largest bound.
    pub(crate) lane: usize,
    /// That bound.
    pub(crate) bound: i32,
}

/// Which copy of the loop to use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kernel {
    /// Made by [`Kernel::best`] alone, and only where the processor has AVX2.
    has_avx2: bool,
}

impl Kernel {
    /// The copy for any processor.
    pub const PORTABLE: Kernel = Kernel { has_avx2: false };

    /// The fastest copy that this processor can run.
    pub fn best() -> Kernel {
        #[cfg(target_arch = "x86_64")]
        return Kernel { has_avx2: is_x86_feature_detected!("avx2") };
        #[cfg(not(target_arch = "x86_64"))]
        Kernel::PORTABLE
    }

    /// The first of `blocks` with a bound of at least `need`; all its bounds are in `sums`.
    #[inline]
    pub(crate) fn find(
        self,
        blocks: &[Block],
        probe: &Probe,
        need: i32,
        sums: &mut Sums,
    ) -> Option<Found> {
        #[cfg(target_arch = "x86_64")]
        if self.has_avx2 {
            // SAFETY: only `Kernel::best` sets `has_avx2`, after it has seen that it is so.
            return unsafe {
                match count_statics(probe) {
                    1 => find_avx2::<1>(blocks, probe, need, sums),
                    2 => find_avx2::<2>(blocks, probe, need, sums),
                    _ => find_avx2::<4>(blocks, probe, need, sums),
                }
            };
        }
        match count_statics(probe) {
            1 => find::<1>(blocks, probe, need, sums),
            2 => find::<2>(blocks, probe, need, sums),
            _ => find::<4>(blocks, probe, need, sums),
        }
    }
}

impl Kernel {
    /// The same over rows of any class beside any other, with the region's score by class.
    pub(crate) fn find_mixed(
        self,
        blocks: &[(Block, [u16; WIDTH])],
        probe: &Probe,
        scores: &ClassScores,
        need: i32,
        sums: &mut Sums,
    ) -> Option<usize> {
        #[cfg(target_arch = "x86_64")]
        if self.has_avx2 {
            // SAFETY: as in `Kernel::find`.
            return unsafe { find_mixed_avx2(blocks, probe, scores, need, sums) };
        }
        find_mixed(blocks, probe, scores, need, sums)
    }
}

/// Asks for the line of the cache that `value` begins in, and does not wait for it.
#[inline(always)]
pub(crate) fn prefetch<T>(value: &T) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: every x86-64 has SSE, and a hint reads nothing that a program can see.
    unsafe {
        std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T0 }>(
            std::ptr::from_ref(value).cast(),
        );
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = value;
}

/// Classes that a table of region scores has room for.
pub(crate) const CLASSES: usize = 4_096;

/// The region score of each class of rows, weight included; negative for who is not asked.
pub(crate) type ClassScores = [i32; CLASSES];

/// How many static columns an order asks; the others stay out of the cache. A named index has two
/// at most, or one when neither uptimes nor last miles tell its rows apart.
fn count_statics(probe: &Probe) -> usize {
    match probe.statics {
        [0, _, 0, 0] if probe.uptime <= 0 && probe.region.is_flat() => 1,
        [_, _, 0, 0] => 2,
        _ => 4,
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn find_avx2<const STATICS: usize>(
    blocks: &[Block],
    probe: &Probe,
    need: i32,
    sums: &mut Sums,
) -> Option<Found> {
    find::<STATICS>(blocks, probe, need, sums)
}

#[inline(always)]
fn find<const STATICS: usize>(
    blocks: &[Block],
    probe: &Probe,
    need: i32,
    sums: &mut Sums,
) -> Option<Found> {
    for (place, block) in blocks.iter().enumerate() {
        weigh::<STATICS>(block, probe, sums);
        let most = sums.iter().fold(-1, |most, sum| most.max(*sum));
        if most >= need {
            return Some(Found { place, lane: lane_of(sums, most), bound: most });
        }
    }
    None
}

/// The first row with the bound `most`, which one of them has.
#[inline(always)]
fn lane_of(sums: &Sums, most: i32) -> usize {
    lanes_above(sums, most).trailing_zeros() as usize % WIDTH
}

/// The rows whose bound reaches `need`, as bits.
#[inline(always)]
pub(crate) fn lanes_above(sums: &Sums, need: i32) -> u32 {
    let mut bits = 0;
    for (lane, sum) in sums.iter().enumerate() {
        bits |= if *sum >= need { 1 << lane } else { 0 };
    }
    bits
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn find_mixed_avx2(
    blocks: &[(Block, [u16; WIDTH])],
    probe: &Probe,
    scores: &ClassScores,
    need: i32,
    sums: &mut Sums,
) -> Option<usize> {
    find_mixed(blocks, probe, scores, need, sums)
}

#[inline(always)]
fn find_mixed(
    blocks: &[(Block, [u16; WIDTH])],
    probe: &Probe,
    scores: &ClassScores,
    need: i32,
    sums: &mut Sums,
) -> Option<usize> {
    for (place, (block, classes)) in blocks.iter().enumerate() {
        weigh::<4>(block, probe, sums);
        let mut regions = [0; WIDTH];
        for (region, class) in regions.iter_mut().zip(classes) {
            *region = scores[usize::from(*class) % CLASSES];
        }
        for (sum, region) in sums.iter_mut().zip(regions) {
            *sum = if (*sum >= 0) & (region >= 0) { sum.wrapping_add(region) } else { -1 };
        }
        let most = sums.iter().fold(-1, |most, sum| most.max(*sum));
        if most >= need {
            return Some(place);
        }
    }
    None
}

/// The loop over the rows of a block, without a branch. Its sums cannot overflow for rows that
/// pass; for others they may wrap, and are thrown away. With one static column, neither uptimes
/// nor last miles are read.
#[inline(always)]
fn weigh<const STATICS: usize>(block: &Block, probe: &Probe, sums: &mut Sums) {
    let [uptime, second, third, fourth] = &block.statics;
    for lane in 0..WIDTH {
        let (first, mile) =
            if STATICS > 1 { (uptime[lane], block.last_mile[lane]) } else { (0, 0) };
        let taken = block.gpu_share[lane].wrapping_mul(probe.taken);
        let left = block.free_share[lane].wrapping_sub(taken);
        let mut total = times(probe.availability, left)
            .wrapping_add(times(probe.statics[0], first))
            .wrapping_add(times(probe.statics[1], second[lane]))
            .wrapping_add(probe.price.at(block.bid[lane]))
            .wrapping_add(probe.region.at(mile));
        if STATICS > 2 {
            total = total
                .wrapping_add(times(probe.statics[2], third[lane]))
                .wrapping_add(times(probe.statics[3], fourth[lane]));
        }
        let passes = (block.gpus[lane] >= probe.gpus)
            & (block.bid[lane] <= probe.price.limit)
            & (mile <= probe.region.limit)
            & (first >= probe.uptime);
        sums[lane] = if passes { total } else { -1 };
    }
}

#[inline(always)]
fn times(weight: i32, column: i16) -> i32 {
    weight.wrapping_mul(i32::from(column))
}
