//! The seven scored factors of the matchmaker; the eighth, randomness, is the draw.
//!
//! Each is a function of one candidate alone, so adding a candidate moves no other's score. Scores
//! are millionths from nothing to the whole, rounded down. Each file has one factor: the default
//! form, its alternatives, and where the shapes come from.
//!
//! | factor | default form | alternatives |
//! |---|---|---|
//! | region | [`RegionForm::HalfPoint`] | exponential, steps, inverse |
//! | price delta | [`PriceForm::HalfBudget`] | full budget |
//! | uptime | [`UptimeForm::Marks`] | the share itself |
//! | reputation | [`ReputationForm::Prior`] | even prior, completion rate |
//! | availability | [`AvailabilityForm::Spread`] | best fit |
//! | slash | [`SlashForm::Halving`] | gate |
//! | stake | [`StakeForm::Log`] | linear, square root, saturating |
//! | randomness | by `Weights::randomness` | weighted by free GPUs or not |
//!
//! Source: protocol.md 9.4 and economics.md 1.3.

mod availability;
mod price;
mod region;
mod reputation;
mod slash;
mod stake;
mod uptime;

pub use availability::{AvailabilityForm, availability};
pub use price::{PriceForm, price};
pub(crate) use region::region_knee;
pub use region::{Place, RegionForm, region};
pub use reputation::{ReputationForm, reputation};
pub use slash::{SlashForm, slash};
pub use stake::{StakeForm, stake};
pub use uptime::{UptimeForm, uptime};

/// Declares the forms of one factor with their names in scenarios; the first is the default.
macro_rules! forms {
    ($(#[$doc:meta])* $name:ident { $($(#[$form_doc:meta])* $form:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub enum $name { #[default] $($(#[$form_doc])* $form,)* }

        impl $name {
            /// All forms with their names in scenarios and snapshots, the default first.
            pub const NAMED: &'static [(&'static str, $name)] = &[$(($text, $name::$form),)*];
        }
    };
}
use forms;

/// Which form each factor takes, and what they share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forms {
    /// Nearness to the tenant.
    pub region: RegionForm,
    /// How far the bid stays below the ceiling.
    pub price: PriceForm,
    /// Challenges answered.
    pub uptime: UptimeForm,
    /// Leases that ended as agreed.
    pub reputation: ReputationForm,
    /// Room left after placing the order.
    pub availability: AvailabilityForm,
    /// Recent slashes.
    pub slash: SlashForm,
    /// Stake behind the provider.
    pub stake: StakeForm,
    /// Stake counts up to this many times its minimum.
    pub stake_cap_multiple: u32,
    /// Whether the chance of a draw is multiplied by the free GPUs, so that many small identities
    /// win no more than one large (economics.md 1.3).
    pub is_weighted_by_capacity: bool,
}

impl Forms {
    /// The default form of each, with stake counted up to `stake_cap_multiple` times its minimum.
    pub fn capped_at(stake_cap_multiple: u32) -> Forms {
        Forms {
            region: RegionForm::default(),
            price: PriceForm::default(),
            uptime: UptimeForm::default(),
            reputation: ReputationForm::default(),
            availability: AvailabilityForm::default(),
            slash: SlashForm::default(),
            stake: StakeForm::default(),
            stake_cap_multiple,
            is_weighted_by_capacity: false,
        }
    }
}
