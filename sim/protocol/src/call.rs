//! What can be asked of the chain.

use crate::committee::DecisionDigest;
use crate::fault::Fault;
use crate::gas_book::Payer;
use crate::lease::Promise;
use crate::ledger::Account;
use crate::misuse::Misuse;
use crate::receipt::Receipt;
use crate::slots::Handle;
use mechanism::swap_pool::Side;
use units::{
    Asset, Base, BasisPoints, DelegatorId, EntityKey, GpuCount, GpuHourPrice, OperatorId,
    ProviderId, RegionId, SimTime, Span, Spon, TenantId, TokenPrice, Usd,
};

/// A request to the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// A tenant brings money from outside.
    Deposit {
        /// Whose wallet.
        tenant: TenantId,
        /// How much.
        amount: Usd,
    },
    /// A provider posts stake from outside, at registration or to top it up.
    PostStake {
        /// Whose stake.
        provider: ProviderId,
        /// How much.
        amount: Spon,
    },
    /// A provider that has no GPUs on the chain registers them. Uptimes and trust begin anew; what
    /// it is blamed for is remembered.
    Register {
        /// Who.
        provider: ProviderId,
        /// Its GPUs.
        gpus: GpuCount,
        /// Reward multiplier of its card, in hundredths.
        multiplier_hundredths: u32,
    },
    /// A provider without leases takes its GPUs off the chain: it is neither judged nor rewarded,
    /// and needs no stake.
    Deregister {
        /// Who.
        provider: ProviderId,
    },
    /// A provider takes its own stake out; it waits, and can still be slashed.
    Unstake {
        /// Whose stake.
        provider: ProviderId,
        /// How much.
        amount: Spon,
    },
    /// A delegator brings tokens from outside.
    Fund {
        /// Whose wallet.
        delegator: DelegatorId,
        /// How much.
        amount: Spon,
    },
    /// A delegator stakes tokens with a provider.
    Delegate {
        /// Who.
        delegator: DelegatorId,
        /// With whom.
        provider: ProviderId,
        /// How much.
        amount: Spon,
    },
    /// A delegator takes stake out; it waits, and can still be slashed.
    Undelegate {
        /// Who.
        delegator: DelegatorId,
        /// From whom.
        provider: ProviderId,
        /// How much.
        amount: Spon,
    },
    /// A provider says which part of its delegators' rewards it keeps.
    SetCommission {
        /// Who.
        provider: ProviderId,
        /// The part.
        commission: BasisPoints,
    },
    /// A provider begins or ends maintenance.
    SetMaintenance {
        /// Who.
        provider: ProviderId,
        /// Whether it begins.
        is_on: bool,
    },
    /// Somebody proves that a provider did something wrong.
    ReportFault {
        /// Who did it.
        provider: ProviderId,
        /// What.
        fault: Fault,
        /// When.
        happened_at: SimTime,
        /// Who was harmed.
        victim: Option<TenantId>,
        /// What proves it; it counts once.
        evidence: EntityKey,
    },
    /// The slash that rests on this evidence was wrong.
    UpholdAppeal {
        /// The evidence.
        evidence: EntityKey,
    },
    /// The feed says what a token costs.
    ReportPrice {
        /// The price.
        price: TokenPrice,
    },
    /// A tenant buys tokens with dollars of its wallet.
    BuyTokens {
        /// Who.
        tenant: TenantId,
        /// How many.
        amount: Spon,
    },
    /// Who holds tokens sells some for dollars.
    SellTokens {
        /// Who.
        seller: Seller,
        /// How many.
        amount: Spon,
    },
    /// Somebody outside trades in the pool, on news that the market did not make.
    TradeOutside {
        /// What it pays with.
        pays: Side,
        /// How much, in the smallest unit.
        paid: Base,
    },
    /// A tenant locks tokens in the vault and receives credits.
    TopUp {
        /// Who.
        tenant: TenantId,
        /// What the tokens are worth.
        value: Usd,
    },
    /// A tenant asks for GPUs and locks the deposit.
    OpenOrder {
        /// The order's key.
        key: EntityKey,
        /// Who asks.
        tenant: TenantId,
        /// GPUs asked for.
        gpus: GpuCount,
        /// Highest price accepted.
        ceiling: GpuHourPrice,
        /// Agreed length.
        duration: Span,
        /// How much of it is paid for; none for the whole.
        funded: Option<Span>,
        /// What its lease gives beside GPUs.
        promise: Promise,
    },
    /// An order that found no provider ends; its money goes back.
    CancelOrder {
        /// Which.
        order: Handle,
    },
    /// A signed match becomes a lease.
    OpenLease {
        /// The order.
        order: Handle,
        /// Who serves.
        provider: ProviderId,
        /// The provider's region.
        region: RegionId,
        /// The accepted price.
        price: GpuHourPrice,
        /// The length agreed on where the provider does the work in less time than the order says,
        /// and may cost more for each hour of it; none for the order's own.
        agreed: Option<Span>,
    },
    /// The provider confirms the reservation: charging begins.
    ConfirmLease {
        /// The order, which ends.
        order: Handle,
        /// The lease.
        lease: Handle,
    },
    /// The provider never confirmed: the lease is void, the order open again.
    VoidLease {
        /// The order.
        order: Handle,
        /// The lease, which ends.
        lease: Handle,
    },
    /// The tenant of a matched order never says what to run: the reservation was for nothing, and
    /// both end.
    WithdrawOrder {
        /// The order, which ends.
        order: Handle,
        /// The reserved lease, which ends.
        lease: Handle,
    },
    /// The machine went down: charging stops while the grace runs.
    PauseLease {
        /// Which.
        lease: Handle,
    },
    /// The machine came back within the grace: charging goes on.
    ResumeLease {
        /// Which.
        lease: Handle,
    },
    /// The provider gives notice that it takes a spot lease back.
    AnnounceReclaim {
        /// Which.
        lease: Handle,
    },
    /// Pays what has accrued and leaves the lease in force.
    SettleLease {
        /// Which.
        lease: Handle,
    },
    /// Pays what has accrued, sends the rest back, ends the lease.
    CloseLease {
        /// Which.
        lease: Handle,
        /// Why.
        cause: CloseCause,
    },
    /// The tenant says that the provider failed: the lease is over, and what is due is not paid
    /// before a verdict.
    DisputeLease {
        /// Which.
        lease: Handle,
    },
    /// The verdict is that the provider failed: what waited for it goes back.
    UpholdDispute {
        /// Which.
        lease: Handle,
    },
    /// A lease ends because its tenant misused it: the provider is paid for the time served, and
    /// the tenant loses its surety.
    ForfeitLease {
        /// Which.
        lease: Handle,
        /// What the tenant did: anything but a withdrawal.
        misuse: Misuse,
    },
    /// Somebody opens a tenant's wallet.
    Enroll,
    /// Who sent calls pays who builds blocks for their gas.
    PayGas {
        /// Who sent them.
        payer: Payer,
        /// What it pays with.
        asset: Asset,
        /// How much, in the asset's smallest unit.
        amount: Base,
    },
    /// Somebody proves that an operator signed what its own view does not give.
    SlashOperator {
        /// Who signed.
        operator: OperatorId,
        /// What it signed.
        signed: DecisionDigest,
        /// What the view that it declared gives.
        recomputed: DecisionDigest,
    },
}

/// Who may sell tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seller {
    /// A provider, out of its wallet.
    Provider(ProviderId),
    /// A delegator, out of its wallet.
    Delegator(DelegatorId),
    /// A tenant, out of its wallet.
    Tenant(TenantId),
    /// The foundation.
    Foundation,
    /// Those who hold released tokens.
    Holders,
}

impl Seller {
    /// Its wallet.
    pub const fn account(self) -> Account {
        match self {
            Seller::Provider(id) => Account::Provider(id),
            Seller::Delegator(id) => Account::Delegator(id),
            Seller::Tenant(id) => Account::Tenant(id),
            Seller::Foundation => Account::Treasury,
            Seller::Holders => Account::Holders,
        }
    }
}

/// Why a lease closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseCause {
    /// The agreed time was served, or the tenant needs no more.
    Agreed,
    /// The machine failed and the lease closed, or its work moved elsewhere.
    ProviderFailed,
    /// Escrow could not pay any more.
    EscrowEmpty,
    /// The provider took it back, and its notice is over.
    Reclaimed,
}

impl CloseCause {
    /// Its number in the digest.
    const fn code(self) -> i128 {
        match self {
            CloseCause::ProviderFailed => 0,
            CloseCause::Agreed => 1,
            CloseCause::EscrowEmpty => 2,
            CloseCause::Reclaimed => 3,
        }
    }
}

impl Call {
    /// Writes the call and its receipt as bytes for the digest: a kind, who, and what it did.
    pub fn encode_with(&self, receipt: &Receipt, out: &mut Vec<u8>) {
        let mut put = |kind: u8, words: &[i128]| {
            out.push(kind);
            words.iter().for_each(|word| out.extend_from_slice(&word.to_le_bytes()));
        };
        match *self {
            Call::Deposit { tenant, .. } => put(1, &[i128::from(tenant.0)]),
            Call::PostStake { provider, .. } => put(2, &[i128::from(provider.0)]),
            Call::OpenOrder { .. } => encode_order(self, &mut put),
            Call::OpenLease { provider, price, agreed, .. } => {
                let words = [i128::from(provider.0), i128::from(price.nanos())];
                match agreed {
                    None => put(5, &words),
                    Some(span) => put(5, &[words[0], words[1], i128::from(span.nanos())]),
                }
            }
            Call::AnnounceReclaim { .. } => put(27, &[]),
            Call::CloseLease { cause, .. } => put(11, &[cause.code()]),
            Call::SlashOperator { operator, signed, recomputed } => {
                put(12, &[i128::from(operator.0), i128::from(signed.0), i128::from(recomputed.0)])
            }
            Call::Register { provider, gpus, .. } => put(13, &[provider.0.into(), gpus.0.into()]),
            Call::Deregister { provider } => put(26, &[i128::from(provider.0)]),
            Call::Unstake { provider, .. } => put(14, &[i128::from(provider.0)]),
            Call::Fund { delegator, .. } => put(15, &[i128::from(delegator.0)]),
            Call::Delegate { delegator, provider, .. } => {
                put(16, &[i128::from(delegator.0), i128::from(provider.0)]);
            }
            Call::Undelegate { delegator, provider, .. } => {
                put(17, &[i128::from(delegator.0), i128::from(provider.0)]);
            }
            Call::SetCommission { provider, commission } => {
                put(18, &[i128::from(provider.0), i128::from(commission.0)]);
            }
            Call::ReportFault { provider, fault, happened_at, evidence, .. } => {
                let (at, evidence) = (happened_at.nanos().into(), evidence.0.into());
                put(19, &[provider.0.into(), fault as i128, at, evidence]);
            }
            Call::UpholdAppeal { evidence } => put(20, &[i128::from(evidence.0)]),
            Call::ReportPrice { price } => put(21, &[i128::from(price.nanos())]),
            Call::BuyTokens { tenant, .. } => put(22, &[i128::from(tenant.0)]),
            Call::SellTokens { seller, amount } => {
                put(23, &of_account(seller.account(), amount.base()));
            }
            Call::PayGas { payer, asset, .. } => {
                put(40, &of_account(payer.account(), asset as i128));
            }
            Call::SetMaintenance { provider, is_on } => put(25, &[provider.0.into(), is_on.into()]),
            Call::TradeOutside { pays, paid } => put(30, &[pays as i128, paid]),
            Call::ForfeitLease { misuse, .. } => put(44, &[misuse as i128]),
            Call::TopUp { tenant, value } => put(24, &[i128::from(tenant.0), value.base()]),
            Call::CancelOrder { .. } => put(4, &[]),
            Call::ConfirmLease { .. } => put(6, &[]),
            Call::VoidLease { .. } => put(7, &[]),
            Call::PauseLease { .. } => put(8, &[]),
            Call::ResumeLease { .. } => put(9, &[]),
            Call::SettleLease { .. } => put(10, &[]),
            Call::WithdrawOrder { .. } => put(41, &[]),
            Call::DisputeLease { .. } => put(42, &[]),
            Call::UpholdDispute { .. } => put(43, &[]),
            Call::Enroll => put(45, &[]),
        }
        receipt.encode(out);
    }
}

/// An order in words of the digest; one for a term is of another kind, and says how long that is.
fn encode_order(call: &Call, put: &mut impl FnMut(u8, &[i128])) {
    let Call::OpenOrder { key, tenant, gpus, ceiling, duration, funded, promise } = *call else {
        return;
    };
    let (ceiling, duration) = (ceiling.nanos().into(), duration.nanos().into());
    let words = [key.0.into(), tenant.0.into(), gpus.0.into(), ceiling, duration];
    match promise {
        Promise::Spot => put(3, &words),
        Promise::Term(term) => put(28, &[&words[..], &[term.nanos().into()]].concat()),
    }
    funded.iter().for_each(|span| put(3, &[span.nanos().into()]));
}

/// An account in words of the digest, and one more word.
fn of_account(account: Account, more: i128) -> [i128; 3] {
    let (party, number) = account.place();
    [party as i128, number as i128, more]
}
