//! Money and prices as integers, so that every operator computes the same bill.

use crate::{GpuCount, Span};
use std::ops::{Add, AddAssign, Neg, Sub};

/// What the ledger can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Asset {
    /// Dollars of a stablecoin, in nano-dollars.
    Usd,
    /// The network's token, in units of 10^-18.
    Spon,
    /// Credits worth a dollar of compute that cannot be traded, in nano-dollars.
    Credit,
}

impl Asset {
    /// All assets, in ledger order.
    pub const ALL: [Asset; 3] = [Asset::Usd, Asset::Spon, Asset::Credit];

    /// The name in tables and reports.
    pub const fn name(self) -> &'static str {
        match self {
            Asset::Usd => "USD",
            Asset::Spon => "SPON",
            Asset::Credit => "CREDIT",
        }
    }

    /// Units of 10^-18 in the asset's smallest unit: what tables count every asset in.
    pub const fn scale(self) -> Base {
        match self {
            Asset::Usd | Asset::Credit => 1_000_000_000,
            Asset::Spon => 1,
        }
    }
}

/// An amount of some asset in its smallest unit: what the ledger counts in.
pub type Base = i128;

/// Dollars in nano-dollars, possibly negative (a loss).
///
/// 0.04 USD per GPU-hour is 2.8 micro-dollars per 250 ms block: micro-dollars would lose a fifth
/// to rounding, nano-dollars lose nothing that matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Usd(i64);

impl Usd {
    /// Nothing.
    pub const ZERO: Usd = Usd(0);

    /// `nanos` nano-dollars.
    pub const fn from_nanos(nanos: i64) -> Usd {
        Usd(nanos)
    }

    /// Nano-dollars.
    pub const fn nanos(self) -> i64 {
        self.0
    }

    /// As the ledger counts it.
    pub const fn base(self) -> Base {
        self.0 as Base
    }

    /// From what the ledger counts.
    ///
    /// # Panics
    /// When the amount is beyond nine thousand million dollars, which no account holds.
    pub fn from_base(base: Base) -> Usd {
        Usd(i64::try_from(base).expect("an account holds less than nine thousand million dollars"))
    }

    /// Dollars as a float, for analysis only.
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / 1e9
    }
}

impl Add for Usd {
    type Output = Usd;
    fn add(self, other: Usd) -> Usd {
        Usd(self.0.checked_add(other.0).expect("dollar amounts stay below 2^63 nano-dollars"))
    }
}

impl AddAssign for Usd {
    fn add_assign(&mut self, other: Usd) {
        *self = *self + other;
    }
}

impl Sub for Usd {
    type Output = Usd;
    fn sub(self, other: Usd) -> Usd {
        Usd(self.0.checked_sub(other.0).expect("dollar amounts stay below 2^63 nano-dollars"))
    }
}

impl Neg for Usd {
    type Output = Usd;
    fn neg(self) -> Usd {
        Usd(-self.0)
    }
}

/// Tokens in units of 10^-18.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spon(i128);

impl Spon {
    /// Nothing.
    pub const ZERO: Spon = Spon(0);
    /// One whole token.
    pub const ONE: Spon = Spon(1_000_000_000_000_000_000);

    /// `base` units of 10^-18.
    pub const fn from_base(base: Base) -> Spon {
        Spon(base)
    }

    /// Units of 10^-18.
    pub const fn base(self) -> Base {
        self.0
    }

    /// The value at `price`, a started nano-dollar dropped.
    pub fn value_rounded_down(self, price: TokenPrice) -> Usd {
        let value = self.0.checked_mul(i128::from(price.nanos())).expect("supply times price fits");
        Usd::from_base(value.div_euclid(Spon::ONE.0))
    }

    /// Whole tokens as a float, for analysis only.
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / 1e18
    }
}

impl Add for Spon {
    type Output = Spon;
    fn add(self, other: Spon) -> Spon {
        Spon(self.0.checked_add(other.0).expect("token amounts stay below 2^127"))
    }
}

impl AddAssign for Spon {
    fn add_assign(&mut self, other: Spon) {
        *self = *self + other;
    }
}

impl Sub for Spon {
    type Output = Spon;
    fn sub(self, other: Spon) -> Spon {
        Spon(self.0.checked_sub(other.0).expect("token amounts stay below 2^127"))
    }
}

/// Price of one token in nano-dollars.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct TokenPrice(u64);

impl TokenPrice {
    /// `nanos` nano-dollars per token.
    pub const fn from_nanos(nanos: u64) -> TokenPrice {
        TokenPrice(nanos)
    }

    /// Nano-dollars per token.
    pub const fn nanos(self) -> u64 {
        self.0
    }

    /// The tokens that `value` buys, a started unit dropped.
    ///
    /// # Panics
    /// When the price is zero: validation refuses it.
    pub fn tokens_rounded_down(self, value: Usd) -> Spon {
        assert!(self.0 > 0, "validation refuses a token without a price");
        assert!(value.nanos() >= 0, "tokens are bought with what is there");
        let scaled = value.base().checked_mul(Spon::ONE.0).expect("2^63 times 10^18 fits");
        Spon(scaled / i128::from(self.0))
    }

    /// The tokens that are worth at least `value`; a started unit counts in full.
    ///
    /// # Panics
    /// When the price is zero: validation refuses it.
    pub fn tokens_rounded_up(self, value: Usd) -> Spon {
        assert!(self.0 > 0, "validation refuses a token without a price");
        assert!(value.nanos() >= 0, "tokens are bought with what is there");
        let scaled = value.base().checked_mul(Spon::ONE.0).expect("2^63 times 10^18 fits");
        let price = i128::from(self.0);
        Spon(scaled / price + i128::from(scaled % price != 0))
    }
}

/// Price of holding one GPU for one hour, in nano-dollars.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct GpuHourPrice(u64);

impl GpuHourPrice {
    /// `nanos` nano-dollars per GPU-hour.
    pub const fn from_nanos(nanos: u64) -> GpuHourPrice {
        GpuHourPrice(nanos)
    }

    /// Nano-dollars per GPU-hour.
    pub const fn nanos(self) -> u64 {
        self.0
    }

    /// Cost of `gpus` for `span`. A started nano-dollar is paid in full.
    ///
    /// ```
    /// # use units::{GpuCount, GpuHourPrice, Span, Usd};
    /// let price = GpuHourPrice::from_nanos(2_500_000_000); // 2.50 USD
    /// let cost = price.cost_rounded_up(GpuCount(4), Span::from_secs(1800));
    /// assert_eq!(cost, Usd::from_nanos(5_000_000_000));
    /// ```
    pub fn cost_rounded_up(self, gpus: GpuCount, span: Span) -> Usd {
        Usd::from_base(self.gpu_nanos(gpus, span).div_ceil(u128::from(Span::HOUR.nanos())) as Base)
    }

    /// Cost of `gpus` for `span`, a started nano-dollar dropped.
    pub fn cost_rounded_down(self, gpus: GpuCount, span: Span) -> Usd {
        Usd::from_base((self.gpu_nanos(gpus, span) / u128::from(Span::HOUR.nanos())) as Base)
    }

    fn gpu_nanos(self, gpus: GpuCount, span: Span) -> u128 {
        u128::from(self.0) * u128::from(gpus.0) * u128::from(span.nanos())
    }
}

/// Price of one kilowatt-hour in nano-dollars.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct KwhPrice(u64);

impl KwhPrice {
    /// `nanos` nano-dollars per kilowatt-hour.
    pub const fn from_nanos(nanos: u64) -> KwhPrice {
        KwhPrice(nanos)
    }

    /// Nano-dollars per kilowatt-hour.
    pub const fn nanos(self) -> u64 {
        self.0
    }
}

/// Electric power in watts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Watts(pub u32);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_bought_are_worth_at_least_the_value() {
        let price = TokenPrice::from_nanos(30_000_000); // 0.03 USD
        let tokens = price.tokens_rounded_up(Usd::from_nanos(10_000_000_001));
        assert!(tokens.value_rounded_down(price) >= Usd::from_nanos(10_000_000_000));
        assert_eq!(price.tokens_rounded_up(Usd::from_nanos(30_000_000)), Spon::ONE);
    }

    #[test]
    fn the_two_costs_differ_by_at_most_a_nano_dollar() {
        let price = GpuHourPrice::from_nanos(40_000_000);
        let span = Span::from_millis(250);
        let up = price.cost_rounded_up(GpuCount(1), span);
        assert_eq!(up - price.cost_rounded_down(GpuCount(1), span), Usd::from_nanos(1));
    }
}
