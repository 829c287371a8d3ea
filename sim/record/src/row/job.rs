//! Jobs.

use crate::column::table;
use crate::reason::JobEnd;
use units::{CardId, ClassId, EntityKey, GpuCount, PoolId, SimTime, Span, TenantId};

table! {
    /// One job that came to this network, written when its fate is known, or at the end of the run
    /// when it is open.
    JobRow = "jobs" {
        /// The key of the job.
        job_key: EntityKey,
        /// The tenant, by number.
        tenant: TenantId,
        /// The pool.
        pool: PoolId,
        /// The job class.
        class: ClassId,
        /// GPUs that it needs.
        gpus: GpuCount,
        /// The card asked for.
        card: CardId,
        /// Whether it came after the warm-up; never so for a job that was at work at the start.
        is_reported: bool,
        /// When it came; zero for a job that was at work at the start.
        came_at_ns: SimTime,
        /// Its nominal duration: all its work, in time of the card asked for.
        nominal_ns: Span,
        /// From when it came to when it first worked; empty while it has not.
        start_ns: Option<Span>,
        /// When its fate was known, or the end of the run.
        ended_at_ns: SimTime,
        /// For how long it worked, work that failures undid and time that its machine's owner
        /// shared among it.
        worked_ns: Span,
        /// What became of it.
        end: JobEnd,
    }
}
