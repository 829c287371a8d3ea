//! What does a proven deviation cost an operator, and who gets it?

use crate::testing::{Chain, PRICE, params, tokens};
use crate::{Account, Call, Flow, Genesis, OperatorStake, Party, Reason, Receipt, Rejection};
use crate::{DecisionDigest, State};
use mechanism::slash::Magnitudes;
use units::{Asset, BasisPoints, OperatorId, SimTime};

const START: SimTime = SimTime::ZERO;
const FIRST: OperatorId = OperatorId(0);

fn deviation(operator: OperatorId) -> Call {
    Call::SlashOperator { operator, signed: DecisionDigest(1), recomputed: DecisionDigest(2) }
}

#[test]
fn the_committee_brings_its_stake_at_genesis() {
    let mut chain = Chain::new();
    assert_eq!(chain.state.operator_stake(FIRST), tokens(600));
    assert_eq!(chain.state.operator_stake(OperatorId(1)), tokens(400));
    let flows = chain.state.ledger.take_flows();
    let key = (Asset::Spon, Party::Outside, Party::OperatorStake, Reason::StakePosted);
    assert_eq!(flows[&key], Flow { count: 2, amount: tokens(1_000).base() });
}

#[test]
fn a_slash_takes_its_fraction_of_what_is_left_and_burns_its_share() {
    let mut chain = Chain::new();
    let receipt = chain.accept(START, deviation(FIRST));
    let magnitude = 900_000_000_000_000_000;
    let parts = chain.params.slashing.destinations.divide_rounded_down(tokens(60));
    assert_eq!(receipt, Receipt::OperatorSlashed { amount: tokens(60), magnitude, parts });
    assert_eq!(chain.state.operator_stake(FIRST), tokens(540));
    // 33.33 % of 60 tokens is burned.
    let kept = tokens(60).base() - BasisPoints(3_333).of_rounded_down(tokens(60).base());
    assert_eq!(chain.spon(Account::Treasury), kept);
    let receipt = chain.accept(START, deviation(FIRST));
    let magnitude = 810_000_000_000_000_000;
    let parts = chain.params.slashing.destinations.divide_rounded_down(tokens(54));
    assert_eq!(receipt, Receipt::OperatorSlashed { amount: tokens(54), magnitude, parts });
    assert_eq!(chain.state.operator_stake(OperatorId(1)), tokens(400), "nobody else pays");
}

#[test]
fn only_a_proven_deviation_of_a_member_with_stake_is_slashed() {
    let mut chain = Chain::new();
    let same = DecisionDigest(7);
    let honest = Call::SlashOperator { operator: FIRST, signed: same, recomputed: same };
    assert_eq!(chain.refuse(START, honest), Rejection::NoDeviation);
    assert_eq!(chain.refuse(START, deviation(OperatorId(2))), Rejection::NoSuchOperator);
}

#[test]
fn who_has_lost_everything_is_not_slashed_again() {
    let mut params = params();
    params.slashing.operator = BasisPoints::WHOLE;
    let genesis = Genesis {
        tenants: 0,
        gateways: 0,
        delegators: 0,
        registry: Vec::new(),
        operator_stakes: &[tokens(5)],
        price: PRICE,
        exchange: None,
    };
    let state = State::genesis(genesis, &params);
    let mut chain = Chain { state, params };
    let receipt = chain.accept(START, deviation(FIRST));
    let parts = chain.params.slashing.destinations.divide_rounded_down(tokens(5));
    let slashed = Receipt::OperatorSlashed { amount: tokens(5), magnitude: 0, parts };
    assert_eq!(receipt, slashed);
    assert_eq!(chain.refuse(START, deviation(FIRST)), Rejection::NothingToSlash);
    assert_eq!(chain.state.operators[0].magnitude(), 0);
    assert_eq!(OperatorStake::new(tokens(5)).magnitude(), Magnitudes::WHOLE);
}
