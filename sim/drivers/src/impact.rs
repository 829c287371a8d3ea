//! What a market does to a price that otherwise moves by itself: impact of net buying, and a pull
//! to the value that use gives a token.

use crate::calendar::years;
use crate::nanos::{NANOS, round_nanos};
use crate::problem::{DriverProblem, check_not_negative, check_positive};
use units::{Span, Spon, TokenPrice, Usd};

/// What buying for more dollars than are sold does to the logarithm of a price (economics.md 1.8,
/// N2).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Impact(Kind);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    None,
    SquareRoot { factor: f64, sigma_daily: f64, volume: f64 },
    Linear { factor: f64, depth: f64 },
}

impl Impact {
    /// Nothing.
    pub const NONE: Impact = Impact(Kind::None);

    /// `Y sigma sqrt(|q| / V) sign(q)`, with `factor` Y, the deviation sigma of a day's log return
    /// and the dollars V that change hands in a day.
    ///
    /// Half of an order moves the price by more than half, so the flow is that of a whole day, for
    /// which volume and deviation stand.
    pub fn square_root(
        factor: f64,
        sigma_daily: f64,
        volume: Usd,
    ) -> Result<Impact, DriverProblem> {
        check_not_negative("impact factor", factor)?;
        check_not_negative("sigma of a day", sigma_daily)?;
        let volume = volume.as_f64();
        check_positive("volume of a day", volume)?;
        Ok(Impact(Kind::SquareRoot { factor, sigma_daily, volume }))
    }

    /// `lambda q / depth`, with `factor` lambda and the dollars in the book.
    pub fn linear(factor: f64, depth: Usd) -> Result<Impact, DriverProblem> {
        check_not_negative("impact factor", factor)?;
        check_positive("depth", depth.as_f64())?;
        Ok(Impact(Kind::Linear { factor, depth: depth.as_f64() }))
    }

    /// The word in scenarios.
    pub const fn name(&self) -> &'static str {
        match self.0 {
            Kind::None => "none",
            Kind::SquareRoot { .. } => "square_root",
            Kind::Linear { .. } => "linear",
        }
    }

    /// What the logarithm gains when so many dollars buy, net of those that sell.
    ///
    /// ```
    /// # use drivers::Impact;
    /// # use units::Usd;
    /// let usd = |dollars: i64| Usd::from_nanos(dollars * 1_000_000_000);
    /// let root = Impact::square_root(1.0, 0.08, usd(1_000_000))?;
    /// assert!((root.compute_increment(usd(-10_000)) + 0.008).abs() < 1e-15);
    /// # Ok::<(), drivers::DriverProblem>(())
    /// ```
    pub fn compute_increment(&self, flow: Usd) -> f64 {
        let flow = flow.as_f64();
        match self.0 {
            Kind::None => 0.0,
            Kind::SquareRoot { factor, sigma_daily, volume } => {
                libm::copysign(factor * sigma_daily * libm::sqrt(flow.abs() / volume), flow)
            }
            Kind::Linear { factor, depth } => factor * flow / depth,
        }
    }
}

/// A pull to a value, in logarithms: `d ln P = pull (ln P* - ln P) dt`, by an exact step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reversion {
    pull: f64,
}

impl Reversion {
    /// A year closes all but `exp(-pull)` of the distance; zero does not pull.
    pub fn new(pull: f64) -> Result<Reversion, DriverProblem> {
        check_not_negative("pull", pull)?;
        Ok(Reversion { pull })
    }

    /// What the logarithm gains in `span` towards that of `target`.
    pub fn compute_increment(&self, ln: f64, target_ln: f64, span: Span) -> f64 {
        (ln - target_ln) * libm::expm1(-self.pull * years(span))
    }
}

/// The price at which tokens that are held for a while are worth what is paid with them,
/// `P* = D H / S`: `demand` in each `demand_over`, held for `holding`, over the tokens that
/// circulate. Rounded to the nano-dollar, at least one.
///
/// A supply of `M H`, which is where minting M and burning settle, makes it `D / M`. Source:
/// economics.md 3.2, row P8.
///
/// ```
/// # use drivers::compute_quantity_price;
/// # use units::{Span, Spon, TokenPrice, Usd};
/// let (month, year) = (Span::from_hours(730), Span::from_hours(8_760));
/// let demand = Usd::from_nanos(2_000_000 * 1_000_000_000);
/// let circulating = Spon::from_base(9_126_804 * Spon::ONE.base());
/// let price = compute_quantity_price(demand, month, year, circulating);
/// assert_eq!(price.nanos() / 1_000, 2_629_617);
/// ```
///
/// # Panics
/// When nothing circulates, or demand is that of no time.
pub fn compute_quantity_price(
    demand: Usd,
    demand_over: Span,
    holding: Span,
    circulating: Spon,
) -> TokenPrice {
    assert!(circulating > Spon::ZERO, "a token without supply has no price");
    assert!(!demand_over.is_zero(), "demand is paid over some time");
    let turns = holding.as_secs_f64() / demand_over.as_secs_f64();
    let price = demand.as_f64() * turns / circulating.as_f64();
    TokenPrice::from_nanos(round_nanos(price))
}

/// A price that moves from outside, by impact and towards a value (economics.md 1.8, N3).
///
/// ```
/// # use drivers::{Combined, Impact, Reversion};
/// # use units::{Span, TokenPrice, Usd};
/// let flow = Usd::from_nanos(10_000 * 1_000_000_000);
/// let volume = Usd::from_nanos(1_000_000 * 1_000_000_000);
/// let impact = Impact::square_root(1.0, 0.08, volume)?;
/// let price = Combined { impact, reversion: Reversion::new(0.5)? };
/// let one_dollar = TokenPrice::from_nanos(1_000_000_000); // the value, and the price: ln 0
/// let exogenous = 0.01; // what the driver's `ln` gained in the step
/// let ln = price.next_ln(0.0, exogenous, flow, one_dollar, Span::DAY);
/// assert!((ln - 0.018).abs() < 1e-4, "0.01 and 0.008, less a day's pull");
/// # Ok::<(), drivers::DriverProblem>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Combined {
    /// What net buying does.
    pub impact: Impact,
    /// What pulls the price to its value.
    pub reversion: Reversion,
}

impl Combined {
    /// The logarithm of the price after `span`: what came from outside and by impact, and then the
    /// pull to `value`.
    ///
    /// The order of the two is a choice that matters less the shorter the step: what arrives within
    /// it is pulled as if it had stood at its start.
    pub fn next_ln(
        &self,
        ln: f64,
        exogenous: f64,
        flow: Usd,
        value: TokenPrice,
        span: Span,
    ) -> f64 {
        let moved = ln + exogenous + self.impact.compute_increment(flow);
        let value_ln = libm::log(value.nanos().max(1) as f64 / NANOS);
        moved + self.reversion.compute_increment(moved, value_ln, span)
    }
}

/// How far a market's own trades took a price from what it is outside: nothing at the start.
///
/// ```
/// # use drivers::{Combined, Deviation, Impact, Reversion};
/// # use units::{Span, Usd};
/// let usd = |dollars: i64| Usd::from_nanos(dollars * 1_000_000_000);
/// let rules = Combined {
///     impact: Impact::linear(1.0, usd(1_000_000))?,
///     reversion: Reversion::new(365.0)?,
/// };
/// let mut deviation = Deviation::NONE;
/// deviation.step(&rules, usd(-10_000), Span::ZERO);
/// assert_eq!(deviation.nanos_rounded(), 990_049_834); // exp(-0.01)
/// deviation.step(&rules, usd(0), Span::DAY);
/// assert_eq!(deviation.nanos_rounded(), 996_327_964); // the day closes all but 1/e of it
/// # Ok::<(), drivers::DriverProblem>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Deviation {
    ln: f64,
}

impl Deviation {
    /// None.
    pub const NONE: Deviation = Deviation { ln: 0.0 };

    /// Net buying of `flow`, and then the pull back through `span`. What comes from outside moves
    /// the price and its value alike, and so does not count.
    pub fn step(&mut self, rules: &Combined, flow: Usd, span: Span) {
        self.ln = rules.next_ln(self.ln, 0.0, flow, WHOLE, span);
    }

    /// The price over that outside, in billionths, rounded.
    pub fn nanos_rounded(&self) -> u64 {
        round_nanos(libm::exp(self.ln))
    }
}

/// Where the logarithm is zero.
const WHOLE: TokenPrice = TokenPrice::from_nanos(NANOS as u64);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::YEAR;

    fn usd(dollars: i64) -> Usd {
        Usd::from_nanos(dollars * 1_000_000_000)
    }

    fn root() -> Impact {
        Impact::square_root(1.2, 0.05, usd(400_000)).unwrap()
    }

    /// By hand: 1.2 * 0.05 * sqrt(1/4) = 0.03, and 0.5 * 10,000 / 100,000 = 0.05.
    #[test]
    fn oracle_impact_by_hand() {
        assert!((root().compute_increment(usd(100_000)) - 0.03).abs() < 1e-15);
        assert!((root().compute_increment(usd(-100_000)) + 0.03).abs() < 1e-15);
        let linear = Impact::linear(0.5, usd(100_000)).unwrap();
        assert!((linear.compute_increment(usd(10_000)) - 0.05).abs() < 1e-15);
        for impact in [root(), linear, Impact::NONE] {
            assert!(impact.compute_increment(Usd::ZERO).abs() < 1e-300);
        }
    }

    /// The root is concave, the line is not.
    #[test]
    fn two_halves_move_a_price_by_more_than_the_whole_under_the_root_only() {
        let ratio = |impact: Impact| {
            2.0 * impact.compute_increment(usd(500)) / impact.compute_increment(usd(1_000))
        };
        assert!((ratio(root()) - std::f64::consts::SQRT_2).abs() < 1e-15);
        let linear = Impact::linear(0.5, usd(100_000)).unwrap();
        assert!((ratio(linear) - 1.0).abs() < 1e-15);
    }

    #[test]
    fn oracle_ten_pulls_of_a_day_are_one_of_ten_days() {
        let reversion = Reversion::new(2.0).unwrap();
        let pull = |ln: f64, span| ln + reversion.compute_increment(ln, -1.0, span);
        let ten = (0..10).fold(1.0, |ln, _| pull(ln, Span::DAY));
        assert!((pull(1.0, Span::DAY.times(10)) - ten).abs() < 1e-14);
        assert!((pull(1.0, YEAR) - (2.0 * libm::exp(-2.0) - 1.0)).abs() < 1e-15);
        assert!(Reversion::new(-1.0).is_err());
    }

    #[test]
    fn a_price_moves_from_outside_by_impact_and_towards_its_value() {
        let price = Combined { impact: root(), reversion: Reversion::new(2.0).unwrap() };
        let value = TokenPrice::from_nanos(1_000_000_000);
        let next = price.next_ln(0.5, 0.07, usd(100_000), value, YEAR);
        assert!((next - 0.6 * libm::exp(-2.0)).abs() < 1e-15);
        let still = Combined { impact: Impact::NONE, reversion: Reversion::new(0.0).unwrap() };
        let next = still.next_ln(0.5, 0.07, usd(100_000), value, YEAR);
        assert!((next - 0.57).abs() < 1e-15);
    }

    #[test]
    fn known_bits_hold_on_every_platform() {
        let price = Combined { impact: root(), reversion: Reversion::new(2.0).unwrap() };
        let value = TokenPrice::from_nanos(30_000_000);
        let next = price.next_ln(-3.0, 0.07, usd(12_345), value, Span::DAY);
        assert_eq!(next.to_bits(), 0xc007_619f_8598_669c);
    }

    #[test]
    fn impact_on_nothing_is_refused() {
        let empty = Impact::linear(0.5, Usd::ZERO).unwrap_err().to_string();
        assert_eq!(empty, "depth is 0; give a finite number above zero");
        assert!(Impact::square_root(-1.0, 0.1, usd(1)).is_err());
        assert!(Impact::square_root(1.0, 0.1, Usd::ZERO).is_err());
        assert_eq!(compute_quantity_price(Usd::ZERO, YEAR, YEAR, Spon::ONE).nanos(), 1);
    }
}
