//! Who is let into a pool, and who would cheat there.

use crate::purpose;
use crate::world::World;
use scenario::Check;
use units::{Ppm, ProviderId, SimTime};

impl World {
    /// Whether an owner does wrong when it is there. Those who were there from the start have
    /// passed the same check, so fewer of them do; what they add later is theirs as well.
    pub fn is_cheat(&self, id: ProviderId) -> bool {
        let provider = &self.providers[id.index()];
        let pool = self.pool(provider.pool);
        let Some(misconduct) = pool.misconduct else { return false };
        let owner = &self.providers[provider.owner_first.index()];
        let share = match pool.admission.check() {
            Some(check) if owner.joined_at == SimTime::ZERO => admitted(misconduct.cheats, check),
            _ => misconduct.cheats,
        };
        let lot = self.draws.at(purpose::CHEAT, provider.owner_key, 0).below(1_000_000);
        lot < u64::from(share.0)
    }

    /// Whether the check before admission finds that an owner would cheat.
    pub fn is_refused(&self, id: ProviderId) -> bool {
        let provider = &self.providers[id.index()];
        let Some(check) = self.pool(provider.pool).admission.check() else { return false };
        let lot = self.draws.at(purpose::ADMISSION, provider.owner_key, 0).below(1_000_000);
        self.is_cheat(id) && lot >= u64::from(check.false_accept.0)
    }
}

/// The share of cheats among those who were let in, rounded down: by Bayes, of a share `s` before
/// and a chance `f` to pass, `s f / (s f + 1 - s)`.
fn admitted(cheats: Ppm, check: Check) -> Ppm {
    let whole = u64::from(Ppm::ONE.0);
    let passing = u64::from(cheats.0) * u64::from(check.false_accept.0);
    let honest = (whole - u64::from(cheats.0)) * whole;
    if passing + honest == 0 {
        return Ppm::ONE; // All would cheat and none would pass: who is there cheats all the same.
    }
    Ppm::ratio_rounded_down(passing, passing + honest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use units::{Span, Usd};

    #[test]
    fn a_check_leaves_fewer_cheats() {
        let check = |false_accept| Check { cost: Usd::ZERO, delay: Span::ZERO, false_accept };
        let [half, tenth] = [500_000, 100_000].map(Ppm);
        assert_eq!(admitted(half, check(Ppm::ONE)), half, "who lets all in learns nothing");
        assert_eq!(admitted(half, check(Ppm::ZERO)), Ppm::ZERO);
        // 0.5 x 0.1 of 0.5 x 0.1 + 0.5.
        assert_eq!(admitted(half, check(tenth)), Ppm(90_909));
        assert_eq!(admitted(Ppm::ONE, check(tenth)), Ppm::ONE);
        assert_eq!(admitted(Ppm::ONE, check(Ppm::ZERO)), Ppm::ONE);
    }
}
