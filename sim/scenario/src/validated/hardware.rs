//! How hardware loses value.

use drivers::{Ageing, YEAR};
use units::{CardId, CardSet, Ppm, Span};

/// What age and newer cards do to hardware.
#[derive(Clone, Debug, PartialEq)]
pub struct Hardware {
    /// What is left of a card's price with its age.
    pub ageing: Ageing,
    /// How long a card runs before it is sold.
    pub life: Span,
    /// Least age of cards at the start.
    pub age_min: Span,
    /// Highest age of cards at the start.
    pub age_max: Span,
    /// New generations of the run, in order of time.
    pub generations: Vec<Generation>,
}

/// A new generation of cards, as the owners of older ones see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Generation {
    /// When it comes, after the start of the run.
    pub at: Span,
    /// What it leaves of older cards' rents.
    pub rents: Ppm,
    /// What it leaves of their value.
    pub resale: Ppm,
    /// Cards that are not older.
    pub spares: CardSet,
}

impl Hardware {
    /// How long a card runs, in years of 365 days.
    pub fn life_years(&self) -> f64 {
        self.life.as_secs_f64() / YEAR.as_secs_f64()
    }

    /// The word of its law in scenarios.
    pub const fn name(&self) -> &'static str {
        match self.ageing {
            Ageing::Exponential { .. } => "exponential",
            Ageing::StraightLine { .. } => "straight_line",
            Ageing::Doubling { .. } => "doubling",
            Ageing::Wright { .. } => "wright",
            Ageing::Steps { .. } => "steps",
        }
    }

    /// The generations that have come so long after the start and leave a card older.
    pub fn generations_before(
        &self,
        span: Span,
        card: CardId,
    ) -> impl Iterator<Item = &Generation> {
        let come = self.generations.iter().take_while(move |one| one.at <= span);
        come.filter(move |one| !one.spares.contains(card))
    }
}
