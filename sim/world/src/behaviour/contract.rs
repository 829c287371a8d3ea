//! Long contracts: who signs one, and what an hour of it costs (economics.md 1.2).

use crate::purpose;
use crate::state::Job;
use crate::world::World;
use protocol::{Handle, Promise};
use units::{GpuHourPrice, Ppm, SimTime, Span};

impl World {
    /// The term of a new job's contract; nothing for spot. Whether its tenant thinks of one is the
    /// job's own lot, and a lot that can decide nothing is not drawn.
    pub fn draw_term(&self, job: &Job) -> Span {
        let share = self.class_of(job).long_contracts;
        let Some(long) = self.scenario.contracts.long else { return Span::ZERO };
        let lot = || self.draws.at(purpose::CONTRACT, job.key, 0).below(u64::from(Ppm::ONE.0));
        let is_asked = share == Ppm::ONE || share > Ppm::ZERO && lot() < u64::from(share.0);
        if is_asked && self.is_worth_a_term(job, long.term) { long.term } else { Span::ZERO }
    }

    /// Whether an hour of a job's work under a contract costs no more than one of spot, and what it
    /// is worth to its tenant that nobody takes the machine back.
    fn is_worth_a_term(&self, job: &Job, term: Span) -> bool {
        let pool = self.class_of(job).pool;
        let measured = self.choice.as_ref().map(|books| &books.measured[pool.index()]);
        let prices = measured.and_then(|measured| measured.prices.get(usize::from(job.card.0)));
        let spot = prices.copied().unwrap_or(self.book_price(job.card));
        let long = self.price_of_work_rounded_up(spot, term, job.total);
        let stability = match measured {
            Some(measured) if self.is_choosing(pool) => {
                let kind = self.tenant_kind_of(self.memory(job.tenant, pool));
                kind.stability.nanos() as f64 * measured.preemptions_per_month()
            }
            _ => 0.0,
        };
        long.nanos() as f64 <= spot.nanos() as f64 + stability
    }

    /// What an hour of work costs under a contract of this term where providers bid so much: with
    /// its discount, and what is paid of the term after the work is done. The bid itself for spot.
    pub fn price_of_work_rounded_up(
        &self,
        bid: GpuHourPrice,
        term: Span,
        length: Span,
    ) -> GpuHourPrice {
        let Some(long) = self.scenario.contracts.long.filter(|_| !term.is_zero()) else {
            return bid;
        };
        let idle = i128::from(term.saturating_sub(length).nanos());
        let paid = i128::from(length.nanos()) + long.termination.of_rounded_up(idle);
        let price = i128::from(discounted_rounded_up(bid, long.discount).nanos());
        let nanos = u128::try_from(price * paid).expect("neither is below zero");
        let nanos = nanos.div_ceil(u128::from(length.nanos().max(1)));
        GpuHourPrice::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }

    /// Whether a job's lease, if its tenant ends it now, ends before its term.
    pub fn ends_early(&self, now: SimTime, job: Handle) -> bool {
        let (work, _) = self.work_of(job);
        let lease = self.chain.leases.get(work.lease).expect("a job's lease is in force");
        let served = lease.active_span(self.chain_time(now));
        matches!(lease.promise, Promise::Term(term) if served < term)
    }

    /// What an hour costs of a lease as a job asks for it, where its provider bid so much: a long
    /// contract has its discount.
    pub fn price_of_promise_rounded_up(&self, job: &Job, bid: GpuHourPrice) -> GpuHourPrice {
        match (job.promise(), self.scenario.contracts.long) {
            (Promise::Term(_), Some(long)) => discounted_rounded_up(bid, long.discount),
            _ => bid,
        }
    }
}

/// A price less a discount; a started nano-dollar is paid in full.
fn discounted_rounded_up(price: GpuHourPrice, discount: Ppm) -> GpuHourPrice {
    let left = u128::from(Ppm::ONE.0 - discount.0);
    let nanos = (u128::from(price.nanos()) * left).div_ceil(u128::from(Ppm::ONE.0));
    GpuHourPrice::from_nanos(u64::try_from(nanos).expect("a part of a price is no more than it"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_discount_leaves_a_started_nano_dollar() {
        let price = GpuHourPrice::from_nanos;
        assert_eq!(discounted_rounded_up(price(10), Ppm(300_000)), price(7));
        assert_eq!(discounted_rounded_up(price(11), Ppm(300_000)), price(8), "7.7");
        assert_eq!(discounted_rounded_up(price(11), Ppm::ZERO), price(11));
        let most = price(u64::MAX);
        assert_eq!(discounted_rounded_up(most, Ppm::ZERO), most);
    }
}
