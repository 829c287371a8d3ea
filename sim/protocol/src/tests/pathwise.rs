//! Do stricter rules never leave more stake, and longer waits never free it earlier (economics.md
//! 2.5, M14)? The same calls are played under both.

use crate::testing::{Chain, Lots, hour, tokens};
use crate::{Account, Call, EraEvidence, Fault, apply, check_books, process_era};
use units::{BasisPoints, DelegatorId, EntityKey, ProviderId, SimTime, Span, Spon, TenantId};

const ERAS: u64 = 40;

/// A chain whose providers and delegators have staked, where faults cost such a share.
fn staked(of_stake: u32, unbonding: Span) -> Chain {
    let mut chain = Chain::new();
    for rule in &mut chain.params.slashing.faults {
        rule.of_stake = BasisPoints(of_stake);
    }
    chain.params.stake.unbonding = unbonding;
    for number in 0..3 {
        let (provider, delegator) = (ProviderId(number), DelegatorId(number));
        let amount = tokens(1_000 + i128::from(number));
        chain.accept(SimTime::ZERO, Call::PostStake { provider, amount });
        chain.accept(SimTime::ZERO, Call::Fund { delegator, amount });
        chain.accept(SimTime::ZERO, Call::Delegate { delegator, provider, amount });
    }
    chain
}

/// Plays what `seed` draws: some take stake out, some do wrong. Answers with everybody's stake
/// after each era, what waits with it, and with what has come back to wallets.
fn play(seed: u64, chain: &mut Chain) -> Vec<[Spon; 3]> {
    let mut lots = Lots::new(seed);
    let mut seen = Vec::new();
    for era in 0..ERAS {
        for _ in 0..lots.below(3) {
            let provider = ProviderId(lots.below(3) as u32);
            let amount = Spon::from_base(i128::from(lots.below(u64::MAX)));
            let (fault, happened_at) = (lots.pick(&Fault::ALL), hour(24 * era));
            let (victim, evidence) = (Some(TenantId(0)), EntityKey(lots.below(u64::MAX)));
            let call = match lots.below(2) {
                0 => Call::Unstake { provider, amount },
                _ => Call::ReportFault { provider, fault, happened_at, victim, evidence },
            };
            // Who has lost too much cannot take out as much.
            let _ = apply(&mut chain.state, hour(24 * era + 1), call, &chain.params);
        }
        process_era(
            &mut chain.state,
            hour(24 * (era + 1)),
            &[EraEvidence::default(); 3],
            &chain.params,
        );
        check_books(&chain.state);
        let state = &chain.state;
        let waiting = |id| Spon::from_base(chain.spon(Account::Unbonding(id)));
        let stake = |id| state.stake(id) + waiting(id);
        seen.push([0, 1, 2].map(|number| stake(ProviderId(number))));
    }
    seen
}

#[test]
fn a_higher_share_never_leaves_more_stake() {
    for seed in 0..30 {
        let forever = Span::DAY.times(365);
        let [mild, strict] = [500, 1_500].map(|share| play(seed, &mut staked(share, forever)));
        for (era, (mild, strict)) in mild.iter().zip(&strict).enumerate() {
            for (mild, strict) in mild.iter().zip(strict) {
                assert!(strict <= mild, "seed {seed}, era {era}: {strict:?} of {mild:?}");
            }
        }
        assert!(strict[ERAS as usize - 1] < mild[ERAS as usize - 1], "seed {seed}: some lost");
    }
}

#[test]
fn a_longer_wait_never_frees_stake_earlier() {
    let mut freed_later = 0;
    for seed in 0..30 {
        let free = |days| {
            let mut chain = staked(0, Span::DAY.times(days));
            play(seed, &mut chain);
            [0, 1, 2].map(|id| chain.spon(Account::Provider(ProviderId(id))))
        };
        let [short, long] = [14, 21].map(free);
        assert!(short.iter().zip(&long).all(|(short, long)| long <= short), "seed {seed}");
        freed_later += u32::from(short != long);
    }
    assert!(freed_later > 5, "the wait matters: {freed_later}");
}
