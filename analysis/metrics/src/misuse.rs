//! Tenants who misbehave: what they do, what it brings them, what it costs them and others.

use crate::named::Named;
use estimate::share;
use record::{MisuseKind, MisuseOutcome, MisuseRow};
use serde::Serialize;

/// Misuse by some tenants. Without misbehaving tenants, everything is zero.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct MisuseGroup {
    /// Orders that nobody meant, leases that were drained, leases with forbidden work, and false
    /// disputes.
    pub acts: u64,
    /// Of these, those that the chain punished: matched orders taken back, empty escrow, forbidden
    /// work that was found, disputes that were lost.
    pub punished: u64,
    /// Of these, forbidden work that was not found and false disputes that were believed.
    pub unpunished: u64,
    /// Orders of banned tenants that were refused, honest needs of theirs among them.
    pub refused: u64,
    /// Tenants banned.
    pub bans: u64,
    /// Of the banned, those who came back as somebody else.
    pub comebacks: u64,
    /// GPU-hours that providers kept free for orders that nobody meant.
    pub reserved_gpu_hours: f64,
    /// Left escrow for leases that were misused, USD.
    pub paid_usd: f64,
    /// Time served that was not paid for, USD, the tenant's fee with it.
    pub unpaid_usd: f64,
    /// What the rest of leases would have cost that ended because of misuse, USD.
    pub cut_short_usd: f64,
    /// What misuse was worth to its tenants, USD: what they did not pay, and what forbidden work
    /// brings.
    pub gain_usd: f64,
    /// What they lost for it, USD.
    pub forfeited_usd: f64,
    /// Of that, to providers, USD.
    pub to_providers_usd: f64,
    /// What it cost the banned to come back, outside the network, USD.
    pub comeback_usd: f64,
    /// Gain less what was lost and what it cost to come back, USD: below zero, misuse does not pay.
    pub net_usd: f64,
    /// The same for one act; none without any.
    pub net_per_act_usd: Option<f64>,
    /// What providers were not paid, less what they got of what was lost, USD.
    pub providers_loss_usd: f64,
}

/// Misuse in the reported time.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Misuse {
    /// By all tenants.
    #[serde(flatten)]
    pub all: MisuseGroup,
    /// By what they do.
    pub by_kind: Named<MisuseGroup>,
    /// How often what came of it.
    pub by_outcome: Named<u64>,
}

const KINDS: usize = MisuseKind::ALL.len();
const OUTCOMES: usize = MisuseOutcome::ALL.len();

/// Counts misuse as it comes.
#[derive(Default)]
pub(crate) struct MisuseTally {
    all: Tally,
    kinds: [Tally; KINDS],
    outcomes: [u64; OUTCOMES],
}

impl MisuseTally {
    pub(crate) fn add(&mut self, row: &MisuseRow) {
        if row.is_reported {
            self.all.add(row);
            self.kinds[row.kind as usize].add(row);
            self.outcomes[row.outcome as usize] += 1;
        }
    }

    pub(crate) fn finish(&self) -> Misuse {
        let kinds = MisuseKind::ALL.iter().map(|kind| kind.name().to_string());
        let outcomes = MisuseOutcome::ALL.iter().map(|outcome| outcome.name().to_string());
        Misuse {
            all: self.all.group(),
            by_kind: kinds.zip(self.kinds.iter().map(Tally::group)).collect(),
            by_outcome: outcomes.zip(self.outcomes).collect(),
        }
    }
}

#[derive(Clone, Copy, Default)]
struct Tally {
    acts: u64,
    punished: u64,
    unpunished: u64,
    refused: u64,
    bans: u64,
    comebacks: u64,
    reserved_gpu_ns: u128,
    /// Paid, unpaid, cut short, gained, lost, lost to providers, comebacks: nano-dollars.
    nanos: [i64; 7],
}

impl Tally {
    fn add(&mut self, row: &MisuseRow) {
        match row.outcome {
            MisuseOutcome::Returned => self.comebacks += 1,
            MisuseOutcome::Refused => self.refused += 1,
            MisuseOutcome::Unmatched => self.acts += 1,
            MisuseOutcome::Undetected | MisuseOutcome::DisputeUpheld => {
                self.acts += 1;
                self.unpunished += 1;
            }
            MisuseOutcome::Withdrawn
            | MisuseOutcome::Drained
            | MisuseOutcome::Found
            | MisuseOutcome::DisputeLost => {
                self.acts += 1;
                self.punished += 1;
            }
        }
        self.bans += u64::from(row.is_ban);
        self.reserved_gpu_ns += u128::from(row.reserved_ns.nanos()) * u128::from(row.gpus.0);
        let amounts = [
            row.paid_nano_usd,
            row.unpaid_nano_usd,
            row.cut_short_nano_usd,
            row.gain_nano_usd,
            row.forfeited_nano_usd,
            row.to_provider_nano_usd,
            row.comeback_nano_usd,
        ];
        for (sum, amount) in self.nanos.iter_mut().zip(amounts) {
            *sum += amount.nanos();
        }
    }

    fn group(&self) -> MisuseGroup {
        let [paid, unpaid, cut_short, gain, forfeited, to_providers, comeback] =
            self.nanos.map(|nanos| nanos as f64 / 1e9);
        let net = gain - forfeited - comeback;
        MisuseGroup {
            acts: self.acts,
            punished: self.punished,
            unpunished: self.unpunished,
            refused: self.refused,
            bans: self.bans,
            comebacks: self.comebacks,
            reserved_gpu_hours: self.reserved_gpu_ns as f64 / 3.6e12,
            paid_usd: paid,
            unpaid_usd: unpaid,
            cut_short_usd: cut_short,
            gain_usd: gain,
            forfeited_usd: forfeited,
            to_providers_usd: to_providers,
            comeback_usd: comeback,
            net_usd: net,
            net_per_act_usd: share(net, self.acts as f64),
            providers_loss_usd: unpaid - to_providers,
        }
    }
}
