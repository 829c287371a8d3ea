//! What leases promise.

use crate::node::Value;
use crate::reader::Table;
use crate::validated::{Contracts, DurationLaw, Durations, LongContract, Scenario};
use units::text::{parse_basis_points, parse_ppm, parse_span};
use units::{Ppm, Span};

/// Longest notice, and longest term: ten years.
const NOTICE_MAX: Span = Span::from_hours(30 * 24);
const TERM_MAX: Span = Span::from_hours(3650 * 24);

/// Notice and long contracts.
pub fn contracts(root: &Table) -> Contracts {
    root.table("contract", |table| {
        let notice = table.quantity("notice", parse_span);
        table.require(notice <= NOTICE_MAX, "notice", || {
            "is longer than 30 days; write less".to_string()
        });
        let save = match table.peek("save").map(|node| &node.value) {
            Some(Value::Text(word)) if word == "none" => None,
            _ => Some(table.quantity("save", parse_span)),
        };
        if save.is_some_and(|save| !notice.is_zero() && save > notice) {
            table.warning("save", "takes longer than the notice: nothing is saved within it");
        }
        let long = table.optional("long", |long| long_contract(long, notice));
        Contracts { notice, save, long }
    })
}

fn long_contract(table: &Table, notice: Span) -> LongContract {
    let term = table.span_above_zero("term");
    table.require(term <= TERM_MAX, "term", || {
        "is longer than ten years; write at most \"3650 d\"".to_string()
    });
    table.require(notice <= term || term.is_zero(), "term", || {
        "is shorter than contract.notice: a spot lease would be as safe; lengthen it".to_string()
    });
    let discount = table.quantity("discount", parse_ppm);
    table.require(discount < Ppm::ONE, "discount", || {
        "leaves nothing to pay; write less than \"100 %\"".to_string()
    });
    let termination = table.quantity("termination", parse_basis_points);
    LongContract { term, discount, termination }
}

/// The share of a class's jobs whose tenants think of a long contract.
pub fn long_share(class: &Table) -> Ppm {
    class.quantity("long_contracts", parse_ppm)
}

/// Who wants long contracts can have them, for as long as a run and a job may take.
pub fn check_contracts(root: &Table, scenario: &Scenario) {
    let long: Vec<_> =
        scenario.classes.iter().filter(|class| class.long_contracts > Ppm::ZERO).collect();
    let Some(contract) = scenario.contracts.long else {
        for class in long {
            root.problem(
                "class",
                format!(
                    "{}.long_contracts asks for what contract.long = \"none\" does not have; write \
                     a table there, or \"0 %\" here",
                    class.name
                ),
            );
        }
        return;
    };
    if !long.is_empty() && contract.term > scenario.clock.total() {
        root.warning("contract.long.term", "is longer than the run: no term ends in it");
    }
    for class in long {
        root.require(class.reference.is_none(), "class", || {
            format!(
                "{}.long_contracts are for time, and its jobs are work; write speed = \"fixed\", or \
                 \"0 %\"",
                class.name
            )
        });
        if contract.term < shortest(&class.duration) {
            let name = &class.name;
            let message = format!("is shorter than any job of {name}: its term binds nobody");
            root.warning("contract.long.term", message);
        }
    }
}

/// The shortest job that a class can have.
fn shortest(durations: &Durations) -> Span {
    let law = |duration: &crate::validated::Duration| match duration.law {
        DurationLaw::Fixed(length) => length,
        _ => duration.min,
    };
    match durations {
        Durations::Alike(one) => law(one),
        Durations::BySize(laws) => laws.iter().map(law).min().unwrap_or(Span::ZERO),
    }
}
