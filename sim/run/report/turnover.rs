//! Supply that came and went, as a section of the report.

use super::{paragraph, section, table};
use figures::Section;
use metrics::{Summary, count, tables, usd};

/// Who entered and left; nothing where nobody did.
pub fn turnover(summary: &Summary) -> Option<Section> {
    let text = "Each decides at the end of every so many eras, by what it expects of a GPU-hour \
                that is there; what that was, and when, is in the table supply. Who leaves takes \
                no more leases and is gone when those that it had are over. How long providers \
                stay is estimated over the whole run by Kaplan and Meier, because most are still \
                there when it ends.";
    let all = &summary.supply.all;
    let gpus = |value: Option<u64>| value.map_or_else(|| "-".to_string(), count);
    let gpus = format!(
        "GPUs registered: {} when the first reported era ended, {} at most, {} at the end. \
         Hardware and checks came to {} USD.",
        gpus(all.gpus_at_start),
        gpus(all.gpus_peak),
        gpus(all.gpus_at_end),
        usd(Some(all.outlay_usd)),
    );
    let blocks = vec![
        paragraph(text),
        paragraph(&gpus),
        table(tables::changes(summary)),
        table(tables::staying(summary)),
    ];
    summary.has_moving_supply().then(|| section("Supply that came and went", blocks))
}
