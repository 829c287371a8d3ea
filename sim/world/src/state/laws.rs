//! The laws that a class's jobs are drawn from, worked out once.

use engine::distribution::Law;
use engine::draws::Draw;
use rand::distr::Distribution;
use rand_distr::weighted::WeightedAliasIndex;
use units::{CardId, Span};

/// What a class's jobs are drawn from.
#[derive(Clone, Debug)]
pub struct ClassLaws {
    /// How long jobs run.
    pub duration: Law,
    /// Which of the declared sizes they have.
    pub sizes: WeightedAliasIndex<f64>,
    /// Which card they ask for: the pool's supply mix.
    pub cards: WeightedAliasIndex<f64>,
}

impl ClassLaws {
    /// A job's length, at least a nanosecond.
    pub fn draw_duration(&self, draw: &mut Draw) -> Span {
        let span = Span::from_secs_f64_rounded(draw.sample(&self.duration));
        span.max(Span::from_nanos(1))
    }

    /// The card asked for.
    pub fn draw_card(&self, draw: &mut Draw) -> CardId {
        CardId(self.cards.sample(draw) as u16)
    }
}
