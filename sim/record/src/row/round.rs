//! Rounds of the matching, and who took part.

use crate::column::table;
use units::{EntityKey, GpuHourPrice, PoolId, Ppm, ProviderId, RegionId, SimTime};

table! {
    /// One round: of a sampled order, and of every order that nobody was drawn for.
    RoundRow = "rounds" {
        /// The order's key.
        order_key: EntityKey,
        /// When the bid window closed.
        closed_at_ns: SimTime,
        /// Whether it closed after the warm-up.
        is_reported: bool,
        /// Whether the order is of the sample, one in `matching.sample_one_in` by key; the other
        /// rows are there because nobody was drawn.
        is_sampled: bool,
        /// The pool.
        pool: PoolId,
        /// Providers of the pool.
        candidates: u32,
        /// Of these, who passes every filter that the round held to.
        eligible: u32,
        /// Of the eligible, whose bid stood when the window closed.
        in_time: u32,
        /// Of the eligible, whose bid came late or was for less than is free now.
        late: u32,
        /// Drawn, best first; after a miss the next of them is taken.
        picks: u32,
        /// Who was drawn first.
        winner: Option<ProviderId>,
        /// The winner's score, millionths.
        winner_score_ppm: Option<Ppm>,
        /// What the winner was ranked by, in the units of the core: for a draw, Q32.32.
        winner_key: Option<i64>,
        /// Who was drawn second.
        runner_up: Option<ProviderId>,
        /// How far the runner-up's key is below the winner's.
        gap: Option<i64>,
        /// The best score of all that are eligible, late ones too: full information, no chance.
        best_score_ppm: Option<Ppm>,
        /// That less the winner's score, millionths: what time and chance cost the order.
        regret_ppm: Option<Ppm>,
        /// Whether the latency bound was dropped because it left nobody.
        latency_bound_dropped: bool,
        /// Whether the cap for one owner was dropped because it left nobody.
        owner_cap_dropped: bool,
        /// Merkle root over the bids in time, as `market::bids_root` makes it; the place of a bid
        /// is that in order of arrival.
        bids_root: [u8; 32],
        /// Candidates that first fail here: who was not active.
        failed_provider_inactive: u32,
        /// Candidates that first fail here: who gives the other service.
        failed_mode: u32,
        /// Candidates that first fail here: who has none of the asked trust tiers.
        failed_trust_tier: u32,
        /// Candidates that first fail here: who has too little uptime.
        failed_uptime_minimum: u32,
        /// Candidates that first fail here: who is refused by name, or not asked for.
        failed_excluded: u32,
        /// Candidates that first fail here: who is in none of the asked regions.
        failed_region: u32,
        /// Candidates that first fail here: who is where the law does not let the data be.
        failed_law: u32,
        /// Candidates that first fail here: who has a card that will not do.
        failed_card: u32,
        /// Candidates that first fail here: who has no node with that many GPUs, free or not.
        failed_node_size: u32,
        /// Candidates that first fail here: who has no node with that many GPUs free.
        failed_capacity: u32,
        /// Candidates that first fail here: who has too little beside GPUs.
        failed_host: u32,
        /// Candidates that first fail here: who bids above the ceiling.
        failed_price: u32,
        /// Candidates that first fail here: who has too little stake.
        failed_stake: u32,
        /// Candidates that first fail here: who is too far away.
        failed_latency: u32,
        /// Candidates that first fail here: whose owner has as many open leases as one may.
        failed_owner_cap: u32,
    }
}

table! {
    /// One provider that could serve a sampled order, and when its bid came.
    BidRow = "bids" {
        /// The order's key.
        order_key: EntityKey,
        /// Whether the window closed after the warm-up.
        is_reported: bool,
        /// The provider, by number.
        provider: ProviderId,
        /// Where it is.
        region: RegionId,
        /// Asked price, nano-dollars per GPU-hour; for a job of work, for what the card asked for
        /// does in an hour.
        price_nano_usd_per_gpu_hour: GpuHourPrice,
        /// When the provider learned of the order.
        learned_at_ns: SimTime,
        /// When its bid reached the sequencer.
        arrived_at_ns: SimTime,
        /// How far before the close of the window it came; negative when late.
        margin_ns: i64,
        /// The weighted score of the seven factors, millionths.
        score_ppm: Ppm,
        /// Whether it was drawn first.
        is_first_draw: bool,
    }
}
