//! How long tenants stay with this network.

use crate::named::Named;
use crate::staying::Staying;
use record::{Names, TenantRow};
use serde::Serialize;

/// How long tenants stay, from their first job here until they take jobs elsewhere and bring none
/// here for 7 days. Where nobody can, there are none.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Tenants {
    /// Those who were here from the start.
    pub first: Staying,
    /// Those who came later.
    pub later: Staying,
    /// Both, by pool.
    pub pools: Named<Staying>,
    /// Both, by tenant kind.
    pub kinds: Named<Staying>,
}

/// How long each was seen, in days, and whether it left.
type Stays = Vec<(f64, bool)>;

/// Notes tenants as they come.
pub(crate) struct TenantTally {
    first: Stays,
    later: Stays,
    pools: Vec<Stays>,
    kinds: Vec<Stays>,
}

impl TenantTally {
    pub(crate) fn new(names: &Names) -> TenantTally {
        TenantTally {
            first: Stays::new(),
            later: Stays::new(),
            pools: vec![Stays::new(); names.pools.len()],
            kinds: vec![Stays::new(); names.tenant_kinds.len()],
        }
    }

    pub(crate) fn add(&mut self, row: &TenantRow) {
        let stay = (row.stayed_ns.as_hours_f64() / 24.0, row.has_left);
        let is_later = row.came_at_ns.nanos() > 0;
        let cohort = if is_later { &mut self.later } else { &mut self.first };
        cohort.push(stay);
        self.pools[row.pool.index()].push(stay);
        self.kinds[row.tenant_kind.index()].push(stay);
    }

    pub(crate) fn finish(&self, names: &Names) -> Tenants {
        let all = |groups: &[Stays]| groups.iter().map(|one| Staying::of(one)).collect::<Vec<_>>();
        Tenants {
            first: Staying::of(&self.first),
            later: Staying::of(&self.later),
            pools: Named::zip(&names.pools, all(&self.pools)),
            kinds: Named::zip(&names.tenant_kinds, all(&self.kinds)),
        }
    }
}
