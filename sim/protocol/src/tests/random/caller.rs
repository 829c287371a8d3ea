//! Who makes the random calls.

use crate::testing::Lots;
use crate::{
    Call, CloseCause, DecisionDigest, EraEvidence, Fault, Handle, Misuse, Payer, Promise, Receipt,
    Seller,
};
use mechanism::swap_pool::Side;
use units::{
    Asset, BasisPoints, DelegatorId, EntityKey, GpuCount, GpuHourPrice, OperatorId, Ppm,
    ProviderId, RegionId, SimTime, Span, Spon, TenantId, TokenPrice, Usd,
};

/// A tenant without a wallet.
pub const NOBODY: TenantId = TenantId(u32::MAX);
/// Handles of this many past orders and leases are still tried.
const REMEMBERED: usize = 12;

/// Who makes the calls: draws, the time, and the handles that were ever handed out.
pub struct Caller {
    pub lots: Lots,
    pub now: SimTime,
    pub orders: Vec<Handle>,
    pub leases: Vec<Handle>,
    /// Tenants who ask: who is enrolled takes the place of one of them.
    pub tenants: [TenantId; 3],
    /// Lately opened pairs: drawn more often, so that something comes of them.
    pub pair: Option<(Handle, Handle)>,
}

impl Caller {
    /// Time goes on by up to ten minutes; now and then it stands still.
    pub fn advance(&mut self) {
        let step = self.lots.below(600_000_000_000) * self.lots.below(2);
        self.now = self.now + Span::from_nanos(step);
    }

    pub fn order(&mut self) -> Handle {
        self.lots.pick(&self.orders)
    }

    pub fn lease(&mut self) -> Handle {
        self.lots.pick(&self.leases)
    }

    /// An order and its lease, or two that need not belong together.
    pub fn pair(&mut self) -> (Handle, Handle) {
        match self.pair {
            Some(pair) if self.lots.below(4) > 0 => pair,
            _ => (self.order(), self.lease()),
        }
    }

    pub fn draw_call(&mut self) -> Call {
        match self.lots.below(34) {
            0 => self.draw_deposit(),
            1 => self.draw_stake(),
            2..=4 => self.draw_order(),
            5 => Call::CancelOrder { order: self.order() },
            6..=8 => self.draw_lease(),
            9 | 10 => {
                let (order, lease) = self.pair();
                Call::ConfirmLease { order, lease }
            }
            11 => {
                let (order, lease) = self.pair();
                Call::VoidLease { order, lease }
            }
            12 => Call::PauseLease { lease: self.lease() },
            13 => Call::ResumeLease { lease: self.lease() },
            14 => Call::SettleLease { lease: self.lease() },
            15 => self.draw_slash(),
            16..=20 | 28 | 30..=32 => self.draw_staking(),
            33 => self.draw_registration(),
            29 => {
                let provider = ProviderId(self.lots.below(4) as u32);
                Call::SetMaintenance { provider, is_on: self.lots.below(3) == 0 }
            }
            21 => self.draw_fault(),
            23..=26 => self.draw_trade(),
            22 => Call::UpholdAppeal { evidence: EntityKey(self.lots.below(40)) },
            _ => {
                let cause = self.lots.pick(&[CloseCause::Agreed, CloseCause::ProviderFailed]);
                Call::CloseLease { lease: self.lease(), cause }
            }
        }
    }

    pub fn draw_deposit(&mut self) -> Call {
        // The first tenant is immensely rich, the second sometimes short of money.
        let place = self.lots.below(3) as usize;
        let tenant = self.tenants[place];
        let large = if place == 0 { i64::MAX } else { 20_000_000_000 };
        let nanos = self.lots.pick(&[i64::MIN, -1, 0, 1, 1_000_000_000, large]);
        Call::Deposit { tenant, amount: Usd::from_nanos(nanos) }
    }

    /// Who leaves comes back soon, so that the others find somebody.
    pub fn draw_registration(&mut self) -> Call {
        let provider = ProviderId(self.lots.below(4) as u32);
        if self.lots.below(3) == 0 {
            return Call::Deregister { provider };
        }
        let gpus = GpuCount(self.lots.pick(&[0, 8]));
        Call::Register { provider, gpus, multiplier_hundredths: 100 }
    }

    pub fn draw_stake(&mut self) -> Call {
        let base = [i128::MIN, -1, 0, 1, 10_i128.pow(20), 10_i128.pow(31), i128::MAX];
        let amount = Spon::from_base(self.lots.pick(&base));
        Call::PostStake { provider: ProviderId(self.lots.below(4) as u32), amount }
    }

    pub fn draw_order(&mut self) -> Call {
        let nanos = [0, 1, 40_000_000, 2_000_000_001, 10_u64.pow(15), u64::MAX];
        let hour = Span::HOUR.nanos();
        let spans = [0, 1, hour / 7, hour, 30 * hour, u64::MAX];
        let key = self.lots.below(3);
        Call::OpenOrder {
            key: EntityKey(key),
            tenant: self.tenants[self.lots.below(3) as usize],
            gpus: GpuCount(self.lots.pick(&[0, 1, 2, 8, u32::MAX])),
            ceiling: GpuHourPrice::from_nanos(self.lots.pick(&nanos)),
            duration: Span::from_nanos(self.lots.pick(&spans)),
            funded: None,
            promise: if key == 2 {
                Promise::Term(Span::from_nanos(hour / 7))
            } else {
                Promise::Spot
            },
        }
    }

    pub fn draw_lease(&mut self) -> Call {
        let nanos = [0, 1, 39_999_999, 2_000_000_001, u64::MAX];
        Call::OpenLease {
            order: self.order(),
            provider: ProviderId(self.lots.below(4) as u32),
            region: RegionId(self.lots.below(3) as u16),
            price: GpuHourPrice::from_nanos(self.lots.pick(&nanos)),
            agreed: self.lots.pick(&[None, None, Some(Span::HOUR), Some(Span::from_secs(60))]),
        }
    }

    pub fn draw_staking(&mut self) -> Call {
        let delegator = DelegatorId(self.lots.below(4) as u32);
        let provider = ProviderId(self.lots.below(4) as u32);
        let token = 10_i128.pow(18);
        let base = [i128::MIN, -1, 0, 1, 7, token / 9, token / 3, token, 50 * token, i128::MAX];
        let amount = Spon::from_base(self.lots.pick(&base));
        match self.lots.below(6) {
            0 => Call::Unstake { provider, amount },
            1 => Call::Fund { delegator, amount },
            2 | 3 => Call::Delegate { delegator, provider, amount },
            4 => Call::Undelegate { delegator, provider, amount },
            _ => {
                let commission = BasisPoints(self.lots.pick(&[0, 1_000, 10_000, 10_001]));
                Call::SetCommission { provider, commission }
            }
        }
    }

    pub fn draw_trade(&mut self) -> Call {
        let tenant = self.tenants[self.lots.below(3) as usize];
        let token = 10_i128.pow(18);
        let base = [i128::MIN, -1, 0, 1, token / 3, 40 * token, 500 * token, i128::MAX];
        let amount = Spon::from_base(self.lots.pick(&base));
        let sellers = [
            Some(Seller::Tenant(tenant)),
            Some(Seller::Provider(ProviderId(self.lots.below(4) as u32))),
            Some(Seller::Delegator(DelegatorId(self.lots.below(4) as u32))),
            Some(Seller::Foundation),
            Some(Seller::Holders),
            None,
        ];
        let nanos = [-1, 0, 1, 1_000_000_000, 20_000_000_000, i64::MAX];
        match self.lots.below(7) {
            0..=2 => Call::BuyTokens { tenant, amount },
            3 => match self.lots.pick(&sellers) {
                Some(seller) => Call::SellTokens { seller, amount },
                None => Call::TradeOutside { pays: Side::Tokens, paid: amount.base() },
            },
            4 => {
                let nanos = self.lots.pick(&[0, 1, 9_000_000, 30_000_000, 95_000_001]);
                Call::ReportPrice { price: TokenPrice::from_nanos(nanos) }
            }
            _ => Call::TopUp { tenant, value: Usd::from_nanos(self.lots.pick(&nanos)) },
        }
    }

    pub fn draw_fault(&mut self) -> Call {
        let provider = ProviderId(self.lots.below(4) as u32);
        let fault = self.lots.pick(&Fault::ALL);
        let age = self.lots.pick(&[0, 1, 600, 20_000_000].map(Span::from_secs));
        let happened_at = SimTime::from_nanos(self.now.nanos().saturating_sub(age.nanos()));
        let victim = self.lots.pick(&[None, Some(TenantId(0)), Some(NOBODY)]);
        let evidence = EntityKey(self.lots.below(40));
        Call::ReportFault { provider, fault, happened_at, victim, evidence }
    }

    pub fn draw_slash(&mut self) -> Call {
        let [signed, recomputed] = [(); 2].map(|()| DecisionDigest(self.lots.below(3)));
        Call::SlashOperator { operator: OperatorId(self.lots.below(3) as u16), signed, recomputed }
    }

    /// Remembers the handles that an accepted call brought.
    pub fn learn(&mut self, call: Call, receipt: Receipt) {
        match (call, receipt) {
            (_, Receipt::Enrolled { tenant }) => self.tenants[tenant.index() % 2] = tenant,
            (_, Receipt::OrderOpened { order, .. }) => remember(&mut self.orders, order),
            (Call::OpenLease { order, .. }, Receipt::LeaseOpened { lease }) => {
                remember(&mut self.leases, lease);
                self.pair = Some((order, lease));
            }
            _ => {}
        }
    }
}

pub fn remember(handles: &mut Vec<Handle>, handle: Handle) {
    if handles.len() == REMEMBERED {
        handles.remove(0);
    }
    handles.push(handle);
}

/// The name of a variant: what stands before its fields.
pub fn name(value: &impl std::fmt::Debug) -> String {
    format!("{value:?}").split([' ', '(', '{']).next().unwrap_or_default().to_string()
}

pub fn draw_gas(lots: &mut Lots) -> Call {
    let payers = [
        Payer::Tenant(TenantId(lots.below(3) as u32)),
        Payer::Provider(ProviderId(lots.below(4) as u32)),
        Payer::Delegator(DelegatorId(lots.below(4) as u32)),
        Payer::Foundation,
        Payer::Challengers,
    ];
    let assets = [Asset::Usd, Asset::Spon, Asset::Usd, Asset::Spon, Asset::Credit];
    let base = [i128::MIN, -1, 0, 1, 1_000, 40_000_000, 10_i128.pow(12), i128::MAX];
    let (payer, asset) = (lots.pick(&payers), lots.pick(&assets));
    Call::PayGas { payer, asset, amount: lots.pick(&base) }
}

impl Caller {
    /// A tenant misuses something, or somebody says so; orders are funded in part.
    pub fn draw_misuse(&mut self, lots: &mut Lots) -> Call {
        let lease = self.lease();
        match lots.below(60) {
            40.. => {
                let mut order = self.draw_order();
                let Call::OpenOrder { funded, .. } = &mut order else { unreachable!("it is one") };
                let spans = [Span::HOUR, Span::from_secs(1_200), Span::from_secs(400)];
                *funded = Some(lots.pick(&spans));
                order
            }
            0 if lots.below(3) == 0 => Call::Enroll,
            1..=4 => {
                let (order, lease) = self.pair();
                Call::WithdrawOrder { order, lease }
            }
            5..=14 => Call::DisputeLease { lease },
            15..=20 => Call::UpholdDispute { lease },
            _ => {
                let misuse = [Misuse::Drain, Misuse::FalseDispute, Misuse::ForbiddenWork];
                Call::ForfeitLease { lease, misuse: lots.pick(&misuse) }
            }
        }
    }
}

pub fn draw_notice(lots: &mut Lots, leases: &[Handle]) -> Option<Call> {
    if leases.is_empty() {
        return None;
    }
    let (lease, cause) = (lots.pick(leases), CloseCause::Reclaimed);
    let is_announced = lots.below(2) == 0;
    Some(if is_announced {
        Call::AnnounceReclaim { lease }
    } else {
        Call::CloseLease { lease, cause }
    })
}

pub fn draw_evidence(lots: &mut Lots) -> [EraEvidence; 3] {
    [(); 3].map(|()| EraEvidence {
        uptime: Ppm(lots.below(1_000_001) as u32),
        downtime_gpu_ns: lots.pick(&[0, 1, Span::HOUR.nanos(), u64::MAX]),
        cooling_gpu_ns: lots.pick(&[0, 1, Span::HOUR.nanos(), u64::MAX]),
    })
}
