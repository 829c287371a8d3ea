//! Lists as long as somebody hostile writes them. No clock is read: each test is so large that
//! looking at every item of a list for every other one takes 10^9 steps or more, which would be
//! noticed by whoever waits for it.

use market::{
    Candidate, Committee, Core, Forms, Mode, Operator, Order, Reject, RoundInput, Scoring, Signer,
    SoftFilters, Ticket, Weights, check_eligible, match_round_eager,
};
use units::{BasisPoints, EntityKey, GpuHourPrice, ProviderId, Span, Spon};

const MANY: u64 = 100_000;

fn candidate(ordinal: u64) -> Candidate {
    let price = GpuHourPrice::from_nanos(100 + ordinal);
    let place = u32::try_from(ordinal).expect("far fewer candidates");
    let candidate = Candidate::plain(EntityKey(ordinal), place, Mode::Fizz, price);
    Candidate { merit: scoring().merit(&candidate.standing), ..candidate }
}

fn scoring() -> Scoring {
    Scoring::new(Weights::BALANCED, Forms::capped_at(50)).expect("it scores")
}

fn order() -> Order {
    Order::plain(EntityKey(7), Mode::Fizz, GpuHourPrice::from_nanos(u64::MAX))
}

#[test]
fn everybody_is_asked_for_by_name() {
    let even = |key: &EntityKey| key.0.is_multiple_of(2);
    let names = || (0..MANY).rev().map(EntityKey);
    let order = Order { included: names().collect(), ..order() };
    let order = Order { excluded: names().chain(names()).filter(even).collect(), ..order };
    assert_eq!(order.excluded.as_slice().len() as u64, MANY / 2);
    for ordinal in 0..=MANY {
        let is_asked = ordinal % 2 == 1 && ordinal < MANY;
        let expected = if is_asked { Ok(()) } else { Err(Reject::Excluded) };
        assert_eq!(check_eligible(&order, &candidate(ordinal), &[Span::ZERO]), expected);
    }
}

#[test]
fn half_of_all_bids_are_late_and_all_of_them_are_dearer() {
    let (scoring, order) = (scoring(), order());
    let input = RoundInput {
        order: &order,
        rtt_from_tenant: &[Span::ZERO],
        ticket: Ticket::new(0, order.key, 0, b"beacon"),
        core: Core::from_name("lowest_price").expect("it is a core"),
        scoring: &scoring,
        draws_max: 1,
        soft: SoftFilters::default(),
    };
    let candidates: Vec<Candidate> = (0..MANY).map(candidate).collect();
    let in_time = |candidate: &Candidate| u64::from(candidate.number) < MANY / 2;
    let round = match_round_eager(&input, candidates.iter(), in_time);
    assert_eq!((round.picks[0].provider, round.late), (ProviderId(0), false));
}

#[test]
fn every_member_of_a_large_committee_is_found() {
    let public_key = Signer::from_seed([1; 32]).public_key();
    let operator = |ordinal| Operator { key: EntityKey(ordinal), stake: Spon::ONE, public_key };
    let operators = (0..MANY).map(|ordinal| operator(2 * ordinal)).collect();
    let committee = Committee { operators, quorum: BasisPoints(6_667), group_key: public_key };
    for ordinal in 0..2 * MANY {
        let found = committee.operator(EntityKey(ordinal)).map(|operator| operator.key.0);
        assert_eq!(found, ordinal.is_multiple_of(2).then_some(ordinal));
    }
}
