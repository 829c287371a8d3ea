//! Declared TOML to a validated scenario, with every problem and its remedy.
