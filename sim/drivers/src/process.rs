//! How one driver moves: a closed list of processes, one file each.
//!
//! A process moves the natural logarithm of its value over a piece of time in which the regime
//! stays the same. Its diffusion takes one innovation for the piece, handed in because it may be
//! correlated with those of other drivers; what else it needs (jumps, blocks of history) it draws
//! by moment, so that it is the same however time is cut.

mod bootstrap;

mod constant;

mod gbm;

mod merton;

mod ou_log;

mod path;

mod regimes;

pub use bootstrap::Bootstrap;
pub use constant::Constant;
pub use gbm::Gbm;
pub use merton::Merton;
pub use ou_log::OuLog;
pub use path::{Between, Path};
pub use regimes::{Mood, Regimes};

use crate::calendar::years;
use crate::problem::{DriverProblem, check_positive};
use engine::draws::Draws;
use units::{EntityKey, SimTime};

/// How a driver moves. Source: economics.md 1.8, E1 to E7.
#[derive(Clone, Debug, PartialEq)]
pub enum Process {
    /// Never.
    Constant(Constant),
    /// Through scripted points.
    Path(Path),
    /// Geometric Brownian motion.
    Gbm(Gbm),
    /// Geometric Brownian motion with jumps.
    Merton(Merton),
    /// Pulled back to a level.
    OuLog(OuLog),
    /// Geometric Brownian motion whose drift and deviation are those of the regime in force.
    Regimes(Regimes),
    /// Blocks of a historical series.
    Bootstrap(Bootstrap),
}

/// A piece of time in one regime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    pub from: SimTime,
    pub to: SimTime,
    pub regime: usize,
}

impl Piece {
    pub fn years(&self) -> f64 {
        years(self.to.since(self.from))
    }
}

/// Where a driver stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Standing {
    /// Natural logarithm of its value.
    pub ln: f64,
    memory: Memory,
}

/// What a process must remember beyond its value.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Memory {
    Nothing,
    NextJump(merton::Jump),
    Place(usize),
}

/// The chance that a process has to itself.
#[derive(Clone, Copy)]
pub struct Chance<'a> {
    pub draws: &'a Draws,
    pub key: EntityKey,
}

impl Process {
    /// Where it stands at the start of a run.
    pub(crate) fn begin(&self, chance: Chance<'_>) -> Standing {
        let (ln, memory) = match self {
            Process::Constant(constant) => (constant.ln(), Memory::Nothing),
            Process::Path(path) => (path.ln_at(SimTime::ZERO), Memory::Nothing),
            Process::Gbm(gbm) => (gbm.start_ln(), Memory::Nothing),
            Process::Merton(merton) => {
                (merton.start_ln(), Memory::NextJump(merton.first_jump(chance)))
            }
            Process::OuLog(ou) => (ou.start_ln(), Memory::Nothing),
            Process::Regimes(regimes) => (regimes.start_ln(), Memory::Nothing),
            Process::Bootstrap(history) => (history.start_ln(), Memory::Place(0)),
        };
        Standing { ln, memory }
    }

    /// How fast it goes back to a level, per year; zero when it does not.
    pub(crate) fn pull(&self) -> f64 {
        match self {
            Process::OuLog(ou) => ou.pull(),
            _ => 0.0,
        }
    }

    /// Moves over one piece; `z` is the innovation of its diffusion.
    pub(crate) fn advance(
        &self,
        standing: &mut Standing,
        piece: Piece,
        z: f64,
        chance: Chance<'_>,
    ) {
        match (self, &mut standing.memory) {
            (Process::Constant(_), _) => {}
            (Process::Path(path), _) => standing.ln = path.ln_at(piece.to),
            (Process::Gbm(gbm), _) => standing.ln += gbm.increment(piece.years(), z),
            (Process::Merton(merton), Memory::NextJump(next)) => {
                standing.ln += merton.diffusion(piece.years(), z);
                standing.ln += merton.take_jumps(next, piece.to, chance);
            }
            (Process::OuLog(ou), _) => standing.ln = ou.next_ln(standing.ln, piece.years(), z),
            (Process::Regimes(regimes), _) => {
                standing.ln += regimes.increment(piece.regime, piece.years(), z);
            }
            (Process::Bootstrap(history), Memory::Place(place)) => {
                standing.ln += history.take_returns(place, piece, chance.draws);
            }
            (Process::Merton(_) | Process::Bootstrap(_), _) => {
                unreachable!("a process is handed the memory that it began with")
            }
        }
    }
}

/// The logarithm of a value that a driver starts from.
fn start_ln(what: &'static str, value: f64) -> Result<f64, DriverProblem> {
    check_positive(what, value)?;
    Ok(libm::log(value))
}

/// Helpers of the tests of the processes.
#[cfg(test)]
mod testing {
    use super::*;
    use engine::distribution::Normal;
    use engine::draws::Purpose;
    use units::Span;

    /// Where `process` stands after each of `spans` in `regime`, with Gaussian innovations.
    pub fn walk(process: &Process, seed: u64, regime: usize, spans: &[Span]) -> Vec<f64> {
        let (draws, key) = (Draws::new(seed), EntityKey::group("walk"));
        let chance = Chance { draws: &draws, key };
        let (mut standing, mut from) = (process.begin(chance), SimTime::ZERO);
        let mut lns = vec![standing.ln];
        for (step, &span) in (0..).zip(spans) {
            let to = from + span;
            let z = draws.at(Purpose(0), key, step).sample(&Normal::new(0.0, 1.0));
            process.advance(&mut standing, Piece { from, to, regime }, z, chance);
            lns.push(standing.ln);
            from = to;
        }
        lns
    }

    /// The same end, reached in one step, in ten and in uneven ones; without diffusion.
    pub fn assert_cut_does_not_matter(process: &Process) {
        let day = Span::DAY;
        let uneven = [Span::HOUR, day.times(3), day.times(5) + Span::HOUR.times(3), Span::HOUR];
        let rest = day.times(10 * 365).saturating_sub(day.times(8) + Span::HOUR.times(5));
        for seed in 0..50 {
            let end = |spans: &[Span]| *walk(process, seed, 0, spans).last().expect("a start");
            let whole = end(&[day.times(10 * 365)]);
            let tenths = end(&[day.times(365); 10]);
            let parts = end(&[&uneven[..], &[rest]].concat());
            assert!((whole - tenths).abs() < 1e-12, "seed {seed}: {whole} or {tenths}");
            assert!((whole - parts).abs() < 1e-12, "seed {seed}: {whole} or {parts}");
        }
    }

    /// The bits of the value after each of three days under seed 1.
    pub fn bits(process: &Process) -> [u64; 3] {
        let lns = walk(process, 1, 0, &[Span::DAY; 3]);
        [1, 2, 3].map(|day: usize| lns[day].to_bits())
    }

    /// Mean, variance, and the standard errors of both.
    pub struct Moments {
        pub mean: f64,
        pub mean_error: f64,
        pub variance: f64,
        pub variance_error: f64,
    }

    pub fn moments(values: &[f64]) -> Moments {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let power = |p: i32| values.iter().map(|x| (x - mean).powi(p)).sum::<f64>() / n;
        let variance = power(2);
        let variance_error = libm::sqrt((power(4) - variance * variance) / n);
        Moments { mean, mean_error: libm::sqrt(variance / n), variance, variance_error }
    }

    /// `found` is within four standard errors of `reference`; they are a small share of it.
    #[track_caller]
    pub fn assert_near(found: f64, error: f64, reference: f64, width: f64) {
        let half_width = 4.0 * error;
        assert!((found - reference).abs() < half_width, "{found} +- {half_width}, not {reference}");
        assert!(half_width < width * reference.abs(), "half-width {half_width} says too little");
    }
}
