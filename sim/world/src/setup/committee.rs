//! The committee: which views there are, and who has which.

use crate::state::Answers;
use crate::state::{Operator, View, ViewLog};
use crate::world::World;
use units::{ProviderId, Span};

/// Adds the operators of the committee, after the providers: views may lack some of those.
pub fn add_committee(world: &mut World) {
    for declared in world.scenario.committee.operators.clone() {
        let view = View { lag: declared.view_lag, hidden: hidden(world, &declared) };
        let view = if view == FULL { 0 } else { 1 + place(&mut world.views, view) };
        world.operators.push(Operator { view, answers: Answers::default() });
    }
    let lag_max = world.views.iter().map(|view| view.lag).max().unwrap_or(Span::ZERO);
    world.view_log = ViewLog::new(lag_max);
}

/// Everybody, at once.
const FULL: View = View { lag: Span::ZERO, hidden: Vec::new() };

/// The place of a view among those that differ.
fn place(views: &mut Vec<View>, view: View) -> usize {
    views.iter().position(|other| *other == view).unwrap_or_else(|| {
        views.push(view);
        views.len() - 1
    })
}

/// Whom an operator leaves out, by `ProviderId`; empty when it leaves out nobody.
fn hidden(world: &World, operator: &scenario::Operator) -> Vec<bool> {
    let Some(censors) = operator.censors else { return Vec::new() };
    let is_hidden = |id: usize| {
        let provider = &world.providers[ProviderId(id as u32).index()];
        censors.providers_from.contains(provider.region)
            || world.is_listed(provider.key, censors.providers)
    };
    let hidden: Vec<bool> = (0..world.providers.len()).map(is_hidden).collect();
    if hidden.contains(&true) { hidden } else { Vec::new() }
}
