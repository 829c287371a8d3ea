//! How drivers are declared, and what is said about those that cannot be.

mod shipped;

use scenario::{LoadError, Moved, Traded, load};
use shipped::{TEST, lines_over_baseline, loader, shipped};

/// The only line for a text over the baseline.
#[track_caller]
fn assert_line(text: &str, expected: &str) {
    let lines = lines_over_baseline(text);
    assert_eq!(lines.len(), 1, "{lines:#?}");
    assert!(lines[0].contains(expected), "{}", lines[0]);
}

#[test]
fn the_baseline_moves_nothing_and_leans_on_no_process() {
    let market = shipped("scenarios/baseline.toml", &[]).scenario;
    assert_eq!(market.drivers.processes, ["constant"; Moved::ALL.len()]);
    assert_eq!(market.token.traded, Traded::Outside);
    for key in ["token.gbm.sigma", "drivers.correlation.bull.token_rents", "exchange.fee"] {
        assert!(!market.is_in_force(key), "{key}");
    }
    let moving = shipped("scenarios/baseline.toml", &["token.process=gbm"]).scenario;
    for key in ["token.gbm.sigma", "drivers.correlation.bull.token_rents", "token.innovation"] {
        assert!(moving.is_in_force(key), "{key}");
    }
    assert!(!moving.is_in_force("token.merton.sigma"));
}

#[test]
fn numbers_that_make_no_driver_are_told_where_they_stand() {
    assert_line("token.process = \"gmb\"", "did you mean gbm?");
    assert_line("token.process = \"path\"", "token.path: is missing");
    assert_line("token.gbm.sigma = -1.0", "token.gbm.sigma: \"-1.0\" is out of range");
    assert_line("token.innovation = { student_t = 2.0 }", "degrees of freedom is 2");
    assert_line("drivers.correlation.bear.token_rents = 1.5", "is out of range");
    assert_line(
        "drivers.correlation.bear.token_rents = -1.0\n\
         drivers.correlation.bear.rents_demand = 0.9",
        "drivers.correlation.bear",
    );
    let path = "token.path = { every = \"1 h\", between = \"step\", values = [1.0, 0.0] }";
    assert_line(path, "write numbers above zero");
    assert_line("exchange.dollars = \"0 USD\"", "exchange.dollars: \"0 USD\" is not between");
}

#[test]
fn a_file_of_numbers_is_read_from_the_folder_of_its_scenario() {
    let text = |column: &str| {
        format!(
            "question = \"q?\"\nexpectation = \"e\"\nextends = \"baseline.toml\"\n[token]\n\
             process = \"bootstrap\"\nbootstrap = {{ every = \"1 d\", mean_block = 2, closes = \
             {{ csv = \"data/a.csv\", column = \"{column}\", only = \"token=A\" }} }}\n"
        )
    };
    let read = |column: &str| {
        let text = text(column).into_bytes();
        let files = loader(&text);
        let with_file = |path: &str| -> Result<Vec<u8>, LoadError> {
            if path == "scenarios/data/a.csv" {
                return Ok(b"token,close\nA,1\nB,9\nA,2\n".to_vec());
            }
            files(path)
        };
        load(TEST, &with_file, &[])
    };
    let leaves = read("close").expect("it is valid").leaves;
    assert!(leaves.contains(&("token.bootstrap.closes".to_string(), "[1.0, 2.0]".to_string())));
    let problems = read("open").expect_err("there is no such column");
    let told = problems.iter().map(ToString::to_string).collect::<String>();
    assert!(told.contains("scenarios/data/a.csv:1: has no column open"), "{told}");
    let missing = lines_over_baseline(&text("close")[text("close").find("[token]").unwrap()..]);
    assert!(missing[0].contains("scenarios/data/a.csv cannot be found"), "{missing:?}");
}
