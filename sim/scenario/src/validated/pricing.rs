//! How the rent of a card in a pool is made.

pub use mechanism::rent::Pick;
use units::{BasisPoints, Ppm, Span};

/// Who says what a GPU-hour costs: each provider for itself, or one rule for a card in a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pricing {
    /// Each provider is paid what it asks.
    Posted,
    /// The price rises while more than a share of what is offered is in use.
    Utilization {
        /// Time between steps, in whole hours.
        every: Span,
        /// Share of the offered GPUs at which the price rests.
        target: Ppm,
        /// Change of the price for each unit of utilization off the target.
        gain: Ppm,
        /// The largest share by which one step changes the price.
        step_max: Ppm,
    },
    /// One price for all at which most GPUs change hands.
    Clearing {
        /// Time between clearings, in whole hours.
        every: Span,
        /// Which price of the interval is paid.
        pick: Pick,
    },
    /// The price moves as the fee of EIP-1559 does.
    Eip1559 {
        /// Time between steps, in whole hours.
        every: Span,
        /// Share of the offered GPUs at which the price rests.
        target: Ppm,
        /// It moves by one part of this many when twice the target is in use.
        divisor: u32,
    },
    /// What a cloud asks, less a discount.
    CloudDiscount {
        /// What a cloud asks, in hundredths of the book price.
        cloud_hundredths: u32,
        /// What is taken off.
        discount: BasisPoints,
    },
}

impl Pricing {
    /// The word in scenarios.
    pub const fn name(&self) -> &'static str {
        match self {
            Pricing::Posted => "posted",
            Pricing::Utilization { .. } => "utilization",
            Pricing::Clearing { .. } => "clearing",
            Pricing::Eip1559 { .. } => "eip1559",
            Pricing::CloudDiscount { .. } => "cloud_discount",
        }
    }

    /// Time between changes of the price; none where it is nobody's but the provider's.
    pub const fn every(&self) -> Option<Span> {
        match *self {
            Pricing::Posted => None,
            Pricing::Utilization { every, .. }
            | Pricing::Clearing { every, .. }
            | Pricing::Eip1559 { every, .. } => Some(every),
            Pricing::CloudDiscount { .. } => Some(Span::HOUR),
        }
    }
}
