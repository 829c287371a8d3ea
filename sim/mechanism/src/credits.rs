//! Credits in dollars, bought by locking tokens and settled in tokens at the price of the day.
//!
//! Burn and mint as Akash has it (protocol.md 4.1, economics.md 1.7): a top-up locks tokens in a
//! vault and mints credits, one a dollar; a settlement burns credits and pays tokens, from the
//! vault first and freshly minted beyond it. Credits cannot be transferred: there is no operation
//! for it, and who owns which is kept by whoever calls.

use crate::wide::mul_div_rounded_down;
use units::{BasisPoints, Ppm, Spon, TokenPrice, Usd};

/// What governs a vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CreditRules {
    /// Share of a top-up that mints no credits; its tokens stay in the vault.
    pub spread: BasisPoints,
    /// Cover below which the vault is watched.
    pub warn_below: Ppm,
    /// Cover below which no credits are minted.
    pub halt_below: Ppm,
}

/// The vault, and the credits that it must settle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vault {
    tokens: Spon,
    outstanding: Usd,
}

/// What a top-up moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TopUp {
    /// Tokens from the tenant into the vault.
    pub locked: Spon,
    /// Credits minted for the tenant.
    pub credits: Usd,
}

/// What a settlement moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// Tokens out of the vault.
    pub from_vault: Spon,
    /// Tokens minted, because the vault had no more.
    pub minted: Spon,
}

impl Settlement {
    /// What the payee receives.
    pub fn paid(&self) -> Spon {
        self.from_vault + self.minted
    }
}

/// Why nothing happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CreditError {
    /// The cover is too low for new credits; settlements go on.
    Halted,
    /// The amount is zero or less.
    Nothing,
    /// More credits were to be settled than are outstanding.
    BeyondOutstanding,
}

/// How well a vault covers its credits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Breaker {
    /// Well enough.
    Closed,
    /// Below the warning.
    Warned,
    /// Below the halt: no credits are minted.
    Halted,
}

impl Vault {
    /// A vault with `reserve` tokens of its own and no credits outstanding.
    pub fn new(reserve: Spon) -> Vault {
        assert!(reserve >= Spon::ZERO, "a reserve is what is there");
        Vault { tokens: reserve, outstanding: Usd::ZERO }
    }

    /// Tokens in the vault.
    pub const fn tokens(&self) -> Spon {
        self.tokens
    }

    /// Credits minted and not yet settled.
    pub const fn outstanding(&self) -> Usd {
        self.outstanding
    }

    /// The vault's worth at `price` over the credits outstanding, rounded down; none without
    /// credits.
    pub fn cover_rounded_down(&self, price: TokenPrice) -> Option<Ppm> {
        let credits = u128::try_from(self.outstanding.base()).expect("credits are not negative");
        if credits == 0 {
            return None;
        }
        let tokens = u128::try_from(self.tokens.base()).expect("a vault holds no debt");
        let worth = mul_div_rounded_down(tokens, u128::from(price.nanos()), TOKEN);
        let cover = mul_div_rounded_down(worth, u128::from(Ppm::ONE.0), credits);
        Some(Ppm(u32::try_from(cover).unwrap_or(u32::MAX)))
    }

    /// What the cover at `price` says.
    pub fn breaker(&self, price: TokenPrice, rules: &CreditRules) -> Breaker {
        match self.cover_rounded_down(price) {
            Some(cover) if cover < rules.halt_below => Breaker::Halted,
            Some(cover) if cover < rules.warn_below => Breaker::Warned,
            _ => Breaker::Closed,
        }
    }

    /// Locks tokens worth at least `value` at `price` and mints its credits, less the spread.
    ///
    /// # Panics
    /// When the price is zero: validation refuses it.
    pub fn top_up(
        &mut self,
        value: Usd,
        price: TokenPrice,
        rules: &CreditRules,
    ) -> Result<TopUp, CreditError> {
        if value <= Usd::ZERO {
            return Err(CreditError::Nothing);
        }
        if self.breaker(price, rules) == Breaker::Halted {
            return Err(CreditError::Halted);
        }
        let spread = Usd::from_base(rules.spread.of_rounded_up(value.base()));
        let top_up = TopUp { locked: price.tokens_rounded_up(value), credits: value - spread };
        self.tokens += top_up.locked;
        self.outstanding += top_up.credits;
        Ok(top_up)
    }

    /// Burns `credits` and pays tokens worth them at `price`, a started unit dropped. A refund of
    /// unused credits is the same operation, and neither is ever halted.
    ///
    /// # Panics
    /// When the price is zero: validation refuses it.
    pub fn settle(&mut self, credits: Usd, price: TokenPrice) -> Result<Settlement, CreditError> {
        if credits <= Usd::ZERO {
            return Err(CreditError::Nothing);
        }
        if credits > self.outstanding {
            return Err(CreditError::BeyondOutstanding);
        }
        let due = price.tokens_rounded_down(credits);
        let from_vault = due.min(self.tokens);
        self.tokens = self.tokens - from_vault;
        self.outstanding = self.outstanding - credits;
        Ok(Settlement { from_vault, minted: due - from_vault })
    }
}

/// Units in a token.
const TOKEN: u128 = Spon::ONE.base() as u128;
