//! What tenants did wrong.

use crate::column::table;
use crate::reason::{MisuseKind, MisuseOutcome};
use units::{EntityKey, GpuCount, PoolId, ProviderId, SimTime, Span, TenantId, Usd};

table! {
    /// One misuse by a tenant, written when it is known what came of it. Orders that nobody means
    /// have a row here and none in `orders`, `rounds` or the counts of hours.
    MisuseRow = "misuse" {
        /// When it ended.
        at_ns: SimTime,
        /// Whether that was after the warm-up.
        is_reported: bool,
        /// The tenant, by number; who comes back has a new one.
        tenant: TenantId,
        /// What it does.
        kind: MisuseKind,
        /// What came of it.
        outcome: MisuseOutcome,
        /// The order's key; that of the tenant for one who comes back.
        order_key: EntityKey,
        /// The pool; the first for a tenant who comes back.
        pool: PoolId,
        /// GPUs.
        gpus: GpuCount,
        /// The provider, if there was one.
        provider: Option<ProviderId>,
        /// How long its GPUs were reserved for nothing.
        reserved_ns: Span,
        /// Left escrow for the lease in all, fee included; nano-dollars.
        paid_nano_usd: Usd,
        /// Due for time served, and not paid: escrow was empty, or a verdict was wrong.
        unpaid_nano_usd: Usd,
        /// Price of the agreed time that the provider did not get to serve.
        cut_short_nano_usd: Usd,
        /// What it was worth to the tenant: what it did not pay, or what forbidden work brings.
        gain_nano_usd: Usd,
        /// What the tenant lost for it.
        forfeited_nano_usd: Usd,
        /// Of that, what the provider got.
        to_provider_nano_usd: Usd,
        /// Whether the tenant was banned for it.
        is_ban: bool,
        /// What it cost to come back, outside the network.
        comeback_nano_usd: Usd,
    }
}
