//! Other networks, to which providers may take their machines (economics.md 1.12, multi-homing).

use units::{GpuHourPrice, NetworkId, Ppm, SimTime, Span, Usd};

/// A network other than this one, as who has machines sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct OtherNetwork {
    /// The name.
    pub name: String,
    /// Whether machines can go there.
    pub is_open: bool,
    /// What an hour that is let brings at the start, by `CardId`; none where it follows the book.
    pub prices: Vec<Option<GpuHourPrice>>,
    /// The same for the other cards, in hundredths of the book price of the start.
    pub multiple_hundredths: u32,
    /// Whether its prices move with the rents of the market.
    pub follows_rents: bool,
    /// What its prices are multiplied by as time goes.
    pub price_path: Option<Schedule>,
    /// Share of the time that a machine is up and let.
    pub utilization: Ppm,
    /// What it keeps of a price.
    pub fee: Ppm,
    /// What it pays for an hour that a GPU is up, let or not, in book prices of the start.
    pub subsidy: f64,
    /// Whether that moves with the token's price, as that of most tokens does.
    pub follows_token: bool,
    /// What the subsidy is multiplied by as time goes.
    pub subsidy_path: Option<Schedule>,
}

impl OtherNetwork {
    /// The word for this network among networks.
    pub const HERE: &str = "here";

    /// Whether it never pays anything: then it is no option for anybody.
    pub fn pays_nothing(&self) -> bool {
        let no_prices = self.multiple_hundredths == 0 && self.prices.iter().all(Option::is_none);
        let no_rent = no_prices || self.utilization == Ppm::ZERO || self.fee >= Ppm::ONE;
        no_rent && self.subsidy <= 0.0
    }
}

/// Factors that follow one another; the last one stays.
#[derive(Clone, Debug, PartialEq)]
pub struct Schedule {
    /// How long each holds.
    pub every: Span,
    /// The factors; there is at least one.
    pub values: Vec<f64>,
}

impl Schedule {
    /// The factor that holds at a moment.
    pub fn at(&self, now: SimTime) -> f64 {
        let step = now.since(SimTime::ZERO).nanos() / self.every.nanos().max(1);
        let last = self.values.len() - 1;
        self.values[usize::try_from(step).map_or(last, |step| step.min(last))]
    }
}

/// How a provider kind moves between networks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moving {
    /// By what it decides.
    pub rule: MovingRule,
    /// What taking a GPU from one network to another costs, either way.
    pub switching: Usd,
    /// For how long it reckons with what it sees.
    pub horizon: Span,
    /// Whole eras between saying so and going: it takes no more leases in them.
    pub notice_eras: u32,
}

/// By what somebody decides which network is best.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MovingRule {
    /// It goes when that is worth more than it costs.
    Npv,
    /// By chance, the more likely the better.
    Logit,
}

/// The networks that are open and pay something; this one is not among them.
pub fn open_networks(
    networks: &[OtherNetwork],
) -> impl Iterator<Item = (NetworkId, &OtherNetwork)> + '_ {
    let ids = (1u16..).map(NetworkId).zip(networks);
    ids.filter(|(_, network)| network.is_open && !network.pays_nothing())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_factor_stays() {
        let path = Schedule { every: Span::DAY, values: vec![1.0, 0.5, 0.0] };
        let at = |hours| path.at(SimTime::ZERO + Span::from_hours(hours)).to_bits();
        assert_eq!(
            [0, 23, 24, 47, 48, 9_999].map(at),
            [1.0, 1.0, 0.5, 0.5, 0.0, 0.0].map(f64::to_bits)
        );
    }

    #[test]
    fn a_network_that_pays_nothing_is_no_option() {
        let pays = OtherNetwork {
            name: "x".to_string(),
            is_open: true,
            prices: vec![None],
            multiple_hundredths: 100,
            follows_rents: false,
            price_path: None,
            utilization: Ppm(500_000),
            fee: Ppm::ZERO,
            subsidy: 0.0,
            follows_token: false,
            subsidy_path: None,
        };
        assert!(!pays.pays_nothing());
        let unused = OtherNetwork { utilization: Ppm::ZERO, ..pays.clone() };
        let greedy = OtherNetwork { fee: Ppm::ONE, ..pays.clone() };
        let empty = OtherNetwork { multiple_hundredths: 0, ..pays.clone() };
        let subsidized = OtherNetwork { subsidy: 0.1, ..unused.clone() };
        assert!(unused.pays_nothing() && greedy.pays_nothing() && empty.pays_nothing());
        assert!(!subsidized.pays_nothing());
        let closed = OtherNetwork { is_open: false, ..pays.clone() };
        let all = [closed, unused, pays];
        let open: Vec<u16> = open_networks(&all).map(|(id, _)| id.0).collect();
        assert_eq!(open, [3]);
    }
}
