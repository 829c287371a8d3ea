//! The rules of a round in a record: core, beacon, counts of the rejected.

use super::form::{Form, fields, wrong};
use super::tree::Tree;
use crate::beacon::{Beacon, Share};
use crate::core::{
    AdditiveUniform, BestFit, Core, FifoQueue, FirstFit, KalypsoLinear, KalypsoProduct,
    LatencyFirst, LavaProduct, LeastLoaded, LivepeerMix, LowestPrice, PowerOfD, Random,
    WeightedSoftmax,
};
use crate::eligible::{Reject, SoftFilters};
use crate::factor::Forms;
use crate::weights::Weights;
use crate::wrong::WrongField;
use std::borrow::Cow;

/// How the bids of a round were ranked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// The core with its parameters.
    pub core: Core,
    /// How much each factor counts.
    pub weights: Weights,
    /// Which form each factor takes.
    pub forms: Forms,
    /// Which filters may be dropped.
    pub soft: SoftFilters,
    /// Draws in all.
    pub draws_max: u32,
}

/// How many candidates were not admitted, by reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rejected {
    /// By the first filter that each failed, in the order of [`Reject::ALL`].
    pub by_filter: [u32; Reject::ALL.len()],
    /// Passed every filter, but sent no bid inside the window.
    pub window_missed: u32,
}

impl Rejected {
    /// Every reason with its count.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, u32)> {
        let filters = Reject::ALL.iter().map(|reject| reject.name()).zip(self.by_filter);
        filters.chain([(WINDOW_MISSED, self.window_missed)])
    }
}

const WINDOW_MISSED: &str = "window_missed";

impl Form for Rejected {
    fn write(&self) -> Tree {
        Tree::Map(self.iter().map(|(name, count)| (Cow::Borrowed(name), count.write())).collect())
    }

    fn read(tree: &Tree) -> Result<Rejected, WrongField> {
        let names: Vec<&str> = Rejected::default().iter().map(|(name, _)| name).collect();
        let fields = tree.fields(&names)?;
        let mut rejected =
            Rejected { window_missed: fields.read(WINDOW_MISSED)?, ..Rejected::default() };
        for (count, reject) in rejected.by_filter.iter_mut().zip(Reject::ALL) {
            *count = fields.read(reject.name())?;
        }
        Ok(rejected)
    }
}

fields!(Rules {
    core = "core",
    weights = "weights",
    forms = "forms",
    soft = "soft",
    draws_max = "draws_max",
});

/// A core is written as its name and its parameters.
macro_rules! cores {
    ($($core:ident { $($field:ident = $name:literal),* })*) => {
        $(fields!($core { $($field = $name),* });)*

        impl Form for Core {
            fn write(&self) -> Tree {
                let parameters = match self { $(Core::$core(rule) => rule.write(),)* };
                Tree::map([("name", Tree::Text(self.name().into())), ("parameters", parameters)])
            }

            fn read(tree: &Tree) -> Result<Core, WrongField> {
                let name = tree.name_in("name")?;
                let fields = tree.fields(&["name", "parameters"])?;
                Ok(match Core::from_name(name) {
                    $(Some(Core::$core(_)) => Core::$core(fields.read("parameters")?),)*
                    None => return Err(WrongField::new("name", "a known core", name)),
                })
            }
        }
    };
}

cores! {
    WeightedSoftmax {}
    AdditiveUniform {}
    LivepeerMix {
        stake = "stake_bp",
        price = "price_bp",
        random = "random_bp",
        price_unit = "price_unit_nano_usd_per_gpu_hour"
    }
    LavaProduct {
        stake_exponent_milli = "stake_exponent_milli",
        geo_exponent_milli = "geo_exponent_milli"
    }
    KalypsoProduct {}
    KalypsoLinear {
        successes = "successes",
        slashes = "slashes",
        price = "price",
        time = "time",
        leases = "leases"
    }
    LowestPrice {}
    FifoQueue {}
    LeastLoaded {}
    LatencyFirst {}
    Random {}
    FirstFit {}
    BestFit {}
    PowerOfD { choices = "choices" }
}

fields!(Share { operator = "operator", commitment = "commitment", secret = "secret" });

impl Form for Beacon {
    fn write(&self) -> Tree {
        let option = ("option", Tree::Text(self.name().into()));
        match self {
            Beacon::AvsThreshold { signature } => {
                Tree::map([option, ("signature", signature.write())])
            }
            Beacon::BlockHash => Tree::map([option]),
            Beacon::CommitReveal { shares } => Tree::map([option, ("shares", shares.write())]),
        }
    }

    fn read(tree: &Tree) -> Result<Beacon, WrongField> {
        match tree.name_in("option")? {
            "avs_threshold" => {
                let fields = tree.fields(&["option", "signature"])?;
                Ok(Beacon::AvsThreshold { signature: fields.read("signature")? })
            }
            "block_hash" => tree.fields(&["option"]).map(|_| Beacon::BlockHash),
            "commit_reveal" => {
                let fields = tree.fields(&["option", "shares"])?;
                Ok(Beacon::CommitReveal { shares: fields.read("shares")? })
            }
            other => {
                let expected = "avs_threshold, block_hash or commit_reveal";
                wrong(expected, &Tree::Text(other.into())).map_err(|e| e.inside("option"))
            }
        }
    }
}
