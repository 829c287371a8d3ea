//! Regimes: which of a few moods the whole market is in, and when it changes.

use crate::calendar::after_years;
use crate::problem::{DriverProblem, check, check_count, check_not_negative};
use crate::purpose::SWITCH;
use engine::distribution::Exponential;
use engine::draws::{Draw, Draws};
use units::{EntityKey, SimTime};

/// A Markov chain in continuous time: how often each regime turns into each other one.
///
/// Switching moments are drawn as moments, not once per step, so they are the same however time
/// is cut into steps.
#[derive(Clone, Debug, PartialEq)]
pub struct RegimeChain {
    key: EntityKey,
    /// Switches per year, from row to column; the diagonal counts as zero.
    rates: Vec<Vec<f64>>,
    /// The chances of the first regime.
    first: Vec<f64>,
}

/// Where a chain stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegimeState {
    /// The regime in force.
    pub regime: usize,
    /// When it ends.
    pub until: SimTime,
    /// Switches so far.
    switches: u64,
}

impl RegimeState {
    /// One regime, for ever.
    pub const FOR_EVER: RegimeState = RegimeState { regime: 0, until: SimTime::NEVER, switches: 0 };
}

impl RegimeChain {
    /// The chain with these switches per year from row to column, which opens in regime `first`
    /// (from 0), or as at a random moment when there is none.
    ///
    /// ```
    /// # use drivers::RegimeChain;
    /// // Nine months of rise, then fifteen of fall (economics.md 1.8).
    /// let rates = [vec![0.0, 12.0 / 9.0], vec![12.0 / 15.0, 0.0]];
    /// let chain = RegimeChain::new("market", &rates, None)?;
    /// assert!((chain.stationary().unwrap()[0] - 9.0 / 24.0).abs() < 1e-15);
    /// # Ok::<(), drivers::DriverProblem>(())
    /// ```
    pub fn new(
        name: &str,
        rates: &[Vec<f64>],
        first: Option<usize>,
    ) -> Result<RegimeChain, DriverProblem> {
        let count = rates.len();
        check_count("regimes", count, 1)?;
        let mut rates = rates.to_vec();
        for (own, row) in rates.iter_mut().enumerate() {
            if row.len() != count {
                let what = format!("rates out of regime {}", own + 1);
                let (given, other) = (row.len(), "regimes");
                return Err(DriverProblem::CountsDiffer { what, given, other, needed: count });
            }
            row[own] = 0.0;
            row.iter().try_for_each(|&rate| check_not_negative("rate of switching", rate))?;
        }
        let mut chain = RegimeChain { key: EntityKey::group(name), rates, first: Vec::new() };
        chain.first = match first {
            Some(first) => {
                let needed = "a number below that of the regimes";
                check(first < count, "first regime", first as f64, needed)?;
                (0..count).map(|at| f64::from(u8::from(at == first))).collect()
            }
            None => chain.stationary().ok_or(DriverProblem::NoStationaryLaw)?,
        };
        Ok(chain)
    }

    /// How many regimes there are.
    pub fn count(&self) -> usize {
        self.rates.len()
    }

    /// The share of time in each regime in the long run; none when a regime is never left for
    /// those before it.
    ///
    /// Removes regimes from the last on, without a subtraction that could lose digits. Source:
    /// Grassmann, Taksar and Heyman, Operations Research 33 (1985).
    pub fn stationary(&self) -> Option<Vec<f64>> {
        let mut rates = self.rates.clone();
        for last in (1..rates.len()).rev() {
            let out: f64 = rates[last][..last].iter().sum();
            if out <= 0.0 {
                return None;
            }
            for from in 0..last {
                rates[from][last] /= out;
                for to in 0..last {
                    rates[from][to] += rates[from][last] * rates[last][to];
                }
            }
        }
        let mut shares = vec![1.0];
        while shares.len() < rates.len() {
            let into = |(from, share): (usize, &f64)| share * rates[from][shares.len()];
            shares.push(shares.iter().enumerate().map(into).sum());
        }
        let total: f64 = shares.iter().sum();
        Some(shares.into_iter().map(|share| share / total).collect())
    }

    /// The chain at the start of a run.
    pub fn begin(&self, draws: &Draws) -> RegimeState {
        let mut draw = draws.at(SWITCH, self.key, 0);
        let regime = choose(&self.first, draw.unit());
        RegimeState { regime, until: self.draw_end(SimTime::ZERO, regime, &mut draw), switches: 0 }
    }

    /// Leaves the regime in force at its end.
    pub fn switch(&self, draws: &Draws, state: &mut RegimeState) {
        state.switches += 1;
        let mut draw = draws.at(SWITCH, self.key, state.switches);
        state.regime = choose(&self.rates[state.regime], draw.unit());
        state.until = self.draw_end(state.until, state.regime, &mut draw);
    }

    fn draw_end(&self, now: SimTime, regime: usize, draw: &mut Draw) -> SimTime {
        let rate: f64 = self.rates[regime].iter().sum();
        let wait = draw.sample(&Exponential::new(1.0));
        if rate > 0.0 { after_years(now, wait / rate) } else { SimTime::NEVER }
    }
}

/// The place in `weights` that the share `unit` of their sum falls on.
fn choose(weights: &[f64], unit: f64) -> usize {
    let mut left = unit * weights.iter().sum::<f64>();
    let mut chosen = 0;
    for (at, &weight) in weights.iter().enumerate().filter(|&(_, &weight)| weight > 0.0) {
        chosen = at;
        if left < weight {
            break;
        }
        left -= weight;
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::YEAR;

    fn three() -> RegimeChain {
        let rates = [vec![9.0, 2.0, 0.5], vec![1.0, 0.0, 3.0], vec![0.0, 4.0, 0.0]];
        RegimeChain::new("three", &rates, None).unwrap()
    }

    /// economics.md 3.2, row P4: pi is (1/3, 2/3) for rates 2 and 1; and balance for three.
    #[test]
    fn oracle_p4_stationary_law_balances_what_enters_and_leaves() {
        let two = RegimeChain::new("two", &[vec![0.0, 2.0], vec![1.0, 0.0]], None).unwrap();
        assert!((two.stationary().unwrap()[0] - 1.0 / 3.0).abs() < 1e-15);
        let chain = three();
        let shares = chain.stationary().unwrap();
        for own in 0..3 {
            let enters: f64 = (0..3).map(|from| shares[from] * chain.rates[from][own]).sum();
            let leaves: f64 = chain.rates[own].iter().map(|rate| shares[own] * rate).sum();
            assert!((enters - leaves).abs() < 1e-15, "regime {own}");
        }
    }

    /// Time in each regime over 20,000 years. A regime is left some 3 times a year, so a share has
    /// a standard error near sqrt(share (1 - share) / 30,000): four of them are below 0.012.
    #[test]
    fn oracle_time_is_shared_as_the_stationary_law_says() {
        let (chain, draws) = (three(), Draws::new(3));
        let mut spent = [0.0; 3];
        for seed in 0..100 {
            let chain = RegimeChain { key: EntityKey(seed), ..chain.clone() };
            let mut state = chain.begin(&draws);
            let (mut now, end) = (SimTime::ZERO, SimTime::ZERO + YEAR.times(200));
            while now < end {
                let until = state.until.min(end);
                spent[state.regime] += until.since(now).as_hours_f64() / (365.0 * 24.0 * 20_000.0);
                now = until;
                chain.switch(&draws, &mut state);
            }
        }
        for (found, share) in spent.iter().zip(chain.stationary().unwrap()) {
            assert!((found - share).abs() < 0.012, "{spent:?}");
        }
    }

    #[test]
    fn the_first_regime_is_the_declared_one_and_one_without_exit_never_ends() {
        let draws = Draws::new(1);
        let rates = [vec![0.0, 2.0], vec![0.0, 0.0]];
        let chain = RegimeChain::new("end", &rates, Some(1)).unwrap();
        assert_eq!((chain.begin(&draws).regime, chain.begin(&draws).until), (1, SimTime::NEVER));
        let problem = RegimeChain::new("end", &rates, None).unwrap_err();
        assert_eq!(problem, DriverProblem::NoStationaryLaw);
    }

    #[test]
    fn rates_that_make_no_chain_are_explained() {
        let refused = |rates: &[Vec<f64>], first| {
            RegimeChain::new("bad", rates, first).unwrap_err().to_string()
        };
        assert_eq!(refused(&[], None), "there are 0 regimes; give at least 1");
        assert_eq!(
            refused(&[vec![0.0, 1.0], vec![1.0]], None),
            "there are 1 rates out of regime 2 for 2 regimes; give one for each"
        );
        assert_eq!(
            refused(&[vec![0.0, -1.0], vec![1.0, 0.0]], None),
            "rate of switching is -1; give a finite number that is not negative"
        );
        assert_eq!(
            refused(&[vec![0.0]], Some(1)),
            "first regime is 1; give a number below that of the regimes"
        );
    }
}
