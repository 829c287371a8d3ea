//! The same columns without the index: every row, in the order of the providers. It is what the
//! index is measured against, so it is as fast as it can be: no branch, 16-bit columns, and only
//! rows whose bound reaches the picks so far are scored.

use super::bound::{MileRange, Question, compute_need, weights_of};
use super::bucket::{Member, Place, compute_bid_bits, make_row};
use super::columns::{Block, CLASSES, ClassScores, Kernel, Probe, Ramp, WIDTH};
use super::search::{consider, lanes_above};
use crate::candidate::Candidate;
use crate::eligible::Filter;
use crate::round::{Round, RoundInput, Slate, decide};
use crate::score::Scoring;
use std::collections::BTreeMap;
use units::{GpuCount, ProviderId};

/// All candidates in columns. Rounds without randomness only.
#[derive(Clone, Debug)]
pub struct ColumnScan {
    kernel: Kernel,
    bid_bits: u32,
    members: Vec<Member>,
    blocks: Vec<(Block, [u16; WIDTH])>,
    /// By class: what the rows of a class share.
    places: Vec<Place>,
    miles: MileRange,
}

impl ColumnScan {
    /// The columns of `candidates`, whose `provider` must be their place.
    ///
    /// # Panics
    /// When they are of more than 4,096 classes (service, region, card and trust tier).
    pub fn new(scoring: &Scoring, kernel: Kernel, candidates: &[Candidate]) -> ColumnScan {
        let bids = candidates.iter().map(|candidate| candidate.bid.nanos());
        let bid_bits = compute_bid_bits(bids.max().unwrap_or(0));
        let mut classes = BTreeMap::new();
        let mut scan = ColumnScan {
            kernel,
            bid_bits,
            members: candidates.iter().map(|c| Member::new(*c, scoring)).collect(),
            blocks: vec![(Block::EMPTY, [0; WIDTH]); candidates.len().div_ceil(WIDTH)],
            places: Vec::new(),
            miles: MileRange::NONE,
        };
        for (at, candidate) in candidates.iter().enumerate() {
            assert_eq!(candidate.provider.index(), at, "a provider is its place");
            let place = Place::of(candidate);
            let class = *classes.entry(place.key()).or_insert(scan.places.len());
            if class == scan.places.len() {
                scan.places.push(place);
            }
            scan.miles = scan.miles.with(candidate.last_mile);
            scan.blocks[at / WIDTH].1[at % WIDTH] = class as u16;
            scan.refresh(at);
        }
        assert!(scan.places.len() <= CLASSES, "a table of scores holds {CLASSES} classes");
        scan
    }

    /// Takes in how many GPUs a provider has free now.
    pub fn update_capacity(&mut self, provider: ProviderId, free: GpuCount, on_node: GpuCount) {
        let candidate = &mut self.members[provider.index()].candidate;
        (candidate.gpus_free, candidate.gpus_free_on_node) = (free, on_node);
        self.refresh(provider.index());
    }

    /// Everybody in it.
    pub fn candidates(&self) -> impl Iterator<Item = &Candidate> + Clone {
        self.members.iter().map(|member| &member.candidate)
    }

    fn refresh(&mut self, at: usize) {
        let row = make_row(&self.members[at], self.bid_bits);
        self.blocks[at / WIDTH].0.set(at % WIDTH, &row);
    }

    /// The round that `match_round` gives over the same candidates.
    pub fn match_round(
        &self,
        input: &RoundInput<'_>,
        mut bid_in_time: impl FnMut(&Candidate) -> bool,
    ) -> Round {
        decide(input, |filter| self.pass(input, filter, &mut bid_in_time))
    }

    fn pass(
        &self,
        input: &RoundInput<'_>,
        filter: &Filter<'_>,
        bid_in_time: &mut impl FnMut(&Candidate) -> bool,
    ) -> Round {
        let mut slate = Slate::new(input.draws_max);
        let Some((probe, scores)) = self.ask(input, filter) else {
            return slate.into_round(input.scoring);
        };
        let (mut at, mut sums) = (0, [0; WIDTH]);
        loop {
            let need = compute_need(slate.points_needed());
            let rest = &self.blocks[at..];
            let found = self.kernel.find_mixed(rest, &probe, &scores, need, &mut sums);
            let Some(place) = found else { break };
            at += place;
            for lane in lanes_above(&sums, need) {
                if sums[lane] >= compute_need(slate.points_needed()) {
                    let member = &self.members[at * WIDTH + lane];
                    consider(input, filter, member, &mut slate, bid_in_time);
                }
            }
            at += 1;
        }
        slate.into_round(input.scoring)
    }

    /// What all rows are asked, and the region scores of their classes; nothing when no class
    /// will do. The last mile is left to the filter and the score: bounds take the shortest.
    fn ask(&self, input: &RoundInput<'_>, filter: &Filter<'_>) -> Option<(Probe, ClassScores)> {
        let statics = weights_of(input.scoring.static_weights());
        let mut question = Question::new(input, filter, statics, self.miles);
        let mut scores = [-1; CLASSES];
        let mut common = None;
        for (score, place) in scores.iter_mut().zip(&self.places) {
            if let Some(probe) = question.probe(place, self.bid_bits) {
                *score = probe.region.full;
                common = Some(Probe { region: Ramp::flat(0, i16::MAX), ..probe });
            }
        }
        Some((common?, scores))
    }
}
