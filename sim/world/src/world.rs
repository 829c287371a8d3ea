//! The world: one plain struct, and the few things every handler needs of it.

use crate::event::Event;
use crate::purpose;
use crate::state::{
    Appeal, ChoiceBooks, ClassLaws, Crews, Delegator, Evidence, GasBooks, GpuTime, Job, Line,
    Machine, Memory, Offence, Operator, PoolState, Provider, Stream, Tenant, Usage, View, ViewLog,
    charge_of,
};
use drivers::{Deviation, JointState};
use engine::digest::Digest;
use engine::distribution::LogNormalCeiling;
use engine::draws::Draws;
use engine::outbox::Outbox;
use market::{Candidate, Scoring};
use mechanism::feed::Feed;
use mechanism::swap_pool::SwapPool;
use network::link::Jitter;
use network::topology::Topology;
use protocol::{Audit, Call, Handle, Params, Receipt, Rejection, Slots, State, apply};
use record::{Observer, UnmatchedReason};
use scenario::{Class, Moved, Pool, Scenario, TenantKind};
use std::collections::VecDeque;
use units::{
    Base, MachineId, PoolId, ProviderId, RegionId, RegionSet, SimTime, Span, TenantId, Usd,
};

/// How bids and challenges are evaluated. The result never differs: a test holds them equal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Search {
    /// Only what the decision looks at.
    #[default]
    Lazy,
    /// Everything, as if every order were sent to every provider and every challenge were an
    /// event: slow and obvious.
    Eager,
}

/// Everything there is.
#[derive(Debug)]
pub struct World {
    /// What was declared.
    pub scenario: Scenario,
    /// How bids and challenges are evaluated.
    pub search: Search,
    /// Where all randomness comes from.
    pub draws: Draws,
    /// How far regions are from one another.
    pub topology: Topology,
    /// What a message's way adds to its length.
    pub jitter: Jitter,
    /// What a provider's time to decide does not exceed, in seconds.
    pub thinking_most: LogNormalCeiling,
    /// Bounds of an operator's time to compute, in seconds.
    pub computing_bounds: LogNormalCeiling,
    /// What jobs are drawn from, by `ClassId`.
    pub laws: Vec<ClassLaws>,
    /// The chain.
    pub chain: State,
    /// Its parameters.
    pub params: Params,
    /// The second set of books, kept from receipts; none where nobody asked for it.
    pub audit: Option<Audit>,
    /// The matcher's rules.
    pub scoring: Scoring,
    /// Providers as they are, by `ProviderId`.
    pub providers: Vec<Provider>,
    /// Providers as advertised: all that the matcher sees, by `ProviderId`.
    pub candidates: Vec<Candidate>,
    /// Operators, by `OperatorId`.
    pub operators: Vec<Operator>,
    /// The views of operators that are not full and present.
    pub views: Vec<View>,
    /// What providers advertised before, as far back as the oldest view reaches.
    pub view_log: ViewLog,
    /// Wrong signatures on their way to the chain.
    pub evidence: Slots<Evidence>,
    /// Delegators, by `DelegatorId`.
    pub delegators: Vec<Delegator>,
    /// What providers did wrong and nobody has found.
    pub offences: Vec<Offence>,
    /// Appeals that will be right.
    pub appeals: Slots<Appeal>,
    /// Machines, by `MachineId`.
    pub machines: Vec<Machine>,
    /// Machines by region.
    pub machines_in: Vec<Vec<MachineId>>,
    /// Outages that each region has had so far.
    pub outages: Vec<u64>,
    /// Tenants, by `TenantId`.
    pub tenants: Vec<Tenant>,
    /// Tenants by region.
    pub tenants_in: Vec<Vec<TenantId>>,
    /// The regions of each region's continent.
    pub near: Vec<RegionSet>,
    /// Orders of the last 48 hours that were won and not served, oldest first.
    pub misses: VecDeque<(SimTime, ProviderId)>,
    /// Where orders wait, by `PoolId` or by `ProviderId`; empty where none stand in line.
    pub lines: Vec<Line>,
    /// Lines that somebody may have to be called from, now that something has happened.
    pub stirred: Vec<usize>,
    /// Who repairs machines, by `HostClassId`.
    pub crews: Vec<Crews>,
    /// Pools, by `PoolId`.
    pub pools: Vec<PoolState>,
    /// Streams of arrivals.
    pub streams: Vec<Stream>,
    /// Demand that answers to price, and tenants who choose; none where neither is so.
    pub choice: Option<ChoiceBooks>,
    /// Jobs that are not done.
    pub jobs: Slots<Job>,
    /// What moves from outside.
    pub drivers: JointState,
    /// What each of it has come to in this hour, in billionths of what it was at the start.
    pub factors: [u64; Moved::ALL.len()],
    /// What new generations left of each card's rents, in billionths, by `CardId`.
    pub rent_cuts: Vec<u64>,
    /// How far the market's own trades took the token's price from what it is outside.
    pub deviation: Deviation,
    /// Dollars that those in the market paid for tokens in this day, less what they got for some.
    pub net_bought: Usd,
    /// The blocks of the chain, and what is due for calls; none where gas is not charged.
    pub gas: Option<GasBooks>,
    /// What the chain's feed saw of the pool.
    pub feed: Feed,
    /// When the present era began.
    pub era_started_at: SimTime,
    /// When the present hour began.
    pub hour_started_at: SimTime,
    /// Tokens issued and destroyed before the present era.
    pub issued_before: [Base; 2],
    /// What came to the foundation less what went, in nano-dollars, in the last eras.
    pub treasury_nets: VecDeque<Base>,
    /// What has happened, as one number.
    pub digest: Digest,
    /// Bytes of the receipt at hand; kept to spare allocations.
    pub scratch: Vec<u8>,
}

/// One event at work: when, what follows, who watches.
pub struct Step<'a> {
    /// The moment.
    pub now: SimTime,
    /// Where consequences are put.
    pub out: &'a mut Outbox<Event>,
    /// Who watches.
    pub observer: &'a mut dyn Observer,
}

impl World {
    /// Sends a call to the chain and adds its receipt to the digest.
    ///
    /// # Panics
    /// When the chain refuses: behaviours send only calls that hold.
    pub fn call(&mut self, now: SimTime, call: Call) -> Receipt {
        self.ask(now, call).unwrap_or_else(|why| panic!("{call:?} was refused at {now:?}: {why}"))
    }

    /// Sends a call that the chain may refuse, and adds its receipt to the digest if it does not.
    ///
    /// # Errors
    /// What the chain says; nothing has changed then.
    pub fn ask(&mut self, now: SimTime, call: Call) -> Result<Receipt, Rejection> {
        let charge = self.gas.as_ref().and_then(|_| charge_of(&self.chain, &call));
        let receipt = apply(&mut self.chain, now, call, &self.params)?;
        if let (Some(gas), Some((payer, charge))) = (&mut self.gas, charge) {
            gas.charge(now, payer, charge, &self.scenario.gas);
        }
        self.scratch.clear();
        self.scratch.extend_from_slice(&now.nanos().to_le_bytes());
        call.encode_with(&receipt, &mut self.scratch);
        self.digest.receipt(&self.scratch);
        match receipt {
            Receipt::TokensBought { cost, .. } => self.net_bought += cost,
            Receipt::TokensSold { proceeds } => self.net_bought = self.net_bought - proceeds,
            _ => {}
        }
        if let Some(audit) = &mut self.audit {
            audit.note(call, &receipt);
            if cfg!(debug_assertions) {
                audit.compare_touched(&self.chain);
            }
        }
        if let Some(spot) = self.chain.exchange.as_ref().map(SwapPool::spot_rounded_down) {
            self.feed.observe(now, spot);
        }
        Ok(receipt)
    }

    /// The class of a job.
    pub fn class_of(&self, job: &Job) -> &Class {
        &self.scenario.classes[job.class.index()]
    }

    /// The declared pool.
    pub fn pool(&self, id: PoolId) -> &Pool {
        &self.scenario.pools[id.index()]
    }

    /// The job at `handle`.
    ///
    /// # Panics
    /// When it has left: callers hold a handle of the present stage.
    pub fn job(&self, handle: Handle) -> &Job {
        self.jobs.get(handle).expect("the job is not done")
    }

    /// The job at `handle`, to change it.
    pub fn job_mut(&mut self, handle: Handle) -> &mut Job {
        self.jobs.get_mut(handle).expect("the job is not done")
    }

    /// Whether the tenant of a job that found nobody waits and orders again; else it gives up.
    pub fn can_retry(&self, job: &Job, now: SimTime, why: UnmatchedReason) -> bool {
        let is_refused = matches!(why, UnmatchedReason::LineFull | UnmatchedReason::Banned);
        !is_refused && now + self.scenario.ordering.retry_every <= job.gives_up_at
    }

    /// Whether a pool's tenants choose among venues.
    pub fn is_choosing(&self, pool: PoolId) -> bool {
        self.pool(pool).tenant_kinds.is_some()
    }

    /// What a tenant remembers who chooses where to take its jobs.
    pub fn memory(&self, tenant: TenantId, pool: PoolId) -> &Memory {
        let books = self.choice.as_ref().expect("who chooses has books");
        &books.memories[pool.index()][tenant.index()]
    }

    /// How it chooses.
    pub fn tenant_kind_of(&self, memory: &Memory) -> &TenantKind {
        &self.scenario.tenant_kinds[usize::from(memory.kind)]
    }

    /// Whether a job that waited too long goes elsewhere in the place of being given up.
    pub fn falls_back(&self, job: &Job) -> bool {
        let pool = self.class_of(job).pool;
        if !self.is_choosing(pool) {
            return false;
        }
        let chance = self.tenant_kind_of(self.memory(job.tenant, pool)).fallback;
        self.draws.at(purpose::FALLBACK, job.key, 0).unit() < chance.as_f64()
    }

    /// The first block at or after `time`.
    pub fn block_at(&self, time: SimTime) -> SimTime {
        time.rounded_up(self.scenario.chain.block)
    }

    /// The height of the first block at or after `time`; on a chain without blocks, the time.
    pub fn height_at(&self, time: SimTime) -> u64 {
        time.nanos().div_ceil(self.scenario.chain.block.nanos().max(1))
    }

    /// The last block at or before `time`: what the chain takes as the time of a settlement.
    pub fn chain_time(&self, time: SimTime) -> SimTime {
        time.rounded_down(self.scenario.chain.block)
    }

    /// When the reported time begins.
    pub fn report_start(&self) -> SimTime {
        SimTime::ZERO + self.scenario.clock.warm_up
    }

    /// The round trip between a tenant's region and a candidate, without jitter.
    pub fn round_trip(&self, from: RegionId, to: &Candidate) -> Span {
        self.topology.rtt(from, to.region) + to.last_mile
    }

    /// Changes the usage of a provider's GPUs from `now` on, in its books and its pool's.
    pub fn change_usage(&mut self, now: SimTime, id: ProviderId, change: impl Fn(&mut Usage)) {
        let provider = &mut self.providers[id.index()];
        provider.meter.change(now, &change);
        self.pools[provider.pool.index()].meter.change(now, &change);
    }

    /// A provider's GPU-time since it was last read.
    pub fn read_meter(&mut self, now: SimTime, id: ProviderId) -> GpuTime {
        self.providers[id.index()].meter.read(now)
    }
}
