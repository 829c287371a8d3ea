//! The laws that a class's jobs are drawn from, worked out once.

use engine::distribution::Law;
use engine::draws::Draw;
use rand_distr::weighted::WeightedAliasIndex;
use units::Span;

/// What a class's jobs are drawn from.
#[derive(Clone, Debug)]
pub struct ClassLaws {
    /// How long jobs of each declared size run.
    pub durations: Vec<Law>,
    /// Which of the declared sizes they have.
    pub sizes: WeightedAliasIndex<f64>,
    /// Which of them jobs have that are found at work: those that run longer are found more often.
    pub sizes_found: WeightedAliasIndex<f64>,
    /// Which card they ask for: the pool's supply mix.
    pub cards: WeightedAliasIndex<f64>,
    /// Which card jobs ask for that are found at work: work on slow cards lasts longer.
    pub cards_found: WeightedAliasIndex<f64>,
}

impl ClassLaws {
    /// The length of a job of the size at this place, at least a nanosecond.
    pub fn draw_duration(&self, size: usize, draw: &mut Draw) -> Span {
        let span = Span::from_secs_f64_rounded(draw.sample(&self.durations[size]));
        span.max(Span::from_nanos(1))
    }
}
