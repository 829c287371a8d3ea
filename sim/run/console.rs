//! Words on the terminal: results on standard output, all else on standard error.
//!
//! Whoever reads may leave early (`orrery run ... | head`): that is no failure of ours, so what
//! cannot be said is passed over.

use std::fmt::Display;
use std::io::{self, Write};

/// Says a result: a line on standard output.
pub fn say(text: impl Display) {
    let _ = writeln!(io::stdout().lock(), "{text}");
}

/// Tells about the run: a line on standard error.
pub fn tell(text: impl Display) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}
