//! Does a fault cost what the rules say, once, and does the money go where they say?

use crate::stake::Staker;
use crate::testing::{CENTRE, Chain, TENANT, destinations, hour, tokens};
use crate::{Account, Call, EraEvidence, Fault, Receipt, Rejection, Taken, process_era};
use units::{BasisPoints, DelegatorId, EntityKey, Ppm, SimTime, Span, Spon};

const START: SimTime = SimTime::ZERO;
const ANN: DelegatorId = DelegatorId(0);

/// A data centre with 60 tokens of its own and 40 of Ann's.
fn staked() -> Chain {
    let mut chain = Chain::new();
    chain.accept(START, Call::PostStake { provider: CENTRE, amount: tokens(60) });
    let amount = tokens(40);
    chain.accept(START, Call::Fund { delegator: ANN, amount });
    chain.accept(START, Call::Delegate { delegator: ANN, provider: CENTRE, amount });
    chain
}

fn report(fault: Fault, happened_at: SimTime, evidence: u64) -> Call {
    let (victim, evidence) = (Some(TENANT), EntityKey(evidence));
    Call::ReportFault { provider: CENTRE, fault, happened_at, victim, evidence }
}

fn proven(chain: &mut Chain, at: SimTime, call: Call) -> Spon {
    match chain.accept(at, call) {
        Receipt::FaultProven { slashed } => slashed.taken.total(),
        other => panic!("{other:?}"),
    }
}

fn rule(chain: &mut Chain, fault: Fault) -> &mut crate::FaultRule {
    &mut chain.params.slashing.faults[fault as usize]
}

#[test]
fn misuse_takes_everything_delegated_stake_and_the_eras_reward_with_it() {
    let mut chain = staked();
    let amount = proven(&mut chain, hour(1), report(Fault::DataMisuse, START, 1));
    assert_eq!(amount, tokens(100));
    assert_eq!(chain.state.stake(CENTRE), Spon::ZERO);
    let good = EraEvidence { uptime: Ppm::ONE, ..EraEvidence::default() };
    let receipt = process_era(&mut chain.state, hour(48), &[good; 3], &chain.params);
    assert_eq!(receipt.outcomes[CENTRE.index()].reward, Spon::ZERO, "the reward is lost too");
    let receipt = process_era(&mut chain.state, hour(72), &[good; 3], &chain.params);
    assert!(receipt.outcomes[CENTRE.index()].reward > Spon::ZERO, "of that era alone");
}

#[test]
fn who_is_in_jail_earns_nothing() {
    let mut chain = staked();
    rule(&mut chain, Fault::NoShow).jail = Span::DAY.times(2);
    proven(&mut chain, hour(1), report(Fault::NoShow, START, 1));
    let good = EraEvidence { uptime: Ppm::ONE, ..EraEvidence::default() };
    for (at, is_paid) in [(24, false), (48, false), (72, true)] {
        let receipt = process_era(&mut chain.state, hour(at), &[good; 3], &chain.params);
        let reward = receipt.outcomes[CENTRE.index()].reward;
        assert_eq!(reward > Spon::ZERO, is_paid, "after {at} h");
    }
}

#[test]
fn evidence_counts_once_and_while_it_is_fresh() {
    let mut chain = staked();
    rule(&mut chain, Fault::WrongResult).of_stake = BasisPoints(1_000);
    let call = report(Fault::WrongResult, START, 7);
    assert_eq!(proven(&mut chain, hour(1), call), tokens(10));
    assert_eq!(chain.refuse(hour(2), call), Rejection::EvidenceUsed);
    let late = report(Fault::WrongResult, START, 8);
    assert_eq!(chain.refuse(hour(14 * 24 + 1), late), Rejection::NotTimely);
    let early = report(Fault::WrongResult, hour(3), 9);
    assert_eq!(chain.refuse(hour(2), early), Rejection::NotTimely);
}

#[test]
fn the_parts_of_a_price_add_up_to_what_there_is_at_most() {
    let mut chain = staked();
    *rule(&mut chain, Fault::NoShow) = crate::FaultRule {
        base: tokens(1),
        of_stake: BasisPoints(500),
        of_minimum: BasisPoints(10),
        ..crate::FaultRule::default()
    };
    // The least stake is 80 dollars: 2,666.67 tokens, a thousandth of which is 2.67.
    let least = chain.state.registry[CENTRE.index()].stake_min;
    let amount = proven(&mut chain, hour(1), report(Fault::NoShow, START, 1));
    let thousandth = Spon::from_base((least.base() + 999) / 1_000);
    assert_eq!(amount, tokens(1) + tokens(5) + thousandth);
    rule(&mut chain, Fault::NoShow).base = tokens(1_000);
    let left = chain.state.stake(CENTRE);
    assert_eq!(proven(&mut chain, hour(1), report(Fault::NoShow, START, 2)), left);
}

#[test]
fn a_fault_that_many_share_costs_more() {
    let mut chain = staked();
    let of_stake = BasisPoints(1_000);
    *rule(&mut chain, Fault::NoShow) =
        crate::FaultRule { of_stake, correlation: 2, ..crate::FaultRule::default() };
    assert_eq!(proven(&mut chain, hour(1), report(Fault::NoShow, START, 1)), tokens(10));
    // Ten of ninety tokens went lately: twice that share of ninety on top of a tenth.
    let second = proven(&mut chain, hour(1), report(Fault::NoShow, START, 2));
    assert_eq!(second, tokens(9) + tokens(20));
}

#[test]
fn two_slashes_of_a_part_are_one_of_what_remains() {
    // economics.md 2.4, K5: 1 - (1 - 0.2)(1 - 0.3) = 0.44.
    let [mut once, mut twice] = [staked(), staked()];
    for (chain, shares) in [(&mut once, &[4_400][..]), (&mut twice, &[2_000, 3_000])] {
        for (evidence, share) in (0..).zip(shares) {
            rule(chain, Fault::NoShow).of_stake = BasisPoints(*share);
            proven(chain, hour(1), report(Fault::NoShow, START, evidence));
        }
    }
    assert_eq!(once.state.stake(CENTRE), twice.state.stake(CENTRE));
    assert_eq!(once.state.stake(CENTRE), tokens(56));
}

#[test]
fn stake_on_its_way_out_answers_for_what_happened_before() {
    let mut chain = staked();
    let out = Call::Undelegate { delegator: ANN, provider: CENTRE, amount: tokens(20) };
    chain.accept(hour(2), out);
    // At hour 3 it had left: only 80 tokens answer.
    rule(&mut chain, Fault::NoShow).of_stake = BasisPoints(5_000);
    assert_eq!(proven(&mut chain, hour(4), report(Fault::NoShow, hour(3), 1)), tokens(40));
    assert_eq!(chain.spon(Account::Unbonding(CENTRE)), tokens(20).base());
    // At hour 1 it was still there.
    assert_eq!(proven(&mut chain, hour(4), report(Fault::NoShow, hour(1), 2)), tokens(30));
    assert_eq!(chain.spon(Account::Unbonding(CENTRE)), tokens(10).base());
}

#[test]
fn a_slash_goes_to_its_ends() {
    let mut chain = staked();
    chain.params.slashing.destinations = destinations(1_000, 5_000, 500);
    proven(&mut chain, hour(1), report(Fault::DataMisuse, START, 1));
    assert_eq!(chain.spon(Account::Tenant(TENANT)), tokens(50).base());
    assert_eq!(chain.spon(Account::Challengers), tokens(5).base());
    assert_eq!(chain.spon(Account::Treasury), tokens(35).base());
    assert_eq!(chain.spon(Account::Contested), 0);
}

#[test]
fn an_appeal_that_is_right_gives_everything_back() {
    let mut chain = staked();
    chain.params.slashing.appeal = Span::DAY;
    let out = Call::Undelegate { delegator: ANN, provider: CENTRE, amount: tokens(10) };
    chain.accept(hour(1), out);
    proven(&mut chain, hour(2), report(Fault::DataMisuse, START, 1));
    assert_eq!(chain.spon(Account::Contested), tokens(100).base());
    chain.accept(hour(3), Call::Fund { delegator: ANN, amount: tokens(1) });
    let call = Call::Delegate { delegator: ANN, provider: CENTRE, amount: tokens(1) };
    assert_eq!(chain.refuse(hour(3), call), Rejection::IsContested);
    let appeal = Call::UpholdAppeal { evidence: EntityKey(1) };
    let receipt = chain.accept(hour(4), appeal);
    let (own, delegated, unbonding) = (tokens(60), tokens(30), tokens(10));
    let taken = Taken { own, delegated, unbonding };
    assert_eq!(receipt, Receipt::SlashReturned { provider: CENTRE, taken });
    assert_eq!(chain.state.own_stake(CENTRE), tokens(60));
    assert_eq!(chain.state.delegated(CENTRE), Spon::ZERO, "delegators get an exit");
    assert_eq!(chain.spon(Account::Unbonding(CENTRE)), tokens(40).base());
    assert_eq!(chain.refuse(hour(4), appeal), Rejection::NotContested);
}

/// Whoever delegates when an appeal is upheld, those get the slash back from whom it was taken.
#[test]
fn a_slash_comes_back_to_delegators_who_have_left() {
    let mut chain = staked();
    chain.params.slashing.appeal = Span::DAY;
    chain.params.slashing.faults[Fault::DataMisuse as usize].of_stake = BasisPoints(5_000);
    proven(&mut chain, hour(1), report(Fault::DataMisuse, START, 1));
    let left = chain.state.delegated(CENTRE);
    assert!(left > Spon::ZERO, "half of it stays");
    chain.accept(hour(2), Call::Undelegate { delegator: ANN, provider: CENTRE, amount: left });
    assert_eq!(chain.state.stakes[CENTRE.index()].shares(), 0, "nobody delegates any more");
    chain.accept(hour(3), Call::UpholdAppeal { evidence: EntityKey(1) });
    crate::check_books(&chain.state);
    let exits = chain.state.stakes[CENTRE.index()].exits();
    let of_ann = exits.filter(|exit| exit.staker == Staker::Delegator(ANN));
    assert_eq!(of_ann.fold(Spon::ZERO, |sum, exit| sum + exit.amount), tokens(40));
}

#[test]
fn without_an_appeal_a_slash_becomes_final() {
    let mut chain = staked();
    chain.params.slashing.appeal = Span::DAY;
    proven(&mut chain, hour(2), report(Fault::DataMisuse, START, 1));
    let nothing = [EraEvidence::default(); 3];
    process_era(&mut chain.state, hour(24), &nothing, &chain.params);
    assert_eq!(chain.spon(Account::Contested), tokens(100).base(), "an hour too early");
    process_era(&mut chain.state, hour(48), &nothing, &chain.params);
    assert_eq!(chain.spon(Account::Contested), 0);
    let appeal = Call::UpholdAppeal { evidence: EntityKey(1) };
    assert_eq!(chain.refuse(hour(48), appeal), Rejection::NotContested);
    let amount = tokens(1);
    chain.accept(hour(48), Call::Fund { delegator: ANN, amount });
    chain.accept(hour(48), Call::Delegate { delegator: ANN, provider: CENTRE, amount });
    assert_eq!(chain.state.delegated(CENTRE), amount, "who comes later owes nothing");
}

#[test]
fn who_came_back_lately_earns_for_the_rest_of_the_era() {
    let reward = |cooling: Span| {
        let mut chain = Chain::new();
        let cooling_gpu_ns = 8 * cooling.nanos();
        let seen = EraEvidence { uptime: Ppm::ONE, cooling_gpu_ns, ..EraEvidence::default() };
        let receipt = process_era(&mut chain.state, hour(24), &[seen; 3], &chain.params);
        receipt.outcomes[CENTRE.index()].points_micro
    };
    let whole = reward(Span::ZERO);
    assert_eq!(reward(Span::from_hours(3)), whole * 21 / 24);
    assert_eq!(reward(Span::DAY.times(2)), 0);
}
