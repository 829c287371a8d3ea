//! The one place that looks at the wall clock: how long a run took never enters its results.

/// Measures wall time.
#[expect(clippy::disallowed_types, reason = "it times the machine, not the simulation")]
pub struct Stopwatch(std::time::Instant);

#[expect(clippy::disallowed_types, reason = "it times the machine, not the simulation")]
impl Stopwatch {
    /// Starts now.
    pub fn start() -> Stopwatch {
        Stopwatch(std::time::Instant::now())
    }

    /// Seconds since the start.
    pub fn seconds(&self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }
}
