//! The command line and everything it needs: files, the terminal, Ctrl-C, threads, the wall clock.
//!
//! ```text
//! cli -> commands -> load -> execute -> tables, summary, report -> a folder of results
//! ```
//!
//! **Invariant:** nothing here changes what a run comes to. Tables, threads, progress and the
//! place of the results leave the digest alone.
//!
//! Modules below may import only modules above them.

pub mod console;
pub mod files;
pub mod seeds;
pub mod timing;

pub mod tables;

pub mod read_tables;

pub mod error;
pub mod interrupt;
pub mod invariants;
pub mod progress;

pub mod manifest;

pub mod folder;
pub mod load;
pub mod seals;

pub mod report;

pub mod round_json;
pub mod round_record;
pub mod round_text;

pub mod context;

pub mod execute;

pub mod cli;

pub mod commands;

use clap::Parser;
use std::process::ExitCode;

/// Reads the command line and does what it says. Errors of usage end with exit code 2.
pub fn start() -> ExitCode {
    commands::start(&cli::Cli::parse().command)
}
