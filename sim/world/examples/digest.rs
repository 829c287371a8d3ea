//! Runs a scenario with nobody watching and prints its digest: for platforms without the command
//! line. `cargo run --release -p world --example digest -- scenarios/small.toml [SEED]`.

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(path) = arguments.next() else {
        eprintln!("usage: digest SCENARIO.toml [SEED]");
        return ExitCode::from(2);
    };
    let loader = |path: &str| {
        std::fs::read(path).map_err(|why| scenario::LoadError::Unreadable(why.to_string()))
    };
    let loaded = match scenario::load(&path, &loader, &[]) {
        Ok(loaded) => loaded,
        Err(problems) => {
            problems.iter().for_each(|problem| eprintln!("{problem}"));
            return ExitCode::from(2);
        }
    };
    let seed = arguments.next().and_then(|text| text.parse().ok());
    let seed = seed.unwrap_or(loaded.scenario.clock.seed);
    let mut run = world::Simulation::new(&loaded.scenario, seed, world::Options::default());
    run.advance(u64::MAX, &mut ());
    let outcome = run.finish(&mut ());
    println!(
        "{} {} receipts {} events",
        outcome.digest.digest, outcome.digest.receipts, outcome.events
    );
    ExitCode::SUCCESS
}
