//! Rates of rare events over the time in which they could happen.

use statrs::distribution::{ContinuousCDF, Gamma};

/// Events and the exposure in which they happened: what censored leases call for.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Exposure {
    /// Events.
    pub events: u64,
    /// Exposure, in whatever unit the rate is per.
    pub exposure: f64,
}

impl Exposure {
    /// Events per unit of exposure; none without exposure.
    pub fn rate(&self) -> Option<f64> {
        (self.exposure > 0.0).then(|| self.events as f64 / self.exposure)
    }

    /// The exact 95 % interval of the rate, events being Poisson (Garwood 1936).
    ///
    /// `low = G(0.025; k) / T`, `high = G(0.975; k + 1) / T`, with `G` the quantile of the gamma
    /// distribution of that shape.
    pub fn rate_interval(&self) -> Option<(f64, f64)> {
        if self.exposure <= 0.0 {
            return None;
        }
        let events = self.events as f64;
        let low = if self.events == 0 { 0.0 } else { gamma_quantile(events, 0.025) };
        Some((low / self.exposure, gamma_quantile(events + 1.0, 0.975) / self.exposure))
    }
}

fn gamma_quantile(shape: f64, p: f64) -> f64 {
    Gamma::new(shape, 1.0).expect("the shape is positive").inverse_cdf(p)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_of_ten_events_is_that_of_the_tables() {
        let ten = Exposure { events: 10, exposure: 2.0 };
        assert_eq!(ten.rate(), Some(5.0));
        let (low, high) = ten.rate_interval().unwrap();
        assert!((low - 4.795_389 / 2.0).abs() < 1e-4, "{low}");
        assert!((high - 18.390_36 / 2.0).abs() < 1e-4, "{high}");
    }

    #[test]
    fn no_event_leaves_an_upper_bound_and_no_exposure_nothing() {
        let (low, high) = Exposure { events: 0, exposure: 1.0 }.rate_interval().unwrap();
        assert!(low.abs() < 1e-12);
        assert!((high - 3.688_879).abs() < 1e-4, "{high}");
        assert_eq!(Exposure::default().rate(), None);
        assert_eq!(Exposure::default().rate_interval(), None);
    }
}
