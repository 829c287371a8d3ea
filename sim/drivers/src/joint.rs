//! Several drivers that move together: correlated innovations, and regimes that hold for all.

use crate::correlation::Correlation;
use crate::innovation::Innovation;
use crate::nanos::round_nanos;
use crate::problem::DriverProblem;
use crate::process::{Chance, Piece, Process, Standing};
use crate::purpose::INNOVATION;
use crate::regime::{RegimeChain, RegimeState};
use engine::draws::Draws;
use units::{EntityKey, SimTime, Span};

/// Bits of an ordinal of innovations that count the pieces of a step.
const PIECE_BITS: u32 = 16;

/// Something outside the market that moves it: a price, a rent, a level of demand.
#[derive(Clone, Debug, PartialEq)]
pub struct Driver {
    name: String,
    key: EntityKey,
    process: Process,
    innovation: Innovation,
}

impl Driver {
    /// The driver of this name, which alone decides what it draws.
    pub fn new(name: &str, process: Process, innovation: Innovation) -> Driver {
        let key = EntityKey::group("driver").child(EntityKey::group(name).0);
        Driver { name: name.to_string(), key, process, innovation }
    }
}

/// Drivers, how their innovations go together in each regime, and what switches regimes.
///
/// With Gaussian innovations the joint law is exact for steps of any length: correlations are those
/// of the Brownian motions behind the drivers.
#[derive(Clone, Debug, PartialEq)]
pub struct Joint {
    drivers: Vec<Driver>,
    chain: Option<RegimeChain>,
    /// By driver.
    pulls: Vec<f64>,
    /// One for each regime.
    correlations: Vec<Correlation>,
}

/// Where all drivers stand.
#[derive(Clone, Debug, PartialEq)]
pub struct JointState {
    now: SimTime,
    steps: u64,
    regime: RegimeState,
    standings: Vec<Standing>,
}

impl Joint {
    /// These drivers. Without a chain there is one regime for ever. There is one correlation for
    /// all regimes, or one for each.
    pub fn new(
        drivers: Vec<Driver>,
        chain: Option<RegimeChain>,
        mut correlations: Vec<Correlation>,
    ) -> Result<Joint, DriverProblem> {
        let regimes = chain.as_ref().map_or(1, RegimeChain::count);
        if correlations.len() == 1 {
            correlations = vec![correlations[0].clone(); regimes];
        }
        check_counts("correlation matrices", correlations.len(), "regimes", regimes)?;
        for correlation in &correlations {
            check_counts("rows of correlations", correlation.count(), "drivers", drivers.len())?;
        }
        for (own, driver) in drivers.iter().enumerate() {
            check_driver(driver, &drivers[..own], chain.is_some(), regimes)?;
        }
        let pulls = drivers.iter().map(|driver| driver.process.pull()).collect();
        Ok(Joint { drivers, chain, pulls, correlations })
    }

    /// Where the drivers stand at the start of a run.
    pub fn begin(&self, draws: &Draws) -> JointState {
        let chance = |driver: &Driver| Chance { draws, key: driver.key };
        JointState {
            now: SimTime::ZERO,
            steps: 0,
            regime: match &self.chain {
                Some(chain) => chain.begin(draws),
                None => RegimeState::FOR_EVER,
            },
            standings: self.drivers.iter().map(|d| d.process.begin(chance(d))).collect(),
        }
    }

    /// Moves all drivers by `span`: in one piece, or in several when regimes switch meanwhile.
    ///
    /// # Panics
    /// After 65,536 switches in one step: such a regime has no meaning.
    pub fn step(&self, draws: &Draws, state: &mut JointState, span: Span) {
        let end = state.now + span;
        let mut pieces = 0;
        while state.now < end {
            let to = state.regime.until.min(end);
            let piece = Piece { from: state.now, to, regime: state.regime.regime };
            assert!(pieces >> PIECE_BITS == 0, "a regime lasts longer than a blink");
            if to > state.now {
                self.advance(draws, state, piece, state.steps << PIECE_BITS | pieces);
                pieces += 1;
            }
            state.now = to;
            if let Some(chain) = self.chain.as_ref().filter(|_| to == state.regime.until) {
                chain.switch(draws, &mut state.regime);
            }
        }
        state.steps += 1;
    }

    /// Moves all drivers over one piece, whose innovations have this ordinal.
    fn advance(&self, draws: &Draws, state: &mut JointState, piece: Piece, ordinal: u64) {
        let draw = |d: &Driver| d.innovation.draw_value(&mut draws.at(INNOVATION, d.key, ordinal));
        let innovations: Vec<f64> = self.drivers.iter().map(draw).collect();
        let factor = self.correlations[piece.regime].factor(&self.pulls, piece.years());
        let moved = self.drivers.iter().zip(&mut state.standings);
        for (own, (driver, standing)) in moved.enumerate() {
            let z = factor.mix(own, &innovations);
            driver.process.advance(standing, piece, z, Chance { draws, key: driver.key });
        }
    }
}

impl JointState {
    /// Natural logarithm of the value of a driver, by its place: for `Combined` and for analysis.
    pub fn ln(&self, driver: usize) -> f64 {
        self.standings[driver].ln
    }

    /// The value of a driver in billionths of its unit, rounded, at least one.
    ///
    /// For prices in dollars these are nano-dollars. They are fine enough: a token of 0.03 USD has
    /// 3 * 10^7 of them, and 6 * 10^5 after it lost 98 %; and a rounding is not carried on, because
    /// the logarithm is kept. A price of gas in gwei becomes wei.
    pub fn nanos_rounded(&self, driver: usize) -> u64 {
        round_nanos(libm::exp(self.ln(driver)))
    }

    /// The regime in force; 0 when there is one only.
    pub fn regime(&self) -> usize {
        self.regime.regime
    }

    /// The moment at which the drivers stand so.
    pub fn now(&self) -> SimTime {
        self.now
    }
}

fn check_counts(
    what: &str,
    given: usize,
    other: &'static str,
    needed: usize,
) -> Result<(), DriverProblem> {
    let problem = || DriverProblem::CountsDiffer { what: what.to_string(), given, other, needed };
    if given == needed { Ok(()) } else { Err(problem()) }
}

fn check_driver(
    driver: &Driver,
    before: &[Driver],
    has_chain: bool,
    regimes: usize,
) -> Result<(), DriverProblem> {
    let name = || driver.name.clone();
    if before.iter().any(|other| other.key == driver.key) {
        return Err(DriverProblem::SameName { driver: name() });
    }
    match &driver.process {
        Process::Regimes(_) if !has_chain => Err(DriverProblem::NoChain { driver: name() }),
        Process::Regimes(moods) => {
            check_counts(&format!("moods of {}", driver.name), moods.count(), "regimes", regimes)
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
