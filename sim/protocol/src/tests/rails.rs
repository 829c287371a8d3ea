//! Does every rail lock, pay and refund what is due, in its own asset, and nothing else?

use crate::testing::{CENTRE, Chain, FIZZ, PRICE, REGION, TENANT, Terms, hour, tokens};
use crate::{
    Account, BuyBack, Call, EraEvidence, Params, Rail, Receipt, Rejection, Seller, Settlement,
    check_books, process_era, quote_tokens_rounded_up,
};
use mechanism::credits::CreditRules;
use mechanism::swap_pool::{Side, SwapPool};
use units::{Asset, BasisPoints, EntityKey, Ppm, ProviderId, SimTime, Spon, TokenPrice, Usd};

const START: SimTime = SimTime::ZERO;
const CREDITS: CreditRules =
    CreditRules { spread: BasisPoints(25), warn_below: Ppm(950_000), halt_below: Ppm(900_000) };
const BUY_BACK: BuyBack = BuyBack { share: BasisPoints(5_000), burned: BasisPoints(4_000) };
const RAILS: [Rail; 5] = [
    Rail::Stable,
    Rail::NativeSpot { margin: BasisPoints(2_000) },
    Rail::NativeFrozen,
    Rail::BurnMint(CREDITS),
    Rail::UsdTarget(BUY_BACK),
];

fn chain_on(rail: Rail) -> Chain {
    let mut chain = Chain::new();
    chain.params.rail = rail;
    chain
}

fn at_price(chain: &mut Chain, at: SimTime, nanos: u64) {
    chain.accept(at, Call::ReportPrice { price: TokenPrice::from_nanos(nanos) });
}

/// Brings what the rail needs into the tenant's wallet: dollars first, tokens and credits for them.
fn fund(chain: &mut Chain, deposit: Usd) {
    let rich = Usd::from_nanos(1_000_000_000_000);
    chain.accept(START, Call::Deposit { tenant: TENANT, amount: rich });
    let needed = chain.params.rail.lock_rounded_up(deposit, chain.state.price);
    match chain.params.rail.asset() {
        Asset::Usd => {}
        Asset::Spon => buy(chain, Spon::from_base(needed)),
        Asset::Credit => {
            // The spread is a quarter of a hundredth.
            let value = Usd::from_base(needed * 10_000 / 9_975 + 1);
            let locked = chain.state.price.tokens_rounded_up(value);
            buy(chain, locked);
            chain.accept(START, Call::TopUp { tenant: TENANT, value });
        }
    }
}

fn buy(chain: &mut Chain, amount: Spon) {
    chain.accept(START, Call::BuyTokens { tenant: TENANT, amount });
}

/// A lease on `rail` that is charged from the start.
fn lease_on(rail: Rail, terms: Terms, provider: ProviderId) -> (Chain, crate::Handle) {
    let mut chain = chain_on(rail);
    let deposit = terms.deposit(&chain.params);
    fund(&mut chain, deposit);
    let receipt = chain.accept(START, terms.order_of(TENANT, EntityKey(1)));
    let Receipt::OrderOpened { order, .. } = receipt else { panic!("{receipt:?}") };
    let call =
        Call::OpenLease { order, provider, region: REGION, price: terms.price, agreed: None };
    let Receipt::LeaseOpened { lease } = chain.accept(START, call) else { panic!() };
    chain.accept(START, Call::ConfirmLease { order, lease });
    (chain, lease)
}

fn close(chain: &mut Chain, at: SimTime, lease: crate::Handle) -> Settlement {
    let cause = crate::CloseCause::Agreed;
    match chain.accept(at, Call::CloseLease { lease, cause }) {
        Receipt::LeaseClosed { settlement, .. } => settlement,
        other => panic!("{other:?}"),
    }
}

fn settle(chain: &mut Chain, at: SimTime, lease: crate::Handle) -> Settlement {
    match chain.accept(at, Call::SettleLease { lease }) {
        Receipt::LeaseSettled { settlement } => settlement,
        other => panic!("{other:?}"),
    }
}

/// The foundation's share of a Fizz lease is 5 %, the gateway's 2 % (protocol.md 3.2).
fn net_of(payment: i128, params: &Params) -> i128 {
    let provider = payment * 93 / 100;
    provider - params.payout().of_rounded_down(provider)
}

#[test]
fn at_a_price_that_stands_still_every_rail_pays_the_same() {
    for rail in RAILS {
        let (mut chain, lease) = lease_on(rail, Terms::PLAIN, FIZZ);
        let mut income = Usd::ZERO;
        for at in [1, 2, 5, 9] {
            income += settle(&mut chain, hour(at), lease).income;
        }
        let last = close(&mut chain, hour(10), lease);
        income += last.income;
        let due = net_of(10_000_000_000, &chain.params);
        assert!((due - income.base()).abs() <= 10, "{rail:?}: {income:?} of {due}");
        assert_eq!(chain.state.ledger.balance(rail.asset(), Account::Escrow), 0, "{rail:?}");
    }
}

#[test]
fn only_who_pays_in_something_else_than_tokens_pays_for_it() {
    for (rail, facilitation, payout) in [
        (Rail::Stable, 200, 100),
        (Rail::NativeFrozen, 0, 0),
        (Rail::BurnMint(CREDITS), 0, 0),
        (Rail::UsdTarget(BUY_BACK), 200, 0),
    ] {
        let chain = chain_on(rail);
        assert_eq!(chain.params.facilitation(), BasisPoints(facilitation), "{rail:?}");
        assert_eq!(chain.params.payout(), BasisPoints(payout), "{rail:?}");
    }
}

#[test]
fn a_frozen_bill_is_paid_in_the_tokens_of_its_order() {
    let (mut chain, lease) = lease_on(Rail::NativeFrozen, Terms::PLAIN, CENTRE);
    at_price(&mut chain, hour(1), PRICE.nanos() / 2);
    let settlement = close(&mut chain, hour(10), lease);
    // Ten dollars were 333 1/3 tokens; a fifth is the foundation's, and a token is worth half.
    assert_eq!(chain.spon(Account::Provider(CENTRE)), tokens(800).base() / 3);
    assert_eq!(settlement.payment, Usd::from_nanos(10_000_000_000));
    assert_eq!(settlement.income, Usd::from_nanos(3_999_999_999));
    assert_eq!(settlement.unpaid, Usd::ZERO);
}

#[test]
fn at_spot_a_falling_token_empties_escrow() {
    let rail = Rail::NativeSpot { margin: BasisPoints(2_000) };
    let (mut chain, lease) = lease_on(rail, Terms::PLAIN, CENTRE);
    at_price(&mut chain, hour(1), PRICE.nanos() / 2);
    // 400 tokens are locked; at half the price they pay six of ten hours.
    let six = settle(&mut chain, hour(6), lease);
    assert_eq!(six.unpaid, Usd::ZERO);
    let settlement = close(&mut chain, hour(10), lease);
    assert_eq!(settlement.payment, Usd::ZERO);
    assert_eq!(settlement.unpaid, Usd::from_nanos(4_000_000_000));
    assert_eq!(chain.spon(Account::Escrow), 0);
}

#[test]
fn credits_settle_at_the_price_of_the_day() {
    let (mut chain, lease) = lease_on(Rail::BurnMint(CREDITS), Terms::PLAIN, CENTRE);
    let vault = chain.spon(Account::Vault);
    at_price(&mut chain, hour(1), PRICE.nanos() / 2);
    let minted = |chain: &mut Chain| {
        let flows = chain.state.ledger.take_flows();
        let of = |flow: &(&crate::ledger::FlowKey, &crate::Flow)| {
            flow.0.0 == Asset::Spon && flow.0.1 == crate::Party::Mint
        };
        flows.iter().filter(of).map(|(_, flow)| flow.amount).sum::<i128>()
    };
    chain.state.ledger.take_flows();
    let settlement = close(&mut chain, hour(10), lease);
    // Eight dollars, less the part of a token's unit that a third is rounded by.
    assert_eq!(settlement.income, Usd::from_nanos(7_999_999_999), "a dollar is a dollar");
    let paid = tokens(2_000).base() / 3;
    assert_eq!(minted(&mut chain), paid - vault, "the vault first, then new tokens");
    assert_eq!(chain.spon(Account::Vault), 0);
    assert_eq!(chain.state.vault.outstanding(), Usd::ZERO);
}

#[test]
fn a_vault_that_covers_too_little_sells_no_credits_and_goes_on_settling() {
    let (mut chain, lease) = lease_on(Rail::BurnMint(CREDITS), Terms::PLAIN, CENTRE);
    at_price(&mut chain, hour(1), PRICE.nanos() / 2);
    buy(&mut chain, tokens(1_000));
    let call = Call::TopUp { tenant: TENANT, value: Usd::from_nanos(1_000_000_000) };
    assert_eq!(chain.refuse(hour(1), call), Rejection::CreditsHalted);
    assert!(settle(&mut chain, hour(2), lease).income > Usd::ZERO);
}

#[test]
fn other_rails_have_no_credits() {
    let mut chain = chain_on(Rail::Stable);
    let call = Call::TopUp { tenant: TENANT, value: Usd::from_nanos(1) };
    assert_eq!(chain.refuse(START, call), Rejection::NoCredits);
}

#[test]
fn what_is_owed_in_dollars_is_paid_from_the_pool_and_then_from_the_vault() {
    let rail = Rail::UsdTarget(BUY_BACK);
    let (mut chain, lease) = lease_on(rail, Terms::PLAIN, CENTRE);
    at_price(&mut chain, hour(1), PRICE.nanos() / 4);
    let settlement = settle(&mut chain, hour(5), lease);
    // A third of a token's unit is dropped, and with it a nano-dollar.
    assert_eq!(settlement.income, Usd::from_nanos(3_999_999_999));
    assert_eq!(chain.usd(Account::Vault), 4_000_000_000, "the tenant's dollars back the pool");
    // A pool that is nearly empty: the vault pays the rest.
    let pool = chain.spon(Account::Rewards);
    let ledger = &mut chain.state.ledger;
    let left = tokens(100).base();
    ledger.burn(Asset::Spon, Account::Rewards, pool - left, crate::Reason::Slashed);
    let settlement = close(&mut chain, hour(10), lease);
    assert_eq!(settlement.income, Usd::from_nanos(4_000_000_000));
    assert_eq!(chain.spon(Account::Rewards), 0);
    assert_eq!(chain.usd(Account::Provider(CENTRE)), 3_250_000_000);
}

#[test]
fn the_vault_buys_back_what_it_was_told() {
    let rail = Rail::UsdTarget(BUY_BACK);
    let (mut chain, lease) = lease_on(rail, Terms::PLAIN, CENTRE);
    close(&mut chain, hour(10), lease);
    let pool = chain.spon(Account::Rewards);
    let nothing = [EraEvidence::default(); 3];
    process_era(&mut chain.state, hour(24), &nothing, &chain.params);
    check_books(&chain.state);
    // Half of eight dollars buys 133 1/3 tokens, of which two fifths are burned.
    assert_eq!(chain.usd(Account::Vault), 4_000_000_000);
    assert_eq!(chain.spon(Account::Rewards) - pool, tokens(80).base());
}

#[test]
fn the_foundation_buys_back_what_it_was_told_and_keeps_the_rest() {
    let (mut chain, lease) = lease_on(Rail::Stable, Terms::PLAIN, CENTRE);
    close(&mut chain, hour(10), lease);
    chain.params.buy_back = BUY_BACK;
    let (dollars, burned) = (chain.usd(Account::Treasury), chain.state.ledger.burned(Asset::Spon));
    assert!(dollars > 2_000_000_000, "fees came in: {dollars}");
    let nothing = [EraEvidence::default(); 3];
    process_era(&mut chain.state, hour(24), &nothing, &chain.params);
    check_books(&chain.state);
    let spent = dollars / 2;
    assert_eq!(chain.usd(Account::Treasury), dollars - spent);
    let bought = chain.state.price.tokens_rounded_down(Usd::from_base(spent)).base();
    let destroyed = chain.state.ledger.burned(Asset::Spon) - burned;
    assert_eq!(destroyed, bought * 2 / 5);
    assert_eq!(chain.spon(Account::Treasury), bought - destroyed);
}

/// A chain with a pool of a million tokens and 30,000 dollars.
fn chain_with_pool() -> Chain {
    let mut chain = Chain::new();
    let pool = SwapPool::new(tokens(1_000_000).base(), 30_000_000_000_000, Ppm(3_000));
    chain.state.exchange = pool;
    let ledger = &mut chain.state.ledger;
    ledger.inflow(Asset::Spon, Account::Exchange, tokens(1_000_000).base(), crate::Reason::Genesis);
    ledger.inflow(Asset::Usd, Account::Exchange, 30_000_000_000_000, crate::Reason::Genesis);
    chain
}

/// What somebody outside pays comes in and what that buys goes out: the books have both sides, and
/// there is nothing to trade in without a pool.
#[test]
fn news_from_outside_goes_through_the_pool_and_the_books() {
    let mut chain = chain_with_pool();
    let paid = tokens(10_000).base();
    let call = Call::TradeOutside { pays: Side::Tokens, paid };
    let expected = chain.state.exchange.expect("a pool").quote_rounded_down(Side::Tokens, paid);
    let received = expected.expect("there are enough dollars");
    assert_eq!(chain.accept(START, call), Receipt::TradedOutside { received });
    check_books(&chain.state);
    assert_eq!(chain.usd(Account::Exchange), 30_000_000_000_000 - received);
    assert_eq!(chain.spon(Account::Exchange), tokens(1_010_000).base());
    assert_eq!(Chain::new().refuse(START, call), Rejection::NoExchange);
    let with = |paid| Call::TradeOutside { pays: Side::Dollars, paid };
    assert_eq!(chain.refuse(START, with(-1)), Rejection::NegativeAmount);
    assert_eq!(chain.refuse(START, with(0)), Rejection::AmountTooSmall);
    assert_eq!(chain.refuse(START, with(i128::MAX)), Rejection::AmountTooLarge);
}

#[test]
fn a_pool_on_the_chain_moves_with_what_is_bought_and_sold() {
    let mut chain = chain_with_pool();
    let cost = quote_tokens_rounded_up(&chain.state, tokens(10_000)).expect("there are enough");
    chain.accept(START, Call::Deposit { tenant: TENANT, amount: cost });
    let bought = Call::BuyTokens { tenant: TENANT, amount: tokens(10_000) };
    assert_eq!(
        chain.accept(START, bought),
        Receipt::TokensBought { amount: tokens(10_000), cost },
        "the quote is the price"
    );
    let dearer = quote_tokens_rounded_up(&chain.state, tokens(10_000)).expect("still enough");
    assert!(dearer > cost);
    let sale = Call::SellTokens { seller: Seller::Tenant(TENANT), amount: tokens(10_000) };
    let Receipt::TokensSold { proceeds } = chain.accept(START, sale) else { panic!() };
    assert!(proceeds < cost, "a round trip never profits");
    assert_eq!(chain.refuse(START, sale), Rejection::NotHeld { held: Spon::ZERO });
    let all = Call::BuyTokens { tenant: TENANT, amount: tokens(2_000_000) };
    assert_eq!(chain.refuse(START, all), Rejection::AmountTooLarge);
}

#[test]
fn a_token_that_costs_nothing_is_refused() {
    let call = Call::ReportPrice { price: TokenPrice::from_nanos(0) };
    assert_eq!(Chain::new().refuse(START, call), Rejection::NoPrice);
}
