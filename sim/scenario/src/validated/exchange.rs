//! Where tokens are traded, and who sells them.

use units::{BasisPoints, Ppm, Span, TokenPrice, Usd};

/// The token.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    /// Its price at the start.
    pub price: TokenPrice,
    /// Where it is traded.
    pub traded: Traded,
}

/// Where tokens are traded, and so who makes their price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Traded {
    /// Outside, by so many that the market's own trades do not count.
    Outside,
    /// In a pool, where the market's own trades move the price beside the news from outside.
    Pool,
    /// Outside, where what the market's own trades do to the price wears off.
    Impact,
}

/// The pool and the feed that reads it.
#[derive(Clone, Copy, Debug)]
pub struct Exchange {
    /// Dollars in the pool at the start; its tokens are worth as much.
    pub dollars: Usd,
    /// The part of what comes in that a swap costs.
    pub fee: Ppm,
    /// The time over which the chain's feed takes the mean; zero for the price of the moment.
    pub feed_window: Span,
}

/// What is sold at the end of each era.
#[derive(Clone, Copy, Debug)]
pub struct TokenSales {
    /// Of the tokens that came into a provider's wallet since the last: rewards and payments.
    pub providers: BasisPoints,
    /// Of what the era paid to a delegator.
    pub delegators: BasisPoints,
    /// Of what the era releases to those who take no part in the market.
    pub holders: BasisPoints,
}
