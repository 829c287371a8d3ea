//! What can happen. The order of variants is the rank within one instant, and has a meaning:
//! first what fails, then what the chain does, then what people do.

use engine::outbox::Ranked;
use protocol::Handle;
use units::{MachineId, ProviderId, RegionId, TenantId};

/// A job and the stage it was in when the event was planned: if it has moved on, the event is
/// stale and nothing happens. This is how events are cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JobStage {
    /// The job.
    pub job: Handle,
    /// Its stage.
    pub stage: u32,
}

/// One event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    // What fails and recovers.
    /// A machine breaks.
    MachineFaulted(MachineId),
    /// A machine is repaired.
    MachineRepaired(MachineId),
    /// A GPU breaks: the machine's work stops, its processor answers.
    GpuFaulted(MachineId),
    /// The GPU is replaced.
    GpuRepaired(MachineId),
    /// A home machine is switched off for the night.
    DailyOff(MachineId),
    /// It is switched on again.
    DailyOn(MachineId),
    /// A machine's owner turns to something else.
    OwnerSwitched(MachineId),
    /// The notice is over that leases had before a machine's owner takes it back.
    MachineReclaimed(MachineId),
    /// The notice of a lease is over that is taken back for an order that goes first.
    JobDisplaced(Handle),
    /// A provider says when it will be in maintenance.
    MaintenanceAnnounced(ProviderId),
    /// Its maintenance begins.
    MaintenanceStarted(ProviderId),
    /// It ends.
    MaintenanceEnded(ProviderId),
    /// A region's outage begins.
    RegionOutageStarted(RegionId),
    /// It ends.
    RegionOutageEnded(RegionId),
    // What the chain does.
    /// An order is in a block.
    OrderIncluded(JobStage),
    /// The bid window of an order closes.
    RoundClosed(JobStage),
    /// The quorum of a round was missed: the next block repeats it, or its order fails.
    QuorumMissed(JobStage),
    /// The proof that an operator signed what its view does not give is in a block.
    DeviationProven(Handle),
    /// An appeal against a slash is right.
    AppealUpheld(Handle),
    /// A provider has served its time in jail.
    JailEnded(ProviderId),
    /// A signed match is in a block.
    MatchRecorded(JobStage),
    /// The provider's confirmation is in a block.
    LeaseConfirmed(JobStage),
    /// The provider did not confirm in time.
    ReadyExpired(JobStage),
    /// The work of a lease is done.
    LeaseExpired(JobStage),
    /// A paused lease's machine did not come back in time.
    GraceExpired(JobStage),
    /// A provider looks whether escrow still pays.
    EscrowChecked(JobStage),
    /// What a lease runs is found to be forbidden.
    ForbiddenFound(JobStage),
    /// It is decided whether a provider failed.
    VerdictGiven(JobStage),
    /// An accounting period ends.
    EraEnded,
    /// A newcomer registers its machines.
    ProviderJoined(ProviderId),
    // What people do.
    /// An hour begins: demand is drawn, the last hour's books close.
    HourStarted,
    /// A tenant needs GPUs.
    JobArrived {
        /// The stream of arrivals: a job class in a tenants' region.
        stream: u16,
        /// The hour, and the arrival's number in it.
        ordinal: u64,
    },
    /// A tenant needs what a job of a file needed.
    JobReplayed {
        /// The pool.
        pool: u16,
        /// The job's place in its file.
        job: u32,
        /// Which copy of it.
        copy: u16,
    },
    /// A tenant orders what it does not need.
    SpamOrdered(TenantId),
    /// A banned tenant comes back as somebody else.
    TenantReturned(TenantId),
    /// A tenant has waited in line long enough.
    PatienceEnded(JobStage),
    /// A tenant orders again.
    OrderRetried(JobStage),
    /// The work starts: the image is there and booted.
    WorkStarted(JobStage),
    /// A challenge reaches a machine. Only the eager reference plans these; see `behaviour::era`.
    Challenged(MachineId),
}

// Millions are pending at once: an event that grows slows the queue down.
const _: () = assert!(size_of::<Event>() == 16);

impl Ranked for Event {
    fn rank(&self) -> u8 {
        match self {
            Event::MachineFaulted(_) => 0,
            Event::MachineRepaired(_) => 1,
            Event::GpuFaulted(_) => 2,
            Event::GpuRepaired(_) => 3,
            Event::DailyOff(_) => 4,
            Event::DailyOn(_) => 5,
            Event::OwnerSwitched(_) => 6,
            Event::MachineReclaimed(_) => 7,
            Event::JobDisplaced(_) => 8,
            Event::MaintenanceAnnounced(_) => 9,
            Event::MaintenanceStarted(_) => 10,
            Event::MaintenanceEnded(_) => 11,
            Event::RegionOutageStarted(_) => 12,
            Event::RegionOutageEnded(_) => 13,
            Event::OrderIncluded(_) => 14,
            Event::RoundClosed(_) => 15,
            Event::QuorumMissed(_) => 16,
            Event::DeviationProven(_) => 17,
            Event::AppealUpheld(_) => 18,
            Event::JailEnded(_) => 19,
            Event::MatchRecorded(_) => 20,
            Event::LeaseConfirmed(_) => 21,
            Event::ReadyExpired(_) => 22,
            Event::LeaseExpired(_) => 23,
            Event::GraceExpired(_) => 24,
            Event::EscrowChecked(_) => 25,
            Event::ForbiddenFound(_) => 26,
            Event::VerdictGiven(_) => 27,
            Event::EraEnded => 28,
            Event::ProviderJoined(_) => 29,
            Event::HourStarted => 30,
            Event::JobArrived { .. } => 31,
            Event::JobReplayed { .. } => 32,
            Event::SpamOrdered(_) => 33,
            Event::TenantReturned(_) => 34,
            Event::PatienceEnded(_) => 35,
            Event::OrderRetried(_) => 36,
            Event::WorkStarted(_) => 37,
            Event::Challenged(_) => 38,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::Slots;

    /// The variants in the order of their declaration: a new one goes where its rank belongs.
    #[test]
    fn ranks_follow_the_order_of_variants() {
        let (machine, region) = (MachineId(0), RegionId(0));
        let at = JobStage { job: Slots::default().insert(()), stage: 0 };
        let events = [
            Event::MachineFaulted(machine),
            Event::MachineRepaired(machine),
            Event::GpuFaulted(machine),
            Event::GpuRepaired(machine),
            Event::DailyOff(machine),
            Event::DailyOn(machine),
            Event::OwnerSwitched(machine),
            Event::MachineReclaimed(machine),
            Event::JobDisplaced(at.job),
            Event::MaintenanceAnnounced(ProviderId(0)),
            Event::MaintenanceStarted(ProviderId(0)),
            Event::MaintenanceEnded(ProviderId(0)),
            Event::RegionOutageStarted(region),
            Event::RegionOutageEnded(region),
            Event::OrderIncluded(at),
            Event::RoundClosed(at),
            Event::QuorumMissed(at),
            Event::DeviationProven(at.job),
            Event::AppealUpheld(at.job),
            Event::JailEnded(ProviderId(0)),
            Event::MatchRecorded(at),
            Event::LeaseConfirmed(at),
            Event::ReadyExpired(at),
            Event::LeaseExpired(at),
            Event::GraceExpired(at),
            Event::EscrowChecked(at),
            Event::ForbiddenFound(at),
            Event::VerdictGiven(at),
            Event::EraEnded,
            Event::ProviderJoined(ProviderId(0)),
            Event::HourStarted,
            Event::JobArrived { stream: 0, ordinal: 0 },
            Event::JobReplayed { pool: 0, job: 0, copy: 0 },
            Event::SpamOrdered(TenantId(0)),
            Event::TenantReturned(TenantId(0)),
            Event::PatienceEnded(at),
            Event::OrderRetried(at),
            Event::WorkStarted(at),
            Event::Challenged(machine),
        ];
        let ranks: Vec<u8> = events.iter().map(Ranked::rank).collect();
        assert_eq!(ranks, (0..=38).collect::<Vec<u8>>());
    }
}
