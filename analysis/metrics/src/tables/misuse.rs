//! Tenants who misbehave, as a table.

use crate::format::{count, number, usd};
use crate::misuse::MisuseGroup;
use crate::summary::Summary;
use crate::table::Table;

/// What tenants did wrong, and what it cost whom; no rows where nobody did.
pub fn misuse(summary: &Summary) -> Table {
    let head = [
        "misuse",
        "acts",
        "punished",
        "got away",
        "bans",
        "came back",
        "GPU-h kept",
        "unpaid, USD",
        "cut short, USD",
        "gain, USD",
        "lost, USD",
        "net, USD",
    ];
    let mut table = Table::new("Tenants who misbehave", &head);
    let misuse = &summary.misuse;
    let kinds = misuse.by_kind.iter().filter(|(_, group)| group.acts + group.refused > 0);
    kinds.for_each(|(name, group)| table.row(row(name, group)));
    if misuse.all.acts + misuse.all.refused > 0 {
        table.row(row("all", &misuse.all));
    }
    table
}

fn row(name: &str, group: &MisuseGroup) -> Vec<String> {
    vec![
        name.to_string(),
        count(group.acts),
        count(group.punished),
        count(group.unpunished),
        count(group.bans),
        count(group.comebacks),
        number(group.reserved_gpu_hours, 1),
        usd(Some(group.unpaid_usd)),
        usd(Some(group.cut_short_usd)),
        usd(Some(group.gain_usd)),
        usd(Some(group.forfeited_usd)),
        usd(Some(group.net_usd)),
    ]
}
