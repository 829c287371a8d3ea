//! Orders.

use crate::column::table;
use crate::reason::{OrderOutcome, UnmatchedReason};
use units::{
    CardId, ClassId, EntityKey, GpuCount, GpuHourPrice, PoolId, Ppm, ProviderId, RegionId, SimTime,
    Span, TenantId,
};

table! {
    /// One order, written when its fate is known: the work has started, or nobody will do it.
    OrderRow = "orders" {
        /// The order's key.
        order_key: EntityKey,
        /// The key of the job that the order is for; retries and re-orders share it.
        job_key: EntityKey,
        /// How many orders this job has placed so far, this one included.
        attempt: u32,
        /// The tenant, by number.
        tenant: TenantId,
        /// Where the tenant is.
        tenant_region: RegionId,
        /// The pool that the order goes to.
        pool: PoolId,
        /// The job class.
        class: ClassId,
        /// GPUs asked for, all on one node.
        gpus: GpuCount,
        /// The card asked for; better ones are accepted.
        card: CardId,
        /// Highest price accepted, nano-dollars per GPU-hour of the card asked for.
        ceiling_nano_usd_per_gpu_hour: GpuHourPrice,
        /// Work asked for: the agreed length of the lease, unless a faster card needs less.
        duration_ns: Span,
        /// When the tenant sent it.
        submitted_at_ns: SimTime,
        /// Whether it was sent after the warm-up, and so counts in reports.
        is_reported: bool,
        /// Its fate.
        outcome: OrderOutcome,
        /// Why it was not matched.
        reason: UnmatchedReason,
        /// Whether the tenant gave the job up after it.
        is_given_up: bool,
        /// Whether its job came after the warm-up, and so counts among the jobs of reports.
        is_job_reported: bool,
        /// The provider whose lease started, or that was drawn last.
        provider: Option<ProviderId>,
        /// The price of the lease, nano-dollars per GPU-hour.
        price_nano_usd_per_gpu_hour: Option<GpuHourPrice>,
        /// Draws made: 1 when the first drawn provider served.
        draws: u32,
        /// Whether the latency bound had to be dropped because nobody was near enough.
        latency_bound_dropped: bool,
        /// How long its job had been without a place when it was sent: since its first order, or
        /// since it lost its last place.
        waited_ns: Span,
        /// From sending to inclusion in a block.
        propagation_ns: Option<Span>,
        /// In line: from inclusion to the call that was its last, or to its end if none came; zero
        /// where it did not stand in a line.
        line_ns: Span,
        /// From inclusion, or that call, to the close of the bid window.
        window_ns: Option<Span>,
        /// From the close of the window to the signed match of the last draw: rounds that missed
        /// their quorum and drawn providers that did not serve are in it.
        committee_ns: Option<Span>,
        /// The end of that: from when the operators were last asked for their signatures to the
        /// one that completed the quorum.
        quorum_ns: Option<Span>,
        /// How often the operators were asked for signatures: once for each draw and each retry.
        rounds: u32,
        /// How often a round was repeated because its quorum was missed.
        retries: u32,
        /// Share of the committee's stake that refuses to sign this order, millionths.
        refused_stake_ppm: Ppm,
        /// Share of the committee's stake that leaves the provider out of its view whom a full and
        /// present view draws first, millionths.
        hidden_stake_ppm: Ppm,
        /// Whether what was signed leaves out that provider's bid.
        is_bid_excluded: bool,
        /// From the signed match to its block.
        inclusion_ns: Option<Span>,
        /// From the match's block to the provider's confirmation.
        ready_ns: Option<Span>,
        /// From the confirmation to the start of the work: image pull and boot.
        boot_ns: Option<Span>,
    }
}
