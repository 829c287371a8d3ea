//! Where money went.

use crate::column::table;
use crate::reason::{FlowParty, FlowReason};
use units::Spon;

table! {
    /// What moved between two parties for one reason in one era.
    FlowRow = "flows" {
        /// The era, from 0; what happened before the first is in era 0.
        era: u32,
        /// Whether the era lies after the warm-up.
        is_reported: bool,
        /// The asset: USD or SPON.
        asset: &'static str,
        /// Who paid.
        from: FlowParty,
        /// Who received.
        to: FlowParty,
        /// Why.
        reason: FlowReason,
        /// How many postings.
        count: u64,
        /// How much, in the asset; dollars as whole dollars, not nano-dollars.
        amount: Spon,
    }
}
