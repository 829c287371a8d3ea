//! What a provider can do wrong.

/// What a provider can do wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// Its machine was down while a lease on it was open.
    DowntimeInLease,
    /// It ended a lease before its time.
    AbandonedLease,
    /// It did not confirm a match.
    NoShow,
    /// Its cards are not what it registered.
    MisreportedHardware,
    /// It is not where it says.
    MisreportedRegion,
    /// It used a tenant's data.
    DataMisuse,
    /// It delivered a wrong result.
    WrongResult,
}

impl Fault {
    /// All faults.
    pub const ALL: [Fault; 7] = [
        Fault::DowntimeInLease,
        Fault::AbandonedLease,
        Fault::NoShow,
        Fault::MisreportedHardware,
        Fault::MisreportedRegion,
        Fault::DataMisuse,
        Fault::WrongResult,
    ];

    /// The word in tables and scenarios.
    pub const fn name(self) -> &'static str {
        match self {
            Fault::DowntimeInLease => "downtime_in_lease",
            Fault::AbandonedLease => "abandoned_lease",
            Fault::NoShow => "no_show",
            Fault::MisreportedHardware => "misreported_hardware",
            Fault::MisreportedRegion => "misreported_region",
            Fault::DataMisuse => "data_misuse",
            Fault::WrongResult => "wrong_result",
        }
    }
}
