//! Each metric on about five rows whose answer is known by hand.

mod rows;

use metrics::{POINTS_MAX, Replications, Summary, SummaryBuilder, text_tables};
use record::{
    EraRow, FlowParty, FlowReason, FlowRow, LeaseEnd, LeaseRow, Observer, OrderOutcome, OrderRow,
    ProviderRow, Row, SlashKind, SlashRow, UnmatchedReason,
};
use rows::{GPU_HOUR, cents, era, flow, hour, lease, order, provider, slash, summary, unmatched};
use units::{
    CardId, ClassId, GpuCount, HardwareTier, HostClassId, PoolId, ProviderId, RegionId, Span, Spon,
};

/// The metrics are these, to nine digits.
fn assert_metrics(summary: &Summary, known: &[(&str, f64)]) {
    for (path, known) in known {
        let found = summary.get(path).unwrap_or_else(|| panic!("{path} has no value"));
        assert!(
            (found - known).abs() <= known.abs() * 1e-9 + 1e-12,
            "{path}: {found}, not {known}"
        );
    }
}

/// The metrics are these, within the error of the sketch.
fn assert_quantiles(summary: &Summary, known: &[(&str, f64)]) {
    for (path, known) in known {
        let found = summary.get(path).unwrap_or_else(|| panic!("{path} has no value"));
        assert!((found - known).abs() <= known.abs() * 0.00501, "{path}: {found}, not {known}");
    }
}

#[test]
fn orders_are_counted_by_fate_pool_class_and_reason() {
    let lost = OrderRow { outcome: OrderOutcome::LostBeforeStart, draws: 3, ..order() };
    let dear = OrderRow { pool: PoolId(1), class: ClassId(1), ..unmatched(UnmatchedReason::Price) };
    let again = OrderRow { attempt: 2, is_given_up: true, ..unmatched(UnmatchedReason::Capacity) };
    let open = OrderRow { outcome: OrderOutcome::Open, draws: 0, ..order() };
    let early =
        OrderRow { is_reported: false, is_job_reported: false, is_given_up: true, ..order() };
    // A job of the warm-up that is given up in the reported time is of no cohort of it.
    let before = OrderRow { attempt: 7, is_job_reported: false, ..again };
    let rows = [order(), lost, dear, again, open, early, before];
    let found = summary(&rows.each_ref().map(Row::Order));
    assert_metrics(
        &found,
        &[
            ("orders.sent", 6.0),
            ("orders.matched", 2.0),
            ("orders.started", 1.0),
            ("orders.unmatched", 3.0),
            ("orders.open", 1.0),
            ("orders.matched_share", 0.4),
            ("orders.jobs", 4.0),
            ("orders.jobs_given_up", 1.0),
            ("orders.jobs_given_up_share", 0.25),
            ("orders.pools.community.jobs", 3.0),
            ("orders.pools.community.jobs_given_up_share", 1.0 / 3.0),
            ("orders.classes.training.jobs", 1.0),
            ("orders.classes.training.jobs_given_up", 0.0),
            ("orders.draws", 4.0),
            ("orders.draws_per_match", 2.0),
            ("orders.unmatched_by_reason.price", 1.0),
            ("orders.unmatched_by_reason.capacity", 2.0),
            ("orders.pools.secured.unmatched_by_reason.price", 1.0),
            ("orders.pools.community.sent", 5.0),
            ("orders.classes.training.matched_share", 0.0),
        ],
    );
    assert_eq!(found.get("orders.unmatched_by_reason.stake"), Some(0.0));
    assert!(!found.has("orders.unmatched_by_reason.none"));
}

#[test]
fn gpu_hours_and_utilization_follow_the_books() {
    let secured = EraRow {
        pool: PoolId(1),
        region: RegionId(1),
        card: CardId(1),
        hardware_tier: HardwareTier::UltraHigh,
        gpus: GpuCount(8),
        installed_gpu_us: 8 * 24 * GPU_HOUR,
        available_gpu_us: 8 * 24 * GPU_HOUR,
        reserved_gpu_us: 160 * GPU_HOUR,
        paid_gpu_us: 144 * GPU_HOUR,
        busy_gpu_us: 140 * GPU_HOUR,
        slowed_gpu_us: 0,
        owner_gpu_us: 0,
        ..era()
    };
    let short = EraRow {
        is_complete: false,
        installed_gpu_us: GPU_HOUR,
        available_gpu_us: GPU_HOUR,
        reserved_gpu_us: 0,
        paid_gpu_us: 0,
        busy_gpu_us: 0,
        slowed_gpu_us: 0,
        owner_gpu_us: 0,
        ..era()
    };
    let early = EraRow { is_reported: false, ..era() };
    let rows = [era(), era(), short, secured, early];
    let found = summary(&rows.each_ref().map(Row::Era));
    assert_metrics(
        &found,
        &[
            ("pools.community.gpu_hours.installed", 49.0),
            ("pools.community.gpu_hours.available", 41.0),
            ("pools.community.gpu_hours.reserved", 24.0),
            ("pools.community.gpu_hours.paid", 20.0),
            ("pools.community.gpu_hours.busy", 18.0),
            ("pools.community.gpu_hours.slowed", 1.0),
            ("pools.community.gpu_hours.owner", 8.0),
            ("pools.community.owner_of_installed", 8.0 / 49.0),
            ("pools.community.busy_of_idle", 18.0 / 41.0),
            ("pools.community.utilization_of_installed", 20.0 / 49.0),
            ("pools.community.utilization_of_available", 20.0 / 41.0),
            ("pools.community.reserved_of_available", 24.0 / 41.0),
            ("pools.community.availability", 41.0 / 49.0),
            ("tiers.ultra_high.utilization_of_available", 0.75),
            ("regions.euc.gpu_hours.paid", 144.0),
            ("cards.h100.gpu_hours.reserved", 160.0),
            ("market.gpu_hours.installed", 241.0),
        ],
    );
    assert_eq!(found.get("tiers.entry.utilization_of_available"), None);
}

#[test]
fn earnings_are_per_gpu_day_and_weighted_by_gpus() {
    let net = |cents_net| EraRow { net_nano_usd: cents(cents_net), ..era() };
    // Eight GPUs that lost 4.00 USD together are eight samples of -0.50.
    let node = EraRow { gpus: GpuCount(8), installed_gpu_us: 8 * 24 * GPU_HOUR, ..net(-400) };
    let cut_short = EraRow { is_complete: false, ..net(99_900) };
    let rows = [net(100), net(200), node, cut_short, EraRow { is_reported: false, ..net(-900) }];
    let found = summary(&rows.each_ref().map(Row::Era));
    assert_metrics(
        &found,
        &[
            ("earnings.rtx_4090.gpu_days", 10.0),
            ("earnings.rtx_4090.mean", -0.1),
            ("earnings.rtx_4090.lease_income", 0.3),
            ("earnings.rtx_4090.charged", 0.375),
            ("earnings.rtx_4090.electricity", -0.12),
            ("earnings.rtx_4090.reward_share", 1.0 / 3.0),
            ("earnings_by_pool.community.wear", -0.03),
        ],
    );
    assert_quantiles(
        &found,
        &[("earnings_all.p10", -0.5), ("earnings_all.p50", -0.5), ("earnings_all.p90", 1.0)],
    );
    assert_eq!(found.get("earnings.h100.p50"), None);
}

#[test]
fn losses_and_concentration_count_every_provider() {
    let rows = [(0, 100), (0, -1), (1, -5), (1, 0), (1, 300)].map(|(region, net)| ProviderRow {
        region: RegionId(region),
        net_nano_usd: cents(net),
        lease_income_nano_usd: cents(net.max(0)),
        ..provider()
    });
    let found = summary(&rows.each_ref().map(Row::Provider));
    assert_metrics(
        &found,
        &[
            ("losses.all.providers", 5.0),
            ("losses.all.share", 0.4),
            ("losses.regions.nae.share", 0.5),
            ("losses.regions.euc.losing", 1.0),
            ("losses.cards.rtx_4090.losing", 2.0),
            // 2 * (4*1 + 5*3) / (5 * 4) - 6/5
            ("concentration.lease_income_gini", 0.7),
            ("concentration.lease_income_top_10_share", 0.75),
        ],
    );
    assert_eq!(found.get("losses.pools.secured.share"), None);
}

#[test]
fn other_price_books_scale_lease_income_card_by_card() {
    // Card, lease income and net in cents: the last two live by rewards alone and do not notice.
    let rows = [(0, 100, -50), (0, 100, 20), (1, 400, -150), (1, 0, -1), (0, 0, 1)].map(
        |(card, income, net)| ProviderRow {
            card: CardId(card),
            lease_income_nano_usd: cents(income),
            net_nano_usd: cents(net),
            ..provider()
        },
    );
    let books = [("home", [1.0, 1.0]), ("dear", [1.5, 1.25]), ("cheap", [0.5, 1.5])];
    let books = books.map(|(name, ratios)| (name.to_string(), ratios.into()));
    let mut builder = SummaryBuilder::new(rows::names()).with_price_books(books.into());
    rows.iter().for_each(|row| builder.on_row(Row::Provider(row)));
    let found = builder.finish();
    assert_metrics(
        &found,
        &[
            ("losses.all.share", 0.6),
            ("losses.price_books.home.share", 0.6),
            ("losses.price_books.dear.share", 0.4),
            ("losses.price_books.cheap.losing", 3.0),
            ("losses.price_books.cheap.providers", 5.0),
        ],
    );
    assert!(!summary(&[]).has("losses.price_books.home.share"));
}

#[test]
fn times_add_up_their_parts_over_matched_orders() {
    let slow = OrderRow { propagation_ns: Some(Span::from_millis(1_100)), ..order() };
    let lost = OrderRow { outcome: OrderOutcome::LostBeforeStart, boot_ns: None, ..order() };
    let nobody = unmatched(UnmatchedReason::Capacity);
    let rows = [order(), order(), slow, lost, nobody];
    let found = summary(&rows.each_ref().map(Row::Order));
    assert_metrics(
        &found,
        &[
            ("latency.match.count", 4.0),
            ("latency.match.mean", 1_250.0),
            ("latency.start.count", 3.0),
            ("latency.parts.boot.count", 3.0),
            ("latency.parts.window.count", 4.0),
            ("latency.parts.window.mean", 500.0),
            ("latency.pools.community.match.count", 4.0),
            ("latency.pools.secured.match.count", 0.0),
        ],
    );
    assert_quantiles(
        &found,
        &[
            ("latency.match.p50", 1_000.0),
            ("latency.start.p50", 63_000.0),
            ("latency.parts.propagation.p50", 100.0),
            ("latency.pools.community.start.p50", 63_000.0),
        ],
    );
    assert_eq!(found.get("latency.pools.secured.match.p50"), None);
}

#[test]
fn leases_use_exposure_and_censor_what_is_open() {
    let broken = LeaseRow {
        end: LeaseEnd::ProviderDown,
        interruptions: 1,
        exposure_ns: Span::from_hours(5),
        paid_ns: Span::from_hours(5),
        refund_nano_usd: cents(100),
        ..lease()
    };
    let open = LeaseRow { end: LeaseEnd::Censored, exposure_ns: Span::from_hours(25), ..lease() };
    let centre = LeaseRow { host_class: HostClassId(1), ..lease() };
    let early = LeaseRow { is_reported: false, exposure_ns: Span::ZERO, ..lease() };
    let rows = [lease(), broken, open, centre, early];
    let found = summary(&rows.each_ref().map(Row::Lease));
    assert_metrics(
        &found,
        &[
            ("leases.ended", 3.0),
            ("leases.censored", 1.0),
            ("leases.agreed_share", 2.0 / 3.0),
            ("leases.exposure_hours", 50.0),
            ("leases.interruptions_per_1000_lease_hours", 20.0),
            ("leases.host_classes.home.interruptions_per_1000_lease_hours", 25.0),
            ("leases.host_classes.home.agreed_share", 0.5),
            ("leases.host_classes.data_centre.interruptions_per_1000_lease_hours", 0.0),
            ("leases.by_end.provider_down", 1.0),
            ("leases.by_end.censored", 1.0),
            ("leases.paid_hours", 35.0),
            ("leases.refund_usd", 1.0),
            ("leases.rtt.mean", 40.0),
        ],
    );
}

#[test]
fn flows_add_up_by_party() {
    use FlowParty::{Burn, Escrow, Mint, Outside, Providers, Rewards, Tenants};
    let rows = [
        flow(Outside, Tenants, FlowReason::Deposit, 100),
        flow(Tenants, Escrow, FlowReason::Lock, 80),
        flow(Escrow, Providers, FlowReason::LeasePayment, 50),
        flow(Escrow, Tenants, FlowReason::Refund, 20),
        FlowRow { asset: "SPON", ..flow(Mint, Rewards, FlowReason::Genesis, 7) },
        FlowRow { asset: "SPON", ..flow(Rewards, Burn, FlowReason::Slashed, 2) },
        FlowRow { is_reported: false, ..flow(Outside, Tenants, FlowReason::Deposit, 1_000) },
        flow(Escrow, Providers, FlowReason::LeasePayment, 5),
    ];
    let found = summary(&rows.each_ref().map(Row::Flow));
    assert_metrics(
        &found,
        &[
            ("books.USD.inflow", 100.0),
            ("books.USD.held_change", 100.0),
            ("books.USD.change_by_party.escrow", 5.0),
            ("books.USD.change_by_party.tenants", 40.0),
            ("books.USD.change_by_party.providers", 55.0),
            ("books.SPON.minted", 7.0),
            ("books.SPON.burned", 2.0),
            ("books.SPON.held_change", 5.0),
        ],
    );
    let payment = found.flows.iter().find(|flow| flow.reason == "lease_payment").unwrap();
    assert_eq!((payment.count, payment.from, payment.to), (2, "escrow", "providers"));
}

#[test]
fn slashes_are_told_apart_by_kind_and_by_whether_they_are_false() {
    let token = Spon::ONE;
    let wrong = SlashRow {
        kind: SlashKind::DataMisuse,
        is_false: true,
        delegated_spon: Spon::from_base(token.base() / 4),
        ..slash()
    };
    let back = FlowRow {
        asset: "SPON",
        amount: token,
        ..flow(FlowParty::Contested, FlowParty::Stake, FlowReason::SlashReturned, 1)
    };
    let found = summary(&[Row::Slash(&slash()), Row::Slash(&wrong), Row::Flow(&back)]);
    assert_metrics(
        &found,
        &[
            ("slashes.by_kind.downtime_in_lease.count", 1.0),
            ("slashes.by_kind.data_misuse.spon", 1.0),
            ("slashes.by_kind.data_misuse.false_count", 1.0),
            ("slashes.by_kind.no_show.count", 0.0),
            ("slashes.false_spon", 1.0),
            ("slashes.delegated_spon", 0.25),
            ("slashes.returned_spon", 1.0),
        ],
    );
}

#[test]
fn stake_is_a_mean_over_eras_and_a_yield_a_share_of_a_year() {
    let tokens = |count: i128| Spon::from_base(count * Spon::ONE.base());
    let row = EraRow {
        own_stake_spon: tokens(10),
        delegated_spon: tokens(365),
        unbonding_spon: tokens(5),
        delegator_reward_spon: tokens(1),
        cooling_gpu_us: 5 * GPU_HOUR,
        ..era()
    };
    let later = EraRow { era: 3, is_short: true, own_stake_spon: Spon::ZERO, ..row };
    let early = EraRow { is_reported: false, ..later };
    let found = summary(&[Row::Era(&row), Row::Era(&later), Row::Era(&early)]);
    assert_metrics(
        &found,
        &[
            ("stakes.own_spon", 5.0),
            ("stakes.delegated_spon", 365.0),
            ("stakes.at_risk_spon", 375.0),
            ("stakes.delegator_reward_spon", 2.0),
            // A token a day of 365 is all of it in a year.
            ("stakes.delegator_yield_per_year", 1.0),
            ("stakes.short_share", 0.5),
            ("stakes.short_share_at_end", 1.0),
            ("stakes.cooling_share", 0.25),
        ],
    );
}

#[test]
fn tiers_are_counted_at_the_end_and_dated_when_first_reached() {
    let of = |provider, era, trust_tier| EraRow {
        provider: ProviderId(provider),
        era,
        trust_tier,
        ..rows::era()
    };
    let rows = [of(0, 4, 7), of(1, 4, 7), of(2, 4, 0), of(0, 5, 6), of(1, 5, 7)];
    let found = summary(&rows.each_ref().map(Row::Era));
    assert_metrics(
        &found,
        &[
            ("trust.providers_in_tier.7", 1.0),
            ("trust.providers_in_tier.6", 1.0),
            ("trust.mean_tier_at_end", 6.5),
            ("trust.eras_to_tier.7", 1.0),
            ("trust.eras_to_tier.6", 2.0),
        ],
    );
    assert_eq!(found.get("trust.eras_to_tier.1"), None);
}

#[test]
fn slashes_are_summed_in_tokens_and_dollars() {
    let early = SlashRow { is_reported: false, ..slash() };
    let large = SlashRow { amount_spon: Spon::from_base(3 * Spon::ONE.base()), ..slash() };
    let found = summary(&[Row::Slash(&slash()), Row::Slash(&large), Row::Slash(&early)]);
    assert_metrics(
        &found,
        &[
            ("slashes.count", 2.0),
            ("slashes.spon", 4.0),
            ("slashes.usd", 0.06),
            ("slashes.downtime_gpu_hours", 2.0),
        ],
    );
}

#[test]
fn a_long_series_is_thinned_and_loses_nothing() {
    let hours: Vec<_> = (0..5_001).map(hour).collect();
    let found = summary(&hours.iter().map(Row::Series).collect::<Vec<_>>());
    let series = found.series.get("community").unwrap();
    assert!(series.at_hours.len() <= POINTS_MAX && series.at_hours.len() > POINTS_MAX / 2);
    assert_eq!(series.orders.iter().sum::<u64>(), 7 * 5_001);
    assert!((series.paid.iter().sum::<f64>() - 4.0 * 5_001.0).abs() < 1e-6);
    assert!((series.length_hours.iter().sum::<f64>() - 5_001.0).abs() < 1e-6);
    assert_eq!(series.jobs_waiting.last(), Some(&5_000));
    assert!(series.demand.iter().all(|demand| (demand - 1.5).abs() < 1e-12));
    assert!(series.utilization_of_available().iter().all(|share| *share == Some(0.5)));
    let short = summary(&[Row::Series(&hour(0)), Row::Series(&hour(2))]);
    assert_eq!(short.series.get("community").unwrap().is_reported, [false, true]);
}

#[test]
fn an_empty_run_has_dashes_and_nulls_and_no_number_that_is_none() {
    for found in [summary(&[]), Summary::default()] {
        let (json, text) = (found.to_json(), text_tables(&found));
        assert!(!json.contains("NaN") && !json.contains(": inf"));
        assert!(!text.contains("NaN") && !text.contains(" inf "), "{text}");
        assert!(json.contains("\"matched_share\": null"));
        assert_eq!(found.get("orders.sent"), Some(0.0));
        assert_eq!(found.get("market.utilization_of_installed"), None);
        assert!(found.has("market.utilization_of_installed"));
        assert!(!found.has("market.happiness"));
    }
}

#[test]
fn a_summary_says_the_same_twice_and_fits_a_terminal() {
    let (order, unmatched) = (order(), unmatched(UnmatchedReason::Capacity));
    let (era, lease, provider) = (era(), lease(), provider());
    let rows = [
        Row::Order(&order),
        Row::Order(&unmatched),
        Row::Era(&era),
        Row::Lease(&lease),
        Row::Provider(&provider),
    ];
    let (once, twice) = (summary(&rows), summary(&rows));
    assert_eq!(once.to_json(), twice.to_json());
    let text = text_tables(&once);
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    assert!(text.contains("capacity") && text.contains("rtx 4090"));
}

#[test]
fn replications_have_means_and_intervals() {
    let run = |paid| {
        let row = EraRow { available_gpu_us: 20 * GPU_HOUR, paid_gpu_us: paid * GPU_HOUR, ..era() };
        summary(&[Row::Era(&row)])
    };
    let runs = [run(8), run(10), run(12)];
    let replications = Replications::of(&runs);
    let metric = replications
        .metrics
        .iter()
        .find(|metric| metric.path == "market.utilization_of_available")
        .unwrap();
    assert_eq!(metric.n, 3);
    assert!((metric.mean.unwrap() - 0.5).abs() < 1e-12);
    // s = 0.1, t(0.975, 2) = 4.30265
    assert!((metric.half_width.unwrap() - 4.30265 * 0.1 / 3f64.sqrt()).abs() < 1e-5);
    let matched = replications.metrics.iter().find(|m| m.path == "orders.matched_share").unwrap();
    assert_eq!((matched.n, matched.mean), (0, None));
    assert!(replications.table("Key metrics").text().contains("50.0 %"));
    assert_eq!(Replications::of(&[]).metrics, []);
}
