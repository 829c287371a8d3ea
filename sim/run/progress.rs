//! How far runs have come, on standard error, when somebody is looking.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::sync::atomic::{AtomicU64, Ordering};
use units::{SimTime, Span};

/// Times a second that the bar is drawn.
const DRAWS_PER_SECOND: u8 = 8;

/// One bar for all runs of a command.
pub struct Progress {
    bar: ProgressBar,
    runs: u64,
    runs_done: AtomicU64,
}

impl Progress {
    /// A bar over `runs` runs of `length` simulated time each; unseen when `is_quiet` or when
    /// standard error is no terminal.
    pub fn start(runs: u64, length: Span, is_quiet: bool) -> Progress {
        let is_seen = !is_quiet && std::io::stderr().is_terminal();
        let target = if is_seen {
            ProgressDrawTarget::stderr_with_hz(DRAWS_PER_SECOND)
        } else {
            ProgressDrawTarget::hidden()
        };
        let total = runs.saturating_mul(seconds(length.nanos()));
        let style = ProgressStyle::with_template("{bar:32} {percent:>3} %  {msg}  ETA {eta}")
            .expect("the template is one of indicatif's");
        let bar = ProgressBar::with_draw_target(Some(total), target).with_style(style);
        Progress { bar, runs, runs_done: AtomicU64::new(0) }
    }

    /// One of the runs, which tells how far it is.
    pub fn track(&self) -> Track<'_> {
        Track { progress: self, seconds: 0 }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn message(&self, now: SimTime) -> String {
        if self.runs > 1 {
            let done = self.runs_done.load(Ordering::Relaxed);
            return format!("{done} of {} runs", self.runs);
        }
        let days = |seconds: u64| seconds as f64 / 86_400.0;
        let (day, last) = (days(seconds(now.nanos())), days(self.bar.length().unwrap_or(0)));
        format!("day {day:.1} of {last:.1}")
    }
}

/// How far one run has come.
pub struct Track<'a> {
    progress: &'a Progress,
    seconds: u64,
}

impl Track<'_> {
    /// The run stands at `now`.
    pub fn at(&mut self, now: SimTime) {
        let reached = seconds(now.nanos());
        self.progress.bar.inc(reached.saturating_sub(self.seconds));
        self.progress.bar.set_message(self.progress.message(now));
        self.seconds = reached;
    }

    /// The run has ended.
    pub fn end(self) {
        self.progress.runs_done.fetch_add(1, Ordering::Relaxed);
    }
}

/// Whole simulated seconds: the bar needs no more.
fn seconds(nanos: u64) -> u64 {
    nanos / Span::SECOND.nanos()
}
