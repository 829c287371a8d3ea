//! What a tenant does so that its wallet can pay: dollars come from outside, tokens and credits are
//! bought with them.

use crate::world::World;
use mechanism::credits::Breaker;
use protocol::{Account, Call, Rail, Receipt, quote_tokens_rounded_up};
use units::{Asset, Base, BasisPoints, SimTime, Spon, TenantId, Usd};

impl World {
    /// Brings what a wallet lacks to lock these amounts, by way of the rail; false when it cannot
    /// be had: no credits are sold, or the exchange has too few tokens.
    pub fn fill_wallet(&mut self, now: SimTime, tenant: TenantId, amounts: &[Usd]) -> bool {
        let rail = self.params.rail;
        let lock = |amount: &Usd| rail.lock_rounded_up(*amount, self.chain.price);
        let needed = amounts.iter().map(lock).sum::<Base>();
        let lacking = needed - self.held(rail.asset(), tenant);
        if lacking <= 0 {
            return true;
        }
        match rail {
            Rail::Stable | Rail::UsdTarget(_) => self.bring(now, tenant, Usd::from_base(lacking)),
            Rail::NativeSpot { .. } | Rail::NativeFrozen => {
                return self.buy_tokens(now, tenant, Spon::from_base(lacking));
            }
            Rail::BurnMint(rules) => {
                if self.chain.vault.breaker(self.chain.price, &rules) == Breaker::Halted {
                    return false;
                }
                let value = top_up_rounded_up(Usd::from_base(lacking), rules.spread);
                let tokens = self.chain.price.tokens_rounded_up(value);
                let missing = tokens - Spon::from_base(self.held(Asset::Spon, tenant));
                if missing > Spon::ZERO && !self.buy_tokens(now, tenant, missing) {
                    return false;
                }
                let receipt = self.call(now, Call::TopUp { tenant, value });
                assert!(matches!(receipt, Receipt::CreditsMinted { .. }), "credits were asked for");
            }
        }
        true
    }

    /// Buys exactly `amount` with dollars from outside; false when there are not so many.
    fn buy_tokens(&mut self, now: SimTime, tenant: TenantId, amount: Spon) -> bool {
        let Some(cost) = quote_tokens_rounded_up(&self.chain, amount) else { return false };
        let held = Usd::from_base(self.held(Asset::Usd, tenant));
        if held < cost {
            self.bring(now, tenant, cost - held);
        }
        self.call(now, Call::BuyTokens { tenant, amount });
        true
    }

    fn bring(&mut self, now: SimTime, tenant: TenantId, amount: Usd) {
        self.call(now, Call::Deposit { tenant, amount });
    }

    fn held(&self, asset: Asset, tenant: TenantId) -> Base {
        self.chain.ledger.balance(asset, Account::Tenant(tenant))
    }
}

/// The least value of a top-up that mints at least `credits` when `spread` of it mints none.
///
/// The spread is rounded up by the vault, so one nano-dollar more is enough.
fn top_up_rounded_up(credits: Usd, spread: BasisPoints) -> Usd {
    let whole = Base::from(BasisPoints::WHOLE.0);
    let minted = whole - Base::from(spread.0);
    let value = credits.base() * whole / minted + 1;
    let enough = |value: Base| value - spread.of_rounded_up(value) >= credits.base();
    Usd::from_base(if enough(value) { value } else { value + 1 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_top_up_mints_what_is_lacking_and_hardly_more() {
        for spread in [0, 25, 999, 5_000].map(BasisPoints) {
            for credits in [1, 2, 3_999, 10_000, 123_456_789_012] {
                let value = top_up_rounded_up(Usd::from_nanos(credits), spread).base();
                let minted = value - spread.of_rounded_up(value);
                let more = minted - Base::from(credits);
                assert!((0..=2).contains(&more), "{credits} at {spread:?}: {minted}");
            }
        }
    }
}
