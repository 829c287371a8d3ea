//! Which declared values a scenario leans on: its catalogues hold more than it uses.

use crate::validated::{
    BeaconKind, Class, DemandCurve, EntryRule, Expecting, Leaving, Moved, Moving, MovingRule, Pool,
    Scenario, Traded, UNMOVED,
};
use units::{Ppm, RegionId};

/// The modes of rewards that have numbers of their own.
const MODES: [&str; 4] = ["usd_floor", "revenue_match", "utilization_gap", "payer_band"];

impl Scenario {
    /// Whether a run can depend on the value of a key: not so for chain profiles, price books and
    /// cores that were not chosen, nor for cards, host classes and regions that nobody has.
    pub fn is_in_force(&self, key: &str) -> bool {
        let parts: Vec<&str> = key.split('.').collect();
        match parts[..] {
            ["price_books", book, card, ..] => {
                book == self.price_books[self.price_book].name && self.uses_card(card)
            }
            ["card", card, ..] => self.uses_card(card),
            ["owner_profile" | "host_class", ..] => self.is_host_in_force(&parts),
            ["provider_kind", kind, ..] => self.uses_provider_kind(kind),
            ["fleet", ..] => !self.fleet.is_empty(),
            ["tenant_kind", kind, ..] => self.uses_tenant_kind(kind),
            ["tenant_rules" | "tenant_misuse", ..] => self.is_misuse_in_force(&parts),
            ["venue", _, "is_open"] | ["venues", ..] => self.is_choosing(),
            ["venue", venue, ..] => self.is_choosing() && self.is_venue_open(venue),
            ["ordering", "ceiling", _] => self.has_even_ceilings(),
            ["contract", "long", ..] => self.has_long_contracts(),
            ["contract", "save"] => self.gives_notice(),
            ["country", country, ..] => self.uses_country(country),
            ["investment", "ewma", ..] => self.expects_by(Expecting::Ewma),
            ["investment", "optimistic", ..] => self.expects_by(Expecting::Optimistic),
            ["investment", "npv", "rate"] => self.decides_by(&["npv", "option", "move"]),
            ["investment", "npv", key] => {
                self.decides_by(&["npv", "option"]) || key != "decline" && self.buys_by_logit()
            }
            ["investment", "hysteresis", ..] => self.decides_by(&["hysteresis", "option"]),
            ["investment", "logit", "per_month" | "scale"] if self.moves_by_logit() => true,
            ["investment", rule @ ("logit" | "bull"), ..] => self.decides_by(&[rule]),
            ["investment", "upkeep"] => true,
            ["investment", ..] => !self.deciding_by().is_empty(),
            ["other_network", _, "is_open"] => self.decides_by(&["move"]),
            ["other_network", network, ..] => {
                self.other_networks.iter().any(|one| one.name == network && one.is_open)
            }
            ["admission", name, ..] => self.pools.iter().any(|pool| pool.admission.name() == name),
            ["region", region, ..] => self.uses_region(region),
            ["class", pool, class, key, ..] if key != "share" => self.uses_class(pool, class),
            ["hardware", law, _] if law != "schedule" && law != "age" => {
                law == self.hardware.name()
            }
            ["repair_crews", host_class] => self.uses_host_class(host_class),
            ["ordering", "line", _] => self.waiting.is_line,
            ["latency", "rtt_ms", from, to] => self.uses_region(from) && self.uses_region(to),
            _ => self.is_rule_in_force(&parts),
        }
    }

    /// The same of what chain, matching, money and rewards go by.
    fn is_rule_in_force(&self, parts: &[&str]) -> bool {
        match *parts {
            ["chain_profile", name, "finality", _] => {
                name == self.chain.profile && self.chain.finality.is_awaited
            }
            ["chain_profile", name, "gas", ..] => name == self.chain.profile && self.gas.is_charged,
            ["chain_profile", name, ..] => name == self.chain.profile,
            ["gas", key, ..] => key == "is_charged" || self.gas.is_charged,
            ["matching", "core_parameters", core, ..] => core == self.matching.core.name(),
            ["stake", "minimum_per_gpu"] => self.stake.pledge.name() == "dollars",
            ["stake", form @ ("tokens" | "model" | "power"), _] => form == self.stake.pledge.name(),
            ["delegation", "delegators"] => true,
            ["delegation", ..] => self.delegation.delegators > 0,
            ["challengers", "detection"] => self.pools.iter().any(|pool| pool.misconduct.is_some()),
            ["challengers", "framing"] => self.challengers.colluding > Ppm::ZERO,
            ["challengers", "upheld"] => !self.slashing.appeal.is_zero(),
            ["payment", rail, _] => rail == self.payment.name(),
            ["pricing", rule, _] => rule == self.pricing.name(),
            ["token", process, _, ..] if process != "innovation" => {
                process == self.drivers.processes[Moved::Token as usize]
            }
            ["treasury", "burned"] => self.treasury.share.0 > 0,
            ["token_sales", "delegators"] => self.delegation.delegators > 0,
            ["impact", form @ ("square_root" | "linear"), _] => {
                self.token.traded == Traded::Impact && form == self.impact.impact.name()
            }
            ["impact", ..] => self.token.traded == Traded::Impact,
            ["exchange", ..] => self.token.traded == Traded::Pool,
            ["token", "innovation", ..] => self.moves(Moved::Token),
            ["drivers", "regimes" | "correlation", ..] => self.drivers.is_moving(),
            ["emission", schedule, _] => {
                schedule == self.emission.rules.schedule.name() || schedule == "net"
            }
            ["rewards", mode, _] if MODES.contains(&mode) => mode == self.rewards.mode.name(),
            ["rewards", "milestone", "uptime", _] => self.rewards.milestones.uptime.share.0 > 0,
            ["rewards", "milestone", "quality", _] => self.rewards.milestones.quality.share.0 > 0,
            ["supply", "allocation", ..] | ["supply", "total"] => self.supply.is_declared(),
            ["matching", "grinding", ..] => self.matching.beacon != BeaconKind::AvsThreshold,
            _ => true,
        }
    }

    /// Whether anybody is in a region: a provider, a tenant, an operator or the sequencer.
    pub fn is_region_in_use(&self, region: RegionId) -> bool {
        let has_provider = self.has_weight(region.index(), |pool| &pool.region_weights);
        let has_fleet = self.fleet.iter().any(|one| one.region == region);
        let has_operator = self.committee.operators.iter().any(|one| one.region == region);
        let has_tenant = self.tenants.region_weights[region.index()] > 0.0;
        has_provider || has_fleet || has_tenant || has_operator || self.chain.sequencer == region
    }

    /// When those leave whom some pool has.
    fn leavings(&self) -> impl Iterator<Item = Leaving> + '_ {
        let in_use = |place: &usize| self.has_weight(*place, |pool| &pool.kind_weights.0);
        let kinds = (0..self.provider_kinds.len()).filter(in_use);
        kinds.map(|place| self.provider_kinds[place].leaving)
    }

    fn moves_by_logit(&self) -> bool {
        let by_logit = |one| matches!(one, Leaving::Move(Moving { rule: MovingRule::Logit, .. }));
        self.leavings().any(by_logit)
    }

    /// The rules by which anybody enters or leaves.
    pub fn deciding_by(&self) -> Vec<&'static str> {
        let leaving = self.leavings();
        let leaving = leaving.filter(|leaving| *leaving != Leaving::Never).map(Leaving::name);
        let entries = self.pools.iter().filter_map(|pool| pool.entry).map(|entry| entry.buying);
        let added = self.pools.iter().filter_map(|pool| pool.expansion).map(|one| one.buying);
        leaving.chain(entries.chain(added).map(|buying| buying.rule.name())).collect()
    }

    fn decides_by(&self, rules: &[&str]) -> bool {
        self.deciding_by().iter().any(|rule| rules.contains(rule))
    }

    /// Whether prospects reckon with the price of hardware as a rent over its life.
    fn buys_by_logit(&self) -> bool {
        let mut entries = self.pools.iter().filter_map(|pool| pool.entry);
        entries.any(|entry| entry.buying.rule == EntryRule::Logit)
    }

    fn expects_by(&self, expectation: Expecting) -> bool {
        self.investment.expectation == expectation && !self.deciding_by().is_empty()
    }

    fn moves(&self, moved: Moved) -> bool {
        self.drivers.processes[moved as usize] != UNMOVED
    }

    fn uses_region(&self, name: &str) -> bool {
        let mut regions = (0u16..).map(RegionId).zip(&self.regions);
        regions.any(|(id, region)| region.name == name && self.is_region_in_use(id))
    }

    fn uses_card(&self, name: &str) -> bool {
        let place = self.cards.iter().position(|card| card.name == name);
        place.is_some_and(|place| {
            self.has_weight(place, |pool| &pool.card_weights)
                || self.fleet.iter().any(|one| usize::from(one.card.0) == place)
        })
    }

    fn uses_class(&self, pool: &str, class: &str) -> bool {
        let name = format!("{pool}.{class}");
        let found = self.classes.iter().find(|class| class.name == name);
        found.is_some_and(|class| self.has_jobs(class))
    }

    /// Whether jobs of a class arrive, by its share or out of its pool's file.
    fn has_jobs(&self, class: &Class) -> bool {
        class.share > Ppm::ZERO || self.pools[class.pool.index()].replay.is_some()
    }

    fn has_long_contracts(&self) -> bool {
        self.classes.iter().any(|class| class.long_contracts > Ppm::ZERO && self.has_jobs(class))
    }

    /// Whether anybody says beforehand that leases will end: who takes them back, or who has
    /// planned maintenance.
    fn gives_notice(&self) -> bool {
        let plans = |pool: &Pool| {
            let mut hosts = pool.host_class_weights.iter().zip(&self.host_classes);
            hosts.any(|(weight, host)| *weight > 0.0 && host.maintenance.is_some())
        };
        self.contracts.has_notice() || self.pools.iter().any(plans)
    }

    /// Whether the jobs of some class do not draw their ceilings by a curve of reservation prices.
    fn has_even_ceilings(&self) -> bool {
        let mut curves = self.classes.iter().filter(|class| self.has_jobs(class));
        curves.any(|class| !matches!(class.demand_curve, Some(DemandCurve::Reservation { .. })))
    }

    fn uses_host_class(&self, name: &str) -> bool {
        let place = self.host_classes.iter().position(|host_class| host_class.name == name);
        place.is_some_and(|place| {
            self.has_weight(place, |pool| &pool.host_class_weights)
                || self.fleet.iter().any(|one| one.host_class.index() == place)
        })
    }

    fn uses_country(&self, name: &str) -> bool {
        let country = self.countries.iter().find(|country| country.name == name);
        let has_provider = |pool: &Pool, region: RegionId| {
            pool.is_by_country && pool.region_weights[region.index()] > 0.0
        };
        country.is_some_and(|one| self.pools.iter().any(|pool| has_provider(pool, one.region)))
    }

    fn uses_provider_kind(&self, name: &str) -> bool {
        let place = self.provider_kinds.iter().position(|kind| kind.name == name);
        place.is_some_and(|place| self.has_weight(place, |pool| &pool.kind_weights.0))
    }

    fn is_choosing(&self) -> bool {
        self.pools.iter().any(|pool| pool.tenant_kinds.is_some())
    }

    fn is_venue_open(&self, name: &str) -> bool {
        self.venue_list.iter().any(|venue| venue.name == name && venue.is_open)
    }

    fn uses_tenant_kind(&self, name: &str) -> bool {
        let place = self.tenant_kinds.iter().position(|kind| kind.name == name);
        let weights = self.pools.iter().filter_map(|pool| pool.tenant_kinds.as_ref());
        place.is_some_and(|place| weights.into_iter().any(|weights| weights.0[place] > 0.0))
    }

    fn is_misuse_in_force(&self, parts: &[&str]) -> bool {
        let (rules, misuse) = (&self.tenant_rules, &self.tenant_misuse);
        match *parts {
            ["tenant_rules", "part_funding" | "escrow_check"] => misuse.drain.share > Ppm::ZERO,
            ["tenant_rules", "forfeit"] => misuse.forbidden.share > Ppm::ZERO,
            ["tenant_rules", "to_provider"] => !rules.surety.is_zero() || rules.forfeit.0 > 0,
            ["tenant_rules", "strikes"] => misuse.is_any(),
            ["tenant_misuse", "return", "chance"] => rules.strikes > 0 && misuse.is_any(),
            ["tenant_misuse", "return", _] => misuse.comeback.chance > Ppm::ZERO,
            ["tenant_misuse", _, "share"] => true,
            ["tenant_misuse", "spam", _] => misuse.spam.share > Ppm::ZERO,
            ["tenant_misuse", "drain", _] => misuse.drain.share > Ppm::ZERO,
            ["tenant_misuse", "forbidden", _] => misuse.forbidden.share > Ppm::ZERO,
            ["tenant_misuse", "dispute", _] => misuse.dispute.share > Ppm::ZERO,
            _ => true,
        }
    }

    fn is_host_in_force(&self, parts: &[&str]) -> bool {
        match parts {
            ["owner_profile", profile, ..] => self.uses_owner_profile(profile),
            ["host_class", class, "bandwidth"] => self.uses_host_class(class) && self.has_images(),
            ["host_class", class, ..] => self.uses_host_class(class),
            _ => true,
        }
    }

    fn has_images(&self) -> bool {
        self.classes.iter().any(|class| class.image.is_some())
    }

    fn uses_owner_profile(&self, name: &str) -> bool {
        let place = self.owner_profiles.iter().position(|profile| profile.name == name);
        let mut hosts = self.host_classes.iter().filter(|host| host.owner_use == place);
        place.is_some() && hosts.any(|host| self.uses_host_class(&host.name))
    }

    fn has_weight(&self, place: usize, weights: impl Fn(&Pool) -> &Vec<f64>) -> bool {
        self.pools.iter().any(|pool| weights(pool)[place] > 0.0)
    }
}
