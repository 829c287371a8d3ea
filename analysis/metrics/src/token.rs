//! The token's price, and what the market's own trades weigh in it.

use record::{FlowParty, FlowReason, FlowRow, PriceRow};
use serde::Serialize;
use units::{Asset, Base, TokenPrice};

/// The token over the reported time.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Token {
    /// Its price in the first reported hour, USD, as the chain's feed says.
    pub start_usd: Option<f64>,
    /// Its price in the last hour.
    pub end_usd: Option<f64>,
    /// The lowest price of an hour.
    pub min_usd: Option<f64>,
    /// The highest price of an hour.
    pub max_usd: Option<f64>,
    /// The mean over hours.
    pub mean_usd: Option<f64>,
    /// Tokens that those in the market bought.
    pub bought_spon: f64,
    /// Tokens that they sold.
    pub sold_spon: f64,
    /// What they paid for them, USD.
    pub bought_usd: f64,
    /// What they got for them, USD.
    pub sold_usd: f64,
    /// Net sell pressure: what they sold less what they bought, whole tokens.
    pub net_sold_spon: f64,
    /// The same in USD as it was paid.
    pub net_sold_usd: f64,
    /// What came from an outside trader less what went to it, whole tokens.
    pub outside_net_spon: f64,
}

/// Notes hours and trades as they come.
#[derive(Default)]
pub(crate) struct TokenTally {
    hours: u64,
    ends: Option<[TokenPrice; 2]>,
    range: Option<[TokenPrice; 2]>,
    sum_nanos: u128,
    bought: [Base; Asset::ALL.len()],
    sold: [Base; Asset::ALL.len()],
    outside_spon: Base,
}

impl TokenTally {
    pub(crate) fn add_price(&mut self, row: &PriceRow) {
        if !row.is_reported {
            return;
        }
        let price = row.token_nano_usd;
        self.hours += 1;
        self.sum_nanos += u128::from(price.nanos());
        self.ends = Some([self.ends.map_or(price, |ends| ends[0]), price]);
        let [low, high] = self.range.unwrap_or([price; 2]);
        self.range = Some([low.min(price), high.max(price)]);
    }

    pub(crate) fn add_flow(&mut self, row: &FlowRow) {
        if !row.is_reported {
            return;
        }
        let asset = Asset::ALL.iter().position(|asset| asset.name() == row.asset);
        let asset = asset.expect("the ledger holds no other asset");
        let amount = row.amount.base();
        match row.reason {
            FlowReason::TokensBought => {
                self.bought[asset] += amount;
            }
            FlowReason::TokensSold => {
                self.sold[asset] += amount;
            }
            FlowReason::OutsideTrade if row.asset == Asset::Spon.name() => {
                let comes = row.to == FlowParty::Exchange;
                self.outside_spon += if comes { amount } else { -amount };
            }
            _ => {}
        }
    }

    pub(crate) fn finish(&self) -> Token {
        let usd = |price: TokenPrice| price.nanos() as f64 / 1e9;
        let of = |sums: &[Base; Asset::ALL.len()], asset: Asset| {
            let place = Asset::ALL.iter().position(|other| *other == asset);
            sums[place.expect("all assets are listed")]
        };
        let whole = |amount: Base| amount as f64 / 1e18;
        let net = |asset| of(&self.sold, asset) - of(&self.bought, asset);
        Token {
            start_usd: self.ends.map(|ends| usd(ends[0])),
            end_usd: self.ends.map(|ends| usd(ends[1])),
            min_usd: self.range.map(|range| usd(range[0])),
            max_usd: self.range.map(|range| usd(range[1])),
            mean_usd: self.ends.map(|_| self.sum_nanos as f64 / 1e9 / self.hours as f64),
            bought_spon: whole(of(&self.bought, Asset::Spon)),
            sold_spon: whole(of(&self.sold, Asset::Spon)),
            bought_usd: whole(of(&self.bought, Asset::Usd)),
            sold_usd: whole(of(&self.sold, Asset::Usd)),
            net_sold_spon: whole(net(Asset::Spon)),
            net_sold_usd: whole(net(Asset::Usd)),
            outside_net_spon: whole(self.outside_spon),
        }
    }
}
