//! Owner profiles: activities of consumer machines by the hour.

use crate::catalogue::names;
use crate::node::Value;
use crate::reader::{Names, Table, as_number};
use crate::validated::{Activity, OwnerProfile, WEEK_HOURS};
use units::text::parse_ppm;
use units::{Ppm, Span};

/// Far more than anyone can describe.
const PROFILES_MAX: usize = 100;
const ACTIVITIES_MAX: usize = 20;
/// Shorter sessions would only be events without end, longer ones never meet an hour's shares.
const SESSION_MIN: Span = Span::from_secs(60);
const SESSION_MAX: Span = Span::from_hours(24);
/// The word of who is at nothing.
const IDLE: &str = "idle";

/// The names of all owner profiles.
pub fn owner_profile_names(root: &Table) -> Names {
    names(root, "owner_profile", PROFILES_MAX)
}

/// The owner profiles.
pub fn owner_profiles(root: &Table) -> Vec<OwnerProfile> {
    let profiles = root.entries("owner_profile", |name, table| {
        let preempts_from = table.quantity("preempts_from", parse_ppm);
        table.require((10_000..=990_000).contains(&preempts_from.0), "preempts_from", || {
            "leaves no lease or slows none; write 1 % to 99 %".to_string()
        });
        let activities = table.entries("activity", read_activity);
        let mut activities: Vec<Activity> = activities.into_iter().map(|(_, one)| one).collect();
        table.require(activities.len() <= ACTIVITIES_MAX, "activity", || {
            format!("has {} entries; keep at most {ACTIVITIES_MAX}", activities.len())
        });
        let idle = activities.iter().position(|one| one.name == IDLE);
        table.require(idle.is_some(), "activity", || {
            "lacks idle, which takes the rest of every hour; write activity.idle".to_string()
        });
        let mut idle = match idle {
            Some(place) => activities.remove(place),
            None => Activity::nothing(),
        };
        idle.shares = rest(table, &activities);
        OwnerProfile { name: name.to_string(), preempts_from, idle, activities }
    });
    profiles.into_iter().map(|(_, profile)| profile).collect()
}

impl Activity {
    fn nothing() -> Activity {
        Activity {
            name: IDLE.to_string(),
            use_min: Ppm::ZERO,
            use_max: Ppm::ZERO,
            session: SESSION_MIN,
            shares: vec![0.0; WEEK_HOURS],
        }
    }
}

fn read_activity(name: &str, table: &Table) -> Activity {
    let (use_min, use_max) = table.table("use", |range| {
        let (min, max) = (range.quantity("min", parse_ppm), range.quantity("max", parse_ppm));
        range.require(min <= max, "min", || "is above max; lower min or raise max".to_string());
        range.require(max <= Ppm::ONE, "max", || "is above 100 %; lower it".to_string());
        (min, max)
    });
    let session = table.span_above_zero("session");
    let is_sane = !table.is_sound() || (SESSION_MIN..=SESSION_MAX).contains(&session);
    table.require(is_sane, "session", || "is no length; write 1 min to 24 h".to_string());
    let shares = if name == IDLE {
        vec![0.0; WEEK_HOURS]
    } else {
        let (weekday, weekend) = (percents(table, "weekday"), percents(table, "weekend"));
        let day = |day: usize| if day < 5 { weekday } else { weekend };
        (0..7).flat_map(day).collect()
    };
    Activity { name: name.to_string(), use_min, use_max, session, shares }
}

/// Shares of the 24 local hours, written in percent.
fn percents(table: &Table, key: &str) -> [f64; 24] {
    let mut shares = [0.0; 24];
    match table.node(key).map(|node| &node.value) {
        Some(Value::List(items)) if items.len() == 24 => {
            let numbers = items.iter().map(|item| as_number(&item.value));
            shares.iter_mut().zip(numbers).for_each(|(share, number)| *share = number / 100.0);
        }
        Some(_) => table.problem(key, "is no list of 24 numbers; write a percentage for each hour"),
        None => {}
    }
    if !shares.iter().all(|share| (0.0..=1.0).contains(share)) {
        table.problem(key, "holds something else; write 24 percentages from 0 to 100");
        return [0.0; 24];
    }
    shares
}

/// What activities leave of each hour.
fn rest(table: &Table, activities: &[Activity]) -> Vec<f64> {
    let sum = |hour| activities.iter().map(|one: &Activity| one.shares[hour]).sum::<f64>();
    let sums: Vec<f64> = (0..WEEK_HOURS).map(sum).collect();
    let worst = (0..WEEK_HOURS).max_by(|a, b| sums[*a].total_cmp(&sums[*b])).unwrap_or(0);
    table.require(sums[worst] <= 1.0 + 1e-9, "activity", || {
        let kind = if worst < 5 * 24 { "weekdays" } else { "weekends" };
        let (hour, percent) = (worst % 24, libm::round(sums[worst] * 1e4) / 1e2);
        format!("adds up to {percent} % at {hour} h on {kind}; lower some to 100 % or less in all")
    });
    sums.into_iter().map(|sum| (1.0 - sum).max(0.0)).collect()
}
