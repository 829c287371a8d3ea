//! Ctrl-C: the first asks the run to stop at its next slice, the second ends the process.

use crate::console::tell;
use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The exit code of what was interrupted, as shells have it.
pub const EXIT_CODE: u8 = 130;

/// A wish to stop, shared by all runs of a command.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Listens to Ctrl-C from now on.
    pub fn on_interrupt() -> Stop {
        let stop = Stop::default();
        let asked = stop.clone();
        // Without a handler, which a process can set only once, Ctrl-C ends it at once.
        let _ = ctrlc::set_handler(move || {
            if asked.0.swap(true, Ordering::SeqCst) {
                std::process::exit(i32::from(EXIT_CODE));
            }
            // A progress bar stands on the line.
            let line = if std::io::stderr().is_terminal() { "\n" } else { "" };
            tell(format!("{line}stopping at the next slice (Ctrl-C again ends at once)"));
        });
        stop
    }

    /// Asks all runs to stop.
    pub fn ask(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Whether somebody asked.
    pub fn is_asked(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}
