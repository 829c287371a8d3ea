//! How far regions are from one another: round trips, measured once and the same both ways.

use nalgebra::DMatrix;
use units::{RegionId, Span};

/// Round trips between regions.
///
/// ```
/// # use network::topology::Topology;
/// # use units::{RegionId, Span};
/// let topology = Topology::from_rtt_micros(&[vec![5_000, 80_000], vec![80_000, 5_000]]);
/// assert_eq!(topology.rtt(RegionId(0), RegionId(1)), Span::from_millis(80));
/// assert_eq!(topology.one_way(RegionId(0), RegionId(1)), Span::from_millis(40));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topology {
    /// By `RegionId`, symmetric: a column is the row of the same region, and lies in one piece.
    rtt: DMatrix<Span>,
}

impl Topology {
    /// From a table of round trips in microseconds, by row and column; the diagonal is the round
    /// trip within a region.
    ///
    /// # Panics
    /// When the table is not square or not symmetric: validation has made it so.
    pub fn from_rtt_micros(rtt_us: &[Vec<u32>]) -> Topology {
        let regions = rtt_us.len();
        assert!(rtt_us.iter().all(|row| row.len() == regions), "a row for each region");
        let span = |from: usize, to: usize| Span::from_nanos(u64::from(rtt_us[to][from]) * 1_000);
        let rtt = DMatrix::from_fn(regions, regions, span);
        assert_eq!(rtt, rtt.transpose(), "a round trip takes as long from either end");
        Topology { rtt }
    }

    /// `regions` regions in one place, where no message takes any time: for theory, which knows
    /// of no latency.
    pub fn instant(regions: u16) -> Topology {
        let regions = usize::from(regions);
        Topology { rtt: DMatrix::from_element(regions, regions, Span::ZERO) }
    }

    /// The round trip between two regions, or within one.
    #[inline]
    pub fn rtt(&self, a: RegionId, b: RegionId) -> Span {
        self.rtt[(a.index(), b.index())]
    }

    /// Half a round trip; exact, because round trips are whole microseconds.
    #[inline]
    pub fn one_way(&self, a: RegionId, b: RegionId) -> Span {
        Span::from_nanos(self.rtt(a, b).nanos() / 2)
    }

    /// Round trips from `region` to every region, by `RegionId`.
    pub fn rtt_row(&self, region: RegionId) -> &[Span] {
        let regions = self.rtt.nrows();
        &self.rtt.as_slice()[region.index() * regions..][..regions]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn three() -> Topology {
        Topology::from_rtt_micros(&[vec![500, 10, 21], vec![10, 500, 33], vec![21, 33, 500]])
    }

    #[test]
    fn rows_and_pairs_agree() {
        let topology = three();
        for (from, to) in (0..9).map(|n| (RegionId(n / 3), RegionId(n % 3))) {
            assert_eq!(topology.rtt_row(from)[to.index()], topology.rtt(from, to));
            assert_eq!(topology.rtt(from, to), topology.rtt(to, from));
            assert_eq!(topology.one_way(from, to).times(2), topology.rtt(from, to));
        }
        assert_eq!(topology.rtt(RegionId(1), RegionId(2)).nanos(), 33_000);
    }

    #[test]
    fn an_instant_world_has_no_distances() {
        let topology = Topology::instant(3);
        assert_eq!(topology.rtt_row(RegionId(2)), [Span::ZERO; 3]);
        assert_eq!(topology.one_way(RegionId(0), RegionId(1)), Span::ZERO);
    }

    #[test]
    #[should_panic(expected = "from either end")]
    fn an_asymmetric_table_is_refused() {
        Topology::from_rtt_micros(&[vec![0, 1], vec![2, 0]]);
    }

    #[test]
    #[should_panic(expected = "a row for each region")]
    fn a_table_with_a_short_row_is_refused() {
        Topology::from_rtt_micros(&[vec![0, 1], vec![1]]);
    }
}
