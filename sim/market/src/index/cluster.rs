//! Puts like beside like, so that the best of a block is close to each of its rows.

use super::columns::WIDTH;

/// Axes of likeness: the four static columns and the bid.
const AXES: usize = 5;

/// How much a step of each axis counts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scales {
    pub(crate) statics: [i32; 4],
    pub(crate) bid: i32,
}

/// Arranges `items` into a tree of cells: halved at the axis of the widest spread until a cell is
/// one block. Cells of 32 blocks, of 32 x 32 and so on begin at multiples of their size, which is
/// where the tree of blocks cuts.
pub(crate) fn arrange<T>(items: &mut [T], at: impl Fn(&T, usize) -> i32 + Copy) {
    if items.len() <= WIDTH {
        return;
    }
    let spread = |axis: usize| {
        let bounds = items.iter().fold((i32::MAX, i32::MIN), |(least, most), item| {
            let value = at(item, axis);
            (least.min(value), most.max(value))
        });
        i64::from(bounds.1) - i64::from(bounds.0)
    };
    let axis = (0..AXES).max_by_key(|axis| spread(*axis)).unwrap_or(0);
    let middle = compute_middle(items.len());
    items.select_nth_unstable_by_key(middle, |item| at(item, axis));
    let (low, high) = items.split_at_mut(middle);
    arrange(low, at);
    arrange(high, at);
}

/// Near a half, and a multiple of the largest cell that is smaller than `size`.
fn compute_middle(size: usize) -> usize {
    let mut cell = WIDTH;
    while cell * WIDTH < size {
        cell *= WIDTH;
    }
    (size / 2).next_multiple_of(cell).min((size - 1) / cell * cell)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_cut_where_blocks_end() {
        for size in 33..5_000 {
            let middle = compute_middle(size);
            let cell = if size > 1_024 { 1_024 } else { 32 };
            assert!(middle > 0 && middle < size && middle.is_multiple_of(cell), "{size}: {middle}");
        }
    }

    #[test]
    fn arranging_moves_everybody_and_loses_nobody() {
        let mut items: Vec<i32> = (0..3_000).map(|n| n * 7_919 % 3_001).collect();
        let mut sorted = items.clone();
        arrange(&mut items, |item, axis| if axis == 2 { *item } else { 0 });
        for block in items.chunks(WIDTH) {
            let spread =
                block.iter().max().zip(block.iter().min()).map(|(most, least)| most - least);
            assert!(spread < Some(100), "a block of neighbours: {block:?}");
        }
        items.sort_unstable();
        sorted.sort_unstable();
        assert_eq!(items, sorted);
    }
}
