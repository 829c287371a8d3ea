//! Tokens at the end of an era: what is emitted, what vests, and what circulates then.

use crate::emission::is_minted;
use crate::evidence::EraEvidence;
use crate::ledger::{Account, Party, Reason};
use crate::params::Params;
use crate::reward_mode::RewardMode;
use crate::state::{State, signed};
use mechanism::emission::{Delivery, Facts, PayerBand, Schedule};
use mechanism::supply::Supply;
use mechanism::wide::mul_div_rounded_down;
use units::{Asset, Base, Ppm, Span, Spon, Usd};

/// What an era brought, in base units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Issue {
    /// Emitted: by the schedule, and burned tokens that came back.
    pub emitted: Base,
    /// Of that, what providers may share.
    pub budget: Base,
    /// Of that, what was issued; the rest was in the reward pool.
    pub minted: Base,
    /// What the foundation laid out for it into the reward pool.
    pub from_treasury: Base,
}

/// Emits what is due for the era that ends into the reward pool (economics.md 1.6).
pub(crate) fn process_emission(
    state: &mut State,
    evidence: &[EraEvidence],
    params: &Params,
) -> Issue {
    if params.rewards.mode == RewardMode::Off {
        return Issue::default();
    }
    let facts = compute_facts(state, evidence, params);
    let burned = state.ledger.burned(Asset::Spon).unsigned_abs();
    let due = state.emission.step(&facts, burned);
    let (fresh, drawn) = if is_minted(state.emission.schedule()) {
        (mint(state, due.scheduled), Drawn::default())
    } else {
        (0, draw(state, due.scheduled))
    };
    let minted = fresh + mint(state, due.given_back);
    let Drawn { paid, from_treasury } = drawn;
    let emitted = minted + paid;
    match params.rewards.mode {
        RewardMode::PayerBand { floor, ceiling } => {
            let band = PayerBand { floor, ceiling, reserved: state.emission.reserved() };
            let era = Delivery {
                rate_nanos: revenue_nanos(state),
                units: 1,
                price: state.price,
                emission: emitted.unsigned_abs(),
                share: Ppm::ONE,
                burned: due.mean_burn,
            };
            let pay = band.step(&era);
            state.emission.note_top_up(pay.top_up);
            let more = mint(state, pay.top_up);
            let (emitted, minted) = (emitted + more, minted + more);
            Issue { emitted, budget: signed(pay.providers), minted, from_treasury }
        }
        _ => Issue { emitted, budget: emitted, minted, from_treasury },
    }
}

fn mint(state: &mut State, amount: u128) -> Base {
    let amount = signed(amount);
    state.ledger.mint(Asset::Spon, Account::Rewards, amount, Reason::Emission);
    amount
}

/// What comes out of the reward pool.
#[derive(Default)]
struct Drawn {
    paid: Base,
    from_treasury: Base,
}

/// What the reward pool holds of `due`. Pay that is owed in dollars falls back on the foundation,
/// where fees are.
fn draw(state: &mut State, due: u128) -> Drawn {
    let (due, mut from_treasury) = (signed(due), 0);
    let held = |state: &State, account| state.ledger.balance(Asset::Spon, account);
    if let Schedule::UsdTarget(_) = state.emission.schedule() {
        let missing = (due - held(state, Account::Rewards)).max(0);
        let (from, to) = (Account::Treasury, Account::Rewards);
        from_treasury = missing.min(held(state, from));
        state.ledger.transfer(Asset::Spon, from, to, from_treasury, Reason::Emission);
    }
    let paid = due.min(held(state, Account::Rewards));
    state.emission.note_short((due - paid).unsigned_abs());
    Drawn { paid, from_treasury }
}

fn compute_facts(state: &State, evidence: &[EraEvidence], params: &Params) -> Facts {
    let (mut capacity, mut weighted) = (0, 0);
    for (one, seen) in state.registry.iter().zip(evidence) {
        let proven = u128::from(one.gpus.0) * u128::from(seen.uptime.0);
        capacity += proven;
        weighted += proven * u128::from(one.multiplier_hundredths);
    }
    let price = u128::from(params.emission.owed_per_gpu_hour.nanos());
    let era = u128::from(params.rewards.era.nanos());
    // Millionths of a GPU times hundredths of a multiplier.
    let whole = 100_000_000 * u128::from(Span::HOUR.nanos());
    let owed = mul_div_rounded_down(price * weighted, era, whole);
    let held = |account| state.ledger.balance(Asset::Spon, account).unsigned_abs();
    Facts {
        era: state.emission.next_era(),
        supply: state.ledger.total(Asset::Spon).unsigned_abs(),
        staked: state.staked().base().unsigned_abs(),
        capacity,
        owed: Usd::from_base(signed(owed)),
        price: state.price,
        reward_vault: held(Account::Rewards),
        fee_vault: held(Account::Treasury),
    }
}

/// What tenants paid for GPUs in the era, in nano-dollars. Above 2^64 of them, a band around it is
/// as good as none.
fn revenue_nanos(state: &State) -> u64 {
    let sum: u128 = state.registry.iter().map(|one| one.era.revenue_nanos).sum();
    u64::try_from(sum).unwrap_or(u64::MAX)
}

/// Releases what vests with the era: to whom how much.
pub(crate) fn process_vesting(state: &mut State) -> Vec<(Account, Spon)> {
    let due = state.supply.step().into_iter();
    let released: Vec<_> = due.map(|(to, amount)| (to, Spon::from_base(signed(amount)))).collect();
    for (to, amount) in &released {
        let (from, amount) = (Account::Vesting, amount.base());
        state.ledger.transfer(Asset::Spon, from, *to, amount, Reason::Vested);
    }
    released
}

/// Where all tokens are: what the circulating supply is worked out from. The pool that rewards are
/// paid from is not released yet.
pub fn measure_supply(state: &State) -> Supply {
    let sum = |parties: &[Party]| {
        let held = parties.iter().map(|party| state.ledger.sum_of(Asset::Spon, *party));
        held.sum::<Base>().unsigned_abs()
    };
    let own = [Party::Stake, Party::Delegated, Party::Unbonding];
    Supply {
        total: state.ledger.total(Asset::Spon).unsigned_abs(),
        staked: sum(&own) + sum(&[Party::OperatorStake, Party::Contested]),
        unvested: sum(&[Party::Vesting, Party::Rewards]),
        escrow: sum(&[Party::Escrow]),
        treasury: sum(&[Party::Treasury]),
        vaults: sum(&[Party::Vault]),
    }
}
