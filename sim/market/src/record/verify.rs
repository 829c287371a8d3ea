//! Deciding a round again from its record.

use super::form::Form;
use super::{Bid, MatchRecord, Picked};
use crate::beacon::Ticket;
use crate::candidate::Candidate;
use crate::committee::{Committee, is_signed};
use crate::merkle::bids_root;
use crate::round::{Round, RoundInput, match_round_eager};
use crate::score::Scoring;
use crate::wrong::WrongField;
use std::collections::BTreeSet;
use units::{ProviderId, Spon};

impl MatchRecord {
    /// Recomputes everything that follows from the record's facts, and verifies its signatures.
    ///
    /// The order is fixed: that every value is one that can be written; version, committee,
    /// evidence of the beacon, bids; then every field that follows, in the order of the record;
    /// then the signatures.
    ///
    /// # Errors
    /// The first field that does not hold. A fact that was altered shows in the first field that
    /// followed from it, the digest at the latest.
    pub fn verify(&self) -> Result<(), WrongField> {
        let record = MatchRecord::read(&self.write())?;
        record.recompute()?.write().check_same(&record.write())?;
        record.check_signatures()
    }

    /// Like [`MatchRecord::verify`] for who knows the committee, say from the chain.
    ///
    /// # Errors
    /// The first field that does not hold, those of the committee before all others.
    pub fn verify_under(&self, committee: &Committee) -> Result<(), WrongField> {
        let same = committee.write().check_same(&self.committee.write());
        same.map_err(|wrong| wrong.inside("committee"))?;
        self.verify()
    }

    /// The record with every field that follows from others worked out anew.
    ///
    /// # Errors
    /// A fact from which no round follows.
    pub(super) fn recompute(&self) -> Result<MatchRecord, WrongField> {
        self.check_facts()?;
        let beacon = self.beacon.value(&self.closing(), &self.committee);
        let beacon_value = beacon.map_err(|wrong| wrong.inside("beacon"))?;
        let scoring = self.scoring()?;
        let candidates = self.candidates(&scoring);
        self.check_eligible(&candidates)?;

        let mut record = self.clone();
        record.beacon_value = beacon_value;
        record.round_key =
            Ticket::round_key(self.chain_id, self.order.key, self.close_height, &beacon_value.0);
        record.bids_root = bids_root(self.leaves());
        let input = RoundInput {
            order: &self.order,
            rtt_from_tenant: &self.rtt_from_tenant,
            ticket: self.closing().ticket(beacon_value),
            core: self.rules.core,
            scoring: &scoring,
            // Everybody is drawn, so that everybody has a key; the first are the picks.
            draws_max: u32::try_from(candidates.len()).unwrap_or(u32::MAX),
            soft: self.rules.soft,
        };
        record.fill(&input, &candidates);
        record.digest = record.compute_digest();
        Ok(record)
    }

    /// How the rules score.
    pub(super) fn scoring(&self) -> Result<Scoring, WrongField> {
        Scoring::new(self.rules.weights, self.rules.forms)
            .map_err(|error| WrongField::new("rules", "weights and forms that score", error))
    }

    /// The candidates with what a round reads of them.
    fn candidates(&self, scoring: &Scoring) -> Vec<Candidate> {
        let candidate = |(place, bid): (u32, &Bid)| Candidate {
            merit: scoring.merit(&bid.candidate.standing),
            provider: ProviderId(place),
            ..bid.candidate
        };
        (0..).zip(&self.bids).map(candidate).collect()
    }

    /// What is said of the bids and picks, from a round among all of them.
    fn fill(&mut self, input: &RoundInput<'_>, candidates: &[Candidate]) {
        let Round { picks, dropped, .. } = match_round_eager(input, candidates.iter(), |_| true);
        self.dropped = dropped;
        for (bid, candidate) in self.bids.iter_mut().zip(candidates) {
            let rtt = candidate.rtt(input.rtt_from_tenant).expect("its region was checked");
            bid.card = input.scoring.card(input.order, candidate, rtt);
            bid.score = input.scoring.score(input.scoring.points(&bid.card));
        }
        for pick in &picks {
            self.bids[pick.provider.index()].draw_key = pick.draw_key;
        }
        let drawn = picks.iter().take(self.rules.draws_max as usize);
        self.picks = drawn.map(|p| Picked { provider: p.key, price: p.price }).collect();
    }

    /// That version, committee and bids are such that a round can be decided.
    fn check_facts(&self) -> Result<(), WrongField> {
        if self.version != MatchRecord::VERSION {
            return Err(WrongField::new("version", MatchRecord::VERSION, self.version));
        }
        self.check_committee().map_err(|wrong| wrong.inside("committee.operators"))?;
        let mut numbers: Vec<u32> = self.bids.iter().map(|bid| bid.candidate.number).collect();
        numbers.sort_unstable();
        if let Some([twice, _]) = numbers.array_windows().find(|[a, b]| a == b) {
            return Err(WrongField::new("bids", "registration numbers once", twice));
        }
        for (at, bid) in self.bids.iter().enumerate() {
            let wrong = |field: &str, expected: &str, found: String| {
                Err(WrongField::new(field, expected, found).at(at).inside("bids"))
            };
            if at > 0 && self.bids[at - 1].candidate.key >= bid.candidate.key {
                let found = bid.candidate.key.write().to_string();
                return wrong("candidate.key", "a larger key than the one before", found);
            }
            if bid.arrival.height > self.close_height {
                let found = bid.arrival.height.to_string();
                return wrong("arrival.height", "a block inside the window", found);
            }
        }
        Ok(())
    }

    /// That operators stand in order, each once, with stakes that add up.
    fn check_committee(&self) -> Result<(), WrongField> {
        let operators = &self.committee.operators;
        let mut public_keys = BTreeSet::new();
        let mut stake = 0_i128;
        for (at, operator) in operators.iter().enumerate() {
            if at > 0 && operators[at - 1].key >= operator.key {
                let found = operator.key.write();
                return Err(WrongField::new("key", "a larger key than before", found).at(at));
            }
            if operator.stake < Spon::ZERO {
                let found = operator.stake.base();
                return Err(WrongField::new("stake_atto_spon", "no debt", found).at(at));
            }
            if !public_keys.insert(operator.public_key) {
                let found = operator.public_key.to_string();
                return Err(WrongField::new("public_key", "a key of its own", found).at(at));
            }
            // A sum that stopped at the most would make a quorum of a part.
            stake = stake.checked_add(operator.stake.base()).ok_or_else(|| {
                let found = operator.stake.base();
                WrongField::new("stake_atto_spon", "stakes that add up", found).at(at)
            })?;
        }
        Ok(())
    }

    /// That everybody admitted passes every filter that was not dropped.
    fn check_eligible(&self, candidates: &[Candidate]) -> Result<(), WrongField> {
        let filter = self.filter();
        let mut checks = candidates.iter().map(|candidate| filter.check(candidate)).enumerate();
        let failed = checks.find_map(|(at, check)| check.err().map(|reject| (at, reject)));
        failed.map_or(Ok(()), |(at, reject)| {
            let found = format!("one that fails `{}`", reject.name());
            Err(WrongField::new("", "a bid that passes every filter", found).at(at).inside("bids"))
        })
    }

    /// That members of the committee signed the digest, each once, with the stake of a quorum, and
    /// with some: a committee without stake decides nothing, as on the chain (protocol.md 9.7).
    fn check_signatures(&self) -> Result<(), WrongField> {
        let message = self.message();
        let mut stake = Spon::ZERO;
        for (at, signed) in self.signatures.iter().enumerate() {
            let wrong = |field: &str, expected: &str, found: String| {
                Err(WrongField::new(field, expected, found).at(at).inside("signatures"))
            };
            let operator_text = signed.operator.write().to_string();
            let Some(operator) = self.committee.operator(signed.operator) else {
                return wrong("operator", "a member of the committee", operator_text);
            };
            if at > 0 && self.signatures[at - 1].operator >= signed.operator {
                return wrong("operator", "a larger key than the one before", operator_text);
            }
            if !is_signed(operator.public_key, &message, signed.signature) {
                let expected = "the operator's signature of the digest";
                return wrong("signature", expected, signed.signature.to_string());
            }
            stake += operator.stake;
        }
        let (quorum, signed) = (self.committee.quorum_stake().base().max(1), stake.base());
        if signed < quorum {
            let expected = format!("stake of at least {quorum}");
            return Err(WrongField::new("signatures", expected, signed));
        }
        Ok(())
    }
}
