//! What classes promise.

use crate::reader::Table;
use crate::validated::{Finished, ServiceLevel, Started};
use units::text::{parse_ppm, parse_span};

/// The service level of a class; nothing is promised for the word `none`.
pub fn service_level(class: &Table) -> ServiceLevel {
    let level = class.optional("service_level", |level| ServiceLevel {
        started: level.optional("started", |started| Started {
            share: started.quantity("share", parse_ppm),
            within: started.quantity("within", parse_span),
        }),
        finished: level.optional("finished", |finished| Finished {
            share: finished.quantity("share", parse_ppm),
            times: finished.number("times", 1.0..=1_000.0),
        }),
        available: level.quantity_or_none("available", parse_ppm),
    });
    level.unwrap_or_default()
}
