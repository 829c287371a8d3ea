//! What can go wrong outside the simulator, in one type. Every one of these ends with exit code 2.

use crate::files::FileError;
use crate::read_tables::ReadError;
use crate::tables::TableError;
use scenario::Problem;
use std::fmt;
use std::path::PathBuf;

/// Why a command could not do what was asked.
#[derive(Debug)]
pub enum RunError {
    /// The scenario is not valid: every problem of it.
    Scenario(Vec<Problem>),
    /// A file could not be read or written.
    File(FileError),
    /// A table could not be written.
    Table(TableError),
    /// A table could not be read.
    Read(ReadError),
    /// The place of the results is taken by something else.
    Occupied {
        /// The folder or file.
        path: PathBuf,
        /// What stands there.
        holds: String,
    },
    /// Results are not as they were written.
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
}

impl fmt::Display for RunError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RunError::Scenario(problems) => {
                problems.iter().try_for_each(|problem| writeln!(out, "{problem}"))?;
                let count = problems.iter().filter(|problem| !problem.is_warning).count();
                let s = if count == 1 { "" } else { "s" };
                write!(out, "{count} problem{s}; nothing was run")
            }
            RunError::File(error) if error.action == "read" => {
                write!(out, "{error}; correct the path")
            }
            RunError::File(error) => write!(out, "{error}; {OTHER_PLACE}"),
            RunError::Table(error) => write!(out, "{error}; {OTHER_PLACE}"),
            RunError::Read(error) => error.fmt(out),
            RunError::Occupied { path, holds } => write!(
                out,
                "{} holds {holds}, and results are never overwritten; give this variant a name \
                 with --name, another place with --out, or remove the old results",
                path.display()
            ),
            RunError::Damaged { path, what } => write!(
                out,
                "{}: {what}; it is not what `run` wrote: make the results again",
                path.display()
            ),
        }
    }
}

const OTHER_PLACE: &str = "make room there or choose another place with --out";

impl std::error::Error for RunError {}

impl From<FileError> for RunError {
    fn from(error: FileError) -> RunError {
        RunError::File(error)
    }
}

impl From<TableError> for RunError {
    fn from(error: TableError) -> RunError {
        RunError::Table(error)
    }
}

impl From<ReadError> for RunError {
    fn from(error: ReadError) -> RunError {
        RunError::Read(error)
    }
}
