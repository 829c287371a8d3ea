//! What tenants want at which price, and where else they can take a job (economics.md 1.2).

use units::{GpuHourPrice, Ppm, Span};

/// How the quantity that is wanted answers to a pool's price, relative to its book prices.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DemandCurve {
    /// `(p/p0)^-elasticity`.
    Isoelastic {
        /// Per cent of quantity lost for a per cent of price.
        elasticity: f64,
        /// Most that is wanted, however cheap, as a multiple of what is wanted at `p0`.
        at_most: f64,
    },
    /// `1 - elasticity (p/p0 - 1)`: the elasticity at `p0`.
    Linear {
        /// Per cent of quantity lost for a per cent of price, at the reference.
        elasticity: f64,
        /// Most that is wanted, as a multiple of what is wanted at `p0`.
        at_most: f64,
    },
    /// Every job draws the highest price that it pays: the curve is that law's survival function.
    Reservation {
        /// The median, in book prices of the card asked for.
        median: f64,
        /// Log standard deviation.
        sigma: f64,
    },
}

impl DemandCurve {
    /// What is wanted at a price of `price` references, as a multiple of what is wanted at one.
    /// Under reservation prices everybody comes, and the ceiling decides.
    pub fn quantity(&self, price: f64) -> f64 {
        match *self {
            DemandCurve::Isoelastic { elasticity, at_most } => {
                libm::pow(price, -elasticity).min(at_most)
            }
            DemandCurve::Linear { elasticity, at_most } => {
                (1.0 - elasticity * (price - 1.0)).clamp(0.0, at_most)
            }
            DemandCurve::Reservation { .. } => 1.0,
        }
    }

    /// Most that is ever wanted, as a multiple of what is wanted at the reference.
    pub fn at_most(&self) -> f64 {
        match *self {
            DemandCurve::Isoelastic { at_most, .. } | DemandCurve::Linear { at_most, .. } => {
                at_most
            }
            DemandCurve::Reservation { .. } => 1.0,
        }
    }
}

/// What a venue is; venues of one kind are more alike than others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VenueKind {
    /// A central cloud.
    Cloud,
    /// Another network of providers.
    Network,
}

/// A place other than this network where a tenant can take a job.
#[derive(Clone, Debug, PartialEq)]
pub struct Venue {
    /// The name.
    pub name: String,
    /// What it is.
    pub kind: VenueKind,
    /// Whether tenants can go there.
    pub is_open: bool,
    /// Its price by `CardId`; none where it follows the book.
    pub prices: Vec<Option<GpuHourPrice>>,
    /// Its price of the other cards, in hundredths of the book price.
    pub multiple_hundredths: u32,
    /// How long one waits there for each card, by `CardId`.
    pub waits: Vec<Span>,
    /// The shortest time that is paid for.
    pub contract_min: Span,
    /// Share of time that it serves.
    pub uptime: Ppm,
    /// How long one of its outages lasts.
    pub outage: Span,
    /// Round trip to it.
    pub round_trip: Span,
    /// How much worse its law suits than that of this network, in units; below zero: better.
    pub law: f64,
    /// What speaks for it beside all this, in USD per GPU-hour; below zero: against.
    pub appeal: f64,
}

impl Venue {
    /// The word for this network among venues.
    pub const HERE: &str = "here";

    /// Interruptions that one expects there in thirty days of work: the share of time that it is
    /// out of service, over the length of an outage.
    pub fn interruptions_per_month(&self) -> f64 {
        let month = 30.0 * 86_400.0;
        let (up, outage) = (self.uptime.as_f64(), self.outage.as_secs_f64());
        month * (1.0 - up) / (up * outage)
    }
}

/// How alike venues of one kind are: 1 is the multinomial logit, less is the nested one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Venues {
    /// Clouds among themselves.
    pub cloud_nest: f64,
    /// This network and other networks.
    pub network_nest: f64,
    /// How far back the measured interruptions and waits of this network reach.
    pub window: Span,
}

/// How some of a pool's tenants choose a venue. Utility is `-sensitivity` times the cost of a
/// GPU-hour, in which everything counts as dollars.
#[derive(Clone, Debug, PartialEq)]
pub struct TenantKind {
    /// The name.
    pub name: String,
    /// Utility of a dollar per GPU-hour: what the logit calls alpha.
    pub sensitivity: f64,
    /// Worth of one interruption less in thirty days of work.
    pub stability: GpuHourPrice,
    /// Worth of a day less of waiting.
    pub wait: GpuHourPrice,
    /// Worth of 100 ms less of round trip.
    pub latency: GpuHourPrice,
    /// Worth of one unit of law that suits.
    pub law: GpuHourPrice,
    /// Worth of staying with the venue of the last job.
    pub inertia: GpuHourPrice,
    /// Interruptions in thirty days as which one remembered failure counts.
    pub failure: f64,
    /// Failures that its tenants remember when the run begins.
    pub failures_before: f64,
    /// Time in which half of a failure is forgotten.
    pub memory: Span,
    /// Chance to take a job elsewhere that waited too long, in the place of giving it up.
    pub fallback: Ppm,
    /// Whether it chooses seldom, as a regular of one venue; none where it does for each job.
    pub churn: Option<Churn>,
}

/// Regulars, who stay where they are until they move:
/// `h = h0 exp(theta1 dprice + theta2 failures)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Churn {
    /// How often they think of it.
    pub every: Span,
    /// Chance to leave each time, at the prices of elsewhere and without failures.
    pub leave: Ppm,
    /// Chance to come back each time, at those prices.
    pub come_back: Ppm,
    /// What a dollar per GPU-hour by which this network is dearer adds to the logarithm.
    pub price: f64,
    /// What a remembered failure adds to it.
    pub failures: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curves_meet_at_the_reference_and_fall() {
        let curves = [
            DemandCurve::Isoelastic { elasticity: 1.2, at_most: 3.0 },
            DemandCurve::Linear { elasticity: 1.2, at_most: 3.0 },
        ];
        for curve in curves {
            assert!((curve.quantity(1.0) - 1.0).abs() < 1e-12);
            let at = |price: u32| curve.quantity(f64::from(price) / 100.0);
            assert!((1..400).all(|price| at(price) >= at(price + 1) && at(price) <= 3.0));
            let slope = (libm::log(at(101)) - libm::log(at(99))) / libm::log(101.0 / 99.0);
            assert!((slope + 1.2).abs() < 1e-3, "{slope}");
        }
        assert!(curves[1].quantity(2.0).abs() < 1e-12, "a linear demand ends");
    }
}
