//! Losses of stake.

use crate::column::table;
use crate::reason::SlashKind;
use units::{ProviderId, Spon, Usd};

table! {
    /// One loss of stake.
    SlashRow = "slashes" {
        /// The era in which it was judged.
        era: u32,
        /// Whether that era lies after the warm-up.
        is_reported: bool,
        /// The provider, by number.
        provider: ProviderId,
        /// Why.
        kind: SlashKind,
        /// Whether the provider had done nothing.
        is_false: bool,
        /// Time that machines were down while the work of a lease on them was due, whether or not
        /// the lease was closed early for it, times its GPUs; GPU-microseconds.
        downtime_gpu_us: u64,
        /// Stake lost, tokens.
        amount_spon: Spon,
        /// Stake lost at the era's token price.
        amount_nano_usd: Usd,
        /// Of it, what was delegated, tokens.
        delegated_spon: Spon,
    }
}
