//! Does the auditor agree with honest books, and would it notice anything else? Each test tells it
//! something that did not happen, or does something that no receipt tells of.

use crate::receipt::Settlement;
use crate::testing::{CENTRE, Chain, FIZZ, REGION, TENANT, Terms, hour, tokens};
use crate::{
    Account, Audit, Call, CloseCause, EraEvidence, EraReceipt, Finding, Handle, Lease, Order,
    Party, Reason, Receipt, Rule, Subject, apply, process_era,
};
use units::{Asset, DelegatorId, EntityKey, GpuHourPrice, Ppm, SimTime, Span, Usd};

/// A chain and its auditor.
struct Audited {
    chain: Chain,
    audit: Audit,
}

const DEPOSIT: Call = Call::Deposit { tenant: TENANT, amount: Usd::from_nanos(5) };

impl Audited {
    fn new() -> Audited {
        let chain = Chain::new();
        let audit = Audit::open(&chain.state);
        Audited { chain, audit }
    }

    /// Does what is asked and tells the auditor what `tell` makes of the answer.
    fn call_as(&mut self, at: SimTime, call: Call, tell: impl Fn(Receipt) -> Vec<Receipt>) {
        let receipt = apply(&mut self.chain.state, at, call, &self.chain.params);
        let receipt = receipt.unwrap_or_else(|why| panic!("{call:?} was refused: {why}"));
        for told in tell(receipt) {
            self.audit.note(call, &told);
            self.audit.compare_touched(&self.chain.state);
        }
    }

    fn call(&mut self, at: SimTime, call: Call) -> Receipt {
        let receipt = apply(&mut self.chain.state, at, call, &self.chain.params);
        let receipt = receipt.unwrap_or_else(|why| panic!("{call:?} was refused: {why}"));
        self.audit.note(call, &receipt);
        receipt
    }

    fn end_era(&mut self, tell: impl Fn(&mut EraReceipt)) -> &[Finding] {
        let seen = EraEvidence { uptime: Ppm(990_000), ..EraEvidence::default() };
        let params = &self.chain.params;
        let mut receipt = process_era(&mut self.chain.state, hour(24), &[seen; 3], params);
        tell(&mut receipt);
        self.audit.note_era(&receipt);
        self.audit.compare(&self.chain.state);
        self.audit.findings()
    }

    /// A lease of one GPU for ten hours at a dollar that is charged from the start on.
    fn lease(&mut self) -> Handle {
        let order = self.order();
        let price = Terms::PLAIN.price;
        let call = Call::OpenLease { order, provider: FIZZ, region: REGION, price, agreed: None };
        let Receipt::LeaseOpened { lease } = self.call(SimTime::ZERO, call) else { panic!() };
        self.call(SimTime::ZERO, Call::ConfirmLease { order, lease });
        lease
    }

    fn order(&mut self) -> Handle {
        let amount = Terms::PLAIN.deposit(&self.chain.params);
        self.call(SimTime::ZERO, Call::Deposit { tenant: TENANT, amount });
        let call = Terms::PLAIN.order_of(TENANT, EntityKey(1));
        let Receipt::OrderOpened { order, .. } = self.call(SimTime::ZERO, call) else { panic!() };
        order
    }

    /// The rules that are broken.
    fn rules(&mut self) -> Vec<Rule> {
        self.audit.compare(&self.chain.state);
        let mut rules: Vec<Rule> = self.audit.findings().iter().map(|one| one.rule).collect();
        rules.dedup();
        rules
    }

    /// Whether the finding by this rule ends with these words.
    #[track_caller]
    fn assert_says(&self, rule: Rule, words: &str) {
        let found = self.audit.findings().iter().find(|one| one.rule == rule);
        let text = found.expect("this rule is broken").to_string();
        assert!(text.ends_with(words), "{text}");
    }
}

/// A payment of a lease after an hour, told as `tell` makes it.
fn settled(tell: impl Fn(&mut Settlement)) -> Audited {
    let mut audited = Audited::new();
    let lease = audited.lease();
    audited.call_as(hour(1), Call::SettleLease { lease }, |receipt| {
        let Receipt::LeaseSettled { mut settlement } = receipt else { panic!("{receipt:?}") };
        tell(&mut settlement);
        vec![Receipt::LeaseSettled { settlement }]
    });
    audited
}

#[test]
fn an_honest_chain_agrees_with_its_receipts() {
    let mut audited = Audited::new();
    let lease = audited.lease();
    let (provider, delegator, amount) = (CENTRE, DelegatorId(0), tokens(9));
    audited.call(hour(1), Call::PostStake { provider, amount });
    audited.call(hour(1), Call::Fund { delegator, amount });
    audited.call(hour(1), Call::Delegate { delegator, provider, amount });
    audited.call(hour(2), Call::SettleLease { lease });
    audited.call(hour(3), Call::CloseLease { lease, cause: CloseCause::Agreed });
    assert_eq!(audited.end_era(|_| {}), []);
    assert_eq!(audited.audit.receipts(), 10);
}

#[test]
fn an_altered_amount_is_found_and_named() {
    let mut audited = Audited::new();
    let altered = |_| vec![Receipt::Deposited { amount: Usd::from_nanos(6) }];
    audited.call_as(SimTime::ZERO, DEPOSIT, altered);
    let found = audited.audit.findings();
    let [Finding { rule, receipt, subject, books, receipts, .. }] = found else {
        panic!("{found:?}")
    };
    assert_eq!((*rule, *receipt, *books, *receipts), (Rule::Balance, 1, 5, 6));
    assert_eq!(*subject, Subject::Account(Asset::Usd, Party::Tenants, 0));
    let text = found[0].to_string();
    let expected = "USD of Tenants 0: the books say 5, the receipts 6";
    assert!(text.starts_with("T2 after receipt 1, Call(Deposit {"), "{text}");
    assert!(text.ends_with(expected), "{text}");
}

#[test]
fn a_receipt_that_is_kept_back_is_found_at_the_end_of_the_era() {
    let mut audited = Audited::new();
    audited.call_as(SimTime::ZERO, DEPOSIT, |_| Vec::new());
    assert_eq!(audited.rules(), [Rule::Balance, Rule::Supply]);
}

#[test]
fn a_receipt_that_is_told_twice_is_found() {
    let mut audited = Audited::new();
    audited.call_as(SimTime::ZERO, DEPOSIT, |receipt| vec![receipt; 2]);
    assert_eq!(audited.rules()[0], Rule::Balance);
}

#[test]
fn a_posting_that_no_receipt_tells_of_is_found() {
    let mut audited = Audited::new();
    audited.call(SimTime::ZERO, DEPOSIT);
    assert_eq!(audited.rules(), []);
    let ledger = &mut audited.chain.state.ledger;
    let from = Account::Tenant(TENANT);
    ledger.transfer(Asset::Usd, from, Account::Treasury, 1, Reason::Refund);
    assert_eq!(audited.rules(), [Rule::Balance], "the sum is right, two accounts are not");
    assert_eq!(audited.audit.findings().len(), 2);
}

#[test]
fn tokens_that_are_issued_and_burned_unseen_are_found_though_every_account_is_right() {
    let mut audited = Audited::new();
    let ledger = &mut audited.chain.state.ledger;
    ledger.mint(Asset::Spon, Account::Rewards, 1, Reason::Emission);
    ledger.burn(Asset::Spon, Account::Rewards, 1, Reason::Slashed);
    assert_eq!(audited.rules(), [Rule::Supply]);
}

#[test]
fn a_receipt_of_another_kind_is_found() {
    let mut audited = Audited::new();
    audited.call_as(SimTime::ZERO, DEPOSIT, |_| vec![Receipt::PriceReported]);
    assert_eq!(audited.rules()[0], Rule::Answer);
    audited.assert_says(Rule::Answer, ": the receipt does not answer the call");
}

#[test]
fn what_an_era_does_is_held_against_its_receipt() {
    let reward = |receipt: &mut EraReceipt| receipt.outcomes[0].reward += tokens(1);
    let vested = |receipt: &mut EraReceipt| {
        receipt.moves.vested.push((Account::Treasury, tokens(1)));
    };
    let exit = |receipt: &mut EraReceipt| {
        receipt.moves.exits.push((FIZZ, crate::Staker::Provider, tokens(1)));
    };
    let bought = |receipt: &mut EraReceipt| receipt.moves.bought_back.burned = tokens(1);
    let kept = |receipt: &mut EraReceipt| receipt.moves.treasury_bought.spent = Usd::from_nanos(1);
    let minted = |receipt: &mut EraReceipt| receipt.moves.minted = tokens(1);
    let delegators = |receipt: &mut EraReceipt| {
        receipt.moves.delegators.push((DelegatorId(1), tokens(1)));
    };
    let changes: [&dyn Fn(&mut EraReceipt); 7] =
        [&reward, &vested, &exit, &bought, &kept, &minted, &delegators];
    for (number, change) in changes.into_iter().enumerate() {
        let mut audited = Audited::new();
        assert!(!audited.end_era(change).is_empty(), "change {number}");
    }
    assert_eq!(Audited::new().end_era(|_| {}), []);
}

#[test]
fn a_payment_whose_parts_are_not_the_payment_is_found() {
    let mut audited = settled(|settlement| settlement.parts.dust += 1);
    assert!(audited.rules().contains(&Rule::Parts));
    audited.assert_says(
        Rule::Parts,
        "order 0x1: the payment is 1000000000, its parts come to 1000000001",
    );
    assert_eq!(settled(|_| {}).rules(), []);
}

#[test]
fn a_lease_that_pays_more_than_was_deposited_is_found() {
    let mut audited = settled(|settlement| settlement.fee = 20_000_000_000);
    assert!(audited.rules().contains(&Rule::Deposit));
    audited.assert_says(
        Rule::Deposit,
        "order 0x1: 21000000000, where 10200000000 is left of the deposit",
    );
}

#[test]
fn an_unpaid_bill_with_money_left_is_found() {
    let mut audited = settled(|settlement| settlement.unpaid = Usd::from_nanos(1));
    assert_eq!(audited.rules(), [Rule::Unpaid]);
    audited.assert_says(Rule::Unpaid, "order 0x1: 1 stays unpaid, and 9180000000 is left");
    let mut audited = settled(|settlement| settlement.unpaid = Usd::from_nanos(-1));
    assert_eq!(audited.rules(), [Rule::Unpaid]);
}

#[test]
fn what_goes_back_is_what_was_left() {
    let mut audited = Audited::new();
    let order = audited.order();
    audited.call_as(SimTime::ZERO, Call::CancelOrder { order }, |receipt| {
        let Receipt::OrderCancelled { refund, amount } = receipt else { panic!("{receipt:?}") };
        vec![Receipt::OrderCancelled { refund, amount: amount - 1 }]
    });
    assert!(audited.rules().contains(&Rule::Deposit));
    assert!(audited.rules().contains(&Rule::Spending), "{:?}", audited.rules());
    audited.assert_says(Rule::Deposit, "10199999999, where 10200000000 is left of the deposit");
}

#[test]
fn money_that_leaves_escrow_by_another_way_is_found() {
    let mut audited = Audited::new();
    audited.order();
    let ledger = &mut audited.chain.state.ledger;
    ledger.transfer(Asset::Usd, Account::Escrow, Account::Treasury, 1, Reason::LeaseFee);
    assert_eq!(audited.rules(), [Rule::Balance, Rule::Spending]);
}

#[test]
fn a_lease_that_is_settled_after_its_end_is_found() {
    let mut audited = Audited::new();
    let lease = audited.lease();
    let close = Call::CloseLease { lease, cause: CloseCause::Agreed };
    audited.call_as(hour(2), close, |receipt| vec![receipt; 2]);
    assert_eq!(audited.audit.findings()[0].rule, Rule::Order);
    audited.assert_says(
        Rule::Order,
        ": the receipt is of an order or a lease that is over, or never was",
    );
}

#[test]
fn a_lease_that_starts_twice_is_found() {
    let mut audited = Audited::new();
    let lease = audited.lease();
    audited.call_as(hour(1), Call::PauseLease { lease }, |receipt| vec![receipt]);
    audited.call_as(hour(2), Call::ResumeLease { lease }, |receipt| vec![receipt; 2]);
    assert_eq!(audited.rules(), [Rule::Order]);
    audited.assert_says(Rule::Order, "order 0x1: it is active and should be paused");
}

#[test]
fn a_lease_that_becomes_dearer_is_found() {
    let mut audited = Audited::new();
    let lease = audited.lease();
    let dearer = GpuHourPrice::from_nanos(1_000_000_001);
    audited.chain.state.leases.get_mut(lease).expect("it is in force").price = dearer;
    assert_eq!(audited.rules(), [Rule::Price]);
}

#[test]
fn a_lease_above_the_ceiling_is_found() {
    let mut audited = Audited::new();
    let order = audited.order();
    audited.chain.state.orders.get_mut(order).expect("it is open").ceiling =
        GpuHourPrice::from_nanos(2_000_000_000);
    let price = GpuHourPrice::from_nanos(1_500_000_000);
    let call = Call::OpenLease { order, provider: FIZZ, region: REGION, price, agreed: None };
    audited.call_as(SimTime::ZERO, call, |receipt| vec![receipt]);
    assert_eq!(audited.rules(), [Rule::Ceiling]);
    let words = "order 0x1: the price is 1500000000, the order's ceiling 1000000000";
    audited.assert_says(Rule::Ceiling, words);
}

/// The same for a lease that is shorter than its order: what it may cost in all is found.
#[test]
fn a_short_lease_that_costs_more_than_its_order_is_found() {
    let mut audited = Audited::new();
    let order = audited.order();
    audited.chain.state.orders.get_mut(order).expect("it is open").ceiling =
        GpuHourPrice::from_nanos(2_000_000_000);
    let (price, agreed) = (GpuHourPrice::from_nanos(2_500_000_000), Some(Span::from_hours(5)));
    let call = Call::OpenLease { order, provider: FIZZ, region: REGION, price, agreed };
    audited.call_as(SimTime::ZERO, call, |receipt| vec![receipt]);
    assert_eq!(audited.rules(), [Rule::Ceiling]);
    let words = "order 0x1: the price is 2500000000, the order's ceiling 2000000000";
    audited.assert_says(Rule::Ceiling, words);
}

#[test]
fn an_order_that_no_receipt_opened_is_found() {
    let mut audited = Audited::new();
    let order = audited.order();
    let orders = &mut audited.chain.state.orders;
    let unseen = Order { key: EntityKey(2), ..*orders.get(order).expect("it is open") };
    orders.insert(unseen);
    assert_eq!(audited.rules(), [Rule::Order]);
    assert_eq!(audited.audit.findings()[0].subject, Subject::Lease(EntityKey(2)));
}

#[test]
fn an_order_that_vanishes_is_found() {
    let mut audited = Audited::new();
    let order = audited.order();
    audited.chain.state.orders.remove(order);
    assert_eq!(audited.rules(), [Rule::Order]);
    audited.assert_says(Rule::Order, "order 0x1: it is gone and should be open");
}

#[test]
fn an_order_that_holds_less_than_was_deposited_is_found() {
    let mut audited = Audited::new();
    let order = audited.order();
    assert_eq!(audited.rules(), []);
    audited.chain.state.orders.get_mut(order).expect("it is open").locked -= 1;
    assert_eq!(audited.rules(), [Rule::Deposit]);
}

#[test]
fn a_matched_order_that_holds_money_or_has_no_lease_is_found() {
    for (is_confirmed, expected) in [(false, Rule::Deposit), (true, Rule::Order)] {
        let mut audited = Audited::new();
        let order = audited.order();
        let price = Terms::PLAIN.price;
        let call = Call::OpenLease { order, provider: FIZZ, region: REGION, price, agreed: None };
        let Receipt::LeaseOpened { lease } = audited.call(SimTime::ZERO, call) else { panic!() };
        assert_eq!(audited.rules(), []);
        let mut kept = *audited.chain.state.orders.get(order).expect("it is matched");
        if is_confirmed {
            audited.call(SimTime::ZERO, Call::ConfirmLease { order, lease });
            assert_eq!(audited.rules(), []);
            audited.chain.state.orders.insert(kept);
        } else {
            kept.locked = 1;
            *audited.chain.state.orders.get_mut(order).expect("it is matched") = kept;
        }
        assert_eq!(audited.rules(), [expected]);
    }
}

#[test]
fn a_lease_that_no_receipt_opened_is_found() {
    let mut audited = Audited::new();
    let lease = audited.lease();
    let leases = &mut audited.chain.state.leases;
    let unseen = Lease { key: EntityKey(2), ..*leases.get(lease).expect("it is in force") };
    leases.insert(unseen);
    assert_eq!(audited.rules(), [Rule::Order]);
    audited.assert_says(Rule::Order, "order 0x2: it is active and should be gone");
    assert_eq!(audited.audit.findings()[0].subject, Subject::Lease(EntityKey(2)));
}

#[test]
fn a_lease_that_vanishes_is_found() {
    let mut audited = Audited::new();
    let lease = audited.lease();
    audited.chain.state.leases.remove(lease);
    assert_eq!(audited.rules(), [Rule::Order]);
}

#[test]
fn a_lease_that_holds_less_than_is_left_is_found() {
    let mut audited = Audited::new();
    let lease = audited.lease();
    audited.chain.state.leases.get_mut(lease).expect("it is in force").locked -= 1;
    assert_eq!(audited.rules(), [Rule::Deposit]);
}
