//! The commands: each reads what it was asked, does it, says what came of it, and answers with
//! how the process ends.

pub mod check;
pub mod compare;
pub mod match_round;
pub mod metrics;
pub mod run;
pub mod validate;
pub mod verify;

use crate::cli::Command;
use crate::console::tell;
use crate::error::RunError;
use crate::interrupt;
use scenario::Loaded;
use std::process::ExitCode;

/// How a command ends when nothing kept it from its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// All is well.
    Fine,
    /// A check failed.
    Failed,
    /// Somebody stopped it.
    Interrupted,
    /// What was read is not valid, and was told.
    Invalid,
}

impl Verdict {
    /// The exit code.
    pub fn code(self) -> u8 {
        match self {
            Verdict::Fine => 0,
            Verdict::Failed => 1,
            Verdict::Invalid => 2,
            Verdict::Interrupted => interrupt::EXIT_CODE,
        }
    }
}

/// Does what was asked; errors are told here and nowhere else.
pub fn start(command: &Command) -> ExitCode {
    let verdict = match command {
        Command::Run(arguments) => run::start(arguments),
        Command::Validate(arguments) => Ok(validate::start(arguments)),
        Command::Check(arguments) => check::start(arguments),
        Command::Compare(arguments) => compare::start(arguments),
        Command::Metrics(arguments) => metrics::start(arguments),
        Command::Verify(arguments) => verify::start(arguments),
        Command::Match(arguments) => match_round::start(arguments),
    };
    let verdict = verdict.unwrap_or_else(|error: RunError| {
        tell(error);
        Verdict::Invalid
    });
    ExitCode::from(verdict.code())
}

/// Tells what is doubtful about a scenario.
fn tell_warnings(loaded: &Loaded) {
    loaded.warnings.iter().for_each(tell);
}
