//! An index over candidates that gives exactly the picks of a scan, and looks at few of them.
//!
//! Candidates stand in buckets (service, region, card, trust tier), and inside a bucket in blocks
//! of 32 that are alike; a tree above holds the best of each block in every column. The search
//! opens what has the largest bound first and stops when no bound reaches the worst pick so far.
//! Bounds only leave out; who is left is filtered, scored and ranked as everywhere else.
//!
//! ```text
//! order -> buckets -> blocks by bound -> rows by bound -> filter, score, rank -> picks
//! ```
//!
//! An index [`Index::new`] serves any weights; one [`Index::named`] serves one set, whose static
//! scores are one column, and is faster still.

mod bound;
mod bucket;
mod cluster;
mod columns;
mod numbered;
mod pending;
mod post;
mod scan;
mod search;
mod tree;

pub use columns::Kernel;
pub use scan::ColumnScan;

use crate::candidate::Candidate;
use crate::core::Core;
use crate::round::{Round, RoundInput, decide, match_round_eager};
use crate::score::Scoring;
use bound::MileRange;
use bucket::{Bucket, Member, Place};
use cluster::Scales;
use columns::prefetch;
use numbered::Numbered;
use pending::{Change, Pending};
use post::Post;
use std::collections::BTreeMap;
use std::mem;
use units::{GpuCount, ProviderId, RegionSet};

/// Regions that a set of regions has room for.
const REGIONS: usize = 64;

/// Candidates, ready for many rounds. Each `provider` identifier stands for one candidate.
#[derive(Clone, Debug)]
pub struct Index {
    /// What the static scores are made by; of the weights only when `is_named`.
    scoring: Scoring,
    is_named: bool,
    kernel: Kernel,
    buckets: Vec<Bucket>,
    by_place: BTreeMap<(bool, u16, u16, u8), u16>,
    /// The buckets of each region.
    by_region: Vec<Vec<u16>>,
    /// By provider.
    posts: Vec<Post>,
    /// The bucket and slot whose bounds are to be tightened when the next ones are loose: by then
    /// what that reads has come from memory. Loose bounds are right all the same.
    loose: Option<(u16, u32)>,
    /// Of a named index: what its posts and rows do not hold yet.
    pending: Pending,
    miles: MileRange,
    /// For draws; a named index has none.
    numbered: Option<Numbered>,
}

impl Index {
    /// An index for rounds under any weights; the rest of their scoring must be that of `scoring`.
    pub fn new(scoring: &Scoring, candidates: impl IntoIterator<Item = Candidate>) -> Index {
        Index::make(scoring, false, candidates)
    }

    /// An index for rounds without randomness that weigh the past as `scoring` does; the other
    /// weights are free.
    pub fn named(scoring: &Scoring, candidates: impl IntoIterator<Item = Candidate>) -> Index {
        Index::make(scoring, true, candidates)
    }

    /// The same index with another copy of its loop, for comparisons.
    #[must_use]
    pub fn with_kernel(self, kernel: Kernel) -> Index {
        Index { kernel, ..self }
    }

    fn make(
        scoring: &Scoring,
        is_named: bool,
        candidates: impl IntoIterator<Item = Candidate>,
    ) -> Index {
        let mut index = Index {
            scoring: *scoring,
            is_named,
            kernel: Kernel::best(),
            buckets: Vec::new(),
            by_place: BTreeMap::new(),
            by_region: vec![Vec::new(); REGIONS],
            posts: Vec::new(),
            loose: None,
            pending: Pending::default(),
            miles: MileRange::NONE,
            numbered: None,
        };
        index.fill(candidates.into_iter());
        index
    }

    /// Puts everybody where the clustering wants them now. Updates leave candidates where they
    /// are, so after many of them bounds grow loose; answers stay the same.
    pub fn rebuild(&mut self) {
        let candidates: Vec<Candidate> = self.candidates().collect();
        self.buckets = Vec::new();
        self.fill(candidates.into_iter());
    }

    fn fill(&mut self, candidates: impl Iterator<Item = Candidate>) {
        let mut groups: BTreeMap<_, Vec<Member>> = BTreeMap::new();
        self.miles = MileRange::NONE;
        for candidate in candidates {
            self.miles = self.miles.with(candidate.last_mile);
            let place = Place::of(&candidate).key();
            groups.entry(place).or_default().push(self.make_member(candidate));
        }
        let bids = groups.values().flatten().map(|member| member.candidate.bid.nanos());
        self.numbered = (!self.is_named).then(|| Numbered::new(bids.max().unwrap_or(0)));
        self.by_place.clear();
        self.by_region = vec![Vec::new(); REGIONS];
        self.posts.clear();
        self.loose = None;
        self.pending = Pending::default();
        let scales = self.scales();
        for members in groups.into_values() {
            self.open_bucket(Bucket::new(members, &scales));
        }
    }

    /// Takes in what is new about a candidate, or a new candidate.
    pub fn update(&mut self, candidate: &Candidate) {
        self.settle();
        self.miles = self.miles.with(candidate.last_mile);
        let place = Place::of(candidate);
        let known = self.posts.get(candidate.provider.index()).copied();
        if let Some(post) = known
            && let Some(slot) = post.slot()
            && let home = &self.buckets[usize::from(post.bucket)]
            && home.place == place
            && let Some(member) = home.member(slot as usize)
        {
            let is_same_past = member.candidate.standing == candidate.standing;
            let updated = Member { candidate: *candidate, ..*member };
            let member = if is_same_past { updated } else { self.make_member(*candidate) };
            if let Some(numbered) = &mut self.numbered {
                numbered.remove(candidate.provider);
            }
            self.buckets[usize::from(post.bucket)].set(slot, Some(member));
            self.post(&member, post.bucket, slot);
            return;
        }
        self.remove(candidate.provider);
        let member = self.make_member(*candidate);
        let bucket = match self.by_place.get(&place.key()) {
            Some(bucket) => *bucket,
            None => return self.open_bucket(Bucket::new(vec![member], &self.scales())),
        };
        let slot = self.buckets[usize::from(bucket)].insert(member);
        self.post(&member, bucket, slot);
    }

    /// Takes in how many GPUs a provider has free now: the change that every lease makes.
    pub fn update_capacity(&mut self, provider: ProviderId, free: GpuCount, on_node: GpuCount) {
        let change = Change { provider, free, free_on_node: on_node };
        if !self.is_named {
            return self.apply_change(change);
        }
        if let Some(post) = self.posts.get(provider.index()) {
            prefetch(post);
            if let Some(earlier) = self.pending.push(change) {
                self.apply_change(earlier);
            }
        }
    }

    /// Takes in all changes that wait.
    fn settle(&mut self) {
        for change in mem::take(&mut self.pending).iter() {
            self.apply_change(*change);
        }
    }

    fn apply_change(&mut self, change: Change) {
        let Change { provider, free, free_on_node } = change;
        let Some(post) = self.posts.get_mut(provider.index()) else { return };
        let Some(slot) = post.slot() else { return };
        let (bucket, old) = (post.bucket, post.room());
        (post.free, post.free_on_node) = (free, free_on_node);
        let room = post.room();
        if let Some(numbered) = &mut self.numbered {
            numbered.set_room(provider, free, old, room);
        }
        if self.buckets[usize::from(bucket)].tree.set_room(slot as usize, old, room)
            && let Some((bucket, slot)) = self.loose.replace((bucket, slot))
        {
            self.buckets[usize::from(bucket)].tree.tighten(slot as usize);
        }
    }

    /// Forgets the candidate of `provider`, if there is one.
    pub fn remove(&mut self, provider: ProviderId) {
        self.settle();
        let Some(post) = self.posts.get_mut(provider.index()) else { return };
        let Post { bucket, .. } = *post;
        let Some(slot) = mem::replace(post, Post::NOWHERE).slot() else { return };
        if let Some(numbered) = &mut self.numbered {
            numbered.remove(provider);
        }
        self.buckets[usize::from(bucket)].set(slot, None);
    }

    /// Everybody in it, in no order that means anything.
    pub fn candidates(&self) -> impl Iterator<Item = Candidate> {
        let members = self.buckets.iter().flat_map(Bucket::members);
        members.map(|(_, member)| self.with_capacity(member).candidate)
    }

    /// The round that `match_round` gives over the same candidates. It is searched for under the
    /// default core; others, and draws of a named index, are evaluated in full.
    ///
    /// # Panics
    /// When the index is for other weights or forms than the round's.
    pub fn match_round(
        &self,
        input: &RoundInput<'_>,
        mut bid_in_time: impl FnMut(&Candidate) -> bool,
    ) -> Round {
        assert!(self.serves(input.scoring), "an index serves its own forms and named weights");
        let is_ranked_by_score = matches!(input.core, Core::WeightedSoftmax(_));
        match (input.scoring.is_noisy(), &self.numbered) {
            (false, _) if is_ranked_by_score => {
                decide(input, |filter| search::search(self, input, filter, &mut bid_in_time))
            }
            (true, Some(numbered)) if is_ranked_by_score => decide(input, |filter| {
                numbered::search(self, numbered, input, filter, &mut bid_in_time)
            }),
            _ => {
                let candidates: Vec<Candidate> = self.candidates().collect();
                match_round_eager(input, candidates.iter(), bid_in_time)
            }
        }
    }

    /// The same round without the tree: every row of every bucket that can hold an answer. It
    /// shows what the bounds of blocks are worth, apart from the buckets.
    ///
    /// # Panics
    /// As [`Index::match_round`], and under randomness.
    pub fn scan_buckets(
        &self,
        input: &RoundInput<'_>,
        mut bid_in_time: impl FnMut(&Candidate) -> bool,
    ) -> Round {
        assert!(self.serves(input.scoring), "an index serves its own forms and named weights");
        assert!(!input.scoring.is_noisy(), "rows hold no noise");
        decide(input, |filter| search::scan_buckets(self, input, filter, &mut bid_in_time))
    }

    /// Whether static scores mean the same to `scoring` as to this index.
    fn serves(&self, scoring: &Scoring) -> bool {
        scoring.forms() == self.scoring.forms()
            && (!self.is_named || scoring.static_weights() == self.scoring.static_weights())
    }

    /// The static columns' weights under `scoring`.
    fn static_weights(&self, scoring: &Scoring) -> [i32; 4] {
        let weights = bound::weights_of(scoring.static_weights());
        if self.is_named { [0, weights.iter().sum(), 0, 0] } else { weights }
    }

    /// Likeness for any weights is in every score alike; for named ones it is in points.
    fn scales(&self) -> Scales {
        if self.is_named {
            let price = bound::weight_of(self.scoring.weights().price);
            return Scales { statics: self.static_weights(&self.scoring), bid: price };
        }
        Scales { statics: [1; 4], bid: 1 }
    }

    fn make_member(&self, candidate: Candidate) -> Member {
        let member = Member::new(candidate, &self.scoring);
        if !self.is_named {
            return member;
        }
        let weights = bound::weights_of(self.scoring.static_weights());
        let mean = bound::compute_mean(member.statics, weights);
        Member { columns: [member.columns[0], mean, 0, 0], ..member }
    }

    fn open_bucket(&mut self, bucket: Bucket) {
        let number = u16::try_from(self.buckets.len()).expect("no more places than 2^16");
        for (slot, member) in bucket.members() {
            let is_first = self.post(member, number, slot).slot().is_none();
            assert!(is_first, "a provider has one candidate");
        }
        self.by_place.insert(bucket.place.key(), number);
        self.by_region[bucket.place.region.index()].push(number);
        self.buckets.push(bucket);
    }

    /// The buckets in the regions where the answer may be.
    fn buckets_in(&self, regions: RegionSet) -> impl Iterator<Item = &Bucket> {
        let rest = |bits: &u64| Some(bits & bits.wrapping_sub(1));
        let sets = std::iter::successors(Some(regions.0), rest).take_while(|bits| *bits != 0);
        let numbers = sets.flat_map(|bits| &self.by_region[bits.trailing_zeros() as usize]);
        numbers.map(|number| &self.buckets[usize::from(*number)])
    }

    /// Who stands in `slot` of `bucket`, as it is now.
    #[inline]
    fn member(&self, bucket: &Bucket, slot: usize) -> Option<Member> {
        bucket.member(slot).map(|member| self.with_capacity(member))
    }

    /// Who stands in `slot` of `bucket`, as the tree holds it; nobody while a change waits.
    #[inline]
    fn settled(&self, bucket: &Bucket, slot: usize) -> Option<Member> {
        let mut member = *bucket.member(slot)?;
        let provider = member.candidate.provider;
        if self.pending.of(provider).is_some() {
            return None;
        }
        (member.candidate.gpus_free, member.candidate.gpus_free_on_node) =
            self.posts[provider.index()].capacity();
        Some(member)
    }

    /// Who waits with a change, in a bucket that is among `asked`.
    fn waiting(&self, asked: impl Fn(&Place) -> bool) -> impl Iterator<Item = Member> {
        self.pending.iter().filter_map(move |change| {
            let post = self.posts[change.provider.index()];
            let slot = post.slot()?;
            let bucket = &self.buckets[usize::from(post.bucket)];
            if asked(&bucket.place) { self.member(bucket, slot as usize) } else { None }
        })
    }

    /// `member` with the GPUs that it has free now.
    #[inline]
    fn with_capacity(&self, member: &Member) -> Member {
        let mut member = *member;
        let provider = member.candidate.provider;
        let (free, on_node) = match self.pending.of(provider) {
            Some(change) => (change.free, change.free_on_node),
            None => self.posts[provider.index()].capacity(),
        };
        (member.candidate.gpus_free, member.candidate.gpus_free_on_node) = (free, on_node);
        member
    }

    /// Writes down that `member` stands at `slot` of `bucket`, and says where it stood.
    fn post(&mut self, member: &Member, bucket: u16, slot: u32) -> Post {
        if let Some(numbered) = &mut self.numbered {
            numbered.set(member, (bucket, slot));
        }
        let place = member.candidate.provider.index();
        if self.posts.len() <= place {
            self.posts.resize(place + 1, Post::NOWHERE);
        }
        mem::replace(&mut self.posts[place], Post::new(member, bucket, slot))
    }
}
