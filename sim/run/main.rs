//! The `orrery` binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    orrery::start()
}
