//! Tenants who misbehave: orders that nobody means, leases that are paid for in part, forbidden
//! work, false disputes; and what the banned do.
//!
//! What they do beside that is what everybody does: their jobs come and are served like others.

use crate::behaviour::chain::release;
use crate::behaviour::tenant::place_order;
use crate::event::Event;
use crate::observe::{self, Misused};
use crate::purpose;
use crate::state::{Job, Tenant};
use crate::world::{Step, World};
use engine::distribution::Exponential;
use protocol::{
    Call, CloseCause, Forfeit, Handle, Lease, LeaseState, Misuse, Receipt, Settlement, Slashed,
    is_drained,
};
use record::{LeaseEnd, MisuseKind, MisuseOutcome, UnmatchedReason};
use units::{ClassId, EntityKey, GpuHourPrice, Ppm, SimTime, Span, TenantId, Usd};

const DAY_S: f64 = 86_400.0;

/// How the chain closed a lease.
pub struct Closed {
    /// How the lease ended.
    pub end: LeaseEnd,
    /// What was paid; nothing when a dispute is upheld.
    pub settlement: Option<Settlement>,
    /// What that is worth which went back.
    pub refund: Usd,
    /// What was taken from the provider.
    pub slashed: Slashed,
    /// What its tenant's misuse cost.
    pub forfeit: Option<Forfeit>,
    /// What the provider had served for and a verdict took.
    pub unearned: Usd,
}

/// How a tenant misbehaves: one lot, of which each kind has its share, in a fixed order.
pub fn draw_misuse(world: &World, key: EntityKey) -> Option<MisuseKind> {
    let misuse = &world.scenario.tenant_misuse;
    if !misuse.is_any() {
        return None;
    }
    let lot = world.draws.at(purpose::MISUSE, key, 0).below(u64::from(Ppm::ONE.0));
    let mut below = 0;
    let kinds = MisuseKind::ALL.iter().zip(misuse.shares());
    kinds
        .map(|(kind, share)| {
            below += u64::from(share.0);
            (*kind, below)
        })
        .find(|(_, below)| lot < *below)
        .map(|(kind, _)| kind)
}

/// Plans the first orders that nobody means.
pub fn plan_first_spam(world: &World, step: &mut Step<'_>) {
    for tenant in (0..world.tenants.len()).map(|id| TenantId(id as u32)) {
        plan_spam(world, step, tenant);
    }
}

fn plan_spam(world: &World, step: &mut Step<'_>, id: TenantId) {
    let tenant = &world.tenants[id.index()];
    if tenant.misuse != Some(MisuseKind::Spam) || world.streams.is_empty() {
        return;
    }
    let law = Exponential::new(DAY_S / world.scenario.tenant_misuse.spam.per_day);
    let gap = world.draws.at(purpose::SPAM, tenant.key, 2 * tenant.spammed).sample(&law);
    step.out.after(Span::from_secs_f64_rounded(gap), Event::SpamOrdered(id));
}

/// A tenant orders what it does not need, of a class that is asked for where it is.
pub fn on_spam_ordered(world: &mut World, step: &mut Step<'_>, id: TenantId) {
    let tenant = world.tenants[id.index()];
    if tenant.successor.is_some() {
        return; // It goes on under its new name.
    }
    let Some(class) = world.draw_spam_class(&tenant) else { return };
    let arrival = EntityKey::group("orders that nobody means").child(tenant.spammed);
    let mut job = world.draw_job(id, class, arrival);
    job.is_spam = true;
    (job.waiting_since, job.gives_up_at) = (step.now, step.now);
    let handle = world.jobs.insert(job);
    place_order(world, step, handle);
    world.tenants[id.index()].spammed += 1;
    if !world.chain.conduct[id.index()].is_banned {
        plan_spam(world, step, id);
    }
}

/// An order that nobody meant has failed.
pub fn end_spam(world: &mut World, step: &mut Step<'_>, handle: Handle, why: UnmatchedReason) {
    if why != UnmatchedReason::Banned {
        let outcome = MisuseOutcome::Unmatched;
        observe::misuse(world, step, &Misused::of_order(world.job(handle), outcome));
    }
    world.jobs.remove(handle);
}

/// A banned tenant's order is refused.
pub fn note_refusal(world: &World, step: &mut Step<'_>, handle: Handle) {
    let outcome = MisuseOutcome::Refused;
    observe::misuse(world, step, &Misused::of_order(world.job(handle), outcome));
}

/// The tenant of a reserved lease never says what to run; its time is over.
pub fn withdraw(world: &mut World, step: &mut Step<'_>, handle: Handle) {
    let (work, _) = world.work_of(handle);
    let order = world.attempt_mut(handle).order.expect("a matched order is in a block");
    let call = Call::WithdrawOrder { order, lease: work.lease };
    let Receipt::OrderWithdrawn { forfeit, .. } = world.call(step.now, call) else {
        unreachable!("a withdrawal answers with what it cost");
    };
    let job = world.job(handle);
    let misused = Misused {
        provider: Some(world.machines[work.machine.index()].provider),
        reserved: step.now.since(work.opened_at),
        forfeit,
        ..Misused::of_order(job, MisuseOutcome::Withdrawn)
    };
    observe::misuse(world, step, &misused);
    note_ban(world, step, world.job(handle).tenant, forfeit);
    release(world, step, handle);
    world.jobs.remove(handle);
}

/// Plans the next look at the escrow of a lease that is paid for in part.
pub fn plan_escrow_check(world: &World, step: &mut Step<'_>, handle: Handle) {
    let (work, _) = world.work_of(handle);
    let lease = world.chain.leases.get(work.lease).expect("a job's lease is in force");
    if lease.is_whole {
        return;
    }
    let every = world.scenario.tenant_misuse.escrow_check;
    let past = step.now.since(work.opened_at).floored_to(every);
    let next = work.opened_at + past + every;
    step.out.at(world.block_at(next), Event::EscrowChecked(world.job(handle).stage_of(handle)));
}

/// Whether the escrow of a job's lease is empty, which was paid for in part.
pub fn has_drained(world: &World, now: SimTime, handle: Handle) -> bool {
    let (work, _) = world.work_of(handle);
    is_drained(&world.chain, now, work.lease, &world.params)
}

/// Plans when forbidden work is found, if that is before it ends. Who looks has no memory, so it
/// begins anew with each stretch of work.
pub fn plan_discovery(world: &World, step: &mut Step<'_>, handle: Handle, ends_at: SimTime) {
    let job = world.job(handle);
    if world.tenants[job.tenant.index()].misuse != Some(MisuseKind::Forbidden) {
        return;
    }
    let key = job.work.expect("work runs under a lease").order_key;
    let law = Exponential::new(world.scenario.tenant_misuse.forbidden.found_after.as_secs_f64());
    let after = world.draws.at(purpose::FOUND, key, u64::from(job.stage)).sample(&law);
    // Not worked out where it is far beyond the lease, be it for a moment without end.
    if after >= ends_at.saturating_since(step.now).as_secs_f64() {
        return;
    }
    let found_at = world.block_at(step.now + Span::from_secs_f64_rounded(after));
    if found_at < ends_at {
        step.out.at(found_at, Event::ForbiddenFound(job.stage_of(handle)));
    }
}

/// Whether the tenant of a lease that ended well says that it did not.
pub fn disputes(world: &World, handle: Handle) -> bool {
    let job = world.job(handle);
    if world.tenants[job.tenant.index()].misuse != Some(MisuseKind::Dispute) {
        return false;
    }
    let key = job.work.expect("a lease that ends is there").order_key;
    let lot = world.draws.at(purpose::MISUSE, key, 0).unit();
    lot < world.scenario.tenant_misuse.dispute.rate.as_f64()
}

/// The lease is over and its GPUs are free; what is due waits for the verdict.
pub fn dispute(world: &mut World, step: &mut Step<'_>, handle: Handle) {
    let (work, gpus) = world.work_of(handle);
    world.call(step.now, Call::DisputeLease { lease: work.lease });
    let provider = world.machines[work.machine.index()].provider;
    world.change_usage(step.now, provider, |usage| usage.paid -= gpus);
    release(world, step, handle);
    let job = world.job_mut(handle);
    job.advance();
    let at = job.stage_of(handle);
    let verdict_at = step.now + world.scenario.tenant_misuse.dispute.verdict_after;
    step.out.at(world.block_at(verdict_at), Event::VerdictGiven(at));
}

/// How the verdict on a job's lease ends it.
pub fn draw_verdict(world: &World, handle: Handle) -> LeaseEnd {
    let (work, _) = world.work_of(handle);
    let lot = world.draws.at(purpose::MISUSE, work.order_key, 1).unit();
    let errs = lot < world.scenario.tenant_misuse.dispute.errs.as_f64();
    if errs { LeaseEnd::DisputeUpheld } else { LeaseEnd::DisputeLost }
}

/// Closes a lease on the chain, as what is known of it demands.
pub fn close_on_chain(world: &mut World, now: SimTime, lease: Handle, end: LeaseEnd) -> Closed {
    let is_verdict =
        matches!(end, LeaseEnd::Forbidden | LeaseEnd::DisputeLost | LeaseEnd::DisputeUpheld);
    // Whoever else ends it: what is found then is that escrow does not pay.
    let is_dry = !is_verdict && is_drained(&world.chain, now, lease, &world.params);
    let end = if is_dry { LeaseEnd::EscrowEmpty } else { end };
    let call = match end {
        LeaseEnd::EscrowEmpty if is_dry => Call::ForfeitLease { lease, misuse: Misuse::Drain },
        LeaseEnd::Forbidden => Call::ForfeitLease { lease, misuse: Misuse::ForbiddenWork },
        LeaseEnd::DisputeLost => Call::ForfeitLease { lease, misuse: Misuse::FalseDispute },
        LeaseEnd::DisputeUpheld => Call::UpholdDispute { lease },
        LeaseEnd::Agreed | LeaseEnd::Terminated => {
            Call::CloseLease { lease, cause: CloseCause::Agreed }
        }
        LeaseEnd::Reclaimed => Call::CloseLease { lease, cause: CloseCause::Reclaimed },
        LeaseEnd::EscrowEmpty => Call::CloseLease { lease, cause: CloseCause::EscrowEmpty },
        _ => Call::CloseLease { lease, cause: CloseCause::ProviderFailed },
    };
    let slashed = Slashed::default();
    let (settlement, forfeit, unearned) = (None, None, Usd::ZERO);
    match world.call(now, call) {
        Receipt::LeaseClosed { settlement, refund, slashed, .. } => {
            let settlement = Some(settlement);
            Closed { end, settlement, refund, slashed, forfeit, unearned }
        }
        Receipt::LeaseForfeited { settlement, refund, forfeit, .. } => {
            let (settlement, forfeit) = (Some(settlement), Some(forfeit));
            Closed { end, settlement, refund, slashed, forfeit, unearned }
        }
        Receipt::DisputeUpheld { unearned, refund, .. } => {
            Closed { end, settlement, refund, slashed, forfeit, unearned }
        }
        other => unreachable!("a close answers with a payment, not {other:?}"),
    }
}

/// Writes what became of a lease that was misused, if it was, and what follows a ban.
pub fn note_lease(
    world: &mut World,
    step: &mut Step<'_>,
    handle: Handle,
    lease: &Lease,
    closed: &Closed,
) {
    let job = world.job(handle);
    let kind = world.tenants[job.tenant.index()].misuse;
    let outcome = match closed.end {
        LeaseEnd::EscrowEmpty if closed.forfeit.is_some() => MisuseOutcome::Drained,
        LeaseEnd::Forbidden => MisuseOutcome::Found,
        LeaseEnd::DisputeLost => MisuseOutcome::DisputeLost,
        LeaseEnd::DisputeUpheld => MisuseOutcome::DisputeUpheld,
        _ if kind == Some(MisuseKind::Forbidden) => MisuseOutcome::Undetected,
        _ => return,
    };
    let work = job.work.expect("a lease that ends is there");
    let served = lease.active_span(world.chain_time(step.now));
    let rest = lease.duration.saturating_sub(served);
    let is_cut = matches!(outcome, MisuseOutcome::Drained | MisuseOutcome::Found);
    let unpaid = work.unpaid;
    let forbidden = world.scenario.tenant_misuse.forbidden.gain;
    let misused = Misused {
        key: work.order_key,
        provider: Some(lease.provider),
        paid: work.outlay,
        unpaid,
        cut_short: cost(lease.price, lease, if is_cut { rest } else { Span::ZERO }),
        gain: match kind {
            Some(MisuseKind::Forbidden) => cost(forbidden, lease, served),
            _ => unpaid,
        },
        forfeit: closed.forfeit.unwrap_or_default(),
        ..Misused::of_order(job, outcome)
    };
    observe::misuse(world, step, &misused);
    note_ban(world, step, lease.tenant, misused.forfeit);
}

fn cost(price: GpuHourPrice, lease: &Lease, span: Span) -> Usd {
    price.cost_rounded_down(lease.gpus, span)
}

/// Whether a lease's GPUs have been given back before it closes.
pub fn is_released(lease: &Lease) -> bool {
    lease.state == LeaseState::Disputed
}

/// Whether a job's work is done, and only its lease waits for a verdict.
pub fn is_over(world: &World, job: &Job) -> bool {
    let lease = job.work.and_then(|work| world.chain.leases.get(work.lease));
    lease.is_some_and(is_released)
}

/// Some of those who are banned come back.
fn note_ban(world: &World, step: &mut Step<'_>, id: TenantId, forfeit: Forfeit) {
    if !forfeit.is_ban {
        return;
    }
    let comeback = &world.scenario.tenant_misuse.comeback;
    let tenant = &world.tenants[id.index()];
    let lot = world.draws.at(purpose::COMEBACK, tenant.key, tenant.renamed).unit();
    if lot < comeback.chance.as_f64() {
        step.out.after(comeback.after, Event::TenantReturned(id));
    }
}

/// A banned tenant comes back with a wallet of its own: nobody knows who it is.
pub fn on_tenant_returned(world: &mut World, step: &mut Step<'_>, id: TenantId) {
    let Receipt::Enrolled { tenant: next } = world.call(step.now, Call::Enroll) else {
        unreachable!("who enrolls gets a wallet");
    };
    let tenant = world.tenants[id.index()];
    assert_eq!(next.index(), world.tenants.len(), "wallets are opened for tenants alone");
    world.tenants[id.index()].successor = Some(next);
    world.tenants.push(Tenant { renamed: tenant.renamed + 1, ..tenant });
    for known in &mut world.tenants_in[tenant.region.index()] {
        if *known == id {
            *known = next;
        }
    }
    if let Some(books) = &mut world.choice {
        for memories in books.memories.iter_mut().filter(|memories| !memories.is_empty()) {
            // Whoever asks how long tenants stay counts each person once.
            memories.push(memories[id.index()]);
            (memories[id.index()].came_at, memories[id.index()].left_at) = (None, None);
        }
    }
    observe::misuse(world, step, &Misused::of_comeback(world, next));
    plan_spam(world, step, next);
}

impl World {
    /// The wallet that whoever had this one uses now.
    pub fn known_as(&self, first: TenantId) -> TenantId {
        let mut id = first;
        while let Some(next) = self.tenants[id.index()].successor {
            id = next;
        }
        id
    }

    /// How much of a lease the tenant of a job pays for; none for all of it.
    pub fn funds_of(&self, job: &Job) -> Option<Span> {
        let drains = self.tenants[job.tenant.index()].misuse == Some(MisuseKind::Drain);
        drains.then_some(self.scenario.tenant_misuse.drain.funds)
    }

    /// A class that is asked for where a tenant is, as often as it is.
    fn draw_spam_class(&self, tenant: &Tenant) -> Option<ClassId> {
        let here = || self.streams.iter().filter(|stream| stream.region == tenant.region);
        let all: f64 = here().map(|stream| stream.per_hour).sum();
        let lot = self.draws.at(purpose::SPAM, tenant.key, 2 * tenant.spammed + 1).unit() * all;
        let mut below = 0.0;
        let found = here().find(|stream| {
            below += stream.per_hour;
            lot < below
        });
        found.or(here().next_back()).map(|stream| stream.class)
    }
}
