//! The end of the window: the closing block, the beacon with its evidence, and the operators.

use super::{bytes, read_name, whole_u64};
use crate::matching::BeaconKind;
use crate::reader::Table;
use market::{Beacon, Bytes, Closing, Committee, Operator, Share, Signer};
use std::collections::BTreeSet;
use units::text::{parse_basis_points, parse_spon};
use units::{BasisPoints, EntityKey, Spon};

/// An operator with what it signs by.
struct Member {
    operator: Operator,
    signer: Signer,
}

/// Who may sign, and with what.
pub struct Signers {
    /// The operators by key.
    pub committee: Committee,
    /// What each signs with, by key.
    pub signers: Vec<(EntityKey, Signer)>,
    /// What stands for their shares of one key.
    group: Signer,
}

/// Signed stake above which a record is final (protocol.md 9.7).
const QUORUM: BasisPoints = BasisPoints(6_667);

/// Reads the closing block.
pub fn read_closing(root: &Table, order: EntityKey) -> Closing {
    Closing {
        chain_id: root.or("chain_id", 1, |root, key| whole_u64(root, key)),
        order,
        height: root.or("close_height", 0, |root, key| whole_u64(root, key)),
        block_hash: Bytes(bytes::read_exact(root, "block_hash")),
    }
}

/// Reads the operators.
pub fn read_signers(root: &Table) -> Signers {
    let mut members = root.or("operators", Vec::new(), |root, key| {
        let mut names = BTreeSet::new();
        root.numbered_tables(key, |table| read_member(table, &mut names))
    });
    let has_stake = |member: &Member| member.operator.stake > Spon::ZERO;
    root.require(members.is_empty() || members.iter().any(has_stake), "operators", || {
        "have no stake, so no record of theirs would hold; give them some".to_string()
    });
    members.sort_by_key(|member| member.operator.key);
    let seed = root.or("group_seed", [0; 32], |root, key| bytes::read_exact(root, key));
    let group = Signer::from_seed(seed);
    let quorum = root.or("quorum", QUORUM, |root, key| root.quantity(key, parse_basis_points));
    let operators = members.iter().map(|member| member.operator).collect();
    let committee = Committee { operators, quorum, group_key: group.public_key() };
    let signers = members.into_iter().map(|member| (member.operator.key, member.signer));
    Signers { committee, signers: signers.collect(), group }
}

fn read_member(table: &Table, names: &mut BTreeSet<String>) -> Member {
    let name = read_name(table);
    if !names.insert(name.clone()) && !name.is_empty() {
        table.problem("name", "is another operator's name too; give each its own");
    }
    let signer = Signer::from_seed(bytes::read_exact(table, "seed"));
    let stake = table.or("stake", Spon::ONE, |t, key| t.quantity(key, parse_spon));
    let key = EntityKey::group(&name);
    Member { operator: Operator { key, stake, public_key: signer.public_key() }, signer }
}

/// Reads the beacon.
pub fn read_beacon(root: &Table, closing: &Closing, signers: &Signers) -> Beacon {
    let read = |root: &Table, key: &str| root.word(key, BeaconKind::NAMED);
    match root.or("beacon", BeaconKind::BlockHash, read) {
        BeaconKind::BlockHash => Beacon::BlockHash,
        BeaconKind::AvsThreshold => Beacon::sign_closing(closing, &signers.group),
        BeaconKind::CommitReveal => {
            let mut shares = root.numbered_tables("shares", read_share);
            shares.sort_by_key(|share| share.operator);
            Beacon::CommitReveal { shares }
        }
    }
}

fn read_share(table: &Table) -> Share {
    let operator = EntityKey::group(&table.text("operator"));
    let share = Share::revealed(operator, Bytes(bytes::read_exact(table, "secret")));
    let is_withheld = table.or("withheld", false, |table, key| table.flag(key));
    if is_withheld { share.withheld() } else { share }
}
