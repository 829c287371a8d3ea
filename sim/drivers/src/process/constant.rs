//! A driver that does not move (economics.md 1.8, E1).

use super::start_ln;
use crate::problem::DriverProblem;

/// Always the same value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Constant {
    ln: f64,
}

impl Constant {
    /// At this value.
    pub fn new(value: f64) -> Result<Constant, DriverProblem> {
        Ok(Constant { ln: start_ln("constant value", value)? })
    }

    pub(super) fn ln(&self) -> f64 {
        self.ln
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Process, testing};
    use super::*;

    #[test]
    fn it_does_not_move() {
        let process = Process::Constant(Constant::new(2.0).unwrap());
        testing::assert_cut_does_not_matter(&process);
        assert_eq!(testing::bits(&process), [std::f64::consts::LN_2.to_bits(); 3]);
        assert!(Constant::new(0.0).is_err());
    }
}
