//! Would the auditor notice a receipt that is not true? Every one of the tables is told another
//! way than it was given; told as it was, nothing is found.

use crate::testing::{CENTRE, Chain, FIZZ, OTHER_FIZZ, TENANT, destinations, hour, tokens};
use crate::{
    Account, Audit, Call, CreditRules, DecisionDigest, EraEvidence, EraReceipt, Fault, Payer, Rail,
    Reason, Receipt, Rule, Seller, apply, process_era,
};
use mechanism::swap_pool::{Side, SwapPool};
use units::{
    Asset, BasisPoints, DelegatorId, EntityKey, OperatorId, Ppm, SimTime, Span, Spon, TenantId, Usd,
};

const START: SimTime = SimTime::ZERO;
const ANN: DelegatorId = DelegatorId(0);
const CREDITS: CreditRules =
    CreditRules { spread: BasisPoints(25), warn_below: Ppm(950_000), halt_below: Ppm(900_000) };
/// The least amounts: what is told falsely by these is found, so is whatever is more.
const MITE: Spon = Spon::from_base(1);
const NANO: Usd = Usd::from_nanos(1);

/// Tells a receipt of this kind another way.
macro_rules! falsify {
    ($kind:ident, $field:ident => $change:expr) => {
        |receipt: &mut Receipt| {
            let Receipt::$kind { $field, .. } = receipt else { panic!("{receipt:?}") };
            $change;
        }
    };
}

/// A call, and how its receipt is told.
type Case = (Call, fn(&mut Receipt));

/// A tenant with dollars and tokens, a data centre with stake of its own, Ann's and a part of hers
/// on its way out, and a slash of all three that can be appealed. With a pool or without one.
fn eventful(has_pool: bool) -> Chain {
    let mut chain = Chain::new();
    if has_pool {
        let (tokens, dollars) = (tokens(1_000_000).base(), 30_000_000_000_000);
        chain.state.exchange = SwapPool::new(tokens, dollars, Ppm(3_000));
        let ledger = &mut chain.state.ledger;
        ledger.inflow(Asset::Spon, Account::Exchange, tokens, Reason::Genesis);
        ledger.inflow(Asset::Usd, Account::Exchange, dollars, Reason::Genesis);
    }
    chain.params.rail = Rail::BurnMint(CREDITS);
    chain.params.slashing.appeal = Span::DAY;
    chain.params.slashing.destinations = destinations(3_333, 3_333, 1_111);
    chain.params.slashing.faults[Fault::WrongResult as usize].of_stake = BasisPoints(1_000);
    let (amount, provider, victim) = (tokens(40), CENTRE, Some(TENANT));
    let evidence = EntityKey(1);
    for call in [
        Call::Deposit { tenant: TENANT, amount: Usd::from_nanos(1_000_000_000_000) },
        Call::BuyTokens { tenant: TENANT, amount: tokens(1_000) },
        Call::PostStake { provider, amount },
        Call::Fund { delegator: ANN, amount: tokens(50) },
        Call::Delegate { delegator: ANN, provider, amount },
        Call::Undelegate { delegator: ANN, provider, amount: tokens(10) },
        Call::ReportFault {
            provider,
            fault: Fault::WrongResult,
            happened_at: START,
            victim,
            evidence,
        },
    ] {
        chain.accept(START, call);
    }
    chain
}

/// The rules that are broken when the answer to `call` is told as `tell` makes it.
fn rules_broken(mut chain: Chain, call: Call, tell: impl Fn(&mut Receipt)) -> Vec<Rule> {
    let mut audit = Audit::open(&chain.state);
    let receipt = apply(&mut chain.state, hour(1), call, &chain.params);
    let mut receipt = receipt.unwrap_or_else(|why| panic!("{call:?} was refused: {why}"));
    tell(&mut receipt);
    audit.note(call, &receipt);
    audit.compare_touched(&chain.state);
    audit.compare(&chain.state);
    audit.findings().iter().map(|one| one.rule).collect()
}

fn check_all(cases: &[Case]) {
    for (number, (call, tell)) in cases.iter().enumerate() {
        // Who trades from outside needs a pool.
        let needs_pool = matches!(call, Call::TradeOutside { .. });
        for has_pool in [true, false].into_iter().filter(|has_pool| *has_pool || !needs_pool) {
            assert_eq!(rules_broken(eventful(has_pool), *call, |_| {}), [], "{call:?}");
            let rules = rules_broken(eventful(has_pool), *call, tell);
            assert_eq!(rules.first(), Some(&Rule::Balance), "case {number}, {call:?}");
        }
    }
}

#[test]
fn what_wallets_pay_and_receive_cannot_be_told_falsely() {
    let gas = Call::PayGas { payer: Payer::Tenant(TENANT), asset: Asset::Usd, amount: 5 };
    let top_up = Call::TopUp { tenant: TENANT, value: Usd::from_nanos(1_000_000_000) };
    let buy = Call::BuyTokens { tenant: TENANT, amount: tokens(7) };
    let sell = Call::SellTokens { seller: Seller::Tenant(TENANT), amount: tokens(7) };
    let with_tokens = Call::TradeOutside { pays: Side::Tokens, paid: tokens(7).base() };
    let with_dollars = Call::TradeOutside { pays: Side::Dollars, paid: 1_000_000_000 };
    check_all(&[
        (gas, falsify!(GasPaid, amount => *amount += 1)),
        (gas, falsify!(GasPaid, payer => *payer = Payer::Tenant(TenantId(1)))),
        (gas, falsify!(GasPaid, asset => *asset = Asset::Spon)),
        (top_up, falsify!(CreditsMinted, credits => *credits += NANO)),
        (top_up, falsify!(CreditsMinted, tokens => *tokens += MITE)),
        (buy, falsify!(TokensBought, amount => *amount += MITE)),
        (buy, falsify!(TokensBought, cost => *cost += NANO)),
        (sell, falsify!(TokensSold, proceeds => *proceeds += NANO)),
        (with_tokens, falsify!(TradedOutside, received => *received += 1)),
        (with_dollars, falsify!(TradedOutside, received => *received += 1)),
    ]);
}

#[test]
fn what_becomes_of_stake_cannot_be_told_falsely() {
    let (provider, delegator, amount) = (CENTRE, ANN, tokens(7));
    let post = Call::PostStake { provider, amount };
    let fund = Call::Fund { delegator, amount };
    let delegate = Call::Delegate { delegator, provider: FIZZ, amount };
    let unstake = Call::Unstake { provider, amount };
    let undelegate = Call::Undelegate { delegator, provider, amount };
    let (fault, victim, evidence) = (Fault::WrongResult, None, EntityKey(2));
    let report = Call::ReportFault { provider, fault, happened_at: START, victim, evidence };
    let appeal = Call::UpholdAppeal { evidence: EntityKey(1) };
    let (signed, recomputed) = (DecisionDigest(1), DecisionDigest(2));
    let operator = Call::SlashOperator { operator: OperatorId(0), signed, recomputed };
    check_all(&[
        (post, falsify!(StakePosted, amount => *amount += MITE)),
        (fund, falsify!(Funded, amount => *amount += MITE)),
        (delegate, falsify!(StakeDelegated, amount => *amount += MITE)),
        (unstake, falsify!(Unbonding, amount => *amount += MITE)),
        (undelegate, falsify!(Unbonding, amount => *amount += MITE)),
        (report, falsify!(FaultProven, slashed => slashed.taken.own += MITE)),
        (appeal, falsify!(SlashReturned, provider => *provider = OTHER_FIZZ)),
        (appeal, falsify!(SlashReturned, taken => taken.own += MITE)),
        (appeal, falsify!(SlashReturned, taken => taken.delegated += MITE)),
        (appeal, falsify!(SlashReturned, taken => taken.unbonding += MITE)),
        (operator, falsify!(OperatorSlashed, parts => parts.burned += MITE)),
        (operator, falsify!(OperatorSlashed, parts => parts.treasury += MITE)),
        (operator, falsify!(OperatorSlashed, parts => parts.harmed += MITE)),
        (operator, falsify!(OperatorSlashed, parts => parts.bounty += MITE)),
        (operator, falsify!(OperatorSlashed, parts => parts.remainder += MITE)),
    ]);
}

/// The end of an era with downtime in leases and a slash whose time for an appeal is over, told as
/// `tell` makes it: what was told, and the rules that are broken.
fn end_era(tell: impl Fn(&mut EraReceipt)) -> (EraReceipt, Vec<Rule>) {
    let mut chain = eventful(false);
    let mut audit = Audit::open(&chain.state);
    let downtime_gpu_ns = Span::HOUR.nanos();
    let seen = EraEvidence { uptime: Ppm(990_000), downtime_gpu_ns, ..EraEvidence::default() };
    let mut receipt = process_era(&mut chain.state, hour(24), &[seen; 3], &chain.params);
    tell(&mut receipt);
    audit.note_era(&receipt);
    audit.compare(&chain.state);
    (receipt, audit.findings().iter().map(|one| one.rule).collect())
}

#[test]
fn what_an_era_slashes_and_lays_out_cannot_be_told_falsely() {
    let (honest, rules) = end_era(|_| {});
    assert_eq!(rules, []);
    let moves = honest.moves;
    let [(provider, slashed)] = moves.slashes[..] else { panic!("{:?}", moves.slashes) };
    assert!(provider == CENTRE && slashed.taken.own > Spon::ZERO, "{slashed:?}");
    let [ends] = moves.appeals[..] else { panic!("{:?}", moves.appeals) };
    assert!(ends.victim == Some(TENANT) && ends.parts.burned > Spon::ZERO, "{ends:?}");

    let cases: &[fn(&mut EraReceipt)] = &[
        |told| told.moves.from_treasury += MITE,
        |told| told.moves.slashes.clear(),
        |told| told.moves.slashes.push((FIZZ, told.moves.slashes[0].1)),
        |told| told.moves.slashes[0].0 = FIZZ,
        |told| told.moves.slashes[0].1.taken.own += MITE,
        |told| told.moves.appeals.clear(),
        |told| told.moves.appeals[0].victim = None,
        |told| told.moves.appeals.push(told.moves.appeals[0]),
        |told| told.moves.appeals[0].parts.burned += MITE,
        |told| told.moves.appeals[0].parts.treasury += MITE,
        |told| told.moves.appeals[0].parts.harmed += MITE,
        |told| told.moves.appeals[0].parts.bounty += MITE,
        |told| told.moves.appeals[0].parts.remainder += MITE,
    ];
    for (number, tell) in cases.iter().enumerate() {
        let (_, rules) = end_era(tell);
        assert_eq!(rules.first(), Some(&Rule::Balance), "case {number}");
    }
}
