//! The auditor: a second set of books, kept from calls and their receipts alone.
//!
//! It opens with what stands at genesis. From then on it reads what was asked and what the chain
//! answered, never a posting, and works out itself whose account that changes. Its balances are
//! then held against the ledger's: a receipt that tells another amount than was moved, a receipt
//! too few or too many, and a posting that no receipt tells of are found. It writes nothing, so
//! that a run is the same with it and without it.

mod accounts;
mod escrow;
mod finding;

pub use finding::{Finding, Moment, Rule, Subject};

use crate::call::Call;
use crate::era_receipt::EraReceipt;
use crate::ledger::Account;
use crate::receipt::{Ends, Receipt, Slashed};
use crate::stake::Staker;
use crate::state::State;
use accounts::{Accounts, End};
use escrow::EscrowNotes;
use finding::Stage;
use mechanism::slash::Division;
use mechanism::swap_pool::Side;
use units::{Asset, Base, ProviderId, Spon, Usd};

/// Most findings that are kept: what comes after the first follows from it more often than not.
const FINDINGS_MAX: usize = 12;

/// The auditor of one chain.
#[derive(Clone, Debug)]
pub struct Audit {
    accounts: Accounts,
    escrow: EscrowNotes,
    /// Whether tokens are exchanged in a pool on the chain.
    has_pool: bool,
    /// Whether tokens come from those who hold them, and go there.
    is_declared: bool,
    receipts: u64,
    moment: Moment,
    findings: Vec<Finding>,
}

impl Audit {
    /// Takes over what stands: all balances, and what orders and leases hold.
    pub fn open(state: &State) -> Audit {
        Audit {
            accounts: Accounts::open(&state.ledger),
            escrow: EscrowNotes::open(state),
            has_pool: state.exchange.is_some(),
            is_declared: state.supply.is_declared(),
            receipts: 0,
            moment: Moment::Opening,
            findings: Vec::new(),
        }
    }

    /// What does not agree, first the oldest; empty when all does.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// How many receipts were read, those of eras among them.
    pub fn receipts(&self) -> u64 {
        self.receipts
    }

    /// Reads what an accepted call was answered.
    pub fn note(&mut self, call: Call, receipt: &Receipt) {
        self.receipts += 1;
        self.moment = Moment::Call(call);
        self.accounts.begin();
        let is_answer = self.note_lease(call, receipt)
            || self.note_wallet(call, receipt)
            || self.note_stake(call, receipt);
        if !is_answer {
            self.find(Rule::Answer, Subject::Nothing, 0, 0);
        }
        if self.escrow.has_breaches() {
            for (rule, subject, books, receipts) in self.escrow.take_breaches() {
                self.find(rule, subject, books, receipts);
            }
        }
    }

    /// Reads what the end of an era brought.
    pub fn note_era(&mut self, receipt: &EraReceipt) {
        self.receipts += 1;
        self.moment = Moment::Era(receipt.era);
        self.accounts.begin();
        let pool = End::Of(Account::Rewards);
        let moves = &receipt.moves;
        self.tokens(End::Mint, pool, moves.minted);
        self.tokens(End::Of(Account::Treasury), pool, moves.from_treasury);
        for (id, outcome) in (0..).map(ProviderId).zip(&receipt.outcomes) {
            self.tokens(pool, End::Of(Account::Provider(id)), outcome.reward);
        }
        for (id, amount) in &moves.delegators {
            self.tokens(pool, End::Of(Account::Delegator(*id)), *amount);
        }
        for (to, amount) in &moves.vested {
            self.tokens(End::Of(Account::Vesting), End::Of(*to), *amount);
        }
        for (provider, slashed) in &moves.slashes {
            self.slash(*provider, slashed);
        }
        moves.appeals.iter().for_each(|ends| self.end_slash(Account::Contested, ends));
        for (provider, staker, amount) in &moves.exits {
            let to = match *staker {
                Staker::Provider => Account::Provider(*provider),
                Staker::Delegator(delegator) => Account::Delegator(delegator),
            };
            self.tokens(End::Of(Account::Unbonding(*provider)), End::Of(to), *amount);
        }
        let treasury = End::Of(Account::Treasury);
        for (account, back, keeper) in [
            (Account::Vault, moves.bought_back, pool),
            (Account::Treasury, moves.treasury_bought, treasury),
        ] {
            self.buy(account, back.bought, back.spent);
            self.tokens(End::Of(account), End::Burn, back.burned);
            self.tokens(End::Of(account), keeper, back.bought - back.burned);
        }
    }

    /// Holds the accounts that the last receipt touched against the ledger.
    pub fn compare_touched(&mut self, state: &State) {
        for (subject, books, receipts) in self.accounts.differences_of_touched(&state.ledger) {
            self.find(Rule::Balance, subject, books, receipts);
        }
    }

    /// Holds all accounts, all that was issued and destroyed, every order, every lease and what
    /// tenants spent against the chain.
    pub fn compare(&mut self, state: &State) {
        for (subject, books, receipts) in self.accounts.differences(&state.ledger) {
            self.find(Rule::Balance, subject, books, receipts);
        }
        for asset in Asset::ALL {
            let ledger = &state.ledger;
            let books = [ledger.minted(asset), ledger.burned(asset), ledger.total(asset)];
            for (books, receipts) in books.into_iter().zip(self.accounts.totals(asset)) {
                if books != receipts {
                    self.find(Rule::Supply, Subject::Asset(asset), books, receipts);
                }
            }
        }
        for (rule, subject, books, receipts) in self.escrow.compare(state) {
            self.find(rule, subject, books, receipts);
        }
    }

    fn find(&mut self, rule: Rule, subject: Subject, books: Base, receipts: Base) {
        let is_known = self.findings.iter().any(|one| (one.rule, one.subject) == (rule, subject));
        if !is_known && self.findings.len() < FINDINGS_MAX {
            let (receipt, moment) = (self.receipts, self.moment);
            self.findings.push(Finding { rule, receipt, moment, subject, books, receipts });
        }
    }

    /// Wallets: money from outside, tokens bought and sold. Whether the receipt was of that kind.
    fn note_wallet(&mut self, call: Call, receipt: &Receipt) -> bool {
        match (call, receipt) {
            (Call::Deposit { tenant, .. }, Receipt::Deposited { amount }) => {
                self.dollars(End::Outside, End::Of(Account::Tenant(tenant)), *amount);
            }
            (Call::Fund { delegator, .. }, Receipt::Funded { amount }) => {
                self.bring(Account::Delegator(delegator), *amount);
            }
            (Call::BuyTokens { tenant, .. }, Receipt::TokensBought { amount, cost }) => {
                self.buy(Account::Tenant(tenant), *amount, *cost);
            }
            (Call::SellTokens { seller, amount }, Receipt::TokensSold { proceeds }) => {
                self.sell(seller.account(), amount, *proceeds);
            }
            (Call::TradeOutside { pays, paid }, Receipt::TradedOutside { received }) => {
                self.trade_outside(pays, paid, *received);
            }
            (Call::TopUp { tenant, .. }, Receipt::CreditsMinted { credits, tokens }) => {
                let wallet = End::Of(Account::Tenant(tenant));
                self.tokens(wallet, End::Of(Account::Vault), *tokens);
                self.accounts.post(Asset::Credit, End::Mint, wallet, credits.base());
            }
            (Call::PayGas { .. }, Receipt::GasPaid { payer, asset, amount }) => {
                let wallet = End::Of(payer.account());
                self.accounts.post(*asset, wallet, End::Of(Account::Sequencer), *amount);
            }
            (Call::Enroll, Receipt::Enrolled { .. })
            | (Call::ReportPrice { .. }, Receipt::PriceReported) => {}
            _ => return false,
        }
        true
    }

    /// Stake: posted, delegated, on its way out, taken and given back.
    fn note_stake(&mut self, call: Call, receipt: &Receipt) -> bool {
        match (call, receipt) {
            (Call::PostStake { provider, .. }, Receipt::StakePosted { amount }) => {
                self.bring(Account::Stake(provider), *amount);
            }
            (Call::Delegate { delegator, provider, .. }, Receipt::StakeDelegated { amount }) => {
                let from = End::Of(Account::Delegator(delegator));
                self.tokens(from, End::Of(Account::Delegated(provider)), *amount);
            }
            (Call::Unstake { provider, .. }, Receipt::Unbonding { amount, .. }) => {
                let from = End::Of(Account::Stake(provider));
                self.tokens(from, End::Of(Account::Unbonding(provider)), *amount);
            }
            (Call::Undelegate { provider, .. }, Receipt::Unbonding { amount, .. }) => {
                let from = End::Of(Account::Delegated(provider));
                self.tokens(from, End::Of(Account::Unbonding(provider)), *amount);
            }
            (Call::ReportFault { provider, .. }, Receipt::FaultProven { slashed }) => {
                self.slash(provider, slashed);
            }
            (Call::UpholdAppeal { .. }, Receipt::SlashReturned { provider, taken }) => {
                for (account, amount) in taken.ways_back(*provider) {
                    self.tokens(End::Of(Account::Contested), End::Of(account), amount);
                }
            }
            (Call::SlashOperator { operator, .. }, Receipt::OperatorSlashed { parts, .. }) => {
                self.end_slash(
                    Account::OperatorStake(operator),
                    &Ends { victim: None, parts: *parts },
                );
            }
            (Call::Register { .. }, Receipt::Registered { .. })
            | (Call::Deregister { .. }, Receipt::Deregistered)
            | (Call::SetCommission { .. }, Receipt::CommissionSet)
            | (Call::SetMaintenance { .. }, Receipt::MaintenanceSet) => {}
            _ => return false,
        }
        true
    }

    /// Orders and leases: what is locked, paid and given back, and what a broken one costs.
    fn note_lease(&mut self, call: Call, receipt: &Receipt) -> bool {
        if let Receipt::LeaseVoided { slashed } | Receipt::LeaseClosed { slashed, .. } = receipt
            && let Some(provider) = self.escrow.provider_of(call)
        {
            self.slash(provider, slashed);
        }
        self.escrow.note(call, receipt, &mut self.accounts)
    }

    fn tokens(&mut self, from: End, to: End, amount: Spon) {
        self.accounts.post(Asset::Spon, from, to, amount.base());
    }

    fn dollars(&mut self, from: End, to: End, amount: Usd) {
        self.accounts.post(Asset::Usd, from, to, amount.base());
    }

    /// Tokens that somebody brings: bought from those who hold them as far as these have any,
    /// where the supply is declared.
    fn bring(&mut self, to: Account, amount: Spon) {
        let held = Spon::from_base(self.accounts.balance(Asset::Spon, Account::Holders));
        let from_holders = if self.is_declared { amount.min(held) } else { Spon::ZERO };
        self.tokens(End::Of(Account::Holders), End::Of(to), from_holders);
        self.tokens(End::Outside, End::Of(to), amount - from_holders);
    }

    fn let_go(&mut self, from: Account, amount: Spon) {
        let to = if self.is_declared { End::Of(Account::Holders) } else { End::Outside };
        self.tokens(End::Of(from), to, amount);
    }

    fn buy(&mut self, who: Account, amount: Spon, cost: Usd) {
        let market = if self.has_pool { End::Of(Account::Exchange) } else { End::Outside };
        self.dollars(End::Of(who), market, cost);
        if self.has_pool {
            self.tokens(market, End::Of(who), amount);
        } else {
            self.bring(who, amount);
        }
    }

    fn sell(&mut self, who: Account, amount: Spon, proceeds: Usd) {
        let market = if self.has_pool { End::Of(Account::Exchange) } else { End::Outside };
        self.dollars(market, End::Of(who), proceeds);
        if self.has_pool {
            self.tokens(End::Of(who), market, amount);
        } else {
            self.let_go(who, amount);
        }
    }

    fn trade_outside(&mut self, pays: Side, paid: Base, received: Base) {
        let pool = Account::Exchange;
        match pays {
            Side::Tokens => {
                self.bring(pool, Spon::from_base(paid));
                self.dollars(End::Of(pool), End::Outside, Usd::from_base(received));
            }
            Side::Dollars => {
                self.dollars(End::Outside, End::Of(pool), Usd::from_base(paid));
                self.let_go(pool, Spon::from_base(received));
            }
        }
    }

    /// What was taken for a fault is contested, and goes on at once where nobody can appeal.
    fn slash(&mut self, provider: ProviderId, slashed: &Slashed) {
        for (account, amount) in slashed.taken.sources(provider) {
            self.tokens(End::Of(account), End::Of(Account::Contested), amount);
        }
        slashed.ends.iter().for_each(|ends| self.end_slash(Account::Contested, ends));
    }

    fn end_slash(&mut self, from: Account, ends: &Ends) {
        let Division { burned, treasury, harmed, bounty, remainder } = ends.parts;
        let from = End::Of(from);
        let victim = ends.victim.map_or(Account::Treasury, Account::Tenant);
        self.tokens(from, End::Burn, burned);
        self.tokens(from, End::Of(Account::Treasury), treasury);
        self.tokens(from, End::Of(victim), harmed);
        self.tokens(from, End::Of(Account::Challengers), bounty);
        self.tokens(from, End::Of(Account::Dust), remainder);
    }
}
