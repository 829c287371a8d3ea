//! From a summary to the pages that people read: which tables, which figures, which findings.
//!
//! Everything here is words and choice; numbers come from `metrics`, drawings from `figures`.

mod pick;

mod caption;
mod chart;
mod cohort;
mod service;
mod tenants;
mod turnover;

use figures::{Block, Page, Section};
use metrics::{Summary, Table, tables};

/// What a report says beyond the numbers of its run.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// The name of the scenario.
    pub scenario: String,
    /// What the scenario asks.
    pub question: String,
    /// What its author expects to see.
    pub expectation: String,
    /// The regions in use.
    pub regions: Vec<Place>,
    /// The price book in force.
    pub price_book: String,
    /// The seed.
    pub seed: u64,
    /// The digest of the run.
    pub digest: String,
    /// Whether the run was stopped before its end.
    pub is_partial: bool,
    /// The assumed values that the run leaned on.
    pub assumed: Vec<Assumed>,
    /// The load sheet of the scenario, as `validate` prints it.
    pub load_sheet_text: String,
    /// What validation warned of.
    pub warnings: Vec<String>,
}

/// What a region's short name stands for.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// The name of the region in tables and figures.
    pub region: String,
    /// The city that stands for it.
    pub city: String,
    /// Local time less UTC, in minutes.
    pub utc_offset_minutes: i32,
}

/// A value that no document gives.
#[derive(Clone, Debug, Default)]
pub struct Assumed {
    /// The key path in the scenario.
    pub key: String,
    /// The value, with unit.
    pub value: String,
    /// Why this value.
    pub source: String,
}

/// The report of one run.
pub fn page(summary: &Summary, context: &Context) -> Page {
    Page {
        title: format!("{}: a simulated GPU market", context.scenario),
        lead: lead(summary, context),
        sections: [
            Some(in_short(summary, context)),
            Some(orders(summary)),
            Some(supply(summary, context)),
            Some(earnings(summary, context)),
            Some(wins(summary)),
            Some(times(summary)),
            Some(committee(summary)),
            Some(leases(summary)),
            service::service(summary),
            misuse(summary),
            tenants::venues(summary),
            tenants::demand(summary),
            turnover::turnover(summary),
            Some(token(summary)),
            Some(solvency(summary)),
            gas(summary),
            Some(money(summary)),
            Some(ground(context)),
        ]
        .into_iter()
        .flatten()
        .collect(),
    }
}

fn lead(summary: &Summary, context: &Context) -> Vec<String> {
    let mut lead = vec![format!(
        "Scenario {}, seed {}, {}. Digest {}.",
        context.scenario,
        context.seed,
        caption::reported_time(summary),
        context.digest
    )];
    let told = [("Question: ", &context.question), ("Expectation: ", &context.expectation)];
    lead.extend(told.iter().filter(|(_, text)| !text.is_empty()).map(|(a, b)| format!("{a}{b}")));
    lead
}

fn in_short(summary: &Summary, context: &Context) -> Section {
    let mut blocks = Vec::new();
    if context.is_partial {
        blocks.push(Block::Note(
            "This run was stopped before its end. Its tables are whole up to that moment; \
             its figures cover less time than the scenario asks for."
                .to_string(),
        ));
    }
    blocks.extend(context.warnings.iter().map(|warning| Block::Note(warning.clone())));
    blocks.push(Block::List(caption::findings(summary)));
    blocks.push(table(tables::headline(summary)));
    blocks.push(Block::Paragraph(
        "One run is one sample: run several seeds for intervals. The warm-up is outside every \
         number. Medians and other quantiles are within 0.5 % of the true ones, counts, sums \
         and means are exact; a dash means that there was nothing to measure."
            .to_string(),
    ));
    section("In short", blocks)
}

fn orders(summary: &Summary) -> Section {
    section(
        "Orders",
        vec![
            figure(chart::demand(summary), caption::demand(summary)),
            table(tables::orders(summary)),
            Block::Note(caption::jobs(summary)),
            figure(chart::unmatched(summary), caption::unmatched(summary)),
            table(tables::unmatched(summary)),
        ],
    )
}

fn supply(summary: &Summary, context: &Context) -> Section {
    let [pools, tiers, regions] = tables::capacities(summary).map(table);
    section(
        "Supply and utilization",
        vec![
            paragraph(
                "Installed GPU-hours are registered, available ones have the machine up, \
                 reserved ones are held by open leases, paid ones were paid for. Busy ones \
                 computed, less what owners took of a GPU that they shared (slowed); owners' are \
                 what they took of machines that were on, leased or not.",
            ),
            figure(chart::utilization(summary), caption::utilization(summary)),
            pools,
            table(tables::idle(summary)),
            figure(chart::tiers(summary), caption::tiers(summary)),
            tiers,
            figure(chart::regions(summary), caption::regions(summary)),
            regions,
            table(places(&context.regions)),
        ],
    )
}

/// What the short names of regions stand for.
fn places(places: &[Place]) -> Table {
    let title = "Regions: the city whose latencies stand for each, and its time";
    let mut table = Table::new(title, &["region", "city", "UTC"]);
    table.words = 2;
    for Place { region, city, utc_offset_minutes } in places {
        let sign = if *utc_offset_minutes < 0 { '-' } else { '+' };
        let minutes = utc_offset_minutes.unsigned_abs();
        let offset = format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60);
        table.row(vec![region.clone(), city.clone(), offset]);
    }
    table
}

fn earnings(summary: &Summary, context: &Context) -> Section {
    let [by_card, by_tier, by_label] = tables::capital(summary).map(table);
    section(
        "What providers earn",
        vec![
            paragraph(
                "Net earnings are lease income after all shares and fees, plus rewards, less \
                 stake lost, electricity, wear, gas and upkeep. They are taken over all registered \
                 GPU-days, idle ones too; days cut short by the end of the run are left out.",
            ),
            figure(chart::earnings(summary), caption::earnings(summary)),
            table(tables::earnings(summary)),
            table(tables::fleet(summary)),
            table(tables::kinds(summary)),
            figure(chart::losses(summary), caption::losses(summary)),
            figure(
                chart::price_books(summary, &context.price_book),
                caption::price_books(summary, &context.price_book),
            ),
            table(tables::net_with_capital(summary)),
            paragraph(CAPITAL),
            by_card,
            by_tier,
            by_label,
            paragraph(INVESTMENT),
        ],
    )
}

/// What is in the net before and after capital.
const CAPITAL: &str = "Income is leases after all shares and fees, and rewards; running is stake \
                       lost, electricity, gas and upkeep; cash is what is left in money. Net, as \
                       everywhere else, is cash less wear, a yearly share of the price for leased \
                       hours. After capital, the loss of the cards' value with age and to newer \
                       ones stands in the place of wear, with interest on what they were worth; a \
                       generation that comes in the run takes its part of the value at once. \
                       Losing is the share of GPU-days that end below zero so.";

/// What the tables of investments say.
const INVESTMENT: &str = "An investment is the price new, the cash of the run for every year of \
                          the card's life, and what it is sold for at its end. Payback is the \
                          price over the cash of a year, the whole life where only the sale makes \
                          up what lacks; never where not even that does, and then there is no \
                          rate of return.";

fn wins(summary: &Summary) -> Section {
    section(
        "Who wins",
        vec![
            table(tables::concentration(summary)),
            table(tables::roles(summary)),
            Block::Note(caption::rounds(summary)),
            table(tables::bids(summary)),
        ],
    )
}

fn times(summary: &Summary) -> Section {
    section(
        "Time to match and to start",
        vec![
            figure(chart::to_match(summary), caption::to_match(summary)),
            figure(chart::to_start(summary), caption::to_start(summary)),
            table(tables::times(summary)),
            table(tables::parts(summary)),
        ],
    )
}

fn committee(summary: &Summary) -> Section {
    let censored = [tables::censored_orders(summary), tables::censored_bids(summary)];
    let is_any = censored.iter().any(|table| !table.rows.is_empty());
    let delay = "Delay is the mean time in the committee over that of orders which nobody refuses, \
                 or whose first bid nobody leaves out.";
    let delay = is_any.then(|| paragraph(delay));
    let [orders, bids] = censored.map(table);
    let blocks = vec![
        paragraph(
            "Operators recompute every round on their own view and sign its result. A match \
                 is final when enough stake signed the same; a round that misses its quorum is \
                 repeated in the next block. A signature that its operator's view does not give \
                 costs stake; a view that is stale or lacks somebody does not.",
        ),
        table(tables::rounds(summary)),
        table(tables::operators(summary)),
        orders,
        bids,
    ];
    section("Committee", blocks.into_iter().chain(delay).collect())
}

fn leases(summary: &Summary) -> Section {
    section(
        "Leases",
        vec![
            figure(chart::failures(summary), caption::failures(summary)),
            table(tables::leases(summary)),
            table(tables::preemptions(summary)),
            table(tables::ends(summary)),
            table(tables::contracts(summary)),
            paragraph(
                "Leases still open at the end are censored: they add hours and failures, and \
                 count in no share of endings.",
            ),
            table(tables::rents(summary)),
            paragraph(
                "Rents: what providers ask (all of them at the end, then those who got the \
                 leases), what leases agreed, and what left escrow for an hour, fee included. \
                 Accepted less ask is what a rule of prices adds to what providers would have \
                 taken, before the network's share of the payment. Paid differs from accepted by \
                 the fee, the token's price and escrows that ran dry. Under a rule of prices, two \
                 more columns say how far its price moves in an hour, up or down, and what part \
                 of the GPUs offered at it is in use.",
            ),
            table(tables::work_by_class(summary)),
            table(tables::work_by_card(summary)),
            paragraph(
                "Prices here are what tenants were charged, before their own fee, per hour that \
                 they paid for. Work is those hours less what failures undid; where jobs of a \
                 class take less time on a faster card, it is counted in hours of the reference.",
            ),
        ],
    )
}

/// What tenants did wrong; nothing where nobody did.
fn misuse(summary: &Summary) -> Option<Section> {
    let text = "Orders that nobody means are not among the orders above: they hold a provider's \
                GPUs until its time to confirm is over. A drained lease was paid for in part, and \
                ended when its provider saw that escrow was empty. Forbidden work ends when it is \
                found. A false dispute keeps what is due until the verdict. Punished misuse loses \
                the surety. Cut short is what the rest of such leases would have cost; their GPUs \
                are free for others. Gain is what tenants did not pay and what forbidden work \
                brings, net is what is left of it after what they lost and what it cost the \
                banned to come back: below zero, misuse does not pay.";
    let listed = tables::misuse(summary);
    let is_any = !listed.rows.is_empty();
    is_any.then(|| section("Tenants who misbehave", vec![paragraph(text), table(listed)]))
}

fn token(summary: &Summary) -> Section {
    let text = "What circulates is the supply less what is staked, locked in escrow, not released \
                yet, or held by the foundation and by vaults; the pool that rewards are paid from \
                is not released.";
    section("Token and supply", vec![paragraph(text), table(tables::economy(summary))])
}

fn solvency(summary: &Summary) -> Section {
    let text = "The security ratio is the stake that a fault puts at risk over what escrow holds, \
                which is what false matches and work that is not done could take: below 1, more \
                can be taken than lost. Cheating does not pay a provider while what it stands to \
                lose, the chance of being found in an era times the slash, is more than what \
                escrow still holds for its leases. The ratio of the two is over sums of all \
                providers, so it may be above 1 while some are not deterred: their number is \
                what counts, and it should be 0. The chance is challengers.detection, the rate \
                of the cost of capital costs.capital_per_year. Sell \
                pressure is what was sold less what was bought. The network's profit is what \
                payments and slashes brought the foundation and the vault, less rewards, gas and \
                tokens bought back, at each era's price: while it is negative, emission pays for \
                the difference.";
    section("Security and solvency", vec![paragraph(text), table(tables::solvency(summary))])
}

/// What calls cost; nothing where they are free.
fn gas(summary: &Summary) -> Option<Section> {
    let text = "Each call costs gas times the fee of a unit, and the bytes that it takes on the \
                chain below. It is billed to who sends it, in dollars first, then in tokens, and \
                paid when an era ends. An order that its tenant holds back because its gas is too \
                dear is counted as sent, and as unmatched for the reason gas; it costs nothing. \
                The table gas has it by era and party, prices has the fees by hour.";
    let blocks = vec![paragraph(text), table(tables::gas(summary))];
    (summary.gas.calls > 0.0).then(|| section("What calls cost", blocks))
}

fn money(summary: &Summary) -> Section {
    section(
        "Money",
        vec![
            figure(chart::dollars(summary), caption::dollars(summary)),
            table(tables::stakes(summary)),
            table(tables::slashes(summary)),
            table(tables::trades(summary)),
            table(tables::flows(summary)),
            table(tables::books(summary)),
        ],
    )
}

fn ground(context: &Context) -> Section {
    let mut blocks = vec![paragraph(&format!(
        "{} values that this run leans on are assumed: no document gives them. Chain profiles and \
         price books that were not chosen, and cards, host classes and regions that nobody has, are \
         left out. Change one with --set and see what moves. \
         Sections of notes (protocol.md and others) stand for the primary sources that the end of \
         ASSUMPTIONS.md lists.",
        context.assumed.len()
    ))];
    if !context.load_sheet_text.is_empty() {
        blocks.push(paragraph("The load sheet, computed before the run:"));
        blocks.push(Block::Preformatted(context.load_sheet_text.clone()));
    }
    let mut assumed = Table::new("Assumed values", &["key", "value", "why"]);
    assumed.words = 3;
    for entry in &context.assumed {
        assumed.row(vec![entry.key.clone(), entry.value.clone(), entry.source.clone()]);
    }
    blocks.push(table(assumed));
    section("What this leans on", blocks)
}

/// A section; a table without rows is left out.
fn section(title: &str, mut blocks: Vec<Block>) -> Section {
    blocks.retain(|block| !matches!(block, Block::Table { rows, .. } if rows.is_empty()));
    Section { title: title.to_string(), blocks }
}

fn paragraph(text: &str) -> Block {
    Block::Paragraph(text.to_string())
}

fn figure(svg: String, caption: String) -> Block {
    Block::Figure { svg, caption }
}

fn table(table: Table) -> Block {
    let Table { title, head, rows, words } = table;
    Block::Table { title, head, rows, words }
}

#[cfg(test)]
mod tests {
    use super::*;
    use metrics::{Capacity, Flow, Losses, Named, OrderCounts, OrderGroup};
    use record::Names;

    fn context() -> Context {
        Context { scenario: "tiny <1>".into(), is_partial: true, ..Context::default() }
    }

    fn shares(shares: &[(&str, f64)]) -> Named<Capacity> {
        let capacity =
            |share| Capacity { utilization_of_available: Some(share), ..Capacity::default() };
        shares.iter().map(|(name, share)| (name.to_string(), capacity(*share))).collect()
    }

    fn from_escrow(to: &'static str, reason: &'static str, amount: f64) -> Flow {
        Flow { asset: "USD", from: "escrow", to, reason, count: 1, amount }
    }

    #[test]
    fn captions_state_what_the_numbers_say() {
        let summary = Summary {
            pools: shares(&[("community", 0.471), ("secured", 0.66)]),
            flows: vec![
                from_escrow("providers", "lease_payment", 75.0),
                from_escrow("treasury", "lease_fee", 25.0),
                from_escrow("tenants", "refund", 10.0),
            ],
            ..Summary::default()
        };
        let text = figures::report_markdown(&page(&summary, &context()));
        assert!(text.contains("paid for 47.1 % (community), 66.0 % (secured)"), "{text}");
        assert!(text.contains("Tenants paid 100.00 USD for leases: 75.0 % went to providers"));
        assert!(text.contains("10.00 USD came back so"));
    }

    #[test]
    fn the_page_says_what_other_price_books_and_retries_do() {
        let counts = OrderCounts {
            sent: 500,
            jobs: 200,
            jobs_given_up: 30,
            jobs_given_up_share: Some(0.15),
            ..OrderCounts::default()
        };
        let mut summary = Summary::default();
        summary.orders.all = OrderGroup { counts, ..OrderGroup::default() };
        let book = |(name, share): (&str, f64)| {
            (name.to_string(), Losses { share: Some(share), ..Losses::default() })
        };
        let books = [("old_list", 0.525), ("new_list", 0.3)];
        summary.losses.price_books = books.map(book).into_iter().collect();
        let context = Context { price_book: "old_list".into(), ..context() };
        let text = figures::report_markdown(&page(&summary, &context));
        assert!(text.contains("200 jobs placed 500 orders, 2.50 each in the mean"), "{text}");
        assert!(text.contains("of the jobs 30 (15.0 %) were given up"));
        assert!(text.contains("52.5 % of providers lost money at the prices of old list"));
        assert!(text.contains("it would be 30.0 % at those of new list. Leases are held fixed"));
    }

    #[test]
    fn the_page_says_what_regions_stand_for() {
        let place = |region: &str, city: &str, utc_offset_minutes| Place {
            region: region.into(),
            city: city.into(),
            utc_offset_minutes,
        };
        let regions = vec![place("aps", "New Delhi", 330), place("sa", "Sao Paulo", -180)];
        let text =
            figures::report_markdown(&page(&Summary::default(), &Context { regions, ..context() }));
        assert!(text.contains("| aps | New Delhi | +05:30 |"), "{text}");
        assert!(text.contains("| sa | Sao Paulo | -03:00 |"), "{text}");
    }

    #[test]
    fn an_empty_run_has_a_whole_report() {
        let names = Names { pools: vec!["community".into()], ..Names::default() };
        for summary in [Summary::default(), metrics::SummaryBuilder::new(names).finish()] {
            let html = figures::report_html(&page(&summary, &context()));
            assert!(html.contains("stopped before its end") && html.contains("tiny &lt;1&gt;"));
            assert!(!html.contains("NaN"));
            assert!(html.matches("<figure").count() >= 6);
        }
    }
}
