//! What providers did before the run: uptimes, so that minimum uptimes bind from the first day.

use crate::behaviour::trace::compute_history;
use crate::purpose;
use crate::state::{Machine, Provider};
use crate::world::World;
use protocol::Registration;
use scenario::UpDown;
use units::{EntityKey, Ppm};

/// Gives a provider the uptimes of a full window before the run: each era the mean share of it
/// that its machines, run through their faults and nights, were up.
pub fn note_history(world: &World, provider: &Provider, one: &mut Registration) {
    let eras = world.params.standing.uptime_window_eras;
    let host = &world.scenario.host_classes[provider.host_class.index()];
    let night = host.daily_off.map_or(1.0, |off| 1.0 - off.length.as_secs_f64() / 86_400.0);
    // A processor answers challenges while its owner plays.
    let weight = f64::from(world.scenario.rewards.gpu_weight.0) / 1e4;
    let owner = host.owner_use.map_or(1.0, |place| {
        1.0 - weight * (1.0 - world.scenario.owner_profiles[place].availability())
    });
    let planned = host.maintenance.map_or(1.0, |law| law.availability());
    let law = world.law_at_site(host, provider.owner_key);
    let machines: Vec<&Machine> = world.machines[provider.first_machine.index()..].iter().collect();
    let mut sums = vec![0.0; eras as usize];
    for machine in &machines {
        let up = match host.traces() {
            Some(traces) => {
                let trace = world.draw_trace(traces, machine.key);
                let offset = world.draw_offset(trace, machine.key);
                compute_history(trace, offset, world.params.rewards.era, eras)
            }
            None => draw_history(world, law, machine.key, eras),
        };
        sums.iter_mut().zip(up).for_each(|(sum, up)| *sum += up * night * owner * planned);
    }
    for sum in sums {
        let uptime = sum / machines.len().max(1) as f64;
        one.uptime.note(Ppm((uptime * 1e6 + 0.5) as u32), eras);
    }
}

/// The share of each of the last eras that a machine was up, by its fault law.
fn draw_history(world: &World, law: Option<UpDown>, key: EntityKey, eras: u32) -> Vec<f64> {
    let Some(law) = law else { return vec![1.0; eras as usize] };
    let era = world.params.rewards.era.as_secs_f64();
    let (up_mean, down_mean) = (law.up.mean(), law.down.mean());
    let mut is_up =
        world.draws.at(purpose::HISTORY, key, 0).unit() * (up_mean + down_mean) < up_mean;
    let mut up = vec![0.0; eras as usize];
    let (mut at, end, mut ordinal) = (0.0, era * f64::from(eras), 1);
    while at < end {
        let stretch = if is_up { law.up } else { law.down };
        let mut draw = world.draws.at(purpose::HISTORY, key, ordinal);
        // The first is found in progress.
        let length =
            if ordinal == 1 { stretch.draw_residual(&mut draw) } else { draw.sample(&stretch) };
        if is_up {
            add_stretch(&mut up, era, at, (at + length).min(end));
        }
        (at, is_up, ordinal) = (at + length, !is_up, ordinal + 1);
    }
    up
}

/// Adds the stretch from `from` to `to` to the eras it lies in, as shares of an era.
fn add_stretch(up: &mut [f64], era: f64, from: f64, to: f64) {
    for (index, share) in up.iter_mut().enumerate() {
        let (start, end) = (era * index as f64, era * (index + 1) as f64);
        *share += (to.min(end) - from.max(start)).max(0.0) / era;
    }
}
