//! Owners of consumer machines: what they do at their own machine takes from what leases get.
//!
//! An owner goes from session to session. Within an hour of its own clock, the next activity is
//! drawn with weight share over mean length, and its length is exponential: each activity then has
//! its share of the time (renewal-reward). Where the shares change with the hour, as few sessions
//! as possible end with it, so that the table holds at every moment.

use crate::behaviour::fault::set_cause;
use crate::behaviour::job::change_share;
use crate::behaviour::reclaim::ask_back;
use crate::event::Event;
use crate::purpose;
use crate::state::{Cause, Machine, Session};
use crate::world::{Step, World};
use engine::distribution::Exponential;
use engine::draws::Draw;
use scenario::{Activity, OwnerProfile, WEEK_HOURS};
use units::{MachineId, Ppm, SimTime, Span};

/// The first session of a machine's owner, found in progress: exponential lengths have no memory.
pub fn plan_first_session(world: &mut World, step: &mut Step<'_>, id: MachineId) {
    if world.owner_profile(id).is_some() {
        let hour = world.owner_hour(id, step.now).0;
        begin_session(world, step, id, |profile, lot| {
            pick(profile.all().map(|one| one.shares[hour]), lot)
        });
    }
}

/// A session ends and the next begins.
pub fn on_owner_switched(world: &mut World, step: &mut Step<'_>, id: MachineId) {
    let (hour, into_hour) = world.owner_hour(id, step.now);
    let present = world.machines[id.index()].session.activity as usize;
    let before = (hour + WEEK_HOURS - 1) % WEEK_HOURS;
    begin_session(world, step, id, |profile, lot| {
        if into_hour.is_zero() && leaves(profile, present, before, hour) > 0.0 {
            let gains = |one: &Activity| (one.shares[hour] - one.shares[before]).max(0.0);
            pick(profile.all().map(gains), lot)
        } else {
            pick(profile.all().map(|one| one.shares[hour] / one.session.as_secs_f64()), lot)
        }
    });
}

/// The chance that a session of an activity ends when one hour follows another.
fn leaves(profile: &OwnerProfile, activity: usize, before: usize, hour: usize) -> f64 {
    let Some(one) = profile.all().nth(activity) else { return 0.0 };
    let (was, is) = (one.shares[before], one.shares[hour]);
    if is < was { 1.0 - is / was } else { 0.0 }
}

/// The place of a lot from 0 to 1 among weights.
fn pick(weights: impl Iterator<Item = f64> + Clone, lot: f64) -> usize {
    let mut left = lot * weights.clone().sum::<f64>();
    let mut last = 0;
    for (place, weight) in weights.enumerate().filter(|(_, weight)| *weight > 0.0) {
        last = place;
        left -= weight;
        if left < 0.0 {
            break;
        }
    }
    last
}

fn begin_session(
    world: &mut World,
    step: &mut Step<'_>,
    id: MachineId,
    choose: impl Fn(&OwnerProfile, f64) -> usize,
) {
    let machine = &world.machines[id.index()];
    let number = machine.session.number + 1;
    let mut draw = world.draws.at(purpose::OWNER, machine.key, number);
    let profile = world.owner_profile(id).expect("only machines with owners get here");
    let activity = choose(profile, draw.unit());
    let one = profile.all().nth(activity).expect("the choice is one of them");
    let width = u64::from(one.use_max.0 - one.use_min.0) + 1;
    let taken = Ppm(one.use_min.0 + draw.below(width) as u32);
    let stops = taken >= profile.preempts_from;
    let length = world.draw_session(id, profile, activity, step.now, &mut draw);
    let session = Session { number, activity: activity as u8, taken, stops };
    step.out.after(length, Event::OwnerSwitched(id));
    let session = ask_back(world, step, id, session);
    apply_session(world, step, id, session);
}

/// Takes away or gives back what one session takes and the last did not, or the other way round.
pub fn apply_session(world: &mut World, step: &mut Step<'_>, id: MachineId, session: Session) {
    let machine = &mut world.machines[id.index()];
    let (stopped, before) = (machine.session.stops, machine.owner_takes());
    machine.session = session;
    let takes_more = machine.owner_takes() > before;
    // Work goes slower before its owner takes more, and faster after it takes less.
    if !takes_more {
        world.note_owner(step.now, id, before);
    }
    if session.stops != stopped {
        set_cause(world, step, id, Cause::Owner, session.stops);
    } else if !session.stops && world.machines[id.index()].causes.is_up() {
        for job in world.machines[id.index()].jobs.clone() {
            change_share(world, step, job);
        }
    }
    if takes_more {
        world.note_owner(step.now, id, before);
    }
}

/// Hours that a session may last at most: all but one in e^16 end by themselves before.
const HOURS_MAX: usize = 16 * 24;

impl World {
    fn owner_profile(&self, id: MachineId) -> Option<&OwnerProfile> {
        self.host_class_of(id).owner_use.map(|place| &self.scenario.owner_profiles[place])
    }

    /// How long a session lasts: an exponential time, cut where an hour's shares fall.
    fn draw_session(
        &self,
        id: MachineId,
        profile: &OwnerProfile,
        activity: usize,
        now: SimTime,
        draw: &mut Draw,
    ) -> Span {
        let one = profile.all().nth(activity).expect("the choice is one of them");
        let seconds = draw.sample(&Exponential::new(one.session.as_secs_f64()));
        let length = Span::from_secs_f64_rounded(seconds).max(Span::from_nanos(1));
        let (hour, into_hour) = self.owner_hour(id, now);
        let mut end = Span::HOUR.saturating_sub(into_hour);
        for past in 0..HOURS_MAX {
            if end >= length {
                return length;
            }
            let before = (hour + past) % WEEK_HOURS;
            let leaves = leaves(profile, activity, before, (before + 1) % WEEK_HOURS);
            if leaves > 0.0 && draw.unit() < leaves {
                return end;
            }
            end += Span::HOUR;
        }
        end
    }

    /// The hour of the week on an owner's clock, and how far into it. Clocks are up to half an hour
    /// off, so that not everybody begins to play at the same moment.
    fn owner_hour(&self, id: MachineId, now: SimTime) -> (usize, Span) {
        let machine = &self.machines[id.index()];
        let region = self.providers[machine.provider.index()].region;
        let minute = 60 * Span::SECOND.nanos() as i64;
        let (hour, week) = (60 * minute, 7 * 24 * 60 * minute);
        let start = i64::from(self.scenario.clock.start_weekday) * 24 * hour;
        let offset = i64::from(self.scenario.regions[region.index()].utc_offset_minutes) * minute;
        let lot = self.draws.at(purpose::OWNER_CLOCK, machine.key, 0).below(hour as u64) as i64;
        let local = (start + offset + lot - hour / 2 + now.nanos() as i64 % week).rem_euclid(week);
        ((local / hour) as usize, Span::from_nanos((local % hour) as u64))
    }

    /// Brings the meters up to date after what a machine's owner takes of it may have changed.
    pub fn note_owner(&mut self, now: SimTime, id: MachineId, before: u64) {
        let machine = &self.machines[id.index()];
        let (provider, after) = (machine.provider, machine.owner_takes());
        if before != after {
            self.change_usage(now, provider, |usage| usage.owner = usage.owner - before + after);
        }
    }
}

impl Machine {
    /// What the owner takes now, in millionths of a GPU; nothing while the machine is down for
    /// another reason.
    pub fn owner_takes(&self) -> u64 {
        let is_on = self.causes.without(Cause::Owner).is_up();
        if is_on { u64::from(self.gpus) * u64::from(self.session.taken.0) } else { 0 }
    }

    /// The share that its owner leaves to work.
    pub fn share_left(&self) -> Ppm {
        Ppm(Ppm::ONE.0 - if self.session.stops { 0 } else { self.session.taken.0 })
    }
}
