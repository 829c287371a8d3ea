//! When jobs come, how long they run, and files of jobs: what is read, and what is refused.

mod shipped;

use scenario::{Bursts, Durations, LoadError, LoadSheet, Loaded, Problem, load};
use shipped::{lines_over_baseline, loader};
use units::Span;

fn assert_lines(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(
            lines_over_baseline(text),
            [format!("scenarios/test.toml:{expected}")],
            "{text}"
        );
    }
}

#[test]
fn waves_bursts_and_growth_that_contradict_themselves_are_refused() {
    assert_lines(&[
        (
            "pool.community.waves = [{ amplitude = 0.7, period = \"24 h\", rises_at = \"0 h\" }, \
             { amplitude = 0.5, period = \"7 d\", rises_at = \"0 h\" }]",
            "4: pool.community.waves: has amplitudes that add up to 1.2: the rate would fall below \
             zero; lower them",
        ),
        (
            "pool.community.waves = \"tides\"",
            "4: pool.community.waves: \"tides\" is no list of waves; write [[...waves]], or \"none\"",
        ),
        (
            "pool.community.bursts = { hawkes = { branching = 1.2, delay = \"5 min\" } }",
            "4: pool.community.bursts.hawkes.branching: \"1.2\" is out of range; \
             write a number from 0 to 0.99",
        ),
        (
            "pool.community.bursts = { batches = { mean = 2.0 }, hawkes = { branching = 0.5, \
             delay = \"5 min\" } }",
            "4: pool.community.bursts: names 2 ways; write one of: mmpp, hawkes, batches",
        ),
        (
            "pool.community.bursts = { mmpp = { times = 5.0, calm = \"1 ms\", burst = \"1 h\" } }",
            "4: pool.community.bursts.mmpp.calm: \"1 ms\" is shorter than a second; \
             write at least \"1 s\"",
        ),
        (
            "class.secured.training.growth = { per_year = 1.0, breaks = \
             [{ at = \"9 d\", per_year = 0.0 }, { at = \"9 d\", per_year = 1.0 }] }",
            "4: class.secured.training.growth.breaks: are not in the order of their times; \
             sort them, each at a time of its own",
        ),
        (
            "class.secured.training.speed = \"slow\"",
            "4: class.secured.training.speed: \"slow\" is no speed; write \"fixed\", \
             or { scales_from = \"rtx4090\" }",
        ),
        (
            "class.secured.training.speed = { scales_from = \"rtx4091\" }",
            "4: class.secured.training.speed.scales_from: \"rtx4091\" is no known card; \
             did you mean rtx4090?",
        ),
        (
            "class.secured.training.duration = { by_gpus = { 1 = { law = \"fixed\", \
             length = \"1 h\" }, 8 = { law = \"fixed\", length = \"1 h\" } } }",
            "4: class.secured.training.duration.by_gpus.1: is no size of this class; \
             give it a share under gpus, or remove it",
        ),
    ]);
}

#[test]
fn growth_counts_for_what_a_run_can_bear() {
    let lines = lines_over_baseline("class.community.batch.growth = { per_year = 100.0 }");
    assert_eq!(lines.len(), 1, "{lines:#?}");
    assert!(lines[0].contains("jobs an hour; lower the demand"), "{lines:#?}");
}

/// The baseline with a text over it and a file of jobs beside it.
fn with_jobs(text: &str, jobs: &[u8]) -> Result<Loaded, Vec<Problem>> {
    let text = format!(
        "extends = \"baseline.toml\"\nquestion = \"what?\"\nexpectation = \"that\"\n{text}\n"
    );
    let shipped = loader(text.as_bytes());
    let read = |path: &str| match path {
        "scenarios/jobs.csv" => Ok(jobs.to_vec()),
        _ => shipped(path),
    };
    load(shipped::TEST, &read, &[])
}

const REPLAY: &str = "[pool.secured]\ndemand = \"0 GPU\"\nreplay = { file = \"jobs.csv\", \
                      format = \"orrery\", class = \"training\", from = \"0 s\", scale = 1.0 }";

fn refusal(text: &str, jobs: &[u8]) -> Vec<String> {
    let problems = with_jobs(text, jobs).expect_err("the file is wrong");
    problems.iter().map(ToString::to_string).collect()
}

#[test]
fn jobs_of_a_file_are_part_of_the_effective_scenario() {
    let jobs = b"arrival_s,gpus,duration_s,class,card\n5,8,3600,,h100\n60,1,60,inference,\n";
    let loaded = with_jobs(REPLAY, jobs).expect("it is valid");
    assert_eq!(loaded.warnings, []);
    let replay = loaded.scenario.pools[1].replay.as_ref().expect("jobs were read");
    assert_eq!(replay.jobs.len(), 2);
    assert_eq!((replay.jobs[0].class, replay.jobs[1].class), (0, 2));
    assert_eq!(replay.jobs[1].arrives_at, Span::from_secs(60));
    let again = |path: &str| match path {
        "a.toml" => Ok(loaded.effective.clone().into_bytes()),
        _ => Err(LoadError::Missing),
    };
    let again = load("a.toml", &again, &[]).expect("what was printed can be read");
    assert_eq!(again.scenario.pools[1].replay.as_ref(), Some(replay));
}

#[test]
fn a_file_of_jobs_that_is_wrong_is_refused_with_its_own_line() {
    let head = "arrival_s,gpus,duration_s,card\n";
    let of_file = |jobs: &str| refusal(REPLAY, format!("{head}{jobs}").as_bytes());
    let place = "scenarios/jobs.csv";
    assert_eq!(
        of_file("7,1,5,\n6,1,5,\n"),
        [format!(
            "{place}:3: pool.secured.replay.text: goes back in time; sort the file by arrival"
        )]
    );
    assert_eq!(
        of_file("7,1,5,h1000\n"),
        [format!(
            "{place}:2: pool.secured.replay.text: has card h1000, which is no known card; did you mean h100?"
        )]
    );
    assert_eq!(
        refusal(REPLAY, b""),
        [format!("{place}:1: pool.secured.replay.text: is empty; name its columns first")]
    );
    let zipped = refusal(REPLAY, &[0x1f, 0x8b, 8, 0, 0xff]);
    assert_eq!(zipped.len(), 1);
    assert!(
        zipped[0].ends_with("write it as UTF-8, as it is or compressed with gzip"),
        "{zipped:?}"
    );
    let missing = refusal(&REPLAY.replace("jobs.csv", "job.csv"), b"");
    let told = "scenarios/test.toml:6: file: \"job.csv\" scenarios/job.csv cannot be found";
    assert!(missing.len() == 1 && missing[0].starts_with(told), "{missing:?}");
    let other = refusal(&REPLAY.replace("training", "trainings"), head.as_bytes());
    assert!(other[0].contains("is no known class; did you mean training?"), "{other:?}");
}

#[test]
fn what_is_doubtful_about_a_file_of_jobs_is_said() {
    let jobs = b"t_s,duration_s,num_gpus\n0,5,16\n1,5,1\n";
    let text = REPLAY.replace("orrery", "philly").replace("0 GPU", "10 %");
    let loaded = with_jobs(&text, jobs).expect("it is valid");
    let lines: Vec<String> = loaded.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(lines.len(), 2, "{lines:#?}");
    assert!(lines[0].contains("has 1 jobs that cannot run here"), "{lines:#?}");
    assert!(lines[1].contains("comes on top of demand"), "{lines:#?}");
}

/// The sheet meets the load whatever law the lengths have: with a law for each size, GPU-hours are
/// those of each size with its own length.
#[test]
fn the_load_sheet_solves_arrivals_from_the_joint_law() {
    let text = "[class.secured.training]\ngpus = { 1 = \"75 %\", 8 = \"25 %\" }\nduration = { \
                by_gpus = { 1 = { law = \"fixed\", length = \"2 h\" }, \
                8 = { law = \"fixed\", length = \"10 h\" } } }";
    let loaded = with_jobs(text, b"").expect("it is valid");
    let classes = &loaded.scenario.classes;
    let training = classes.iter().find(|class| class.name == "secured.training").expect("it is");
    assert!(matches!(&training.duration, Durations::BySize(laws) if laws.len() == 2));
    let sheet = LoadSheet::of(&loaded.scenario);
    let load = |name: &str| sheet.pools[1].classes.iter().find(|(n, _)| n == name).expect("is").1;
    let load = load("secured.training");
    // 0.75 x 2 h x 1 + 0.25 x 10 h x 8 = 21.5 GPU-hours; independent lengths would make it 11.
    assert!((load.mean_gpu_hours - 21.5).abs() < 1e-9);
    assert!((load.mean_hours - 4.0).abs() < 1e-9);
    assert!((load.arrivals_per_hour * 21.5 - load.gpus_in_progress).abs() < 1e-6);
    let eight: f64 = sheet.pools[1].sizes.iter().filter(|s| s.0 == 8).map(|s| s.1).sum();
    let of_training = load.gpus_in_progress * 20.0 / 21.5;
    assert!(eight > of_training && eight < of_training + load.gpus_in_progress);
}

#[test]
fn what_is_off_is_neutral() {
    let loaded = with_jobs("", b"").expect("it is valid");
    for pool in &loaded.scenario.pools {
        assert!(pool.waves.is_empty() && pool.bursts == Bursts::None && pool.replay.is_none());
    }
    for class in &loaded.scenario.classes {
        assert!(class.reference.is_none() && class.hours.is_none() && class.growth.is_none());
        assert!(matches!(class.duration, Durations::Alike(_)));
    }
}

/// What comes on top of the load and what changes it stand in the sheet.
#[test]
fn the_load_sheet_shows_files_and_growth() {
    let pods = b"num_gpu,gpu_milli,creation_time,deletion_time,scheduled_time\n\
                 1,300,0,7200,0\n2,1000,5,3605,5\n1,1000,900000000,900003600,900000000\n";
    let text = REPLAY.replace("orrery", "openb").replace("scale = 1.0", "scale = 2.0");
    let text = format!("{text}\n[class.community.batch]\ngrowth = {{ per_year = 2.0 }}\n");
    let loaded = with_jobs(&text, pods).expect("it is valid");
    let sheet = LoadSheet::of(&loaded.scenario);
    let replay = sheet.pools[1].replay.expect("the pool has a file");
    assert!((replay.jobs - 4.0).abs() < 1e-9, "the third pod comes after the end");
    assert!((replay.gpu_hours - 8.0).abs() < 1e-9 && replay.parts == 1, "{replay:?}");
    let batch = sheet.pools[0].classes.iter().find(|(name, _)| name == "community.batch");
    let load = batch.expect("it is there").1;
    let years = loaded.scenario.clock.total().as_hours_f64() / 8_766.0;
    assert!((load.growth_end / libm::exp(2.0 * years) - 1.0).abs() < 1e-9);
    assert!(load.growth_mean > 1.0 && load.growth_mean < load.growth_end);
    let printed = sheet.to_string();
    let file = "  from a file: 4 jobs, 8 GPU-h, 0.0 GPUs in the mean; 1 with a part of a card";
    assert!(printed.contains(file), "{printed}");
    assert!(printed.contains("  community.batch grows: "), "{printed}");
    assert!(!printed.contains("community.inference grows"), "{printed}");
}
