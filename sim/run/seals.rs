//! The seals of a digest in a file, so that a later run can tell where it parts from this one.

use crate::manifest::pretty;
use engine::digest::{Seal, SealKind};
use serde::{Deserialize, Serialize};

/// The file's name within a folder of results.
pub const FILE: &str = "seals.json";

/// A seal as the file holds it.
#[derive(Serialize, Deserialize)]
struct Entry {
    /// The era whose end was sealed; none for a seal after a number of receipts.
    #[serde(skip_serializing_if = "Option::is_none")]
    era: Option<u32>,
    receipts: u64,
    hash: String,
}

/// The text of the file.
pub fn text(seals: &[Seal]) -> String {
    pretty(&seals.iter().map(entry).collect::<Vec<_>>())
}

/// The seals of a file; none when it is not one of ours.
pub fn read(bytes: &[u8]) -> Option<Vec<Seal>> {
    let entries: Vec<Entry> = serde_json::from_slice(bytes).ok()?;
    entries.iter().map(seal).collect()
}

fn entry(seal: &Seal) -> Entry {
    let era = match seal.kind {
        SealKind::Era(era) => Some(era),
        SealKind::Receipts => None,
    };
    let hash = seal.hash.iter().map(|byte| format!("{byte:02x}")).collect();
    Entry { era, receipts: seal.receipts, hash }
}

fn seal(entry: &Entry) -> Option<Seal> {
    let mut hash = [0; 32];
    if entry.hash.len() != 64 || !entry.hash.is_ascii() {
        return None;
    }
    for (place, byte) in hash.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&entry.hash[2 * place..2 * place + 2], 16).ok()?;
    }
    let kind = entry.era.map_or(SealKind::Receipts, SealKind::Era);
    Some(Seal { kind, receipts: entry.receipts, hash })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seals_come_back_as_they_were_written() {
        let seal = |kind, receipts| Seal { kind, receipts, hash: [receipts as u8; 32] };
        let seals = [seal(SealKind::Receipts, 4096), seal(SealKind::Era(3), 0xf7)];
        assert_eq!(read(text(&seals).as_bytes()).as_deref(), Some(&seals[..]));
        assert_eq!(read(b"[{\"receipts\": 1, \"hash\": \"zz\"}]"), None);
    }
}
