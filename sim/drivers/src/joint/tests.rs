use super::*;
use crate::calendar::YEAR;
use crate::history::compute_correlation;
use crate::process::{Constant, Gbm, Merton, Mood, OuLog, Regimes};

fn gbm(start: f64, mu: f64, sigma: f64) -> Process {
    Process::Gbm(Gbm::new(start, mu, sigma).unwrap())
}

fn driver(name: &str, process: Process) -> Driver {
    Driver::new(name, process, Innovation::GAUSSIAN)
}

/// Regimes of row P4 in economics.md 3.2: rates 2 and 1 a year.
fn chain() -> RegimeChain {
    RegimeChain::new("mood", &[vec![0.0, 2.0], vec![1.0, 0.0]], None).unwrap()
}

fn moods(mus: [f64; 2], sigmas: [f64; 2]) -> Process {
    let [falls, rises] = [0, 1].map(|at: usize| Mood { mu: mus[at], sigma: sigmas[at] });
    Process::Regimes(Regimes::new(1.0, &[falls, rises]).unwrap())
}

fn pair(r: f64) -> Correlation {
    Correlation::new(&["a", "b"], &[vec![1.0, r], vec![r, 1.0]]).unwrap()
}

/// The logarithms of all drivers after each step.
fn walk(joint: &Joint, seed: u64, spans: &[Span]) -> Vec<Vec<f64>> {
    let draws = Draws::new(seed);
    let mut state = joint.begin(&draws);
    let mut step = |&span: &Span| {
        joint.step(&draws, &mut state, span);
        (0..joint.drivers.len()).map(|own| state.ln(own)).collect()
    };
    spans.iter().map(&mut step).collect()
}

/// What driver `own` gained in one step of `span`, for each of `n` seeds.
fn gains(joint: &Joint, own: usize, span: Span, n: u64) -> Vec<f64> {
    (0..n).map(|seed| walk(joint, seed, &[span])[0][own]).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn variance(values: &[f64]) -> f64 {
    let mean = mean(values);
    values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / values.len() as f64
}

/// economics.md 3.2, row P4: E[S1] 1.335964 from the stationary law, growth of the mean 0.311391 a
/// year in the long run. Without diffusion only regimes are random; half-widths are 0.2 % of E[S1]
/// and, of the growth between years 3 and 4, some 2 %.
#[test]
fn oracle_p4_regimes_grow_as_their_generator_says() {
    const N: u64 = 400_000;
    let process = moods([-0.5, 0.6], [0.0, 0.0]);
    let joint = Joint::new(vec![driver("a", process)], Some(chain()), vec![pair_of_one()]).unwrap();
    let paths: Vec<Vec<Vec<f64>>> = (0..N).map(|seed| walk(&joint, seed, &[YEAR; 4])).collect();
    let values = |year: usize| paths.iter().map(|p| libm::exp(p[year][0])).collect::<Vec<f64>>();
    let first = values(0);
    let half_width = 4.0 * libm::sqrt(variance(&first) / N as f64);
    assert!(half_width < 0.003 * 1.335_964, "{half_width}");
    assert!((mean(&first) - 1.335_964).abs() < half_width, "{}", mean(&first));
    let (third, fourth) = (values(2), values(3));
    let ratio = mean(&fourth) / mean(&third);
    let residuals: Vec<f64> = third.iter().zip(&fourth).map(|(a, b)| b - ratio * a).collect();
    let half_width = 4.0 * libm::sqrt(variance(&residuals) / N as f64) / mean(&fourth);
    assert!(half_width < 0.02 * 0.311_391, "{half_width}");
    assert!((libm::log(ratio) - 0.311_391).abs() < half_width, "{}", libm::log(ratio));
}

fn pair_of_one() -> Correlation {
    Correlation::independent(1)
}

/// With diffusion, E[S1] is the same; its variance is larger, hence half-width 0.6 %.
#[test]
fn oracle_p4_regimes_with_diffusion_have_the_same_mean_in_one_step_or_in_ten() {
    const N: u64 = 400_000;
    let process = moods([-0.5, 0.6], [0.9, 0.6]);
    let joint = Joint::new(vec![driver("a", process)], Some(chain()), vec![pair_of_one()]).unwrap();
    let tenth = Span::from_nanos(YEAR.nanos() / 10);
    for spans in [vec![YEAR], vec![tenth; 10]] {
        let end = |seed| libm::exp(walk(&joint, seed, &spans).last().expect("a step")[0]);
        let ends: Vec<f64> = (0..N).map(end).collect();
        let half_width = 4.0 * libm::sqrt(variance(&ends) / N as f64);
        assert!(half_width < 0.008 * 1.335_964, "{half_width}");
        assert!((mean(&ends) - 1.335_964).abs() < half_width, "{}", mean(&ends));
    }
}

/// Logarithms without diffusion, jumps and all: the same however time is cut.
#[test]
fn oracle_regimes_do_not_depend_on_the_cut_of_time() {
    let still = Gbm::new(1.0, 0.1, 0.0).unwrap();
    let drivers = vec![
        driver("a", moods([-0.5, 0.6], [0.0, 0.0])),
        driver("b", Process::Merton(Merton::new(still, 5.0, -0.1, 0.2).unwrap())),
    ];
    let joint = Joint::new(drivers, Some(chain()), vec![pair(0.5)]).unwrap();
    for seed in 0..50 {
        let whole = walk(&joint, seed, &[Span::DAY.times(3_000)]);
        let days = walk(&joint, seed, &[Span::DAY; 3_000]);
        for own in 0..2 {
            assert!((whole[0][own] - days[2_999][own]).abs() < 1e-11, "seed {seed}");
        }
    }
}

/// Half-width of a correlation r of n pairs: 4 (1 - r^2) / sqrt(n), and 1.5 times that for heavy
/// tails. Innovations have variance one after mixing too.
#[test]
fn oracle_drivers_correlate_as_declared() {
    const N: u64 = 200_000;
    for (law, wider) in [(Innovation::GAUSSIAN, 1.0), (Innovation::student_t(10.0).unwrap(), 1.5)] {
        for r in [-0.9, 0.3, 0.9] {
            let drivers = ["a", "b"].map(|name| Driver::new(name, gbm(1.0, 0.0, 1.0), law));
            let joint = Joint::new(drivers.to_vec(), None, vec![pair(r)]).unwrap();
            let [a, b] = [0, 1].map(|own| gains(&joint, own, YEAR, N));
            let half_width = wider * 4.0 * (1.0 - r * r) / libm::sqrt(N as f64);
            assert!((compute_correlation(&a, &b).unwrap() - r).abs() < half_width, "{r}");
            assert!((variance(&b) - 1.0).abs() < 4.0 * libm::sqrt(3.0 / N as f64), "{r}");
        }
    }
}

/// A Brownian motion and a driver with pull 2: over a year 0.9 becomes 0.9 * 0.872697 (by hand in
/// `correlation`), in one step or in sixteen.
#[test]
fn oracle_one_step_has_the_joint_law_of_many() {
    const N: u64 = 100_000;
    let pulled = Process::OuLog(OuLog::new(1.0, 1.0, 2.0, 0.8).unwrap());
    let drivers = vec![driver("a", gbm(1.0, 0.0, 1.0)), driver("b", pulled)];
    let joint = Joint::new(drivers, None, vec![pair(0.9)]).unwrap();
    for steps in [1, 16] {
        let spans = vec![Span::from_nanos(YEAR.nanos() / steps); steps as usize];
        let ends: Vec<Vec<f64>> =
            (0..N).map(|seed| walk(&joint, seed, &spans).swap_remove(steps as usize - 1)).collect();
        let [a, b] = [0, 1].map(|own: usize| ends.iter().map(|e| e[own]).collect::<Vec<f64>>());
        let r = 0.9 * 0.872_697;
        let half_width = 4.0 * (1.0 - r * r) / libm::sqrt(N as f64);
        let found = compute_correlation(&a, &b).unwrap();
        assert!((found - r).abs() < half_width, "{steps} steps: {found}");
    }
}

/// Two regimes with correlations 0.9 and -0.9 and equal deviation, from the first, over two years
/// that hold several switches. The share of time in the first is pi + (1 - pi) (1 - e^-6) / 6 =
/// 0.444169 on average (pi 1/3, rates that sum to 3), so the correlation is 0.9 (2 * 0.444169 - 1).
#[test]
fn oracle_a_step_over_several_regimes_has_the_correlation_of_each_for_its_time() {
    const N: u64 = 100_000;
    let chain = RegimeChain::new("market", &[vec![0.0, 2.0], vec![1.0, 0.0]], Some(0)).unwrap();
    let mixed = driver("a", moods([0.5, 0.5], [1.0, 1.0]));
    let drivers = vec![mixed, driver("b", gbm(1.0, 0.0, 0.5))];
    let joint = Joint::new(drivers, Some(chain), vec![pair(0.9), pair(-0.9)]).unwrap();
    let [a, b] = [0, 1].map(|own| gains(&joint, own, YEAR.times(2), N));
    let half_width = 4.0 * 1.5 / libm::sqrt(N as f64);
    assert!((compute_correlation(&a, &b).unwrap() + 0.100_496).abs() < half_width);
    assert!((variance(&a) - 2.0).abs() < 4.0 * 2.0 * libm::sqrt(2.0 / N as f64));
}

#[test]
fn oracle_an_appended_driver_moves_no_other() {
    let names = ["ether", "token", "rents"];
    let rows = [vec![1.0, 0.45, 0.1], vec![0.45, 1.0, 0.3], vec![0.1, 0.3, 1.0]];
    let joint = |count: usize| {
        let processes = [
            moods([-0.5, 0.6], [1.0, 0.7]),
            Process::Merton(
                Merton::new(Gbm::new(0.03, 0.1, 1.5).unwrap(), 5.0, -0.1, 0.2).unwrap(),
            ),
            Process::OuLog(OuLog::new(2.0, 1.5, 2.0, 0.3).unwrap()),
        ];
        let drivers = names.iter().zip(processes).map(|(name, process)| driver(name, process));
        let rows: Vec<Vec<f64>> = rows[..count].iter().map(|r| r[..count].to_vec()).collect();
        let correlation = Correlation::new(&names[..count], &rows).unwrap();
        Joint::new(drivers.take(count).collect(), Some(chain()), vec![correlation]).unwrap()
    };
    let whole = walk(&joint(3), 1, &[Span::DAY; 400]);
    for count in 1..3 {
        let part = walk(&joint(count), 1, &[Span::DAY; 400]);
        assert!(part.iter().zip(&whole).all(|(part, whole)| part[..] == whole[..count]));
    }
}

/// What a driver draws is decided by its name, so regimes are met by all at one moment.
#[test]
fn regimes_switch_for_all_drivers_at_once() {
    let drivers = ["a", "b"].map(|name| driver(name, moods([-1.0, 1.0], [0.0, 0.0])));
    let joint = Joint::new(drivers.to_vec(), Some(chain()), vec![pair(0.0)]).unwrap();
    let draws = Draws::new(8);
    let mut state = joint.begin(&draws);
    let mut seen = [0, 0];
    for _ in 0..2_000 {
        let before = state.clone();
        joint.step(&draws, &mut state, Span::DAY);
        assert_eq!(state.ln(0).to_bits(), state.ln(1).to_bits());
        if before.regime == state.regime {
            let sign = if state.regime() == 0 { -1.0 } else { 1.0 };
            assert!((state.ln(0) - before.ln(0) - sign / 365.0).abs() < 1e-12);
        }
        seen[state.regime()] += 1;
    }
    assert!(seen[0] > 100 && seen[1] > 100, "{seen:?}");
    assert_eq!(state.now(), SimTime::ZERO + Span::DAY.times(2_000));
}

/// Draws, switches, mixing and steps written a second time, in Python, give the same bits.
#[test]
fn known_values_hold_on_every_platform() {
    let heavy = Innovation::student_t(4.0).unwrap();
    let drivers = vec![
        Driver::new("ether", moods([-0.8, 1.0], [1.0, 0.8]), heavy),
        Driver::new("token", gbm(0.03, 0.0, 1.5), heavy),
    ];
    let joint = Joint::new(drivers, Some(chain()), vec![pair(0.65), pair(0.35)]).unwrap();
    let draws = Draws::new(1);
    let mut state = joint.begin(&draws);
    (0..365).for_each(|_| joint.step(&draws, &mut state, Span::DAY));
    assert_eq!([state.nanos_rounded(0), state.nanos_rounded(1)], [216_265_814, 11_382_483]);
    assert_eq!(
        [state.ln(0).to_bits(), state.ln(1).to_bits()],
        [0xbff8_7ffc_dc7f_ebcb, 0xc011_e718_954a_4d1d]
    );
}

#[test]
fn a_constant_driver_leaves_as_its_own_value() {
    let constant = Process::Constant(Constant::new(0.155).unwrap());
    let drivers = vec![driver("electricity", constant)];
    let joint = Joint::new(drivers, None, vec![pair_of_one()]).unwrap();
    let draws = Draws::new(1);
    let mut state = joint.begin(&draws);
    assert_eq!(state.nanos_rounded(0), 155_000_000);
    joint.step(&draws, &mut state, YEAR);
    assert_eq!(state.nanos_rounded(0), 155_000_000);
}

#[test]
fn drivers_that_do_not_fit_together_are_explained() {
    let refused = |drivers, chain, correlations| {
        Joint::new(drivers, chain, correlations).unwrap_err().to_string()
    };
    let two = || vec![driver("a", gbm(1.0, 0.0, 1.0)), driver("b", gbm(1.0, 0.0, 1.0))];
    let mut twins = two();
    twins[1] = twins[0].clone();
    assert_eq!(
        refused(twins, None, vec![pair(0.1)]),
        "two drivers are called a and would draw the same; rename one of them"
    );
    assert_eq!(
        refused(two(), None, vec![pair_of_one()]),
        "there are 1 rows of correlations for 2 drivers; give one for each"
    );
    assert_eq!(
        refused(two(), Some(chain()), vec![pair(0.1), pair(0.2), pair(0.3)]),
        "there are 3 correlation matrices for 2 regimes; give one for each"
    );
    let moody = || vec![driver("a", moods([0.0, 0.0], [1.0, 1.0]))];
    assert_eq!(
        refused(moody(), None, vec![pair_of_one()]),
        "a follows regimes and nothing switches them; declare the rates of switching"
    );
    let one = RegimeChain::new("one", &[vec![0.0]], None).unwrap();
    assert_eq!(
        refused(moody(), Some(one), vec![pair_of_one()]),
        "there are 2 moods of a for 1 regimes; give one for each"
    );
}
