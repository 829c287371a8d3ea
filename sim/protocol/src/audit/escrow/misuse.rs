//! What the auditor notes of misuse: what is lost, what goes back, and who is banned.

use super::{Accounts, End, EscrowNotes, Locked, Rule, Stage, Subject};
use crate::call::Call;
use crate::ledger::Account;
use crate::misuse::{Forfeit, Misuse};
use crate::receipt::Receipt;
use units::{Base, ProviderId};

impl EscrowNotes {
    /// Notes what became of an order or a lease that was misused, or is said to have been; whether
    /// the receipt answers such a call.
    pub(super) fn note_misuse(
        &mut self,
        call: Call,
        receipt: &Receipt,
        accounts: &mut Accounts,
    ) -> bool {
        match (call, receipt) {
            (Call::WithdrawOrder { lease, .. }, Receipt::OrderWithdrawn { amount, forfeit }) => {
                let is_there = self.go(lease, Stage::Reserved, Stage::Gone);
                let Some(note) = self.leases.remove(lease) else { return is_there };
                let most = note.locked.surety;
                self.forfeit(note.locked, note.provider, *forfeit, most, accounts);
                self.refund(less(note.locked, forfeit.amount), *amount, accounts);
            }
            (Call::DisputeLease { lease }, Receipt::LeaseDisputed) => {
                let note = self.leases.get(lease);
                let is_paused = note.is_some_and(|note| note.stage == Stage::Paused);
                let stage = if is_paused { Stage::Paused } else { Stage::Active };
                return self.go(lease, stage, Stage::Disputed);
            }
            (Call::UpholdDispute { lease }, Receipt::DisputeUpheld { amount, .. }) => {
                let is_there = self.go(lease, Stage::Disputed, Stage::Gone);
                let Some(note) = self.leases.remove(lease) else { return is_there };
                self.refund(note.locked, *amount, accounts);
            }
            (
                Call::ForfeitLease { lease, misuse },
                Receipt::LeaseForfeited { settlement, amount, forfeit, .. },
            ) => {
                let note = self.leases.get(lease);
                let is_paused = note.is_some_and(|note| note.stage == Stage::Paused);
                let stage = match misuse {
                    Misuse::FalseDispute => Stage::Disputed,
                    _ if is_paused => Stage::Paused,
                    _ => Stage::Active,
                };
                let is_there = self.go(lease, stage, Stage::Gone);
                self.settle(lease, settlement, accounts);
                let Some(note) = self.leases.remove(lease) else { return is_there };
                let Locked { left, surety, .. } = note.locked;
                let most = if misuse == Misuse::ForbiddenWork { left + surety } else { surety };
                self.forfeit(note.locked, note.provider, *forfeit, most, accounts);
                self.refund(less(note.locked, forfeit.amount), *amount, accounts);
            }
            _ => return false,
        }
        true
    }

    /// What is lost goes to the provider and the foundation: all the surety, no more than may.
    fn forfeit(
        &mut self,
        locked: Locked,
        provider: ProviderId,
        told: Forfeit,
        most: Base,
        accounts: &mut Accounts,
    ) {
        let Locked { key, tenant, asset, surety, .. } = locked;
        let Forfeit { amount, to_provider, is_ban } = told;
        let is_within = (surety..=most).contains(&amount) && (0..=amount).contains(&to_provider);
        self.require(is_within, Rule::Forfeit, Subject::Lease(key), amount, most);
        self.spending[asset as usize].spent += amount;
        let escrow = End::Of(Account::Escrow);
        accounts.post(asset, escrow, End::Of(Account::Provider(provider)), to_provider);
        accounts.post(asset, escrow, End::Of(Account::Treasury), amount - to_provider);
        if is_ban {
            let is_new = self.banned.insert(tenant);
            self.require(is_new, Rule::Ban, Subject::Lease(key), 1, 0);
        }
    }
}

/// What is left of it after a loss, which takes the surety first.
fn less(locked: Locked, lost: Base) -> Locked {
    Locked { left: locked.left - (lost - locked.surety), surety: 0, ..locked }
}
