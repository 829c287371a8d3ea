//! What people expect of the next eras from what they saw of the last.

use std::collections::VecDeque;

/// How the past becomes an expectation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Expectation {
    /// As in the last era.
    Naive,
    /// A mean that forgets.
    Ewma,
    /// The quantile of the last eras: who takes a high one is an optimist.
    Quantile(f64),
}

/// What somebody saw of one number, era by era.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Memory {
    recent: VecDeque<f64>,
    ewma: Option<f64>,
}

impl Memory {
    /// Takes note of an era; the last `window` are remembered, and the rest as `weight` says.
    pub fn note(&mut self, value: f64, window: usize, weight: f64) {
        self.recent.push_back(value);
        if self.recent.len() > window {
            self.recent.pop_front();
        }
        self.ewma = Some(self.ewma.map_or(value, |mean| mean + weight * (value - mean)));
    }

    /// What is expected; none before the first era.
    pub fn expect(&self, by: Expectation) -> Option<f64> {
        match by {
            Expectation::Naive => self.recent.back().copied(),
            Expectation::Ewma => self.ewma,
            Expectation::Quantile(share) => self.quantile(share),
        }
    }

    /// The mean of the window; none before it is full.
    pub fn mean_of_full(&self, window: usize) -> Option<f64> {
        let is_full = self.recent.len() == window && window > 0;
        is_full.then(|| self.recent.iter().sum::<f64>() / window as f64)
    }

    /// The value that is above `share` of the others, straight between the two nearest.
    fn quantile(&self, share: f64) -> Option<f64> {
        let mut sorted: Vec<f64> = self.recent.iter().copied().collect();
        sorted.sort_by(f64::total_cmp);
        let place = share * sorted.len().checked_sub(1)? as f64;
        let (below, above) = (libm::floor(place) as usize, libm::ceil(place) as usize);
        Some(sorted[below] + (place - below as f64) * (sorted[above] - sorted[below]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(values: &[f64]) -> Memory {
        let mut memory = Memory::default();
        values.iter().for_each(|value| memory.note(*value, 4, 0.5));
        memory
    }

    #[test]
    fn each_expects_something_else_of_the_same_past() {
        let memory = after(&[8.0, 1.0, 3.0, 2.0, 4.0]);
        assert_eq!(memory.expect(Expectation::Naive), Some(4.0));
        // 8, 4.5, 3.75, 2.875, 3.4375.
        assert_eq!(memory.expect(Expectation::Ewma), Some(3.4375));
        // Of 1, 2, 3, 4: the first era is forgotten.
        assert_eq!(memory.expect(Expectation::Quantile(1.0)), Some(4.0));
        assert_eq!(memory.expect(Expectation::Quantile(0.5)), Some(2.5));
        assert_eq!(memory.mean_of_full(4), Some(2.5));
    }

    #[test]
    fn who_saw_nothing_expects_nothing() {
        let memory = Memory::default();
        for by in [Expectation::Naive, Expectation::Ewma, Expectation::Quantile(0.9)] {
            assert_eq!(memory.expect(by), None);
        }
        assert_eq!(after(&[1.0]).mean_of_full(4), None, "one era is no window");
    }
}
