//! Orders and leases as the chain knows them, and the arithmetic of a bill.

use crate::params::{Params, PoolRules};
use crate::slots::Handle;
use units::{
    Base, BasisPoints, EntityKey, GpuCount, GpuHourPrice, ProviderId, RegionId, SimTime, Span,
    TenantId, TokenPrice, Usd,
};

/// What a lease gives beside GPUs (Akash AEP-46 and AEP-82; protocol.md 4.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Promise {
    /// Nothing: its provider may take it back when it has given notice.
    #[default]
    Spot,
    /// A term, from its confirmation on: its provider may not take it back, and a tenant who ends
    /// it before pays for a part of what is left of the term.
    Term(Span),
}

/// Where an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderState {
    /// Waiting for its match.
    Open,
    /// A lease holds its escrow and waits for the provider's confirmation.
    Matched {
        /// That lease, and no other, ends or reopens the order.
        lease: Handle,
    },
}

/// A request for GPUs with its locked deposit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// The order's key.
    pub key: EntityKey,
    /// Who asks and pays.
    pub tenant: TenantId,
    /// GPUs asked for.
    pub gpus: GpuCount,
    /// Highest price accepted.
    pub ceiling: GpuHourPrice,
    /// Agreed length of the lease.
    pub duration: Span,
    /// What its lease gives beside GPUs.
    pub promise: Promise,
    /// The token's price when it was opened.
    pub quote: TokenPrice,
    /// What is locked of the rail's asset, fee included.
    pub locked: Base,
    /// Locked beside it, to answer for misuse.
    pub surety: Base,
    /// Whether that pays for all that was asked.
    pub is_whole: bool,
    /// Where it stands.
    pub state: OrderState,
}

/// Most that an order may cost before the tenant's fee: a thousand million dollars, in
/// nano-dollars. With any fee up to the whole the deposit can still be counted.
const COST_MAX: u128 = 1_000_000_000_000_000_000;

impl Promise {
    /// Whether a lease of this length is as long as what is promised.
    pub fn fits_into(self, duration: Span) -> bool {
        match self {
            Promise::Spot => true,
            Promise::Term(term) => term <= duration,
        }
    }
}

impl Order {
    /// Whether the ceiling for the whole duration is an amount that the chain counts.
    pub fn can_be_billed(ceiling: GpuHourPrice, gpus: GpuCount, duration: Span) -> bool {
        let gpu_time = u128::from(gpus.0) * u128::from(duration.nanos());
        let product = u128::from(ceiling.nanos()).checked_mul(gpu_time);
        product.is_some_and(|product| product / u128::from(Span::HOUR.nanos()) < COST_MAX)
    }

    /// Whether a lease at `price` may take its place: no longer than what was asked for, and no
    /// dearer in all. One of the order's own length then costs no more than the ceiling an hour.
    pub fn covers(&self, price: GpuHourPrice, duration: Span) -> bool {
        let cost =
            |price: GpuHourPrice, span: Span| u128::from(price.nanos()) * u128::from(span.nanos());
        if duration == self.duration {
            return price <= self.ceiling;
        }
        (Span::from_nanos(1)..self.duration).contains(&duration)
            && cost(price, duration) <= cost(self.ceiling, self.duration)
    }

    /// What answers for misuse beside the payment: the ceiling for the time that the rules say.
    ///
    /// # Panics
    /// When that is more than can be counted: see [`Order::can_be_billed`].
    pub fn compute_surety(ceiling: GpuHourPrice, gpus: GpuCount, params: &Params) -> Usd {
        ceiling.cost_rounded_up(gpus, params.tenants.surety)
    }

    /// What must be locked: the ceiling for the whole duration, and the tenant's fee on it.
    ///
    /// # Panics
    /// When that is more than can be counted: see [`Order::can_be_billed`].
    pub fn compute_deposit(
        ceiling: GpuHourPrice,
        gpus: GpuCount,
        duration: Span,
        params: &Params,
    ) -> Usd {
        let charge = ceiling.cost_rounded_up(gpus, duration);
        charge + Usd::from_base(params.facilitation().of_rounded_up(charge.base()))
    }
}

/// Where a lease stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeaseState {
    /// Opened; the provider has not confirmed yet. Nothing is charged.
    Reserved,
    /// In force and charged since this moment.
    Active {
        /// When the current stretch of charged time began.
        since: SimTime,
    },
    /// Its machine is down and the grace runs. Nothing is charged.
    Paused,
    /// Its tenant says that the provider failed. It is over, and what was due waits for a verdict.
    Disputed,
}

/// An agreement in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The key of the order that it answers.
    pub key: EntityKey,
    /// Who pays.
    pub tenant: TenantId,
    /// Who serves.
    pub provider: ProviderId,
    /// The rules of the provider's pool.
    pub rules: PoolRules,
    /// The provider's region: its gateway, under Fizz rules.
    pub region: RegionId,
    /// GPUs held.
    pub gpus: GpuCount,
    /// The price.
    pub price: GpuHourPrice,
    /// Agreed length.
    pub duration: Span,
    /// The token's price when its order was opened.
    pub quote: TokenPrice,
    /// What is still locked of the rail's asset.
    pub locked: Base,
    /// Locked beside it, to answer for misuse.
    pub surety: Base,
    /// Whether the order paid for all that was asked.
    pub is_whole: bool,
    /// Where it stands.
    pub state: LeaseState,
    /// What it gives beside GPUs.
    pub promise: Promise,
    /// From when on its provider may take it back, if it has given notice.
    pub reclaim_at: Option<SimTime>,
    /// Charged time before the current stretch; of a term that ended early also the part of what
    /// was left that is paid for.
    pub billed: Span,
    /// Charged so far for the GPUs, before the tenant's own fee.
    pub charged: Usd,
    /// The tenant's own fee so far.
    pub facilitation: Usd,
    /// Of both, what escrow could not pay.
    pub unpaid: Usd,
}

impl Lease {
    /// Charged time up to the block at `now`, at most what was agreed.
    pub fn active_span(&self, now: SimTime) -> Span {
        let current = match self.state {
            LeaseState::Active { since } => now.saturating_since(since),
            LeaseState::Reserved | LeaseState::Paused | LeaseState::Disputed => Span::ZERO,
        };
        self.billed + current.min(self.duration.saturating_sub(self.billed))
    }

    /// Time that is charged for beside what was served when its tenant ends it at `now`: a part of
    /// what is left of a term, a started nanosecond dropped.
    pub fn forfeit_rounded_down(&self, now: SimTime, termination: BasisPoints) -> Span {
        let left = match self.promise {
            Promise::Spot => Span::ZERO,
            Promise::Term(term) => term.saturating_sub(self.active_span(now)),
        };
        let nanos = termination.of_rounded_down(i128::from(left.nanos()));
        Span::from_nanos(u64::try_from(nanos).expect("no part is more than the whole"))
    }

    /// The whole bill for charged time up to `now`, a started nano-dollar dropped.
    ///
    /// It depends on the time alone, never on how often the lease was settled.
    pub fn compute_charge(&self, now: SimTime) -> Usd {
        self.price.cost_rounded_down(self.gpus, self.active_span(now))
    }
}

/// How one payment is divided, in the smallest unit of its asset. The parts and the dust add up to
/// the payment exactly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// To the provider, before its payout fee.
    pub provider: Base,
    /// The provider's fee for being paid in another asset than the token; part of `provider`.
    pub payout_fee: Base,
    /// To the foundation.
    pub foundation: Base,
    /// To the gateway.
    pub gateway: Base,
    /// Remainders of the divisions.
    pub dust: Base,
}

impl Parts {
    /// Divides a payment by the rules of its pool (protocol.md 3.2), every part rounded down.
    pub fn split_rounded_down(payment: Base, rules: PoolRules, params: &Params) -> Parts {
        let fees = &params.fees;
        let (foundation, gateway) = match rules {
            PoolRules::Fizz => (fees.fizz_foundation, fees.fizz_gateway),
            PoolRules::Provider => (fees.provider_foundation, BasisPoints(0)),
        };
        let rest = BasisPoints(BasisPoints::WHOLE.0 - foundation.0 - gateway.0);
        let part = |share: BasisPoints| share.of_rounded_down(payment);
        let (provider, foundation, gateway) = (part(rest), part(foundation), part(gateway));
        Parts {
            provider,
            payout_fee: params.payout().of_rounded_down(provider),
            foundation,
            gateway,
            dust: payment - provider - foundation - gateway,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::params;

    #[test]
    fn a_fizz_dollar_is_divided_93_5_2() {
        let parts = Parts::split_rounded_down(1_000_000_000, PoolRules::Fizz, &params());
        assert_eq!(parts.provider, 930_000_000);
        assert_eq!(parts.foundation, 50_000_000);
        assert_eq!(parts.gateway, 20_000_000);
        assert_eq!(parts.payout_fee, 9_300_000);
        assert_eq!(parts.dust, 0);
    }

    #[test]
    fn parts_add_up_for_every_small_payment() {
        let params = params();
        for payment in 0..2_000 {
            for rules in [PoolRules::Fizz, PoolRules::Provider] {
                let p = Parts::split_rounded_down(payment, rules, &params);
                assert_eq!(p.provider + p.foundation + p.gateway + p.dust, payment);
                assert!(p.dust <= 2);
                assert!(p.payout_fee <= p.provider);
            }
        }
    }

    #[test]
    fn a_started_nano_dollar_of_a_deposit_is_locked_in_full() {
        // A millionth of a nano-dollar, and 2 % of what that is rounded up to.
        let ceiling = GpuHourPrice::from_nanos(1);
        let span = Span::from_nanos(3_600_000);
        let deposit = Order::compute_deposit(ceiling, GpuCount(1), span, &params());
        assert_eq!(deposit, Usd::from_nanos(2));
    }

    #[test]
    fn the_deposit_covers_the_longest_bill_at_the_ceiling() {
        let ceiling = GpuHourPrice::from_nanos(123_456_789);
        let deposit =
            Order::compute_deposit(ceiling, GpuCount(3), Span::from_secs(12_345), &params());
        let charge = ceiling.cost_rounded_down(GpuCount(3), Span::from_secs(12_345));
        let fee = params().fees.facilitation.of_rounded_down(charge.base());
        assert!(deposit.base() >= charge.base() + fee);
    }
}
