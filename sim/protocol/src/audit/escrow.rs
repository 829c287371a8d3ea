//! What the auditor notes of every order and lease: whose money is locked, and how much is left.

mod misuse;

use super::accounts::{Accounts, End};
use super::{Rule, Stage, Subject};
use crate::call::Call;
use crate::lease::{LeaseState, OrderState};
use crate::ledger::Account;
use crate::receipt::{Receipt, Settlement, Way};
use crate::slots::Handle;
use crate::state::State;
use std::collections::BTreeSet;
use units::{Asset, Base, EntityKey, GpuHourPrice, ProviderId, RegionId, Span, TenantId, Usd};

/// What was locked for an order, and what is left of it.
#[derive(Clone, Copy, Debug)]
struct Locked {
    key: EntityKey,
    tenant: TenantId,
    ceiling: GpuHourPrice,
    duration: Span,
    asset: Asset,
    left: Base,
    surety: Base,
}

impl Locked {
    /// The most that an hour may cost of a lease that is agreed to take so long: as much as makes
    /// the ceiling for all that was asked; nothing for one that takes longer.
    fn most_for(&self, agreed: Option<Span>) -> u64 {
        let (asked, ceiling) = (u128::from(self.duration.nanos()), self.ceiling.nanos());
        match agreed.map(|span| u128::from(span.nanos())) {
            None => ceiling,
            Some(span) if span > asked || span == 0 => 0,
            Some(span) => u64::try_from(u128::from(ceiling) * asked / span).unwrap_or(u64::MAX),
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Note {
    locked: Locked,
    provider: ProviderId,
    region: RegionId,
    price: GpuHourPrice,
    stage: Stage,
}

/// What tenants' money became since the opening, per asset. What held at the end of two eras
/// holds for what is between them, so nothing starts anew with an era.
#[derive(Clone, Copy, Debug, Default)]
struct Spending {
    /// Locked, less what was given back.
    locked: Base,
    /// Providers' parts, fees, gateways' parts, remainders and what was burned.
    spent: Base,
    /// In escrow at the opening, as the ledger had it.
    opening: Base,
}

/// Notes by handle. The place of a handle is its own; who asks with another one finds nothing.
#[derive(Clone, Debug)]
struct Notes<T>(Vec<Option<(Handle, T)>>);

impl<T> Notes<T> {
    fn get(&self, handle: Handle) -> Option<&T> {
        let (known, note) = self.0.get(handle.place())?.as_ref()?;
        (*known == handle).then_some(note)
    }

    fn get_mut(&mut self, handle: Handle) -> Option<&mut T> {
        let (known, note) = self.0.get_mut(handle.place())?.as_mut()?;
        (*known == handle).then_some(note)
    }

    fn insert(&mut self, handle: Handle, note: T) {
        if self.0.len() <= handle.place() {
            self.0.resize_with(handle.place() + 1, || None);
        }
        self.0[handle.place()] = Some((handle, note));
    }

    fn remove(&mut self, handle: Handle) -> Option<T> {
        self.get_mut(handle)?;
        self.0[handle.place()].take().map(|(_, note)| note)
    }

    fn iter(&self) -> impl Iterator<Item = &(Handle, T)> {
        self.0.iter().flatten()
    }
}

fn stage_of(state: LeaseState) -> Stage {
    match state {
        LeaseState::Reserved => Stage::Reserved,
        LeaseState::Active { .. } => Stage::Active,
        LeaseState::Paused => Stage::Paused,
        LeaseState::Disputed => Stage::Disputed,
    }
}

/// A rule that is broken: what about, what the books say, what receipts say.
pub(super) type Breach = (Rule, Subject, Base, Base);

/// Every order and lease that is open.
#[derive(Clone, Debug)]
pub(super) struct EscrowNotes {
    orders: Notes<Locked>,
    leases: Notes<Note>,
    spending: [Spending; Asset::ALL.len()],
    banned: BTreeSet<TenantId>,
    breaches: Vec<Breach>,
}

impl EscrowNotes {
    /// Orders and leases that are open at the opening.
    pub fn open(state: &State) -> EscrowNotes {
        let opening = |asset| state.ledger.balance(asset, Account::Escrow);
        let spending =
            Asset::ALL.map(|asset| Spending { opening: opening(asset), ..Spending::default() });
        let asset = Asset::ALL.into_iter().find(|asset| opening(*asset) > 0);
        let asset = asset.unwrap_or(Asset::Usd);
        let (mut orders, mut leases) = (Notes(Vec::new()), Notes(Vec::new()));
        let mut ceilings = Notes(Vec::new());
        for (handle, order) in state.orders.iter() {
            let (key, tenant) = (order.key, order.tenant);
            let (ceiling, duration) = (order.ceiling, order.duration);
            let (left, surety) = (order.locked, order.surety);
            let locked = Locked { key, tenant, ceiling, duration, asset, left, surety };
            match order.state {
                OrderState::Open => orders.insert(handle, locked),
                OrderState::Matched { lease } => ceilings.insert(lease, (ceiling, duration)),
            }
        }
        for (handle, lease) in state.leases.iter() {
            let own = (lease.price, lease.duration);
            let (ceiling, duration) = ceilings.get_mut(handle).copied().unwrap_or(own);
            let (key, tenant, left, surety) = (lease.key, lease.tenant, lease.locked, lease.surety);
            let locked = Locked { key, tenant, ceiling, duration, asset, left, surety };
            let stage = stage_of(lease.state);
            let (provider, region, price) = (lease.provider, lease.region, lease.price);
            leases.insert(handle, Note { locked, provider, region, price, stage });
        }
        let tenants = (0..).map(TenantId).zip(&state.conduct);
        let banned = tenants.filter(|(_, one)| one.is_banned).map(|(id, _)| id).collect();
        EscrowNotes { orders, leases, spending, banned, breaches: Vec::new() }
    }

    /// Whether anything was found since the last time.
    pub fn has_breaches(&self) -> bool {
        !self.breaches.is_empty()
    }

    /// What was found since the last time.
    pub fn take_breaches(&mut self) -> Vec<Breach> {
        std::mem::take(&mut self.breaches)
    }

    /// The provider of the lease that a call is about.
    pub fn provider_of(&mut self, call: Call) -> Option<ProviderId> {
        let (Call::VoidLease { lease, .. } | Call::CloseLease { lease, .. }) = call else {
            return None;
        };
        self.leases.get_mut(lease).map(|note| note.provider)
    }

    /// Notes what became of an order or a lease; whether the receipt answers such a call.
    pub fn note(&mut self, call: Call, receipt: &Receipt, accounts: &mut Accounts) -> bool {
        match (call, receipt) {
            (
                Call::OpenOrder { key, tenant, ceiling, duration, .. },
                Receipt::OrderOpened { order, asset, amount, surety, .. },
            ) => {
                let is_welcome = !self.banned.contains(&tenant);
                self.require(is_welcome, Rule::Ban, Subject::Lease(key), 0, 0);
                let (order, asset, left, surety) = (*order, *asset, *amount, *surety);
                let locked = Locked { key, tenant, ceiling, duration, asset, left, surety };
                self.orders.insert(order, locked);
                self.spending[asset as usize].locked += left + surety;
                let from = End::Of(Account::Tenant(tenant));
                accounts.post(asset, from, End::Of(Account::Escrow), left + surety);
            }
            (Call::CancelOrder { order }, Receipt::OrderCancelled { amount, .. }) => {
                let Some(locked) = self.orders.remove(order) else { return self.is_over() };
                self.refund(locked, *amount, accounts);
            }
            (
                Call::OpenLease { order, provider, region, price, agreed },
                Receipt::LeaseOpened { lease },
            ) => {
                let Some(locked) = self.orders.remove(order) else { return self.is_over() };
                let (most, price_nanos) = (locked.most_for(agreed), price.nanos());
                let subject = Subject::Lease(locked.key);
                let is_within = price_nanos <= most;
                self.require(is_within, Rule::Ceiling, subject, price_nanos, most);
                let stage = Stage::Reserved;
                self.leases.insert(*lease, Note { locked, provider, region, price, stage });
            }
            (Call::ConfirmLease { lease, .. }, Receipt::LeaseConfirmed) => {
                return self.go(lease, Stage::Reserved, Stage::Active);
            }
            (Call::VoidLease { order, lease }, Receipt::LeaseVoided { .. }) => {
                let is_there = self.go(lease, Stage::Reserved, Stage::Reserved);
                if let Some(note) = self.leases.remove(lease) {
                    self.orders.insert(order, note.locked);
                }
                return is_there;
            }
            (Call::AnnounceReclaim { lease }, Receipt::ReclaimAnnounced { .. }) => {
                if self.leases.get(lease).is_none() {
                    return self.is_over();
                }
            }
            (Call::ResumeLease { lease }, Receipt::LeaseResumed) => {
                return self.go(lease, Stage::Paused, Stage::Active);
            }
            _ => {
                return self.note_payment(call, receipt, accounts)
                    || self.note_misuse(call, receipt, accounts);
            }
        }
        true
    }

    fn note_payment(&mut self, call: Call, receipt: &Receipt, accounts: &mut Accounts) -> bool {
        match (call, receipt) {
            (Call::PauseLease { lease }, Receipt::LeasePaused { settlement }) => {
                self.go(lease, Stage::Active, Stage::Paused);
                self.settle(lease, settlement, accounts);
            }
            (Call::SettleLease { lease }, Receipt::LeaseSettled { settlement }) => {
                self.go(lease, Stage::Active, Stage::Active);
                self.settle(lease, settlement, accounts);
            }
            (Call::CloseLease { lease, .. }, Receipt::LeaseClosed { settlement, amount, .. }) => {
                let note = self.leases.get_mut(lease);
                let is_paused = note.is_some_and(|note| note.stage == Stage::Paused);
                let stage = if is_paused { Stage::Paused } else { Stage::Active };
                self.go(lease, stage, stage);
                self.settle(lease, settlement, accounts);
                let Some(note) = self.leases.remove(lease) else { return true };
                self.refund(note.locked, *amount, accounts);
            }
            _ => return false,
        }
        true
    }

    /// A lease goes from one stage to another, or should not have (L4).
    fn go(&mut self, lease: Handle, from: Stage, to: Stage) -> bool {
        let Some(note) = self.leases.get_mut(lease) else { return self.is_over() };
        let (was, subject) = (note.stage, Subject::Lease(note.locked.key));
        note.stage = to;
        self.require(was == from, Rule::Order, subject, was as Base, from as Base);
        true
    }

    /// A receipt tells of an order or lease that is not there any more, or never was (L4).
    fn is_over(&mut self) -> bool {
        self.breaches.push((Rule::Order, Subject::Nothing, 0, 0));
        true
    }

    fn require(
        &mut self,
        holds: bool,
        rule: Rule,
        subject: Subject,
        books: impl Into<Base>,
        receipts: impl Into<Base>,
    ) {
        if !holds {
            self.breaches.push((rule, subject, books.into(), receipts.into()));
        }
    }

    fn refund(&mut self, locked: Locked, amount: Base, accounts: &mut Accounts) {
        let Locked { key, tenant, asset, left, surety, .. } = locked;
        let left = left + surety;
        self.require(amount == left, Rule::Deposit, Subject::Lease(key), amount, left);
        self.spending[asset as usize].locked -= amount;
        let to = End::Of(Account::Tenant(tenant));
        accounts.post(asset, End::Of(Account::Escrow), to, amount);
    }

    /// A payment: out of what is locked, to everybody who has a part in it.
    fn settle(&mut self, lease: Handle, settlement: &Settlement, accounts: &mut Accounts) {
        let Some(note) = self.leases.get_mut(lease) else { return };
        let Settlement { unpaid, parts, paid, fee, way, .. } = *settlement;
        let taken = paid + fee;
        // Of an asset that was not locked nothing is there to pay with.
        let covered = if way.asset() == note.locked.asset { note.locked.left } else { 0 };
        note.locked.left -= taken;
        let Note { locked: Locked { key, asset, left, .. }, provider, region, .. } = *note;
        let subject = Subject::Lease(key);
        let sum = parts.provider + parts.foundation + parts.gateway + parts.dust;
        let is_credit = matches!(way, Way::FromVault { .. });
        self.require(is_credit || sum == paid, Rule::Parts, subject, paid, sum);
        let is_covered = way.asset() == asset && taken <= covered;
        self.require(is_covered, Rule::Deposit, subject, taken, covered);
        let is_sound = unpaid == Usd::ZERO || (unpaid > Usd::ZERO && left == 0);
        self.require(is_sound, Rule::Unpaid, subject, unpaid.base(), left);
        self.spending[asset as usize].spent += fee + if is_credit { paid } else { sum };

        let mut post = |asset, from, to, amount| accounts.post(asset, from, to, amount);
        let escrow = End::Of(Account::Escrow);
        let (treasury, vault) = (End::Of(Account::Treasury), End::Of(Account::Vault));
        let payee = End::Of(Account::Provider(provider));
        post(asset, escrow, treasury, fee);
        let (paid_in, from) = match way {
            Way::AsLocked { asset } => (asset, escrow),
            Way::FromPool { tokens, dollars } => {
                post(Asset::Usd, escrow, vault, parts.provider);
                post(Asset::Spon, End::Of(Account::Rewards), payee, tokens);
                post(Asset::Usd, vault, payee, dollars);
                (Asset::Usd, escrow)
            }
            Way::FromVault { minted } => {
                post(Asset::Credit, escrow, End::Burn, paid);
                post(Asset::Spon, End::Mint, vault, minted);
                (Asset::Spon, vault)
            }
        };
        if !matches!(way, Way::FromPool { .. }) {
            post(paid_in, from, payee, parts.provider);
            post(paid_in, payee, treasury, parts.payout_fee);
        }
        post(paid_in, from, treasury, parts.foundation);
        post(paid_in, from, End::Of(Account::Gateway(region)), parts.gateway);
        post(paid_in, from, End::Of(Account::Dust), parts.dust);
    }

    /// Holds every order, every lease and what tenants spent against the chain.
    pub fn compare(&self, state: &State) -> Vec<Breach> {
        let mut breaches = Vec::new();
        self.compare_orders(state, &mut breaches);
        self.compare_leases(state, &mut breaches);
        for asset in Asset::ALL {
            let Spending { locked, spent, opening } = self.spending[asset as usize];
            let escrow = state.ledger.balance(asset, Account::Escrow);
            let (books, receipts) = (escrow - opening, locked - spent);
            if books != receipts {
                breaches.push((Rule::Spending, Subject::Asset(asset), books, receipts));
            }
        }
        breaches
    }
    /// An order that waits holds what receipts left of its deposit; that of a matched one is its
    /// lease's. The chain has those that receipts opened and none else.
    fn compare_orders(&self, state: &State, breaches: &mut Vec<Breach>) {
        for (handle, order) in state.orders.iter() {
            let (stage, left) = match order.state {
                OrderState::Open => {
                    (Stage::Open, self.orders.get(handle).map(|one| one.left + one.surety))
                }
                OrderState::Matched { lease } => {
                    let note = self.leases.get(lease).filter(|note| note.stage == Stage::Reserved);
                    (Stage::Reserved, note.map(|_| 0))
                }
            };
            let subject = Subject::Lease(order.key);
            match left {
                None => breaches.push((Rule::Order, subject, stage as Base, Stage::Gone as Base)),
                Some(left) if left != order.locked + order.surety => {
                    breaches.push((Rule::Deposit, subject, order.locked + order.surety, left));
                }
                Some(_) => {}
            }
        }
        let (gone, open) = (Stage::Gone as Base, Stage::Open as Base);
        for (handle, locked) in self.orders.iter() {
            if state.orders.get(*handle).is_none() {
                breaches.push((Rule::Order, Subject::Lease(locked.key), gone, open));
            }
        }
    }

    /// A lease holds what receipts left of its deposit, and its price is still what it was. The
    /// chain has those that receipts opened and none else.
    fn compare_leases(&self, state: &State, breaches: &mut Vec<Breach>) {
        for (handle, lease) in state.leases.iter() {
            let subject = Subject::Lease(lease.key);
            let Some(note) = self.leases.get(handle) else {
                let stage = stage_of(lease.state) as Base;
                breaches.push((Rule::Order, subject, stage, Stage::Gone as Base));
                continue;
            };
            for (books, own) in
                [(lease.locked, note.locked.left), (lease.surety, note.locked.surety)]
            {
                if books != own {
                    breaches.push((Rule::Deposit, subject, books, own));
                }
            }
            if lease.price != note.price {
                let [books, own] = [lease.price, note.price].map(|price| price.nanos().into());
                breaches.push((Rule::Price, subject, books, own));
            }
        }
        for (handle, Note { locked, stage, .. }) in self.leases.iter() {
            if state.leases.get(*handle).is_none() {
                let (gone, expected) = (Stage::Gone as Base, *stage as Base);
                breaches.push((Rule::Order, Subject::Lease(locked.key), gone, expected));
            }
        }
    }
}
