//! Credits against the worked examples of their proposal, and books kept apart from the vault's.

mod support;

use mechanism::credits::{Breaker, CreditError, CreditRules, Vault};
use mechanism::feed::{Feed, agreed_price};
use support::Lots;
use units::{BasisPoints, Ppm, SimTime, Span, Spon, TokenPrice, Usd};

/// The thresholds of the proposal; its examples are without the spread.
const RULES: CreditRules =
    CreditRules { spread: BasisPoints(0), warn_below: Ppm(950_000), halt_below: Ppm(900_000) };

fn usd(cents: i64) -> Usd {
    Usd::from_nanos(cents * 10_000_000)
}

/// A price in cents.
fn price(cents: u64) -> TokenPrice {
    TokenPrice::from_nanos(cents * 10_000_000)
}

/// Millionths of a token, to nearest, as the proposal prints them.
fn printed(tokens: Spon) -> i128 {
    let unit = 1_000_000_000_000;
    (tokens.base() + unit / 2).div_euclid(unit)
}

/// economics.md 5.3: 1,000 USD at 1.14, settled at 1.50 and at 0.90.
#[test]
fn oracle_akash_a_thousand_dollars_through_a_rise_and_a_fall() {
    let mut vault = Vault::new(Spon::ZERO);
    let top_up = vault.top_up(usd(100_000), price(114), &RULES).expect("nothing is outstanding");
    assert_eq!(top_up.locked.base(), 877_192_982_456_140_350_878);
    assert_eq!(printed(top_up.locked), 877_192_982);
    assert_eq!(top_up.credits, usd(100_000));

    let mut risen = vault;
    let settled = risen.settle(usd(100_000), price(150)).expect("they are outstanding");
    assert_eq!(settled.paid().base(), 666_666_666_666_666_666_666);
    assert_eq!(printed(settled.paid()), 666_666_667);
    assert_eq!(settled.minted, Spon::ZERO);
    assert_eq!(printed(settled.paid() - top_up.locked), -210_526_316);

    let mut fallen = vault;
    let settled = fallen.settle(usd(100_000), price(90)).expect("they are outstanding");
    assert_eq!(settled.paid().base(), 1_111_111_111_111_111_111_111);
    assert_eq!(settled.from_vault, top_up.locked);
    assert_eq!(printed(settled.minted), 233_918_129);
    assert_eq!(fallen.tokens(), Spon::ZERO);
}

/// economics.md 5.3: ten million dollars at 1.14, the cover at 1.20, settled at 1.25.
#[test]
fn oracle_akash_ten_million_dollars_and_their_cover() {
    let mut vault = Vault::new(Spon::ZERO);
    let all = usd(1_000_000_000);
    let top_up = vault.top_up(all, price(114), &RULES).expect("nothing is outstanding");
    assert_eq!(top_up.locked.base() / Spon::ONE.base(), 8_771_929);
    // 1.05263157..., printed as 1.052632.
    assert_eq!(vault.cover_rounded_down(price(120)), Some(Ppm(1_052_631)));
    let settled = vault.settle(all, price(125)).expect("they are outstanding");
    assert_eq!(settled.paid().base(), 8_000_000 * Spon::ONE.base());
    assert_eq!(vault.tokens().base() / Spon::ONE.base(), 771_929);
}

/// What the receipts say, counted apart from the vault.
#[derive(Clone, Copy, Default)]
struct Books {
    reserve: Spon,
    locked: Spon,
    from_vault: Spon,
    minted_credits: Usd,
    burned_credits: Usd,
}

impl Books {
    /// The identities of credits and vault (economics.md 2.1, T8).
    fn agree(&self, vault: &Vault, price: TokenPrice) -> bool {
        let tokens = self.reserve + self.locked - self.from_vault;
        let credits = self.minted_credits - self.burned_credits;
        let worth = tokens.base() * i128::from(price.nanos()) / Spon::ONE.base();
        let cover = (credits > Usd::ZERO).then(|| worth * 1_000_000 / credits.base());
        let reported = vault.cover_rounded_down(price).map(|cover| i128::from(cover.0));
        vault.tokens() == tokens && vault.outstanding() == credits && reported == cover
    }
}

#[test]
fn the_vault_agrees_with_its_receipts_and_a_halt_stops_top_ups_only() {
    let mut lots = Lots::new(1);
    let rules = CreditRules { spread: BasisPoints(25), ..RULES };
    let reserve = Spon::from_base(1_000 * Spon::ONE.base());
    let (mut vault, mut books) = (Vault::new(reserve), Books { reserve, ..Books::default() });
    let mut halted = 0;
    for _ in 0..20_000 {
        let price = TokenPrice::from_nanos(200_000_000 + lots.below(2_000_000_000));
        let amount = Usd::from_nanos(1 + lots.below(1_000_000_000_000) as i64);
        let breaker = vault.breaker(price, &rules);
        if lots.below(2) == 0 {
            match vault.top_up(amount, price, &rules) {
                Ok(top_up) => {
                    assert_ne!(breaker, Breaker::Halted);
                    books.locked += top_up.locked;
                    books.minted_credits += top_up.credits;
                    let worth = top_up.locked.value_rounded_down(price);
                    assert!(worth >= top_up.credits, "credits never exceed what was locked");
                }
                Err(error) => {
                    assert_eq!((error, breaker), (CreditError::Halted, Breaker::Halted));
                    halted += 1;
                }
            }
        } else if amount <= vault.outstanding() {
            let settled = vault.settle(amount, price).expect("a settlement is never halted");
            assert!(settled.paid().value_rounded_down(price) <= amount);
            assert!(settled.minted == Spon::ZERO || vault.tokens() == Spon::ZERO);
            books.from_vault += settled.from_vault;
            books.burned_credits += amount;
        }
        assert!(books.agree(&vault, price));
    }
    assert!(halted > 100, "the halt was met: {halted}");
}

#[test]
fn the_books_notice_a_vault_that_lost_a_unit() {
    let mut vault = Vault::new(Spon::ZERO);
    let top_up = vault.top_up(usd(1_000), price(114), &RULES).expect("nothing is outstanding");
    let mut books =
        Books { locked: top_up.locked, minted_credits: top_up.credits, ..Books::default() };
    assert!(books.agree(&vault, price(114)));
    books.from_vault = Spon::from_base(1);
    assert!(!books.agree(&vault, price(114)));
    books = Books { burned_credits: Usd::from_nanos(1), from_vault: Spon::ZERO, ..books };
    assert!(!books.agree(&vault, price(114)));
}

#[test]
fn the_spread_stays_in_the_vault() {
    let rules = CreditRules { spread: BasisPoints(25), ..RULES };
    let mut vault = Vault::new(Spon::ZERO);
    let top_up = vault.top_up(usd(100_000), price(100), &rules).expect("nothing is outstanding");
    assert_eq!(top_up.credits, usd(99_750));
    let settled = vault.settle(top_up.credits, price(100)).expect("they are outstanding");
    assert_eq!(settled.minted, Spon::ZERO);
    assert_eq!(vault.tokens().base(), 25 * Spon::ONE.base() / 10);
}

#[test]
fn the_breaker_opens_below_its_thresholds_and_not_at_them() {
    let mut vault = Vault::new(Spon::ZERO);
    vault.top_up(usd(100), price(100), &RULES).expect("nothing is outstanding");
    let at = |nanos| vault.breaker(TokenPrice::from_nanos(nanos), &RULES);
    assert_eq!(at(950_000_000), Breaker::Closed);
    assert_eq!(at(949_999_999), Breaker::Warned);
    assert_eq!(at(900_000_000), Breaker::Warned);
    assert_eq!(at(899_999_999), Breaker::Halted);
}

#[test]
fn what_cannot_be_done_changes_nothing() {
    let mut vault = Vault::new(Spon::ZERO);
    vault.top_up(usd(100), price(100), &RULES).expect("nothing is outstanding");
    let before = vault;
    assert_eq!(vault.top_up(Usd::ZERO, price(100), &RULES), Err(CreditError::Nothing));
    assert_eq!(vault.settle(Usd::from_nanos(-1), price(100)), Err(CreditError::Nothing));
    assert_eq!(vault.settle(usd(101), price(100)), Err(CreditError::BeyondOutstanding));
    assert_eq!(vault.top_up(usd(100), price(89), &RULES), Err(CreditError::Halted));
    assert_eq!(vault, before);
}

#[test]
fn a_mean_weighs_each_price_by_how_long_it_held_in_the_window() {
    let minute = |n: u64| SimTime::ZERO + Span::from_secs(60 * n);
    let mut feed = Feed::new(Span::from_secs(1_800));
    assert_eq!(feed.mean_rounded_down(minute(0)), None);
    feed.observe(minute(0), price(100));
    assert_eq!(feed.mean_rounded_down(minute(0)), Some(price(100)));
    feed.observe(minute(10), price(400));
    assert_eq!(feed.mean_rounded_down(minute(20)), Some(price(250)));
    // 10 minutes at 4 and 20 at 1: the first price left the window.
    feed.observe(minute(30), price(100));
    assert_eq!(feed.mean_rounded_down(minute(50)), Some(price(200)));
    assert_eq!(feed.mean_rounded_down(minute(500)), Some(price(100)));
}

/// The obvious rule: the price of every second of the window, added up.
#[test]
fn a_mean_agrees_with_adding_up_the_seconds() {
    let mut lots = Lots::new(2);
    for _ in 0..200 {
        let window = 1 + lots.below(40);
        let mut feed = Feed::new(Span::from_secs(window));
        let mut seconds: Vec<u64> = Vec::new();
        for _ in 0..1 + lots.below(12) {
            let nanos = 1 + lots.below(1_000);
            let now = SimTime::ZERO + Span::from_secs(seconds.len() as u64);
            feed.observe(now, TokenPrice::from_nanos(nanos));
            let held = 1 + lots.below(15) as usize;
            seconds.resize(seconds.len() + held, nanos);
        }
        let now = SimTime::ZERO + Span::from_secs(seconds.len() as u64);
        let seen = &seconds[seconds.len().saturating_sub(window as usize)..];
        let mean = seen.iter().sum::<u64>() / seen.len() as u64;
        assert_eq!(feed.mean_rounded_down(now), Some(TokenPrice::from_nanos(mean)));
    }
}

#[test]
fn feeds_that_disagree_give_no_price_and_an_outlier_is_ignored() {
    let agreed = |prices: &[u64]| {
        let prices: Vec<TokenPrice> = prices.iter().map(|n| TokenPrice::from_nanos(*n)).collect();
        agreed_price(&prices, BasisPoints(150)).map(TokenPrice::nanos)
    };
    assert_eq!(agreed(&[]), None);
    assert_eq!(agreed(&[7]), Some(7));
    // Two are equally far from their middle: within 1.5 % both count, beyond it none does.
    assert_eq!(agreed(&[98_500, 101_500]), Some(100_000));
    assert_eq!(agreed(&[98_499, 101_501]), None);
    assert_eq!(agreed(&[100_000, 100_500, 1]), Some(100_250));
    assert_eq!(agreed(&[100_000, 101_000, 102_000, 500_000]), Some(101_000));
}
