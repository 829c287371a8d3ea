//! Making the record of a round.

use super::{Bid, MatchRecord, Picked, Rejected, Rules};
use crate::beacon::{Beacon, Closing};
use crate::bytes::{Bytes, Hash};
use crate::candidate::{Candidate, Merit};
use crate::committee::Committee;
use crate::merkle::Arrival;
use crate::round::{Pick, Round, RoundInput};
use crate::score::{DrawKey, ScoreCard};
use crate::wrong::WrongField;
use units::{Ppm, ProviderId};

/// What a record holds that a round does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The end of the window.
    pub closing: Closing,
    /// How the beacon came about.
    pub beacon: Beacon,
    /// Who may sign.
    pub committee: Committee,
}

impl MatchRecord {
    /// The record of `round`, without signatures.
    ///
    /// `bids` has every candidate that the round could have looked at, in any order, with the
    /// arrival of its bid; none when no bid of it came inside the window.
    ///
    /// # Errors
    /// The first field that does not follow from the facts: then the round was decided under
    /// another ticket, or by a search that was wrong.
    pub fn make<'c>(
        facts: &Facts,
        input: &RoundInput<'_>,
        round: &Round,
        bids: impl IntoIterator<Item = (&'c Candidate, Option<Arrival>)>,
    ) -> Result<MatchRecord, WrongField> {
        let mut record = state(facts, input, round);
        record.admit(bids);
        let record = record.recompute()?;
        check_decided(&record, facts, input, round)?;
        Ok(record)
    }

    /// Takes in the bids that pass the filters and came in time, and counts the rest.
    fn admit<'c>(&mut self, bids: impl IntoIterator<Item = (&'c Candidate, Option<Arrival>)>) {
        let filter = self.filter();
        let (mut admitted, mut rejected) = (Vec::new(), Rejected::default());
        for (candidate, arrival) in bids {
            match (filter.check(candidate), arrival) {
                (Ok(()), Some(arrival)) => admitted.push(blank_bid(candidate, arrival)),
                (Ok(()), None) => rejected.window_missed += 1,
                (Err(reject), _) => rejected.by_filter[reject as usize] += 1,
            }
        }
        admitted.sort_by_key(|bid: &Bid| bid.candidate.key);
        (self.bids, self.rejected) = (admitted, rejected);
    }
}

/// What follows is filled in later.
const BLANK: Hash = Bytes([0; 32]);

/// The facts of a record, without bids.
fn state(facts: &Facts, input: &RoundInput<'_>, round: &Round) -> MatchRecord {
    MatchRecord {
        version: MatchRecord::VERSION,
        chain_id: facts.closing.chain_id,
        close_height: facts.closing.height,
        block_hash: facts.closing.block_hash,
        order: input.order.clone(),
        rtt_from_tenant: input.rtt_from_tenant.to_vec(),
        rules: Rules {
            core: input.core,
            weights: *input.scoring.weights(),
            forms: *input.scoring.forms(),
            soft: input.soft,
            draws_max: input.draws_max,
        },
        committee: facts.committee.clone(),
        beacon: facts.beacon.clone(),
        beacon_value: BLANK,
        round_key: BLANK,
        rejected: Rejected::default(),
        dropped: round.dropped,
        bids_root: BLANK,
        bids: Vec::new(),
        picks: Vec::new(),
        digest: BLANK,
        signatures: Vec::new(),
    }
}

fn blank_bid(candidate: &Candidate, arrival: Arrival) -> Bid {
    let none = Ppm::ZERO;
    Bid {
        candidate: Candidate { merit: Merit::default(), provider: ProviderId(0), ..*candidate },
        arrival,
        card: ScoreCard {
            region: none,
            price: none,
            uptime: none,
            reputation: none,
            availability: none,
            slash: none,
            stake: none,
        },
        score: none,
        draw_key: DrawKey(0),
    }
}

/// That the round was decided as the record says.
fn check_decided(
    record: &MatchRecord,
    facts: &Facts,
    input: &RoundInput<'_>,
    round: &Round,
) -> Result<(), WrongField> {
    let order = input.order.key;
    if facts.closing.order != order {
        return Err(WrongField::new("order.key", order.0, facts.closing.order.0));
    }
    if facts.closing.ticket(record.beacon_value) != input.ticket {
        return Err(WrongField::new("round_key", record.round_key, "the ticket of another"));
    }
    if record.dropped != round.dropped {
        let [expected, found] = [record.dropped, round.dropped].map(|soft| format!("{soft:?}"));
        return Err(WrongField::new("dropped", expected, found));
    }
    let decided = |pick: &Pick| Picked { provider: pick.key, price: pick.price };
    let found: Vec<Picked> = round.picks.iter().map(decided).collect();
    if record.picks != found {
        let [expected, found] = [&record.picks, &found].map(|picks| format!("{picks:?}"));
        return Err(WrongField::new("picks", expected, found));
    }
    for pick in &round.picks {
        let place = record.bids.binary_search_by_key(&pick.key, |bid| bid.candidate.key);
        let bid = &record.bids[place.expect("a pick is one of the bids, which go by key")];
        if (bid.score, bid.draw_key) != (pick.score, pick.draw_key) {
            let expected = format!("{:?} {:?}", bid.score, bid.draw_key);
            let found = format!("{:?} {:?}", pick.score, pick.draw_key);
            return Err(WrongField::new("picks", expected, found));
        }
    }
    Ok(())
}
