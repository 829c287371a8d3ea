//! Is a bill a function of time alone, and does every nano-dollar of a deposit arrive somewhere?

use crate::testing::{BLOCK, CENTRE, Chain, FEES, FIZZ, Lots, REGION, TENANT, Terms, hour, params};
use crate::{Account, Call, Handle, Parts, PoolRules, Receipt};
use units::{GpuCount, GpuHourPrice, ProviderId, SimTime, Span, Usd};

/// Terms that leave remainders everywhere.
fn draw_terms(lots: &mut Lots) -> Terms {
    Terms {
        price: GpuHourPrice::from_nanos(1 + lots.below(5_000_000_000)),
        gpus: GpuCount(1 + lots.below(8) as u32),
        duration: Span::from_nanos(1 + lots.below(Span::from_hours(48).nanos())),
    }
}

/// So many moments within `span`, in order.
fn draw_moments(lots: &mut Lots, count: u64, span: Span) -> Vec<SimTime> {
    let mut moments: Vec<SimTime> =
        (0..count).map(|_| SimTime::from_nanos(lots.below(span.nanos() + 1))).collect();
    moments.sort_unstable();
    moments
}

/// What left escrow for others than the tenant.
fn paid_out(chain: &Chain, provider: ProviderId) -> i128 {
    let accounts =
        [Account::Provider(provider), Account::Treasury, Account::Gateway(REGION), Account::Dust];
    accounts.into_iter().map(|account| chain.usd(account)).sum()
}

/// The tenant's fee on a whole bill.
fn fee_on(charge: Usd) -> i128 {
    FEES.facilitation.of_rounded_down(charge.base())
}

#[test]
fn a_bill_does_not_depend_on_how_often_it_was_settled() {
    for seed in 0..400 {
        let mut lots = Lots::new(seed);
        let terms = draw_terms(&mut lots);
        let provider = lots.pick(&[FIZZ, CENTRE]);
        let count = lots.below(40);
        let mut moments = draw_moments(&mut lots, count + 1, Span::from_hours(72));
        let end = moments.pop().expect("there is an end");

        let mut once = Chain::new();
        let lease = once.active(terms, provider);
        let (charge, refund) = once.close(end, lease);

        let mut often = Chain::new();
        let lease = often.active(terms, provider);
        let mut sum = Usd::ZERO;
        for at in moments {
            sum += often.settle(at, lease);
        }
        let (last, refund_often) = often.close(end, lease);
        assert_eq!(sum + last, charge, "seed {seed}");
        assert_eq!(refund_often, refund, "seed {seed}");

        // What was paid is the bill and the tenant's fee; what is left of the deposit came back.
        let deposit = terms.deposit(&params()).base();
        for chain in [&once, &often] {
            assert_eq!(paid_out(chain, provider), charge.base() + fee_on(charge), "seed {seed}");
            assert_eq!(paid_out(chain, provider) + refund.base(), deposit, "seed {seed}");
            assert_eq!(chain.usd(Account::Tenant(TENANT)), refund.base(), "seed {seed}");
            assert_eq!(chain.usd(Account::Escrow), 0, "seed {seed}");
        }
        let settlements = i128::from(count) + 1;
        assert!(often.usd(Account::Dust) <= 2 * settlements, "seed {seed}");
    }
}

#[test]
fn the_parts_of_every_settlement_add_up_with_at_most_two_nanos_of_dust() {
    let mut lots = Lots::new(1);
    for provider in [FIZZ, CENTRE] {
        let mut chain = Chain::new();
        let terms = Terms { price: GpuHourPrice::from_nanos(41_234_567), ..Terms::PLAIN };
        let lease = chain.active(terms, provider);
        for at in draw_moments(&mut lots, 2_000, terms.duration) {
            let receipt = chain.accept(at, Call::SettleLease { lease });
            let Receipt::LeaseSettled { settlement } = receipt else { panic!("{receipt:?}") };
            let Parts { provider, payout_fee, foundation, gateway, dust } = settlement.parts;
            assert_eq!(provider + foundation + gateway + dust, settlement.payment.base());
            assert!((0..=2).contains(&dust));
            assert_eq!(settlement.income.base(), provider - payout_fee);
            assert!(payout_fee <= provider);
        }
    }
}

#[test]
fn paying_block_by_block_comes_to_the_same_as_arithmetic() {
    let terms = Terms {
        price: GpuHourPrice::from_nanos(40_000_000),
        gpus: GpuCount(3),
        duration: Span::from_secs(5_000),
    };
    let mut chain = Chain::new();
    let lease = chain.active(terms, FIZZ);
    let (mut at, mut sum) = (SimTime::ZERO, Usd::ZERO);
    // A quarter of an hour longer than agreed, to see that nothing more is paid.
    for _ in 0..23_600 {
        at = at + BLOCK;
        sum += chain.settle(at, lease);
        let served = at.since(SimTime::ZERO).min(terms.duration);
        assert_eq!(sum, terms.price.cost_rounded_down(terms.gpus, served));
    }
    assert_eq!(chain.close(at, lease).0, Usd::ZERO);
    assert_eq!(paid_out(&chain, FIZZ), sum.base() + fee_on(sum));
}

#[test]
fn nothing_is_charged_beyond_the_agreed_duration() {
    for at in [hour(10), hour(11), hour(100_000), SimTime::NEVER] {
        let mut chain = Chain::new();
        let lease = chain.active(Terms::PLAIN, CENTRE);
        assert_eq!(chain.close(at, lease), (Usd::from_nanos(10_000_000_000), Usd::ZERO));
    }
}

#[test]
fn a_bill_is_cut_to_the_time_of_the_block() {
    let mut chain = Chain::new();
    let lease = chain.active(Terms::PLAIN, FIZZ);
    let block = hour(1);
    let charge = chain.settle(block, lease);
    assert_eq!(charge, Usd::from_nanos(1_000_000_000));
    for millis in [0, 1, 100, 249] {
        assert_eq!(chain.settle(block + Span::from_millis(millis), lease), Usd::ZERO);
    }
    // A quarter of a second at a dollar an hour, the started nano-dollar dropped.
    assert_eq!(chain.settle(block + BLOCK, lease), Usd::from_nanos(69_444));
}

#[test]
fn without_blocks_a_bill_is_cut_to_the_nanosecond() {
    let mut chain = Chain::new();
    chain.params.block = Span::ZERO;
    let lease = chain.active(Terms::PLAIN, FIZZ);
    assert_eq!(chain.settle(SimTime::from_nanos(3_600), lease), Usd::from_nanos(1));
}

#[test]
fn a_pause_is_not_charged() {
    let mut chain = Chain::new();
    let lease = chain.active(Terms::PLAIN, FIZZ);
    chain.accept(hour(2), Call::PauseLease { lease });
    assert_eq!(chain.state.leases.get(lease).unwrap().billed, Span::from_hours(2));
    chain.accept(hour(50), Call::ResumeLease { lease });
    assert_eq!(chain.settle(hour(53), lease), Usd::from_nanos(3_000_000_000));
    // Five hours are left of the agreed ten, however late it is.
    let (payment, refund) = chain.close(hour(500), lease);
    assert_eq!(payment, Usd::from_nanos(5_000_000_000));
    assert_eq!(refund, Usd::ZERO);
}

#[test]
fn charged_time_is_the_sum_of_the_stretches_between_pauses() {
    for seed in 0..300 {
        let mut lots = Lots::new(1_000 + seed);
        let terms = draw_terms(&mut lots);
        let mut chain = Chain::new();
        let lease = chain.active(terms, CENTRE);
        let count = lots.below(20);
        let mut moments = draw_moments(&mut lots, count + 1, Span::from_hours(60));
        let end = moments.pop().expect("there is an end");
        let served = pause_and_resume(&mut chain, lease, &moments, end);
        chain.close(end, lease);
        let charge = terms.price.cost_rounded_down(terms.gpus, served.min(terms.duration));
        assert_eq!(paid_out(&chain, CENTRE), charge.base() + fee_on(charge), "seed {seed}");
    }
}

/// Pauses and resumes in turn at `moments`; the time between them that is charged until `end`.
fn pause_and_resume(chain: &mut Chain, lease: Handle, moments: &[SimTime], end: SimTime) -> Span {
    let (mut served, mut since) = (Span::ZERO, Some(SimTime::ZERO));
    for &at in moments {
        if let Some(start) = since.take() {
            served += at.rounded_down(BLOCK).saturating_since(start);
            chain.accept(at, Call::PauseLease { lease });
        } else {
            since = Some(at);
            chain.accept(at, Call::ResumeLease { lease });
        }
    }
    let last = since.map_or(Span::ZERO, |start| end.rounded_down(BLOCK).saturating_since(start));
    served + last
}

#[test]
fn a_cheaper_match_is_charged_at_its_own_price() {
    let mut chain = Chain::new();
    let order = chain.order(Terms::PLAIN);
    let price = GpuHourPrice::from_nanos(250_000_000);
    let call = Call::OpenLease { order, provider: FIZZ, region: REGION, price, agreed: None };
    let Receipt::LeaseOpened { lease } = chain.accept(SimTime::ZERO, call) else { panic!() };
    chain.accept(SimTime::ZERO, Call::ConfirmLease { order, lease });
    let (payment, refund) = chain.close(hour(10), lease);
    assert_eq!(payment, Usd::from_nanos(2_500_000_000));
    assert_eq!(refund, Usd::from_nanos(10_200_000_000 - 2_550_000_000));
}

#[test]
fn the_rules_of_the_pool_are_those_of_the_provider() {
    let mut chain = Chain::new();
    for (provider, rules) in [(FIZZ, PoolRules::Fizz), (CENTRE, PoolRules::Provider)] {
        let lease = chain.active(Terms::PLAIN, provider);
        assert_eq!(chain.state.leases.get(lease).unwrap().rules, rules);
    }
}

#[test]
#[should_panic(expected = "a bill never shrinks")]
fn time_that_runs_backwards_is_noticed() {
    let mut chain = Chain::new();
    let lease = chain.active(Terms::PLAIN, FIZZ);
    chain.settle(hour(2), lease);
    chain.settle(hour(1), lease);
}
