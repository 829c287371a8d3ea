//! What is new in one step: a random number of mean zero and variance one.

use crate::problem::{DriverProblem, check};
use engine::distribution::Normal;
use engine::draws::Draw;
use std::f64::consts::TAU;

/// The law of the innovations of a driver, scaled to mean zero and variance one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Innovation(Kind);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Gaussian,
    StudentT { freedom: f64 },
}

impl Innovation {
    /// The bell curve: a step of any length is exact.
    pub const GAUSSIAN: Innovation = Innovation(Kind::Gaussian);

    /// Student's t with `freedom` degrees of freedom, about 4 for tokens (data.md 5.7), which need
    /// not be whole.
    ///
    /// A sum of such values has no such law: a step is exact only at the length for which the
    /// freedom was declared (a day, when it was read from daily closes), longer steps have tails
    /// that are too heavy. Variances agree at every length.
    pub fn student_t(freedom: f64) -> Result<Innovation, DriverProblem> {
        let is_good = freedom.is_finite() && freedom > 2.0;
        check(is_good, "degrees of freedom", freedom, "a number above 2: below, no variance")?;
        Ok(Innovation(Kind::StudentT { freedom }))
    }

    /// The next innovation: one word of the stream for a bell curve, two for Student's t.
    ///
    /// `sqrt(v (u^(-2/v) - 1)) cos(2 pi w)` is Student's t for uniform u and w, as Box and Muller's
    /// is normal. Source: Bailey, "Polar generation of random variates with the t-distribution",
    /// Mathematics of Computation 62 (1994), before his rejection step.
    pub fn draw_value(&self, draw: &mut Draw) -> f64 {
        match self.0 {
            Kind::Gaussian => draw.sample(&Normal::new(0.0, 1.0)),
            Kind::StudentT { freedom } => {
                let excess = libm::expm1(-2.0 / freedom * libm::log(draw.unit_open()));
                libm::sqrt((freedom - 2.0) * excess) * libm::cos(TAU * draw.unit_open())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::draws::{Draws, Purpose};
    use units::EntityKey;

    fn values(law: Innovation, n: u64) -> Vec<f64> {
        let (draws, key) = (Draws::new(1), EntityKey::group("test"));
        (0..n).map(|at| law.draw_value(&mut draws.at(Purpose(0), key, at))).collect()
    }

    fn moment(values: &[f64], power: i32) -> f64 {
        values.iter().map(|x| x.powi(power)).sum::<f64>() / values.len() as f64
    }

    /// Twelve degrees of freedom have the eight moments that the error of a kurtosis asks for:
    /// 4 + 6/8 is excess 0.75. Raw moments of the t scaled to variance one are mu4 3.75, mu6 31.25
    /// and mu8 546.875, so four standard errors of 10^6 values are 0.0066 for the variance and
    /// 0.092 for the fourth moment.
    #[test]
    fn oracle_student_t_has_variance_one_and_its_kurtosis() {
        let values = values(Innovation::student_t(12.0).unwrap(), 1_000_000);
        assert!(moment(&values, 1).abs() < 0.004);
        assert!((moment(&values, 2) - 1.0).abs() < 0.0067);
        assert!((moment(&values, 4) - 3.75).abs() < 0.093);
        assert!(moment(&values, 3).abs() < 0.023, "it is symmetric");
    }

    /// Percentage points of Student's t with 4 degrees of freedom (any printed table), which has
    /// variance 2; half-width of a chance p of 10^6 values is 4 sqrt(p (1 - p) / 10^6).
    #[test]
    fn oracle_student_t_has_the_printed_percentage_points() {
        let values = values(Innovation::student_t(4.0).unwrap(), 1_000_000);
        for (chance, point) in [(0.05, 2.131_847), (0.025, 2.776_445), (0.005, 4.604_095)] {
            let beyond = |sign: f64| {
                values.iter().filter(|&x| sign * x * libm::sqrt(2.0) > point).count() as f64 / 1e6
            };
            let half_width = 4.0 * libm::sqrt(chance * (1.0 - chance) / 1e6);
            assert!((beyond(1.0) - chance).abs() < half_width, "above {point}");
            assert!((beyond(-1.0) - chance).abs() < half_width, "below -{point}");
        }
    }

    #[test]
    fn known_bits_hold_on_every_platform() {
        let bits = |law| values(law, 3).into_iter().map(f64::to_bits).collect::<Vec<u64>>();
        assert_eq!(
            bits(Innovation::GAUSSIAN),
            [0x3fec_7780_27a2_ad5f, 0x3ff0_c9b2_54cf_3834, 0xbfd2_af54_cad7_8c1c]
        );
        assert_eq!(
            bits(Innovation::student_t(4.0).unwrap()),
            [0x3fdc_e842_ff52_4fda, 0x3fd7_4a97_2a02_d83c, 0xbfde_9b1f_236b_dbc4]
        );
    }

    #[test]
    fn a_law_without_variance_is_refused() {
        let problem = Innovation::student_t(2.0).unwrap_err().to_string();
        assert_eq!(problem, "degrees of freedom is 2; give a number above 2: below, no variance");
        assert!(Innovation::student_t(f64::NAN).is_err());
    }
}
