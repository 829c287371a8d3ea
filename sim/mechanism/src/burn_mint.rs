//! Tokens burned for work and minted for workers, each by a rule of its own.
//!
//! Helium and Render (economics.md 1.7): who buys work worth `D` burns `D / P` tokens, and an era
//! mints `M` whatever was burned. When tokens are held for `H` eras of spending, the price is
//! `H x D / S`, an era burns `S / H`, and the supply settles at `M x H`.

use crate::wide::mul_div_rounded_down;
use units::{BasisPoints, Spon, TokenPrice, Usd};

/// What becomes of the tokens that pay for work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payment {
    /// Gone from the supply.
    pub burned: Spon,
    /// Kept as the network's fee.
    pub fee: Spon,
}

/// The tokens that pay for work worth `value` at `price`, a started unit in full; `fee` of them is
/// kept, a started unit dropped, and the rest is burned.
pub fn divide_payment(value: Usd, price: TokenPrice, fee: BasisPoints) -> Payment {
    let tokens = price.tokens_rounded_up(value);
    let fee = Spon::from_base(fee.of_rounded_down(tokens.base()));
    Payment { burned: tokens - fee, fee }
}

/// The price at which `supply` is held for `held_eras` eras of `spending`: `H x D / S`.
///
/// # Panics
/// When there is no supply, or a token would be worth more than 2^64 nano-dollars.
pub fn quantity_price_rounded_down(supply: Spon, spending: Usd, held_eras: u32) -> TokenPrice {
    let count = |amount: i128| u128::try_from(amount).expect("supply and spending are no debts");
    let held = count(spending.base()) * u128::from(held_eras);
    let price = mul_div_rounded_down(held, Spon::ONE.base() as u128, count(supply.base()));
    TokenPrice::from_nanos(u64::try_from(price).expect("a token is worth less than all dollars"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `n` hundredths of a token.
    fn cents(n: i128) -> Spon {
        Spon::from_base(n * Spon::ONE.base() / 100)
    }

    /// Supply after `eras` that each burn for `spending` and mint `minted`.
    fn supply_after(eras: u32, start: Spon, minted: Spon, spending: Usd, held: u32) -> Spon {
        (0..eras).fold(start, |supply, _| {
            let price = quantity_price_rounded_down(supply, spending, held);
            let payment = divide_payment(spending, price, BasisPoints(0));
            assert_eq!(payment.fee, Spon::ZERO);
            supply - payment.burned + minted
        })
    }

    /// Row P8 of economics.md 3.2: from 5 million tokens, after 60 months.
    #[test]
    fn oracle_p8_supply_after_sixty_months_is_the_closed_form() {
        let (minted, spending) = (cents(76_056_700), Usd::from_nanos(2_000_000_000_000_000));
        let after = supply_after(60, cents(500_000_000), minted, spending, 12);
        // Printed to a hundredth of a token; the price is cut to a nano-dollar, so NU, not EX.
        assert!((after - cents(910_450_424)).base().abs() <= cents(1).base(), "{after:?}");
        let steady = supply_after(1_000, after, minted, spending, 12);
        assert!((steady - cents(912_680_400)).base().abs() <= cents(1).base(), "{steady:?}");
        let price = quantity_price_rounded_down(steady, spending, 12).nanos();
        assert_eq!((price + 500) / 1_000, 2_629_617, "2.629617 USD");
    }

    #[test]
    fn a_payment_is_divided_without_loss_and_is_worth_the_work() {
        let (value, price) = (Usd::from_nanos(1_000_000_007), TokenPrice::from_nanos(350_000_003));
        let payment = divide_payment(value, price, BasisPoints(500));
        assert_eq!(payment.burned + payment.fee, price.tokens_rounded_up(value));
        assert_eq!(payment.fee.base(), (payment.burned + payment.fee).base() / 20);
    }
}
