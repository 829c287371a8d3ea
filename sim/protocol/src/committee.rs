//! The committee on the chain: when a match is final, and what an operator's stake is worth.
//!
//! Operators sign the digest of the decision that they computed; a match is final when
//! operators whose stake adds up to the quorum signed the same one (protocol.md 9.7). Who signs
//! what its own view does not give loses a part of its magnitude, as on EigenLayer (protocol.md
//! 4.6): it starts at 10^18 and only falls.

use market::quorum_stake;
use mechanism::slash::Magnitudes;
use units::{BasisPoints, EntityKey, Spon};

/// What operators sign: the decision of a round (order, draw, provider, price).
///
/// It stands for the hash of a match record (`market::MatchRecord`). A record also has the root of
/// the bids, which views of different age need not share; see ARCHITECTURE.md, decision 19.
/// 64 bits are enough here, because nobody in a simulation looks for collisions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct DecisionDigest(pub u64);

impl DecisionDigest {
    /// The digest of what was signed so far and `word`.
    #[must_use]
    pub fn with(self, word: u64) -> DecisionDigest {
        DecisionDigest(EntityKey(self.0).child(word).0)
    }
}

/// One operator's signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature {
    /// What it signed.
    pub digest: DecisionDigest,
    /// The stake behind it.
    pub stake: Spon,
}

/// What a quorum signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The digest.
    pub digest: DecisionDigest,
    /// The place of the signature that completed the quorum.
    pub completed_by: usize,
}

/// What is final of `signatures`, in the order of their arrival: the first digest whose signatures
/// hold `quorum` of `all` stake. None when the quorum is missed.
///
/// ```
/// # use protocol::{DecisionDigest, Signature, find_quorum};
/// # use units::{BasisPoints, Spon};
/// let signature = |digest, stake| Signature {
///     digest: DecisionDigest(digest),
///     stake: Spon::from_base(stake),
/// };
/// let signatures = [signature(7, 40), signature(8, 33), signature(7, 27)];
/// let (all, quorum) = (Spon::from_base(100), BasisPoints(6_667));
/// let verdict = find_quorum(&signatures, all, quorum).expect("67 of 100 signed the same");
/// assert_eq!((verdict.digest, verdict.completed_by), (DecisionDigest(7), 2));
/// assert_eq!(find_quorum(&signatures[..2], all, quorum), None);
/// ```
pub fn find_quorum(signatures: &[Signature], all: Spon, quorum: BasisPoints) -> Option<Verdict> {
    let needed = quorum_stake(all, quorum);
    let is_reached = |stake: Spon| stake > Spon::ZERO && stake >= needed;
    // Few digests differ: one, as a rule, and at most one an operator.
    let mut signed: Vec<(DecisionDigest, Spon)> = Vec::with_capacity(1);
    for (completed_by, signature) in signatures.iter().enumerate() {
        let digest = signature.digest;
        let place = signed.iter().position(|(other, _)| *other == digest).unwrap_or_else(|| {
            signed.push((digest, Spon::ZERO));
            signed.len() - 1
        });
        signed[place].1 += signature.stake;
        if is_reached(signed[place].1) {
            return Some(Verdict { digest, completed_by });
        }
    }
    None
}

/// The set of operators that matches orders: the only one that can slash an operator's stake here.
const MATCHING: usize = 0;

/// An operator's stake, all of it at the disposal of the matching set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperatorStake(Magnitudes);

impl OperatorStake {
    /// A stake of which nothing was slashed.
    pub fn new(posted: Spon) -> OperatorStake {
        let mut stake = Magnitudes::new(posted, 1);
        let allocated = stake.allocate(MATCHING, Magnitudes::WHOLE);
        allocated.expect("all of a new stake is free");
        OperatorStake(stake)
    }

    /// What is left of 10^18.
    pub fn magnitude(&self) -> u64 {
        self.0.of(MATCHING)
    }

    /// What slashes left of the tokens.
    pub const fn tokens(&self) -> Spon {
        self.0.tokens()
    }

    /// Takes `fraction` of the magnitude and answers with the tokens that go with it; both are
    /// rounded up, so that a slash always takes something.
    pub(crate) fn slash_rounded_up(&mut self, fraction: BasisPoints) -> Spon {
        let share = Magnitudes::WHOLE / u64::from(BasisPoints::WHOLE.0) * u64::from(fraction.0);
        self.0.slash_rounded_up(MATCHING, share)
    }

    /// Adds tokens that nobody brought, so that a test can see the check fail.
    #[cfg(test)]
    pub(crate) fn sabotage(&mut self) {
        self.0.deposit(Spon::from_base(1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUORUM: BasisPoints = BasisPoints(6_667);

    fn find(signed: &[(u64, i128)], all: i128) -> Option<(u64, usize)> {
        let signature = |(digest, stake): &(u64, i128)| Signature {
            digest: DecisionDigest(*digest),
            stake: Spon::from_base(*stake),
        };
        let signatures: Vec<Signature> = signed.iter().map(signature).collect();
        let verdict = find_quorum(&signatures, Spon::from_base(all), QUORUM)?;
        Some((verdict.digest.0, verdict.completed_by))
    }

    #[test]
    fn the_quorum_is_reached_at_its_exact_stake_and_not_one_unit_before() {
        assert_eq!(find(&[(1, 6_667)], 10_000), Some((1, 0)));
        assert_eq!(find(&[(1, 6_666)], 10_000), None);
        assert_eq!(find(&[(1, 6_666), (1, 1), (1, 3_333)], 10_000), Some((1, 1)));
    }

    #[test]
    fn stakes_behind_different_digests_do_not_add_up() {
        assert_eq!(find(&[(1, 50), (2, 40), (3, 10)], 100), None);
        assert_eq!(find(&[(2, 33), (1, 40), (1, 27)], 100), Some((1, 2)));
    }

    #[test]
    fn nobody_and_nothing_reach_no_quorum() {
        assert_eq!(find(&[], 100), None);
        assert_eq!(find(&[(1, 0), (1, 0)], 0), None, "a committee without stake decides nothing");
    }

    /// The obvious rule: after each arrival, add up the stakes of every digest anew.
    #[test]
    fn the_rule_agrees_with_counting_anew_after_each_arrival() {
        let mut lots = crate::testing::Lots::new(9);
        for _ in 0..2_000 {
            let signed: Vec<(u64, i128)> =
                (0..lots.below(9)).map(|_| (lots.below(3), i128::from(lots.below(40)))).collect();
            let all: i128 = signed.iter().map(|(_, stake)| stake).sum::<i128>() + 10;
            let stake_of = |digest: u64, until: usize| -> i128 {
                let ours = signed[..=until].iter().filter(|(other, _)| *other == digest);
                ours.map(|(_, stake)| stake).sum()
            };
            let holds = |at: &usize| stake_of(signed[*at].0, *at) * 10_000 >= all * 6_667;
            let obvious = (0..signed.len()).find(holds).map(|at| (signed[at].0, at));
            assert_eq!(find(&signed, all), obvious, "{signed:?} of {all}");
        }
    }

    #[test]
    fn a_magnitude_falls_by_its_fraction_and_the_tokens_with_it() {
        let mut stake = OperatorStake::new(Spon::from_base(2_500_000_000_000_000_001));
        assert_eq!(stake.tokens().base(), 2_500_000_000_000_000_001);
        stake.slash_rounded_up(BasisPoints(1_000));
        stake.slash_rounded_up(BasisPoints(1_000));
        assert_eq!(stake.magnitude(), 810_000_000_000_000_000);
        assert_eq!(stake.tokens().base(), 2_025_000_000_000_000_000);
    }

    #[test]
    fn the_last_unit_of_magnitude_goes_too() {
        let mut stake = OperatorStake::new(Spon::ONE);
        let slashes = (1..10_000).find(|_| {
            stake.slash_rounded_up(BasisPoints(1_000));
            stake.magnitude() == 0
        });
        assert!(slashes.is_some_and(|slashes| slashes > 300), "{slashes:?}");
        assert_eq!(stake.tokens(), Spon::ZERO);
    }
}
