//! Pay in dollars from two vaults (io.net's Incentive Dynamic Engine).
//!
//! Providers are owed dollars; tokens for them come from the reward vault, and when that is empty
//! from the vault of fees. Income above what is owed buys tokens back and burns them.

use crate::wide::mul_div_rounded_down;
use units::{BasisPoints, Spon, TokenPrice, Usd};

/// The rule: what is done with a surplus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsdTarget {
    /// The part of a surplus that buys back and burns; io.net promises half or more.
    pub buy_back: BasisPoints,
}

/// What an era is paid from, in base units of the token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VaultPay {
    /// From the reward vault.
    pub from_rewards: u128,
    /// From the vault of fees.
    pub from_fees: u128,
    /// What both could not pay.
    pub short: u128,
}

impl VaultPay {
    /// What is paid.
    pub fn total(&self) -> u128 {
        self.from_rewards + self.from_fees
    }
}

/// Tokens for `owed` at `price`, rounded down, as far as the vaults reach.
///
/// # Panics
/// When the price is zero, or less than nothing is owed.
pub fn pay_rounded_down(owed: Usd, price: TokenPrice, rewards: u128, fees: u128) -> VaultPay {
    let wanted = mul_div_rounded_down(count(owed), ONE_TOKEN, price.nanos().into());
    let from_rewards = wanted.min(rewards);
    let from_fees = (wanted - from_rewards).min(fees);
    VaultPay { from_rewards, from_fees, short: wanted - from_rewards - from_fees }
}

/// Income over what is owed, in millionths, rounded down: below a million the promise is not
/// sustained. Nothing owed is sustained by anything.
pub fn sustainability_ppm(income: Usd, owed: Usd) -> u128 {
    match count(owed) {
        0 => u128::MAX,
        owed => mul_div_rounded_down(count(income), 1_000_000, owed),
    }
}

impl UsdTarget {
    /// Dollars that buy tokens back, to be burned; rounded up, because the share is a minimum.
    pub fn buy_back_rounded_up(&self, income: Usd, owed: Usd) -> Usd {
        let surplus = count(income).saturating_sub(count(owed));
        let surplus = i128::try_from(surplus).expect("dollars have at most 63 bits");
        Usd::from_base(self.buy_back.of_rounded_up(surplus))
    }
}

const ONE_TOKEN: u128 = Spon::ONE.base().unsigned_abs();

fn count(amount: Usd) -> u128 {
    u128::try_from(amount.base()).expect("income and pay are not negative")
}
