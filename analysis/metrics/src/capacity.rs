//! GPU-hours and utilization, by pool, hardware tier, region and card.

use estimate::share;
use record::EraRow;
use serde::Serialize;

/// One GPU-hour in GPU-microseconds.
pub(crate) const GPU_HOUR: f64 = 3.6e9;

/// GPU-hours of a group in the reported time.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct GpuHours {
    /// Registered, whether up or down.
    pub installed: f64,
    /// With the machine up.
    pub available: f64,
    /// Held by open leases, paused time included.
    pub reserved: f64,
    /// Paid for.
    pub paid: f64,
    /// Computing for tenants: neither booting nor waiting; a GPU that its owner shares counts in
    /// part.
    pub busy: f64,
    /// Taken by owners from work that ran.
    pub slowed: f64,
    /// Taken by owners of machines that were on.
    pub owner: f64,
}

/// GPU-hours of a group and how well they were used.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Capacity {
    /// GPU-hours.
    pub gpu_hours: GpuHours,
    /// `available / installed`.
    pub availability: Option<f64>,
    /// `paid / installed`.
    pub utilization_of_installed: Option<f64>,
    /// `paid / available`.
    pub utilization_of_available: Option<f64>,
    /// `reserved / available`; above 1 when leases are held on machines that are down.
    pub reserved_of_available: Option<f64>,
    /// `owner / installed`.
    pub owner_of_installed: Option<f64>,
    /// `busy / (installed - owner)`: the part of what owners leave unused that computes for
    /// tenants.
    pub busy_of_idle: Option<f64>,
}

/// Sums of GPU-time, exact: GPU-microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct GpuTime {
    pub(crate) installed: u128,
    pub(crate) available: u128,
    pub(crate) reserved: u128,
    pub(crate) paid: u128,
    pub(crate) busy: u128,
    pub(crate) slowed: u128,
    pub(crate) owner: u128,
}

impl GpuTime {
    pub(crate) fn of(parts: [u64; 7]) -> GpuTime {
        let [installed, available, reserved, paid, busy, slowed, owner] = parts.map(u128::from);
        GpuTime { installed, available, reserved, paid, busy, slowed, owner }
    }

    pub(crate) fn add(&mut self, other: GpuTime) {
        self.installed += other.installed;
        self.available += other.available;
        self.reserved += other.reserved;
        self.paid += other.paid;
        self.busy += other.busy;
        self.slowed += other.slowed;
        self.owner += other.owner;
    }

    /// The sum of an era row; eras cut short count for as long as they ran.
    pub(crate) fn of_era(row: &EraRow) -> GpuTime {
        GpuTime::of([
            row.installed_gpu_us,
            row.available_gpu_us,
            row.reserved_gpu_us,
            row.paid_gpu_us,
            row.busy_gpu_us,
            row.slowed_gpu_us,
            row.owner_gpu_us,
        ])
    }

    pub(crate) fn capacity(self) -> Capacity {
        let gpu_hours = GpuHours {
            installed: self.installed as f64 / GPU_HOUR,
            available: self.available as f64 / GPU_HOUR,
            reserved: self.reserved as f64 / GPU_HOUR,
            paid: self.paid as f64 / GPU_HOUR,
            busy: self.busy as f64 / GPU_HOUR,
            slowed: self.slowed as f64 / GPU_HOUR,
            owner: self.owner as f64 / GPU_HOUR,
        };
        let idle = gpu_hours.installed - gpu_hours.owner;
        Capacity {
            availability: share(gpu_hours.available, gpu_hours.installed),
            utilization_of_installed: share(gpu_hours.paid, gpu_hours.installed),
            utilization_of_available: share(gpu_hours.paid, gpu_hours.available),
            reserved_of_available: share(gpu_hours.reserved, gpu_hours.available),
            owner_of_installed: share(gpu_hours.owner, gpu_hours.installed),
            busy_of_idle: share(gpu_hours.busy, idle),
            gpu_hours,
        }
    }
}
