//! Does the past of a provider lift and lower it as published (protocol.md 2.3), and fade?

use crate::testing::{CENTRE, Chain, FIZZ, ladder, params, registration, tokens, trust};
use crate::{Call, EraEvidence, PoolRules, Registration, Reputation, process_era};
use units::{Ppm, SimTime, Span};

/// Ends an era every day, all providers with this uptime.
struct Days {
    chain: Chain,
    now: SimTime,
}

impl Days {
    fn new(number: u8) -> Days {
        let mut chain = Chain::new();
        chain.state.registry[CENTRE.index()].trust = Some(trust(number));
        Days { chain, now: SimTime::ZERO }
    }

    fn pass(&mut self, uptime: Ppm, downtime: Span) {
        self.now = self.now + Span::DAY;
        let seen =
            EraEvidence { uptime, downtime_gpu_ns: downtime.nanos(), ..EraEvidence::default() };
        process_era(&mut self.chain.state, self.now, &[seen; 3], &self.chain.params);
    }

    /// The tier after so many days of one uptime.
    fn tier_after(&mut self, days: u32, uptime: Ppm) -> u8 {
        (0..days).for_each(|_| self.pass(uptime, Span::ZERO));
        self.centre().trust.expect("data centres have trust").number()
    }

    fn centre(&self) -> &Registration {
        &self.chain.state.registry[CENTRE.index()]
    }
}

#[test]
fn every_tier_rises_after_its_eras_and_not_before() {
    for number in 2..=7_u8 {
        let rung = &ladder()[trust(number).index()];
        let above = Ppm(rung.uptime.0 + 1);
        let mut days = Days::new(number);
        assert_eq!(days.tier_after(rung.eras_up - 1, above), number);
        assert_eq!(days.tier_after(1, above), number - 1);
        assert_eq!((days.centre().eras_good, days.centre().eras_bad), (0, 0));
    }
}

#[test]
fn every_tier_falls_after_its_eras_and_not_before() {
    for number in 1..=6_u8 {
        let rung = &ladder()[trust(number).index()];
        // Meeting the mark is not above it.
        let mut days = Days::new(number);
        assert_eq!(days.tier_after(rung.eras_down - 1, rung.uptime), number);
        assert_eq!(days.tier_after(1, rung.uptime), number + 1);
    }
}

#[test]
fn the_ends_of_the_ladder_hold() {
    assert_eq!(Days::new(1).tier_after(200, Ppm::ONE), 1);
    assert_eq!(Days::new(7).tier_after(200, Ppm::ZERO), 7);
}

#[test]
fn the_longest_climb_and_the_longest_fall_take_89_and_103_eras() {
    let mut days = Days::new(7);
    assert_eq!(days.tier_after(88, Ppm::ONE), 2);
    assert_eq!(days.tier_after(1, Ppm::ONE), 1);
    assert_eq!(days.tier_after(102, Ppm::ZERO), 6);
    assert_eq!(days.tier_after(1, Ppm::ZERO), 7);
}

#[test]
fn a_good_era_forgives_the_bad_ones_before_it() {
    let mut days = Days::new(6);
    for _ in 0..5 {
        assert_eq!(days.tier_after(4, Ppm::ZERO), 6);
        assert_eq!(days.tier_after(1, Ppm::ONE), 6);
    }
}

#[test]
fn home_machines_have_no_trust_to_win_or_lose() {
    let mut days = Days::new(6);
    days.tier_after(100, Ppm::ONE);
    assert_eq!(days.chain.state.registry[FIZZ.index()].trust, None);
}

#[test]
#[should_panic(expected = "only providers have trust")]
fn a_home_machine_is_not_registered_with_trust() {
    Registration::new(PoolRules::Fizz, units::GpuCount(1), 100, Some(trust(6)));
}

#[test]
fn an_era_enters_the_uptime_that_matching_goes_by() {
    let mut days = Days::new(6);
    let mean = |days: &Days| days.centre().uptime_mean(&days.chain.params);
    assert_eq!(mean(&days), Ppm(900_000));
    days.pass(Ppm::ZERO, Span::ZERO);
    assert_eq!(mean(&days), Ppm(750_000));
    days.tier_after(40, Ppm::ONE);
    assert_eq!(days.centre().uptime.len(), 30);
    assert_eq!(mean(&days), Ppm(985_714));
}

#[test]
fn lease_endings_fade_by_half_in_a_half_life() {
    let mut days = Days::new(6);
    let record = Reputation { good_milli: 64_000, bad_milli: 8_000 };
    days.chain.state.registry[CENTRE.index()].reputation = record;
    days.tier_after(30, Ppm::ONE);
    let Reputation { good_milli, bad_milli } = days.centre().reputation;
    // Each of the thirty days drops less than a thousandth of an ending.
    assert!((31_970..=32_000).contains(&good_milli), "{good_milli}");
    assert!((3_970..=4_000).contains(&bad_milli), "{bad_milli}");
}

#[test]
fn a_slash_is_remembered_for_its_window_and_then_forgotten() {
    let mut days = Days::new(6);
    let window = days.chain.params.slashing.window;
    let call = Call::PostStake { provider: CENTRE, amount: tokens(1_000) };
    days.chain.accept(SimTime::ZERO, call);
    days.pass(Ppm::ONE, Span::SECOND);
    let slashed_at = days.now;
    assert_eq!(days.centre().slash_halves(slashed_at, window), 1);
    days.tier_after(29, Ppm::ONE);
    assert_eq!(days.centre().slashes.len(), 1);
    assert_eq!(days.centre().slash_halves(slashed_at + window, window), 0);
    days.pass(Ppm::ONE, Span::ZERO);
    assert!(days.centre().slashes.is_empty());
}

#[test]
fn the_least_stake_counts_gpus_and_what_their_cards_are_worth() {
    // 10 USD per GPU at 0.03 USD a token, never less than for a multiplier of 1.
    let stake = |gpus, multiplier| {
        let one = registration(PoolRules::Provider, gpus, multiplier);
        Chain::of(vec![one], params()).state.registry[0].stake_min
    };
    assert_eq!(stake(3, 300), tokens(3_000));
    assert_eq!(stake(3, 50), tokens(1_000));
    assert!(stake(1, 100) > tokens(333));
    assert!(stake(1, 100) < tokens(334));
}
