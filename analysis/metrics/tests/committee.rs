//! What do a few rows say of the committee?

mod rows;

use record::{OperatorRow, OrderRow, Row, UnmatchedReason};
use rows::{order, summary, unmatched};
use units::{OperatorId, Ppm, RegionId, Span, Spon};

fn answers(operator: u16, stake_ppm: u32) -> OperatorRow {
    OperatorRow {
        era: 2,
        is_reported: true,
        operator: OperatorId(operator),
        region: RegionId(0),
        stake_spon: Spon::ONE,
        stake_ppm: Ppm(stake_ppm),
        asked: 10,
        signed: 4,
        deviating: 3,
        late: 1,
        absent: 1,
        refused: 1,
        wrong: 2,
        slashes: 2,
        slash_spon: Spon::from_base(Spon::ONE.base() / 2),
    }
}

fn quorum_missed() -> OrderRow {
    OrderRow { rounds: 4, retries: 3, draws: 1, ..unmatched(UnmatchedReason::QuorumMissed) }
}

#[test]
fn a_failed_order_missed_one_quorum_more_than_it_was_repeated() {
    let repeated = OrderRow { rounds: 2, retries: 1, ..order() };
    let (plain, failed, nobody) = (order(), quorum_missed(), unmatched(UnmatchedReason::Price));
    let late = OrderRow { is_reported: false, ..quorum_missed() };
    let orders = [&repeated, &plain, &failed, &nobody, &late].map(Row::Order);
    let committee = summary(&orders).committee;
    assert_eq!((committee.rounds, committee.rounds_missed, committee.retries), (7, 5, 4));
    assert_eq!(committee.rounds_missed_share, Some(5.0 / 7.0));
    assert_eq!(committee.orders_failed, 1);
    assert_eq!(committee.orders_failed_share, Some(1.0 / 3.0), "who had no round does not count");
}

#[test]
fn operators_answers_add_up_over_reported_eras() {
    let early = OperatorRow { is_reported: false, ..answers(1, 500_000) };
    let rows = [answers(1, 200_000), answers(1, 180_000), answers(0, 820_000), early];
    let committee = summary(&rows.each_ref().map(Row::Operator)).committee;
    let euc = committee.operators.get("euc").expect("it answered");
    let kinds = [euc.signed, euc.deviating, euc.late, euc.absent, euc.refused];
    assert_eq!((euc.asked, kinds), (20, [8, 6, 2, 2, 2]));
    assert_eq!((euc.wrong, euc.slashes), (4, 4));
    assert_eq!(euc.stake_share, Some(0.18), "the last one counts");
    assert!((euc.slashed_spon - 1.0).abs() < 1e-12);
}

#[test]
fn orders_stand_in_the_band_of_the_stake_against_them() {
    let refused = |ppm: u32, ms: u64| OrderRow {
        refused_stake_ppm: Ppm(ppm),
        committee_ns: Some(Span::from_millis(ms)),
        ..order()
    };
    let blocked = OrderRow { refused_stake_ppm: Ppm(400_000), ..quorum_missed() };
    let hidden = OrderRow { hidden_stake_ppm: Ppm(700_000), is_bid_excluded: true, ..order() };
    let both = OrderRow { refused_stake_ppm: Ppm(1), ..hidden };
    let orders =
        [refused(0, 100), refused(333_333, 300), refused(333_334, 900), blocked, hidden, both];
    let committee = summary(&orders.each_ref().map(Row::Order)).committee;
    let band = |name: &str| {
        let group = committee.orders_by_refusing_stake.get(name).expect("there is such a band");
        (group.orders, group.failed)
    };
    assert_eq!((band("none"), band("up_to_a_third")), ((1, 0), (1, 0)));
    assert_eq!((band("a_third_to_two_thirds"), band("above_two_thirds")), ((2, 1), (0, 0)));
    let delayed = committee.orders_by_refusing_stake.get("up_to_a_third").expect("one order");
    assert_eq!(delayed.delay_ms, Some(200.0));
    let shut_out = committee.orders_by_hiding_stake.get("above_two_thirds").expect("one order");
    assert_eq!((shut_out.orders.orders, shut_out.excluded_share), (1, Some(1.0)));
}
