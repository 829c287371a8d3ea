//! Published grants, and what holds for any.

use mechanism::supply::Supply;
use mechanism::vesting::{Allocation, Stage};

const TOKEN: u128 = 1_000_000_000_000_000_000;

/// Whole eras in `months` of a twelfth of 365.25 days.
fn months(months: u64) -> u64 {
    months * 1_461 / 48
}

/// `share` in hundredths of a per cent of 1,000,000,000 SPON.
fn spon(share: u128) -> u128 {
    share * 100_000 * TOKEN
}

/// A part of `amount` at the start, the rest in equal stages without waits; the last has what
/// does not divide.
fn staged(amount: u128, at_start: u128, release_eras: &[u64]) -> Allocation {
    let part = (amount - at_start) / release_eras.len() as u128;
    let stage = |&release_eras: &u64| Stage { amount: part, wait_eras: 0, release_eras };
    let mut stages: Vec<Stage> = release_eras.iter().map(stage).collect();
    if let Some(last) = stages.last_mut() {
        last.amount = amount - at_start - part * (release_eras.len() as u128 - 1);
    }
    Allocation { at_start, stages }
}

/// The published token table of Spheron (protocol.md 3.4). That the airdrop's two later stages are
/// a third each is our reading of "about a third at start then 2 m + 6 m".
fn spheron() -> Vec<(&'static str, Allocation)> {
    let linear =
        |share, wait, release| Allocation::linear(spon(share), months(wait), months(release));
    vec![
        ("network rewards", linear(2_400, 0, 48)),
        ("team and advisors", linear(2_140, 12, 36)),
        ("pre-seed", linear(1_266, 12, 24)),
        ("seed", linear(860, 12, 24)),
        ("strategic", linear(133, 12, 24)),
        ("foundation", linear(1_000, 12, 48)),
        ("airdrop", staged(spon(901), spon(901) / 3, &[months(2), months(6)])),
        ("ecosystem", staged(spon(800), spon(80), &[months(36)])),
        ("liquidity", Allocation::at_once(spon(500))),
    ]
}

fn released(allocations: &[(&str, Allocation)], age: u64) -> u128 {
    allocations.iter().map(|(_, allocation)| allocation.released(age)).sum()
}

#[test]
fn oracle_token_table_of_spheron() {
    let table = spheron();
    let granted: u128 = table.iter().map(|(_, allocation)| allocation.granted()).sum();
    assert_eq!(granted, 1_000_000_000 * TOKEN, "the table is the whole supply");
    // At the start: liquidity, a third of the airdrop, a tenth of the ecosystem.
    assert_eq!(released(&table, 0), spon(500) + spon(901) / 3 + spon(80));
    assert_eq!(table[0].1.released(1) / TOKEN, 164_271);
    // A day before the first cliff nothing of investors, team and foundation is out.
    for (name, allocation) in &table[1..6] {
        assert_eq!(allocation.released(months(12)), 0, "{name}");
        assert!(allocation.released(months(12) + 1) > 0, "{name}");
    }
    let ends = table.iter().map(|(_, allocation)| allocation.ends_at());
    assert_eq!(ends.max(), Some(months(12) + months(48)));
    assert_eq!(released(&table, months(12) + months(48)), granted);
}

#[test]
fn what_circulates_is_what_is_released_and_not_held() {
    let table = spheron();
    for age in [0, 30, 365, 1_000, 2_000] {
        let unvested = table.iter().map(|(_, allocation)| allocation.locked(age)).sum();
        let total = released(&table, age) + unvested;
        let staked = 3_350_000 * TOKEN; // protocol.md 3.4
        let supply = Supply { total, staked, unvested, ..Supply::default() };
        assert_eq!(supply.circulating(), released(&table, age) - staked);
    }
}

/// Filecoin's grants (economics.md 5.1), in days and tokens, without the 10.632 M of day 0.
const FILECOIN: [(u64, u128); 7] = [
    (183, 51_803_587),
    (365, 31_821_712),
    (730, 7_223_364),
    (1_095, 88_536_841),
    (2_190, 9_805_053),
    (2_190, 300_000_000),
    (2_190, 100_000_000),
];

#[test]
fn oracle_vesting_table_of_filecoin() {
    let linear = |(days, amount)| ("", Allocation::linear(amount * TOKEN, 0, days));
    let grants: Vec<(&str, Allocation)> = FILECOIN.map(linear).to_vec();
    let tenths = |age| (released(&grants, age) + TOKEN / 20) / (TOKEN / 10);
    let cumulative = [183, 365, 1_095, 2_190].map(tenths);
    assert_eq!(cumulative, [1_186_093_747, 1_850_501_035, 3_842_880_305, 5_891_905_570]);
}

/// Grants of every form, with amounts that no length divides.
fn grants() -> Vec<Allocation> {
    let stage = |amount, wait_eras, release_eras| Stage { amount, wait_eras, release_eras };
    let stages = vec![stage(1_000_003, 3, 7), stage(17, 0, 90), stage(5, 11, 0), stage(0, 2, 2)];
    let mut all: Vec<Allocation> =
        spheron().into_iter().map(|(_, allocation)| allocation).collect();
    all.extend([
        Allocation::default(),
        Allocation::linear(7, 5, 1_000),
        Allocation::linear(7, 5, 0),
        Allocation { at_start: 11, stages },
    ]);
    all
}

/// T6 (economics.md 2.1).
#[test]
fn released_is_monotone_at_most_granted_and_equal_at_the_end() {
    for allocation in grants() {
        let mut last = 0;
        for age in 0..allocation.ends_at() + 10 {
            let now = allocation.released(age);
            assert!(last <= now && now <= allocation.granted(), "{allocation:?} at {age}");
            assert_eq!(now + allocation.locked(age), allocation.granted());
            last = now;
        }
        let end = allocation.ends_at();
        assert_eq!(allocation.released(end), allocation.granted(), "{allocation:?}");
        assert_eq!(allocation.released(u64::MAX), allocation.granted(), "{allocation:?}");
    }
}

#[test]
fn stages_follow_one_another() {
    let stage = |amount, wait_eras, release_eras| Stage { amount, wait_eras, release_eras };
    let grant = Allocation { at_start: 10, stages: vec![stage(100, 2, 4), stage(50, 3, 0)] };
    let ages = [0, 1, 2, 3, 4, 6, 8, 9, 10];
    assert_eq!(ages.map(|age| grant.released(age)), [10, 10, 10, 35, 60, 110, 110, 160, 160]);
}
