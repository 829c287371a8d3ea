//! A job: the work that a tenant wants done, through all its orders and leases.

use super::pace::Pace;
use crate::event::JobStage;
use crate::state::line::LinePlace;
use market::{Pick, Round};
use protocol::{Handle, Promise};
use record::UnmatchedReason;
use units::{
    CardId, CardSet, ClassId, EntityKey, GpuCount, GpuHourPrice, MachineId, Ppm, ProviderId,
    SimTime, Span, TenantId, Usd,
};

/// A job.
#[derive(Clone, Debug)]
pub struct Job {
    /// Its key.
    pub key: EntityKey,
    /// Whose it is.
    pub tenant: TenantId,
    /// Its class.
    pub class: ClassId,
    /// Whether nobody means it: its tenant will never say what to run.
    pub is_spam: bool,
    /// GPUs it needs, all on one node.
    pub gpus: GpuCount,
    /// The card asked for.
    pub card: CardId,
    /// Cards that will do.
    pub cards: CardSet,
    /// Highest price accepted.
    pub ceiling: GpuHourPrice,
    /// Longest round trip wanted.
    pub latency_bound: Option<Span>,
    /// All its work, in time of the card asked for.
    pub total: Span,
    /// Work still to do.
    pub remaining: Span,
    /// When it came; none for a job that was at work at the start.
    pub came_at: Option<SimTime>,
    /// When it first worked.
    pub started_at: Option<SimTime>,
    /// For how long it worked, until it last stopped.
    pub worked: Span,
    /// What is left of the term of its contract; nothing for spot.
    pub term_left: Span,
    /// Orders placed so far.
    pub orders: u32,
    /// The era in which it came; none for a job that was found at work at the start.
    pub came_in: Option<u32>,
    /// Since when it has been without a place.
    pub waiting_since: SimTime,
    /// When its tenant gives it up, if it is still without one.
    pub gives_up_at: SimTime,
    /// Counts every move, so that events planned before it are known to be stale.
    pub stage: u32,
    /// The order on its way, until its fate is known.
    pub attempt: Option<Attempt>,
    /// The lease in force.
    pub work: Option<Work>,
}

/// An order on its way.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// The order's key.
    pub key: EntityKey,
    /// The order on the chain, once it is in a block and until the lease is confirmed.
    pub order: Option<Handle>,
    /// Agreed length of the lease asked for.
    pub duration: Span,
    /// When it was sent.
    pub submitted_at: SimTime,
    /// Its block.
    pub included_at: Option<SimTime>,
    /// When providers were last asked for bids: in its block, or when its line called it.
    pub called_at: Option<SimTime>,
    /// How it waits.
    pub queued: Queued,
    /// When its window closed.
    pub closed_at: Option<SimTime>,
    /// When operators were last asked to sign.
    pub asked_at: Option<SimTime>,
    /// How often they were asked.
    pub rounds: u32,
    /// How often a round was repeated because its quorum was missed.
    pub retries: u32,
    /// The stake against it.
    pub censorship: Censorship,
    /// When the last match was signed.
    pub signed_at: Option<SimTime>,
    /// The block of the last match.
    pub matched_at: Option<SimTime>,
    /// When the provider's confirmation was in a block.
    pub confirmed_at: Option<SimTime>,
    /// Its round in every view: first the full and present one, then those of `World::views`.
    pub seen: Vec<Round>,
    /// The drawn providers, in order, each signed by a quorum.
    pub picks: Vec<Pick>,
    /// Draws used so far, the current one included.
    pub draws: u32,
    /// Why nobody serves, once a quorum has signed that nobody does.
    pub nobody: Option<UnmatchedReason>,
    /// Whether the latency bound was dropped.
    pub latency_bound_dropped: bool,
}

/// How an order waits for capacity.
#[derive(Clone, Copy, Debug, Default)]
pub struct Queued {
    /// Its place in line, if it stands in one.
    pub place: Option<LinePlace>,
    /// When it joined the line of the provider that it is matched with.
    pub joined_at: Option<SimTime>,
    /// How long it stood in such lines.
    pub stood: Span,
    /// How often capacity had come free when it was last tried; none if it never was.
    pub tried_at: Option<u64>,
    /// The stage of its job for which the end of its tenant's patience is planned.
    pub patience_of: Option<u32>,
}

/// The stake against an order, and against the provider that a full and present view draws first.
#[derive(Clone, Copy, Debug, Default)]
pub struct Censorship {
    /// Share of the committee's stake that refuses to sign the order.
    pub refused: Ppm,
    /// Share of it that leaves out that provider.
    pub hidden: Ppm,
    /// That provider, if somebody leaves it out.
    pub first: Option<ProviderId>,
}

/// A lease and the work under it.
#[derive(Clone, Copy, Debug)]
pub struct Work {
    /// The lease on the chain.
    pub lease: Handle,
    /// The key of its order; of the job for a lease in force at the start.
    pub order_key: EntityKey,
    /// The machine that serves.
    pub machine: MachineId,
    /// How fast its card does the work.
    pub pace: Pace,
    /// When the lease opened.
    pub opened_at: SimTime,
    /// Since when the work runs on this share of its machine, if it runs.
    pub running_since: Option<SimTime>,
    /// The share that the machine's owner leaves it.
    pub share: Ppm,
    /// Time of the whole card that it had before that since it last began.
    pub done: Span,
    /// Since when it is paused, if it is.
    pub paused_since: Option<SimTime>,
    /// Time paused so far.
    pub paused: Span,
    /// Interruptions inside the reported time so far.
    pub interruptions: u32,
    /// Of these, those by the machine's owner.
    pub preemptions: u32,
    /// Time of its card for which it worked and that interruptions undid.
    pub lost: Span,
    /// When its provider gave notice that it takes the lease back, if it has.
    pub noticed_at: Option<SimTime>,
    /// Whether that was for an order that goes before it.
    pub is_displaced: bool,
    /// What its provider asked for a GPU-hour when it opened.
    pub ask: GpuHourPrice,
    /// Paid so far for the GPUs, before the tenant's own fee.
    pub charged: Usd,
    /// Left escrow so far, the tenant's own fee with it.
    pub outlay: Usd,
    /// Went to the provider so far, after fees.
    pub provider_income: Usd,
    /// What was due so far and escrow could not pay.
    pub unpaid: Usd,
}

impl Attempt {
    /// An order for a lease of `duration`, sent at `now`.
    pub fn new(key: EntityKey, duration: Span, now: SimTime) -> Attempt {
        Attempt {
            key,
            order: None,
            duration,
            submitted_at: now,
            included_at: None,
            called_at: None,
            queued: Queued::default(),
            closed_at: None,
            asked_at: None,
            rounds: 0,
            retries: 0,
            censorship: Censorship::default(),
            signed_at: None,
            matched_at: None,
            confirmed_at: None,
            seen: Vec::new(),
            picks: Vec::new(),
            draws: 0,
            nobody: None,
            latency_bound_dropped: false,
        }
    }
}

impl Attempt {
    /// Whom a view draws now: the best of its round who was not drawn before.
    pub fn next_pick(&self, seen: &Round) -> Option<Pick> {
        let is_new = |pick: &&Pick| self.picks.iter().all(|past| past.provider != pick.provider);
        seen.picks.iter().find(is_new).copied()
    }

    /// Whether what was signed first leaves out the provider that a full and present view draws
    /// first and some operators hide.
    pub fn is_bid_excluded(&self) -> bool {
        let is_other = |first| match self.picks.first() {
            Some(pick) => pick.provider != first,
            None => self.nobody.is_some(),
        };
        self.censorship.first.is_some_and(is_other)
    }
}

impl Work {
    /// A lease that opens at `now` on `machine`, whose provider asks so much, and whose card is as
    /// fast as the one asked for; the rest can be changed.
    pub fn new(
        lease: Handle,
        order_key: EntityKey,
        machine: MachineId,
        ask: GpuHourPrice,
        now: SimTime,
    ) -> Work {
        Work {
            lease,
            order_key,
            machine,
            pace: Pace::SAME,
            opened_at: now,
            running_since: None,
            share: Ppm::ONE,
            done: Span::ZERO,
            paused_since: None,
            paused: Span::ZERO,
            interruptions: 0,
            preemptions: 0,
            lost: Span::ZERO,
            noticed_at: None,
            is_displaced: false,
            ask,
            charged: Usd::ZERO,
            outlay: Usd::ZERO,
            provider_income: Usd::ZERO,
            unpaid: Usd::ZERO,
        }
    }
}

impl Job {
    /// Its GPUs, as books count them.
    pub fn gpus(&self) -> u64 {
        u64::from(self.gpus.0)
    }

    /// What its orders ask for beside GPUs.
    pub fn promise(&self) -> Promise {
        if self.term_left.is_zero() { Promise::Spot } else { Promise::Term(self.term_left) }
    }

    /// Moves on: every event planned so far becomes stale.
    pub fn advance(&mut self) {
        self.stage += 1;
    }

    /// The tag for an event of the present stage.
    pub fn stage_of(&self, job: Handle) -> JobStage {
        JobStage { job, stage: self.stage }
    }
}
