//! A machine: one node with its GPUs, and why it is down.

use protocol::Handle;
use units::{EntityKey, Ppm, ProviderId, SimTime};

/// One reason for a machine to be down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Switched off for the night.
    Daily = 1,
    /// Broken.
    Fault = 2,
    /// Its region has an outage.
    Region = 4,
    /// A GPU is broken: the processor still answers.
    Gpu = 8,
    /// Its provider is not there: it has not joined yet, or has left.
    Absent = 16,
    /// Its provider works on it, as announced.
    Maintenance = 32,
    /// Its owner uses it, and leaves nothing: the processor still answers.
    Owner = 64,
}

/// The causes in force: a machine is down while any holds, so overlaps need no special case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Causes(pub u8);

impl Causes {
    /// These causes and `cause`.
    #[must_use]
    pub fn with(self, cause: Cause) -> Causes {
        Causes(self.0 | cause as u8)
    }

    /// These causes without `cause`.
    #[must_use]
    pub fn without(self, cause: Cause) -> Causes {
        Causes(self.0 & !(cause as u8))
    }

    /// Whether `cause` holds.
    pub const fn has(self, cause: Cause) -> bool {
        self.0 & cause as u8 != 0
    }

    /// Whether the machine can work.
    pub const fn is_up(self) -> bool {
        self.0 == 0
    }

    /// Whether the machine's processor answers.
    pub const fn is_answering(self) -> bool {
        self.0 & !(Cause::Gpu as u8 | Cause::Owner as u8) == 0
    }
}

/// A lease whose work a machine which is down fails to do. It counts until the work would have been
/// done, also when the lease closes at once because its job moves elsewhere: that is no merit of
/// the provider's.
#[derive(Clone, Copy, Debug)]
pub struct Breach {
    /// GPUs of the lease.
    pub gpus: u32,
    /// Since when, in this era.
    pub since: SimTime,
    /// When the lease's work would have been done.
    pub until: SimTime,
}

/// What a machine's owner does at it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Session {
    /// Its number: the ordinal of its draws, from 1.
    pub number: u64,
    /// The activity, by its place in the owner's profile.
    pub activity: u8,
    /// The share of each GPU that it takes.
    pub taken: Ppm,
    /// Whether it stops leases.
    pub stops: bool,
}

/// A session that waits for the end of the notice that leases get before it stops them.
#[derive(Clone, Copy, Debug)]
pub struct Notice {
    /// The session.
    pub session: Session,
    /// When it begins.
    pub due_at: SimTime,
}

/// A machine.
#[derive(Clone, Debug)]
pub struct Machine {
    /// Its key.
    pub key: EntityKey,
    /// Whose it is.
    pub provider: ProviderId,
    /// Its GPUs.
    pub gpus: u32,
    /// GPUs that no lease holds.
    pub gpus_free: u32,
    /// Why it is down, if it is.
    pub causes: Causes,
    /// The causes in force when the era began.
    pub causes_at_era: Causes,
    /// When it last came back before the era began, if it ever did.
    pub back_at: Option<SimTime>,
    /// Every change of causes in this era: when, and the causes from then on.
    pub trail: Vec<(SimTime, Causes)>,
    /// Faults so far: the ordinal of the next draw.
    pub faults: u64,
    /// GPU faults so far.
    pub gpu_faults: u64,
    /// What its owner does; nothing where owners do not use their machines.
    pub session: Session,
    /// What it will do when leases have had their notice, if any was given.
    pub notice: Option<Notice>,
    /// Jobs with a lease on it.
    pub jobs: Vec<Handle>,
    /// Leases it is failing.
    pub breaches: Vec<Breach>,
    /// Challenges seen and passed in this era, GPU and processor: the eager reference's count.
    pub eager_challenges: [u32; 3],
}

impl Machine {
    /// Whether new leases may open on it: it is up, and its owner has not asked for it back.
    pub fn takes_leases(&self) -> bool {
        self.causes.is_up() && self.notice.is_none()
    }
}
