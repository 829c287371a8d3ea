//! Planned maintenance: a provider says beforehand when its machines will be down, takes nothing
//! that would still run then, tells the chain, which slashes nobody in maintenance, and comes back.

use crate::behaviour::fault::set_cause;
use crate::behaviour::reclaim::give_notice;
use crate::event::Event;
use crate::purpose;
use crate::state::{Cause, Presence};
use crate::world::{Step, World};
use protocol::Call;
use scenario::Maintenance;
use units::{ProviderId, SimTime, Span};

/// Plans everybody's first maintenance: the last began at any moment of the time between two.
pub fn plan_first_maintenance(world: &mut World, step: &mut Step<'_>) {
    for index in 0..world.providers.len() {
        let id = ProviderId(index as u32);
        let Some(law) = world.maintenance_of(id) else { continue };
        let key = world.providers[index].key;
        let lot = world.draws.at(purpose::MAINTENANCE, key, 0).below(law.every.nanos());
        let since = Span::from_nanos(lot);
        if since < law.length {
            begin(world, step, id, law.length.saturating_sub(since));
        } else {
            plan_next(world, step, id, law.every.saturating_sub(since));
        }
    }
}

/// Plans the announcement of a maintenance that begins in `ahead`.
fn plan_next(world: &mut World, step: &mut Step<'_>, id: ProviderId, ahead: Span) {
    let law = world.maintenance_of(id).expect("only providers with maintenance get here");
    let until_notice = ahead.saturating_sub(law.notice);
    if until_notice.is_zero() {
        announce(world, step, id, ahead);
    } else {
        step.out.after(until_notice, Event::MaintenanceAnnounced(id));
    }
}

/// A provider says when it will be in maintenance: from now on it bids only on what ends before.
pub fn on_maintenance_announced(world: &mut World, step: &mut Step<'_>, id: ProviderId) {
    let law = world.maintenance_of(id).expect("only providers with maintenance get here");
    announce(world, step, id, law.notice);
}

fn announce(world: &mut World, step: &mut Step<'_>, id: ProviderId, ahead: Span) {
    world.providers[id.index()].maintenance_at = Some(step.now + ahead);
    if ahead >= world.scenario.contracts.notice {
        for machine in world.providers[id.index()].machine_ids() {
            give_notice(world, step.now, machine);
        }
    }
    step.out.after(ahead, Event::MaintenanceStarted(id));
}

/// Maintenance begins.
pub fn on_maintenance_started(world: &mut World, step: &mut Step<'_>, id: ProviderId) {
    let law = world.maintenance_of(id).expect("only providers with maintenance get here");
    begin(world, step, id, law.length);
}

fn begin(world: &mut World, step: &mut Step<'_>, id: ProviderId, length: Span) {
    set_maintenance(world, step, id, true);
    step.out.after(length, Event::MaintenanceEnded(id));
}

/// Maintenance ends.
pub fn on_maintenance_ended(world: &mut World, step: &mut Step<'_>, id: ProviderId) {
    world.providers[id.index()].maintenance_at = None;
    set_maintenance(world, step, id, false);
    let law = world.maintenance_of(id).expect("only providers with maintenance get here");
    plan_next(world, step, id, law.every.saturating_sub(law.length));
}

fn set_maintenance(world: &mut World, step: &mut Step<'_>, id: ProviderId, is_on: bool) {
    // The chain does not know who has not joined, or has left.
    if matches!(world.providers[id.index()].presence, Presence::Here | Presence::Leaving(_)) {
        world.call(step.now, Call::SetMaintenance { provider: id, is_on });
    }
    for machine in world.providers[id.index()].machine_ids() {
        set_cause(world, step, machine, Cause::Maintenance, is_on);
    }
    world.refresh_capacity(step.now, id);
}

impl World {
    fn maintenance_of(&self, id: ProviderId) -> Option<Maintenance> {
        let provider = &self.providers[id.index()];
        self.scenario.host_classes[provider.host_class.index()].maintenance
    }

    /// Whether a lease of `length` that opens now would still run when the provider has announced
    /// to be in maintenance.
    pub fn overlaps_maintenance(&self, now: SimTime, id: ProviderId, length: Span) -> bool {
        self.providers[id.index()].maintenance_at.is_some_and(|at| now + length > at)
    }
}
