//! How tenants pay and providers are paid (economics.md 0.6).
//!
//! Prices are in dollars on every rail. A rail says which asset is locked for an order, what a
//! bill is in that asset, and in what providers are paid.

use crate::stake::unsigned;
use mechanism::credits::CreditRules;
use mechanism::wide::mul_div_rounded_up;
use units::{Asset, Base, BasisPoints, Spon, TokenPrice, Usd};

/// How tenants pay and providers are paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rail {
    /// Dollars of a stablecoin, all the way.
    Stable,
    /// Tokens, as many as the bill is worth when it is paid.
    NativeSpot {
        /// Locked on top of the deposit, because a token may be worth less when it is paid.
        margin: BasisPoints,
    },
    /// Tokens, as many as the bill was worth when its order was opened.
    NativeFrozen,
    /// Credits of a dollar each, for which tokens go into a vault; providers are paid in tokens at
    /// the price of the day, from the vault and freshly minted beyond it.
    BurnMint(CreditRules),
    /// Dollars from tenants into a vault; providers are paid in tokens of the reward pool that are
    /// worth what they are owed. The vault buys tokens back.
    UsdTarget(BuyBack),
}

/// What becomes of the dollars in the vault when an era ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BuyBack {
    /// The part that buys tokens.
    pub share: BasisPoints,
    /// The part of these that is burned; the rest refills the reward pool.
    pub burned: BasisPoints,
}

impl Rail {
    /// The word in scenarios.
    pub const fn name(&self) -> &'static str {
        match self {
            Rail::Stable => "stable",
            Rail::NativeSpot { .. } => "native_spot",
            Rail::NativeFrozen => "native_frozen",
            Rail::BurnMint(_) => "burn_mint",
            Rail::UsdTarget(_) => "usd_target",
        }
    }

    /// What is locked in escrow.
    pub const fn asset(&self) -> Asset {
        match self {
            Rail::Stable | Rail::UsdTarget(_) => Asset::Usd,
            Rail::NativeSpot { .. } | Rail::NativeFrozen => Asset::Spon,
            Rail::BurnMint(_) => Asset::Credit,
        }
    }

    /// Whether the tenant pays a fee for paying in another asset than the token.
    pub const fn has_facilitation_fee(&self) -> bool {
        matches!(self.asset(), Asset::Usd)
    }

    /// Whether the provider pays a fee for being paid in another asset than the token.
    pub const fn has_payout_fee(&self) -> bool {
        matches!(self, Rail::Stable)
    }

    /// What must be locked for a deposit of so many dollars at `price`.
    pub fn lock_rounded_up(&self, deposit: Usd, price: TokenPrice) -> Base {
        match self {
            Rail::Stable | Rail::UsdTarget(_) | Rail::BurnMint(_) => deposit.base(),
            Rail::NativeFrozen => price.tokens_rounded_up(deposit).base(),
            Rail::NativeSpot { margin } => {
                let whole = u128::from(BasisPoints::WHOLE.0);
                let tokens = unsigned(price.tokens_rounded_up(deposit));
                mul_div_rounded_up(tokens, whole + u128::from(margin.0), whole) as Base
            }
        }
    }

    /// What a part of a bill comes to in the locked asset, when `before` of it was paid already.
    ///
    /// `quote` is the token's price when the order was opened, `price` the price now. Where the
    /// quote counts, the sum of all parts is what the whole bill comes to.
    pub fn amount_rounded_down(
        &self,
        before: Usd,
        part: Usd,
        quote: TokenPrice,
        price: TokenPrice,
    ) -> Base {
        match self {
            Rail::Stable | Rail::UsdTarget(_) | Rail::BurnMint(_) => part.base(),
            Rail::NativeSpot { .. } => price.tokens_rounded_down(part).base(),
            Rail::NativeFrozen => {
                let tokens = |value| quote.tokens_rounded_down(value);
                (tokens(before + part) - tokens(before)).base()
            }
        }
    }

    /// What an amount of the locked asset is worth in dollars.
    pub fn value_rounded_down(&self, amount: Base, price: TokenPrice) -> Usd {
        worth_rounded_down(self.asset(), amount, price)
    }
}

/// What an amount is worth in dollars, a started nano-dollar dropped.
pub(crate) fn worth_rounded_down(asset: Asset, amount: Base, price: TokenPrice) -> Usd {
    match asset {
        Asset::Usd | Asset::Credit => Usd::from_base(amount),
        Asset::Spon => Spon::from_base(amount).value_rounded_down(price),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRICE: TokenPrice = TokenPrice::from_nanos(30_000_001);

    #[test]
    fn a_frozen_bill_comes_to_the_same_in_any_number_of_parts() {
        let whole = Usd::from_nanos(123_456_789);
        let parts = [1, 7, 99_999_999, 23_456_782].map(Usd::from_nanos);
        let (mut before, mut sum) = (Usd::ZERO, 0);
        for part in parts {
            sum += Rail::NativeFrozen.amount_rounded_down(before, part, PRICE, PRICE);
            before += part;
        }
        assert_eq!(before, whole);
        let once = Rail::NativeFrozen.amount_rounded_down(Usd::ZERO, whole, PRICE, PRICE);
        assert_eq!(sum, once);
    }

    #[test]
    fn what_is_locked_covers_the_bill_at_the_price_of_the_order() {
        let deposit = Usd::from_nanos(1_000_000_007);
        for rail in [Rail::NativeFrozen, Rail::NativeSpot { margin: BasisPoints(0) }] {
            let locked = rail.lock_rounded_up(deposit, PRICE);
            let due = rail.amount_rounded_down(Usd::ZERO, deposit, PRICE, PRICE);
            assert!((0..=1).contains(&(locked - due)), "{rail:?}: {locked} for {due}");
        }
        let margin = Rail::NativeSpot { margin: BasisPoints(5_000) };
        let plain = Rail::NativeFrozen.lock_rounded_up(deposit, PRICE);
        assert_eq!(margin.lock_rounded_up(deposit, PRICE), (3 * plain + 1) / 2);
    }
}
