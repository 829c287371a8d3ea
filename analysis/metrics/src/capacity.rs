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
}

/// Sums of GPU-time, exact: GPU-microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct GpuTime {
    pub(crate) installed: u128,
    pub(crate) available: u128,
    pub(crate) reserved: u128,
    pub(crate) paid: u128,
}

impl GpuTime {
    pub(crate) fn of(parts: [u64; 4]) -> GpuTime {
        let [installed, available, reserved, paid] = parts.map(u128::from);
        GpuTime { installed, available, reserved, paid }
    }

    pub(crate) fn add(&mut self, other: GpuTime) {
        self.installed += other.installed;
        self.available += other.available;
        self.reserved += other.reserved;
        self.paid += other.paid;
    }

    /// The sum of an era row; eras cut short count for as long as they ran.
    pub(crate) fn of_era(row: &EraRow) -> GpuTime {
        GpuTime::of([
            row.installed_gpu_us,
            row.available_gpu_us,
            row.reserved_gpu_us,
            row.paid_gpu_us,
        ])
    }

    pub(crate) fn capacity(self) -> Capacity {
        let gpu_hours = GpuHours {
            installed: self.installed as f64 / GPU_HOUR,
            available: self.available as f64 / GPU_HOUR,
            reserved: self.reserved as f64 / GPU_HOUR,
            paid: self.paid as f64 / GPU_HOUR,
        };
        Capacity {
            availability: share(gpu_hours.available, gpu_hours.installed),
            utilization_of_installed: share(gpu_hours.paid, gpu_hours.installed),
            utilization_of_available: share(gpu_hours.paid, gpu_hours.available),
            reserved_of_available: share(gpu_hours.reserved, gpu_hours.available),
            gpu_hours,
        }
    }
}
