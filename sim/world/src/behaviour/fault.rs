//! Machines going down and coming back, alone or with their region.

use crate::behaviour::job::{interrupt_job, resume_job};
use crate::behaviour::maintenance::plan_first_maintenance;
use crate::behaviour::owner::plan_first_session;
use crate::behaviour::provider::draw_span;
use crate::behaviour::trace::find_place;
use crate::event::Event;
use crate::purpose;
use crate::state::{Cause, Crews};
use crate::world::{Step, World};
use engine::distribution::{Beta, Exponential, Stretch};
use engine::draws::Purpose;
use scenario::{Faults, HostClass, RegionOutage, UpDown};
use units::{EntityKey, MachineId, Ppm, RegionId, SimTime, Span};

/// Plans the first faults, nights and outages of everything, from the state that a long-running
/// network would be in.
pub fn plan_first_faults(world: &mut World, step: &mut Step<'_>) {
    for index in 0..world.machines.len() {
        plan_machine(world, step, MachineId(index as u32));
    }
    plan_first_maintenance(world, step);
    if !world.scenario.region_outage.between.is_zero() {
        for region in 0..world.scenario.regions.len() {
            plan_outage(world, step, RegionId(region as u16));
        }
    }
}

fn plan_machine(world: &mut World, step: &mut Step<'_>, id: MachineId) {
    if world.trace_of(id).is_some() {
        begin_trace(world, step, id);
    } else if world.fault_law(id).is_some() {
        plan_stationary(world, step, id, Cause::Fault);
    }
    if world.gpu_fault_law(id).is_some() {
        plan_stationary(world, step, id, Cause::Gpu);
    }
    plan_first_night(world, step, id);
    plan_first_session(world, step, id);
}

/// Up or down at the start by availability, and what is left of either as one finds it: alternating
/// renewals in equilibrium (Feller, volume 2, XI.4).
fn plan_stationary(world: &mut World, step: &mut Step<'_>, id: MachineId, cause: Cause) {
    let (law, purpose) = world.law_of(id, cause);
    let (up, down) = (law.up.mean(), law.down.mean());
    let key = world.machines[id.index()].key;
    let is_down = world.draws.at(purpose, key, 0).unit() * (up + down) < down;
    if is_down {
        set_cause(world, step, id, cause, true);
        plan_repair(world, step, id, cause, Age::Found);
    } else {
        plan_fault(world, step, id, cause, Age::Found);
    }
}

/// A machine that follows a recording is in the midst of it.
fn begin_trace(world: &mut World, step: &mut Step<'_>, id: MachineId) {
    let trace = world.trace_of(id).expect("only machines with a trace get here");
    let place = find_place(trace, world.draw_offset(trace, world.machines[id.index()].key));
    let (is_up, changes) = (trace.is_up(place.index), trace.lengths.len() > 1);
    world.machines[id.index()].faults = place.index as u64;
    if !is_up {
        set_cause(world, step, id, Cause::Fault, true);
    }
    if changes {
        let event = if is_up { Event::MachineFaulted(id) } else { Event::MachineRepaired(id) };
        step.out.after(place.left, event);
    }
}

fn plan_first_night(world: &mut World, step: &mut Step<'_>, id: MachineId) {
    let Some(night) = world.night_of(id) else { return };
    let day = Span::DAY.nanos();
    let until_start = (night.start_utc.nanos() + day - step.now.nanos() % day) % day;
    let since_start = Span::from_nanos((day - until_start) % day);
    if since_start < night.length {
        set_cause(world, step, id, Cause::Daily, true);
        step.out.after(night.length.saturating_sub(since_start), Event::DailyOn(id));
    } else {
        step.out.after(Span::from_nanos(until_start), Event::DailyOff(id));
    }
}

/// A machine or GPU breaks.
pub fn on_fault(world: &mut World, step: &mut Step<'_>, id: MachineId, cause: Cause) {
    set_cause(world, step, id, cause, true);
    plan_repair(world, step, id, cause, Age::New);
}

/// A machine or GPU is repaired.
pub fn on_repaired(world: &mut World, step: &mut Step<'_>, id: MachineId, cause: Cause) {
    set_cause(world, step, id, cause, false);
    plan_fault(world, step, id, cause, Age::New);
    let next = world.crews_of(id).release();
    if let Some((broken, cause)) = next {
        plan_repaired(world, step, broken, cause, Age::New);
    }
}

/// A home machine is switched off for the night.
pub fn on_daily_off(world: &mut World, step: &mut Step<'_>, id: MachineId) {
    let night = world.night_of(id).expect("only machines with nights get here");
    set_cause(world, step, id, Cause::Daily, true);
    step.out.after(night.length, Event::DailyOn(id));
}

/// A home machine is switched on again.
pub fn on_daily_on(world: &mut World, step: &mut Step<'_>, id: MachineId) {
    let night = world.night_of(id).expect("only machines with nights get here");
    set_cause(world, step, id, Cause::Daily, false);
    step.out.after(Span::DAY.saturating_sub(night.length), Event::DailyOff(id));
}

/// A region's outage begins: each of its machines is hit by chance.
pub fn on_outage_started(world: &mut World, step: &mut Step<'_>, region: RegionId) {
    set_region_cause(world, step, region, true);
    let law = world.scenario.region_outage.length;
    let ordinal = world.outages[region.index()];
    let key = world.region_key(region);
    let length = draw_span(law, &mut world.draws.at(purpose::REGION_OUTAGE, key, 2 * ordinal + 1));
    step.out.after(length, Event::RegionOutageEnded(region));
}

/// A region's outage ends.
pub fn on_outage_ended(world: &mut World, step: &mut Step<'_>, region: RegionId) {
    set_region_cause(world, step, region, false);
    world.outages[region.index()] += 1;
    plan_outage(world, step, region);
}

fn plan_outage(world: &mut World, step: &mut Step<'_>, region: RegionId) {
    let law = Exponential::new(world.scenario.region_outage.between.as_secs_f64());
    let ordinal = world.outages[region.index()];
    let key = world.region_key(region);
    let gap = world.draws.at(purpose::REGION_OUTAGE, key, 2 * ordinal).sample(&law);
    step.out.after(Span::from_secs_f64_rounded(gap), Event::RegionOutageStarted(region));
}

/// The share of a region's machines that its present outage stops: the same at its start and end.
fn draw_outage_share(world: &World, region: RegionId) -> Ppm {
    let RegionOutage { share, concentration, .. } = world.scenario.region_outage;
    let Some(concentration) = concentration else { return share };
    let law = Beta::new(share.as_f64(), concentration);
    let ordinal = world.outages[region.index()];
    let mut draw = world.draws.at(purpose::OUTAGE_SHARE, world.region_key(region), ordinal);
    Ppm((draw.sample(&law) * 1e6 + 0.5) as u32)
}

/// The same draw says at the start and at the end of an outage which machines it hit.
fn set_region_cause(world: &mut World, step: &mut Step<'_>, region: RegionId, is_down: bool) {
    let ordinal = world.outages[region.index()];
    let share = draw_outage_share(world, region);
    for index in 0..world.machines_in[region.index()].len() {
        let id = world.machines_in[region.index()][index];
        let key = world.machines[id.index()].key;
        let lot = world.draws.at(purpose::REGION_OUTAGE_HIT, key, ordinal).below(1_000_000);
        if lot < u64::from(share.0) {
            set_cause(world, step, id, Cause::Region, is_down);
        }
    }
}

/// Whether a stretch begins now or is found in progress.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Age {
    New,
    Found,
}

fn plan_fault(world: &mut World, step: &mut Step<'_>, id: MachineId, cause: Cause, age: Age) {
    let gap = draw_gap(world, id, cause, |law| law.up, age);
    let event = if cause == Cause::Gpu { Event::GpuFaulted(id) } else { Event::MachineFaulted(id) };
    step.out.after(gap, event);
}

/// A crew repairs what is broken, now or when one is free.
fn plan_repair(world: &mut World, step: &mut Step<'_>, id: MachineId, cause: Cause, age: Age) {
    if world.crews_of(id).take_on(id, cause) {
        plan_repaired(world, step, id, cause, age);
    }
}

fn plan_repaired(world: &mut World, step: &mut Step<'_>, id: MachineId, cause: Cause, age: Age) {
    let gap = draw_gap(world, id, cause, |law| law.down, age);
    let event =
        if cause == Cause::Gpu { Event::GpuRepaired(id) } else { Event::MachineRepaired(id) };
    step.out.after(gap, event);
}

/// How long a stretch lasts: as recorded, or by its law.
fn draw_gap(
    world: &mut World,
    id: MachineId,
    cause: Cause,
    of: fn(UpDown) -> Stretch,
    age: Age,
) -> Span {
    if let (Cause::Fault, Some(trace)) = (cause, world.trace_of(id)) {
        let next = (world.machines[id.index()].faults + 1) % trace.lengths.len() as u64;
        let gap = trace.lengths[next as usize];
        world.machines[id.index()].faults = next;
        return gap;
    }
    let (law, purpose) = world.law_of(id, cause);
    let law = of(law);
    let machine = &mut world.machines[id.index()];
    let count = if cause == Cause::Gpu { &mut machine.gpu_faults } else { &mut machine.faults };
    *count += 1;
    let mut draw = world.draws.at(purpose, machine.key, *count);
    Span::from_secs_f64_rounded(match age {
        Age::New => draw.sample(&law),
        Age::Found => law.draw_residual(&mut draw),
    })
}

/// Adds or removes one cause; the machine goes down with the first and comes back with the last.
pub fn set_cause(
    world: &mut World,
    step: &mut Step<'_>,
    id: MachineId,
    cause: Cause,
    is_down: bool,
) {
    let machine = &mut world.machines[id.index()];
    let (before, owner_took) = (machine.causes, machine.owner_takes());
    machine.causes = if is_down { before.with(cause) } else { before.without(cause) };
    assert_ne!(machine.causes, before, "a cause begins once and ends once");
    machine.trail.push((step.now, machine.causes));
    let is_up = machine.causes.is_up();
    world.note_owner(step.now, id, owner_took);
    match (before.is_up(), is_up) {
        (true, false) => go_down(world, step, id),
        (false, true) => go_up(world, step, id),
        _ => {}
    }
}

fn go_down(world: &mut World, step: &mut Step<'_>, id: MachineId) {
    let machine = &world.machines[id.index()];
    let (provider, gpus) = (machine.provider, u64::from(machine.gpus));
    world.change_usage(step.now, provider, |usage| usage.available -= gpus);
    world.refresh_capacity(step.now, provider);
    for job in world.machines[id.index()].jobs.clone() {
        interrupt_job(world, step, job);
    }
}

fn go_up(world: &mut World, step: &mut Step<'_>, id: MachineId) {
    let machine = &world.machines[id.index()];
    let (provider, gpus) = (machine.provider, u64::from(machine.gpus));
    world.close_breaches(step.now, id);
    world.change_usage(step.now, provider, |usage| usage.available += gpus);
    for job in world.machines[id.index()].jobs.clone() {
        resume_job(world, step, job);
    }
    world.refresh_capacity(step.now, provider);
}

/// A machine's night: when it starts in UTC and how long it lasts.
#[derive(Clone, Copy, Debug)]
struct Night {
    start_utc: Span,
    length: Span,
}

impl World {
    /// Adds what a machine's leases lost up to `now`, and forgets them: the machine is back.
    fn close_breaches(&mut self, now: SimTime, id: MachineId) {
        let lost = self.count_breaches(now, id);
        let machine = &mut self.machines[id.index()];
        machine.breaches.clear();
        self.providers[machine.provider.index()].downtime_gpu_ns += lost;
    }

    /// Adds what a machine's leases lost up to `now`, and counts on from there: the era ends.
    pub fn carry_breaches(&mut self, now: SimTime, id: MachineId) {
        let lost = self.count_breaches(now, id);
        let machine = &mut self.machines[id.index()];
        machine.breaches.retain_mut(|breach| {
            breach.since = now;
            breach.until > now
        });
        self.providers[machine.provider.index()].downtime_gpu_ns += lost;
    }

    fn count_breaches(&self, now: SimTime, id: MachineId) -> u64 {
        let lost = |breach: &crate::state::Breach| {
            let span = breach.until.min(now).saturating_since(breach.since);
            u64::from(breach.gpus) * span.nanos()
        };
        self.machines[id.index()].breaches.iter().map(lost).sum()
    }

    fn fault_law(&self, id: MachineId) -> Option<UpDown> {
        let provider = &self.providers[self.machines[id.index()].provider.index()];
        let host = &self.scenario.host_classes[provider.host_class.index()];
        self.law_at_site(host, provider.owner_key)
    }

    /// The law of faults where an owner's machines stand; none for machines without faults, and for
    /// those that follow a recording.
    pub fn law_at_site(&self, host: &HostClass, owner: EntityKey) -> Option<UpDown> {
        match host.fault.as_ref()? {
            Faults::Law(law) => Some(*law),
            Faults::Sites(sites) => {
                let site = self.draws.at(purpose::SITE, owner, 0).below(sites.len() as u64);
                Some(sites[site as usize])
            }
            Faults::Traces(_) => None,
        }
    }

    /// GPUs fail apart: a machine of many fails so much more often.
    fn gpu_fault_law(&self, id: MachineId) -> Option<UpDown> {
        let law = self.host_class_of(id).gpu_fault?;
        Some(law.of_many(self.machines[id.index()].gpus))
    }

    fn law_of(&self, id: MachineId, cause: Cause) -> (UpDown, Purpose) {
        let (law, purpose) = match cause {
            Cause::Gpu => (self.gpu_fault_law(id), purpose::GPU_FAULT),
            _ => (self.fault_law(id), purpose::FAULT),
        };
        (law.expect("only machines that can fail get here"), purpose)
    }

    fn night_of(&self, id: MachineId) -> Option<Night> {
        let daily = self.host_class_of(id).daily_off?;
        let machine = &self.machines[id.index()];
        let region = self.providers[machine.provider.index()].region;
        let offset = i64::from(self.scenario.regions[region.index()].utc_offset_minutes);
        let offset_ns = offset * 60 * Span::SECOND.nanos() as i64;
        let spread = daily.spread.nanos();
        let lot = self.draws.at(purpose::DAILY_OFF, machine.key, 0).below(2 * spread + 1);
        let local = daily.start.nanos() as i64 - spread as i64 + lot as i64;
        let start = (local - offset_ns).rem_euclid(Span::DAY.nanos() as i64) as u64;
        Some(Night { start_utc: Span::from_nanos(start), length: daily.length })
    }

    fn crews_of(&mut self, id: MachineId) -> &mut Crews {
        let provider = self.machines[id.index()].provider;
        &mut self.crews[self.providers[provider.index()].host_class.index()]
    }

    /// The host class of a machine.
    pub fn host_class_of(&self, id: MachineId) -> &scenario::HostClass {
        let provider = self.machines[id.index()].provider;
        &self.scenario.host_classes[self.providers[provider.index()].host_class.index()]
    }

    fn region_key(&self, region: RegionId) -> EntityKey {
        EntityKey::group(&self.scenario.regions[region.index()].name)
    }
}
