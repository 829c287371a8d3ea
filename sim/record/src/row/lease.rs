//! Leases.

use crate::column::table;
use crate::reason::LeaseEnd;
use units::{
    CardId, ClassId, EntityKey, GpuCount, GpuHourPrice, HostClassId, MachineId, PoolId, ProviderId,
    ProviderKindId, RegionId, SimTime, Span, TenantId, Usd,
};

table! {
    /// One lease, written when it closes, or at the end of the run when it is still open.
    LeaseRow = "leases" {
        /// The key of the order that it answers; of the job for a lease in force at the start.
        order_key: EntityKey,
        /// The key of the job that it serves.
        job_key: EntityKey,
        /// The tenant, by number.
        tenant: TenantId,
        /// Where the tenant is.
        tenant_region: RegionId,
        /// The provider, by number.
        provider: ProviderId,
        /// The machine, by number.
        machine: MachineId,
        /// Where the provider is.
        region: RegionId,
        /// The pool.
        pool: PoolId,
        /// The job class.
        class: ClassId,
        /// The host class of the machine.
        host_class: HostClassId,
        /// How the provider behaves.
        provider_kind: ProviderKindId,
        /// The card.
        card: CardId,
        /// GPUs held.
        gpus: GpuCount,
        /// What its provider asked when it opened, nano-dollars per GPU-hour; no more than the
        /// price.
        ask_nano_usd_per_gpu_hour: GpuHourPrice,
        /// The price accepted, nano-dollars per GPU-hour.
        price_nano_usd_per_gpu_hour: GpuHourPrice,
        /// When it opened; zero for a lease in force at the start.
        opened_at_ns: SimTime,
        /// When it closed, or the end of the run.
        closed_at_ns: SimTime,
        /// Whether it was for a term; else it was spot.
        is_long: bool,
        /// How it ended.
        end: LeaseEnd,
        /// Whether it closed, or was open at the end, inside the reported time.
        is_reported: bool,
        /// Time in force inside the reported time: the exposure of its statistics.
        exposure_ns: Span,
        /// Agreed length.
        agreed_ns: Span,
        /// Time for which the tenant paid.
        paid_ns: Span,
        /// Time paused within the grace.
        paused_ns: Span,
        /// How often the machine failed under it inside the reported time.
        interruptions: u32,
        /// How often of these the machine's owner took it back.
        preemptions: u32,
        /// Work that failures undid.
        lost_ns: Span,
        /// From the notice that its provider takes it back to its end; zero where none was given.
        notice_ns: Span,
        /// Time of its term that was paid for and not served.
        forfeit_ns: Span,
        /// Paid by the tenant for the GPUs, before the tenant's own fee; nano-dollars.
        charged_nano_usd: Usd,
        /// Left escrow, the tenant's own fee with it, at the token's price of each payment;
        /// nano-dollars.
        outlay_nano_usd: Usd,
        /// Went to the provider; nano-dollars.
        provider_nano_usd: Usd,
        /// Due, and more than escrow could pay, the tenant's own fee with it; nano-dollars.
        unpaid_nano_usd: Usd,
        /// Went back to the tenant at the close; nano-dollars.
        refund_nano_usd: Usd,
        /// Round trip between tenant and provider as the network stands, without jitter.
        rtt_ns: Span,
    }
}
