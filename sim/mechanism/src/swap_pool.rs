//! A swap pool: tokens and dollars that trade against each other by their constant product.
//!
//! The integer form of Uniswap v2 (economics.md 1.8): what comes in counts less the fee, and what
//! goes out is rounded against the trader, so that the product never falls (economics.md 2.1,
//! T10). Who may trade, and where the fee goes, is not decided here: it stays in the reserves.

use ruint::aliases::U256;
use std::cmp::Ordering;
use units::{Base, Ppm, Spon, TokenPrice};

/// The largest reserve or payment: products of two with a fee then fit into 256 bits.
pub const AMOUNT_MAX: Base = 1 << 112;

/// Two reserves and the fee of a swap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SwapPool {
    tokens: Base,
    dollars: Base,
    fee: Ppm,
}

/// What is in a pool, and what a trader pays with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Tokens in units of 10^-18.
    Tokens,
    /// Dollars in nano-dollars.
    Dollars,
}

impl Side {
    /// What a trader receives who pays with this.
    pub const fn other(self) -> Side {
        match self {
            Side::Tokens => Side::Dollars,
            Side::Dollars => Side::Tokens,
        }
    }
}

/// Why a swap cannot be made; nothing changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SwapError {
    /// Nothing, a debt, or more than [`AMOUNT_MAX`] was to be traded.
    BadAmount,
    /// As much as the reserve or more was asked for; ask for less.
    BeyondReserve,
}

impl SwapPool {
    /// A pool of `tokens` and `dollars` (smallest units) whose swaps cost `fee` of what comes in.
    ///
    /// None when a reserve is not between 1 and [`AMOUNT_MAX`], or the fee is the whole or more.
    pub fn new(tokens: Base, dollars: Base, fee: Ppm) -> Option<SwapPool> {
        let is_amount = |amount: Base| (1..=AMOUNT_MAX).contains(&amount);
        let is_valid = is_amount(tokens) && is_amount(dollars) && fee < Ppm::ONE;
        is_valid.then_some(SwapPool { tokens, dollars, fee })
    }

    /// What lies in it of one side, in its smallest unit; never zero.
    pub const fn reserve(&self, side: Side) -> Base {
        match side {
            Side::Dollars => self.dollars,
            Side::Tokens => self.tokens,
        }
    }

    /// The product of the reserves, which no swap lets fall.
    pub fn product(&self) -> U256 {
        U256::from(self.tokens) * U256::from(self.dollars)
    }

    /// Nano-dollars for one token at the margin, without the fee; a started nano-dollar dropped,
    /// and at most the largest price there is.
    pub fn spot_rounded_down(&self) -> TokenPrice {
        let price = U256::from(self.dollars) * U256::from(Spon::ONE.base());
        let nanos = u64::try_from(price / U256::from(self.tokens));
        TokenPrice::from_nanos(nanos.unwrap_or(u64::MAX))
    }

    /// What `paid` of one side buys of the other one, the remainder left in the pool.
    ///
    /// `out = floor(in x (1 - fee) x R_out / (R_in + in x (1 - fee)))`; nothing, when what is paid
    /// is worth less than one unit.
    ///
    /// ```
    /// # use mechanism::swap_pool::{Side, SwapPool};
    /// # use units::Ppm;
    /// let pool = SwapPool::new(1_000, 1_000, Ppm(3_000)).expect("there are reserves");
    /// assert_eq!(pool.quote_rounded_down(Side::Dollars, 100), Ok(90));
    /// ```
    pub fn quote_rounded_down(&self, side: Side, paid: Base) -> Result<Base, SwapError> {
        if !(1..=AMOUNT_MAX).contains(&paid) {
            return Err(SwapError::BadAmount);
        }
        let counted = U256::from(paid) * self.kept_share();
        let before = U256::from(self.reserve(side)) * WHOLE_SHARE;
        let out = counted * U256::from(self.reserve(side.other())) / (before + counted);
        Ok(amount(out))
    }

    /// What must be paid of one side to take out exactly `bought` of the other one, a started unit
    /// in full.
    pub fn quote_exact_rounded_up(&self, side: Side, bought: Base) -> Result<Base, SwapError> {
        if bought < 1 {
            return Err(SwapError::BadAmount);
        }
        let left = self.reserve(side.other()).saturating_sub(bought);
        if left < 1 {
            return Err(SwapError::BeyondReserve);
        }
        let scaled = U256::from(self.reserve(side)) * U256::from(bought) * WHOLE_SHARE;
        let paid = scaled.div_ceil(U256::from(left) * self.kept_share());
        if paid > U256::from(AMOUNT_MAX) {
            return Err(SwapError::BadAmount);
        }
        Ok(amount(paid))
    }

    /// The least payment after which the price at the margin is `target` or beyond it, and in
    /// what; none when it is there already, or cannot be brought there.
    ///
    /// ```
    /// # use mechanism::swap_pool::{Side, SwapPool};
    /// # use units::{Ppm, TokenPrice};
    /// let mut pool = SwapPool::new(1_000 << 60, 1_000_000_000_000, Ppm(3_000)).expect("reserves");
    /// let target = TokenPrice::from_nanos(2 * pool.spot_rounded_down().nanos());
    /// let (side, paid) = pool.quote_move(target).expect("it moves");
    /// pool.apply_swap(side, paid).expect("it was quoted");
    /// assert_eq!((side, pool.spot_rounded_down()), (Side::Dollars, target));
    /// ```
    pub fn quote_move(&self, target: TokenPrice) -> Option<(Side, Base)> {
        let side = match self.spot_rounded_down().cmp(&target) {
            Ordering::Less => Side::Dollars,
            Ordering::Greater => Side::Tokens,
            Ordering::Equal => return None,
        };
        let is_there = |paid: Base| {
            let mut after = *self;
            after.apply_swap(side, paid).ok()?;
            let spot = after.spot_rounded_down();
            Some(if side == Side::Dollars { spot >= target } else { spot <= target })
        };
        // The price only rises with dollars paid, and only falls with tokens paid.
        let mut enough = 1;
        while !is_there(enough)? {
            enough *= 2;
        }
        let mut short = enough / 2;
        while enough - short > 1 {
            let middle = short + (enough - short) / 2;
            if is_there(middle)? { enough = middle } else { short = middle }
        }
        Some((side, enough))
    }

    /// Takes `paid` of one side in and gives what [`SwapPool::quote_rounded_down`] said.
    pub fn apply_swap(&mut self, side: Side, paid: Base) -> Result<Base, SwapError> {
        let out = self.quote_rounded_down(side, paid)?;
        self.exchange(side, paid, out)
    }

    /// Takes in what [`SwapPool::quote_exact_rounded_up`] said, gives exactly `bought`, and answers
    /// with what was paid.
    pub fn apply_swap_exact(&mut self, side: Side, bought: Base) -> Result<Base, SwapError> {
        let paid = self.quote_exact_rounded_up(side, bought)?;
        self.exchange(side, paid, bought)?;
        Ok(paid)
    }

    fn exchange(&mut self, side: Side, paid: Base, out: Base) -> Result<Base, SwapError> {
        let mut after = *self;
        *after.reserve_mut(side) += paid;
        *after.reserve_mut(side.other()) -= out;
        if after.reserve(side) > AMOUNT_MAX {
            return Err(SwapError::BadAmount);
        }
        assert!(after.reserve(side.other()) > 0, "a swap never empties a reserve");
        assert!(after.product() >= self.product(), "a swap never lowers the product");
        *self = after;
        Ok(out)
    }

    fn reserve_mut(&mut self, side: Side) -> &mut Base {
        match side {
            Side::Dollars => &mut self.dollars,
            Side::Tokens => &mut self.tokens,
        }
    }

    fn kept_share(&self) -> U256 {
        U256::from(Ppm::ONE.0 - self.fee.0)
    }
}

/// A million: the fee is in its parts.
const WHOLE_SHARE: U256 = U256::from_limbs([1_000_000, 0, 0, 0]);

fn amount(wide: U256) -> Base {
    Base::try_from(wide).expect("what leaves a pool is less than its reserve")
}
