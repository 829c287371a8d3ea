//! How the token's price and other drivers move, and how they hang together.

use crate::node::Value;
use crate::reader::Table;
use crate::validated::{Drivers, Moved, Token, Traded, UNMOVED};
use drivers::{
    Between, Bootstrap, Combined, Constant, Correlation, Driver, DriverProblem, Gbm, Impact,
    Innovation, Joint, Merton, Mood, OuLog, Path, Process, RegimeChain, Regimes, Reversion,
};
use units::SimTime;
use units::text::{parse_token_price, parse_usd};

/// Largest drift and deviation of a year, and most jumps.
const DRIFT_MAX: f64 = 100.0;
const SIGMA_MAX: f64 = 20.0;
const JUMPS_MAX: f64 = 10_000.0;
/// Most and least of a ratio: a level, a pull.
const RATIO_MAX: f64 = 1e6;
const RATIO_MIN: f64 = 1e-6;

/// The two regimes that all drivers share.
const REGIMES: [&str; 2] = ["bull", "bear"];

/// Reads the numbers of a process; each says what it cannot be made of.
type Reading = fn(&Table) -> Result<Process, DriverProblem>;

/// Processes that have numbers; beside them there is `constant`.
const PROCESSES: [(&str, Reading); 6] = [
    ("path", path),
    ("gbm", gbm),
    ("merton", merton),
    ("ou_log", ou_log),
    ("regimes", regimes),
    ("bootstrap", bootstrap),
];

/// A driver as it was declared.
pub struct Declared {
    process: &'static str,
    driver: Driver,
}

/// The token, and how its price moves.
pub fn token(root: &Table) -> (Token, Declared) {
    root.table("token", |table| {
        let price = table.quantity("price", parse_token_price);
        table.require(price.nanos() > 0, "price", || {
            "is zero; write a price above zero".to_string()
        });
        let words =
            [("outside", Traded::Outside), ("pool", Traded::Pool), ("impact", Traded::Impact)];
        let traded = table.word("traded", &words);
        (Token { price, traded }, declared(Moved::Token, table))
    })
}

/// What the market's own trades do to the token's price where it is traded outside and they count.
/// The numbers of both forms are read and checked.
pub fn impact(root: &Table) -> Combined {
    root.table("impact", |table| {
        let root_of = table.table("square_root", |numbers| {
            let factor = numbers.number("factor", 0.0..=RATIO_MAX);
            let sigma = numbers.number("sigma_daily", 0.0..=SIGMA_MAX);
            let volume = numbers.quantity("volume", parse_usd);
            made(numbers, Impact::square_root(factor, sigma, volume), || Impact::NONE)
        });
        let line = table.table("linear", |numbers| {
            let factor = numbers.number("factor", 0.0..=RATIO_MAX);
            let depth = numbers.quantity("depth", parse_usd);
            made(numbers, Impact::linear(factor, depth), || Impact::NONE)
        });
        let impact = table.word("form", &[("square_root", root_of), ("linear", line)]);
        let pull = table.number("pull", 0.0..=RATIO_MAX);
        let reversion = Reversion::new(pull).or(Reversion::new(0.0));
        Combined { impact, reversion: reversion.expect("no pull is one") }
    })
}

/// All drivers together.
pub fn drivers(root: &Table, token: Declared) -> Drivers {
    root.table("drivers", |table| {
        let mut all = vec![token];
        for moved in &Moved::ALL[1..] {
            let read = |numbers: &Table| declared(*moved, numbers);
            all.push(table.optional(moved.name(), read).unwrap_or_else(|| unmoved(*moved)));
        }
        let processes = std::array::from_fn(|at| all[at].process);
        let drivers: Vec<Driver> = all.into_iter().map(|one| one.driver).collect();
        let chain = table.table("regimes", chain);
        let correlations = table.table("correlation", |of_regime| {
            REGIMES.map(|regime| of_regime.table(regime, correlation)).to_vec()
        });
        let joint = Joint::new(drivers, Some(chain), correlations);
        Drivers { joint: joint.expect("two regimes, and a row for every driver"), processes }
    })
}

fn declared(moved: Moved, table: &Table) -> Declared {
    let words: Vec<_> = [UNMOVED].into_iter().chain(PROCESSES.map(|(word, _)| word)).collect();
    let words: Vec<_> = words.into_iter().map(|word| (word, word)).collect();
    let chosen = table.word("process", &words);
    let mut process = still();
    for (word, read) in PROCESSES {
        // The numbers of others may be there, and are checked then.
        if word == chosen || table.has(word) {
            let found = table.table(word, |numbers| made(numbers, read(numbers), still));
            process = if word == chosen { found } else { process };
        }
    }
    Declared { process: chosen, driver: Driver::new(moved.name(), process, innovation(table)) }
}

fn unmoved(moved: Moved) -> Declared {
    Declared { process: UNMOVED, driver: Driver::new(moved.name(), still(), Innovation::GAUSSIAN) }
}

fn still() -> Process {
    Process::Constant(Constant::new(1.0).expect("1 is above zero"))
}

/// What was made of a table's numbers; what cannot be is a problem of the table.
fn made<T>(table: &Table, made: Result<T, DriverProblem>, instead: impl FnOnce() -> T) -> T {
    made.unwrap_or_else(|why| {
        table.require(false, "", || why.to_string());
        instead()
    })
}

/// `"gaussian"`, or `{ student_t = 4.0 }`.
fn innovation(table: &Table) -> Innovation {
    if let Some(Value::Text(_)) = table.peek("innovation").map(|node| &node.value) {
        return table.word("innovation", &[("gaussian", Innovation::GAUSSIAN)]);
    }
    table.table("innovation", |tails| {
        let freedom = tails.number("student_t", 0.0..=RATIO_MAX);
        made(tails, Innovation::student_t(freedom), || Innovation::GAUSSIAN)
    })
}

fn drift(table: &Table) -> f64 {
    table.number("mu", -DRIFT_MAX..=DRIFT_MAX)
}

fn sigma(table: &Table) -> f64 {
    table.number("sigma", 0.0..=SIGMA_MAX)
}

fn gbm(table: &Table) -> Result<Process, DriverProblem> {
    Gbm::new(1.0, drift(table), sigma(table)).map(Process::Gbm)
}

fn merton(table: &Table) -> Result<Process, DriverProblem> {
    let gbm = Gbm::new(1.0, drift(table), sigma(table));
    let jumps = table.number("jumps_per_year", 0.0..=JUMPS_MAX);
    let mean = table.number("jump_mean", -10.0..=10.0);
    let deviation = table.number("jump_sigma", 0.0..=10.0);
    Merton::new(gbm?, jumps, mean, deviation).map(Process::Merton)
}

fn ou_log(table: &Table) -> Result<Process, DriverProblem> {
    let level = table.number("level", RATIO_MIN..=RATIO_MAX);
    let pull = table.number("pull", RATIO_MIN..=RATIO_MAX);
    OuLog::new(1.0, level, pull, sigma(table)).map(Process::OuLog)
}

fn regimes(table: &Table) -> Result<Process, DriverProblem> {
    let mood = |table: &Table| Mood { mu: drift(table), sigma: sigma(table) };
    let moods = REGIMES.map(|regime| table.table(regime, mood));
    Regimes::new(1.0, &moods).map(Process::Regimes)
}

/// Points at equal distances; what counts is how much of the first point each is.
fn path(table: &Table) -> Result<Process, DriverProblem> {
    let every = table.span_above_zero("every");
    let words = [("log_linear", Between::LogLinear), ("step", Between::Step)];
    let between = table.word("between", &words);
    let values = table.positive_numbers("values");
    let first = values.first().copied().unwrap_or(1.0);
    let points = values.iter().enumerate();
    let at = |number: usize| SimTime::from_nanos(every.nanos().saturating_mul(number as u64));
    let points: Vec<_> = points.map(|(number, value)| (at(number), value / first)).collect();
    Path::new(&points, between).map(Process::Path)
}

fn bootstrap(table: &Table) -> Result<Process, DriverProblem> {
    let every = table.span_above_zero("every");
    let block = table.number("mean_block", 1.0..=RATIO_MAX);
    let closes = table.positive_numbers("closes");
    // One calendar for all: drivers with histories of equal length take the same days.
    Bootstrap::new(1.0, &closes, every, block, "history").map(Process::Bootstrap)
}

/// How long each regime lasts on average, and which is the first.
fn chain(table: &Table) -> RegimeChain {
    let first = table.word("first", &[("any", None), ("bull", Some(0)), ("bear", Some(1))]);
    let rate = |key: &str| {
        let mean = table.span_above_zero(key).nanos().max(1);
        drivers::YEAR.nanos() as f64 / mean as f64
    };
    let rates = [vec![0.0, rate("bull")], vec![rate("bear"), 0.0]];
    let chain = RegimeChain::new("market", &rates, first);
    chain.expect("rates are above zero, and there are two regimes")
}

/// Correlations by pair: `token_rents` and its like.
fn correlation(table: &Table) -> Correlation {
    let names = Moved::ALL.map(Moved::name);
    let mut rows = vec![vec![1.0; names.len()]; names.len()];
    for (one, name) in names.iter().enumerate() {
        for (other, other_name) in names.iter().enumerate().skip(one + 1) {
            let value = table.number(&format!("{name}_{other_name}"), -1.0..=1.0);
            (rows[one][other], rows[other][one]) = (value, value);
        }
    }
    Correlation::new(&names, &rows).unwrap_or_else(|why| {
        table.require(false, "", || why.to_string());
        Correlation::independent(names.len())
    })
}
