//! Price books: what every card rents for, so that one book can be held against another.

use units::GpuHourPrice;

/// What every card rents for, by one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceBook {
    /// The name.
    pub name: String,
    /// Rent per GPU-hour, by `CardId`; above zero.
    pub prices: Vec<GpuHourPrice>,
}

impl PriceBook {
    /// What each card rents for here, as a multiple of what it rents for in `other`; by `CardId`.
    pub fn ratios_to(&self, other: &PriceBook) -> Vec<f64> {
        let nanos = |price: &GpuHourPrice| price.nanos() as f64;
        self.prices.iter().zip(&other.prices).map(|(own, its)| nanos(own) / nanos(its)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn book(cents: [u64; 2]) -> PriceBook {
        let prices = cents.map(|cents| GpuHourPrice::from_nanos(cents * 10_000_000)).into();
        PriceBook { name: String::new(), prices }
    }

    #[test]
    fn ratios_are_card_by_card() {
        let (home, other) = (book([20, 250]), book([80, 200]));
        assert_eq!(other.ratios_to(&home), [4.0, 0.8]);
        assert_eq!(home.ratios_to(&home), [1.0, 1.0]);
    }
}
