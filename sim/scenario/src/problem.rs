//! What is wrong with a declared scenario: where, what, and what to do about it.

use std::fmt;

/// One thing that is wrong, or only doubtful, in a declared scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file as it was asked for, or `--set`.
    pub file: String,
    /// The line, from 1; zero when the problem has no line.
    pub line: u32,
    /// The key with dots; empty when the problem has none.
    pub key: String,
    /// The offending text as written; empty when there is none.
    pub text: String,
    /// What is wrong and the remedy: `is below zero; write a quantity of zero or more`.
    pub message: String,
    /// Whether the scenario is valid all the same.
    pub is_warning: bool,
}

/// Longest offending text that is shown, in characters.
const SHOWN: usize = 60;

impl Problem {
    /// A problem of a whole file.
    pub fn of_file(file: &str, message: impl Into<String>) -> Problem {
        Problem {
            file: file.to_string(),
            line: 0,
            key: String::new(),
            text: String::new(),
            message: message.into(),
            is_warning: false,
        }
    }

    /// The same problem at a line.
    #[must_use]
    pub fn at_line(mut self, line: u32) -> Problem {
        self.line = line;
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        f.write_str(": ")?;
        if self.is_warning {
            f.write_str("warning: ")?;
        }
        if !self.key.is_empty() {
            write!(f, "{}: ", shown(&self.key).trim_matches('"'))?;
        }
        if !self.text.is_empty() {
            write!(f, "{} ", shown(&self.text))?;
        }
        f.write_str(&self.message)
    }
}

/// A text in quotes, its control characters escaped, cut where it gets long.
fn shown(text: &str) -> String {
    if text.chars().count() <= SHOWN {
        return format!("{text:?}");
    }
    let start: String = text.chars().take(SHOWN).collect();
    format!("{:?}", format!("{start}..."))
}

/// The word of `known` that looks most like `word`, if one is close.
pub(crate) fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (word.chars().count() + 1) / 3;
    let ranked = known.map(|candidate| (distance(word, candidate), candidate));
    ranked.filter(|(steps, _)| *steps <= limit).min().map(|(_, candidate)| candidate)
}

/// Letters to insert, delete, replace or swap to get from one word to another.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().take(SHOWN).collect();
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    let mut last = None;
    for (i, letter) in from.chars().take(SHOWN).enumerate() {
        let mut next = vec![i + 1];
        for (j, other) in to.iter().enumerate() {
            let mut best = (row[j] + usize::from(letter != *other)).min(row[j + 1] + 1);
            best = best.min(next[j] + 1);
            if j > 0 && last == Some(*other) && letter == to[j - 1] {
                best = best.min(before[j - 1] + 1);
            }
            next.push(best);
        }
        before = std::mem::replace(&mut row, next);
        last = Some(letter);
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_reads_as_one_line() {
        let mut problem = Problem::of_file("a.toml", "is below zero; write more").at_line(3);
        problem.key = "clock.warm_up".into();
        problem.text = "-5 d".into();
        let text = "a.toml:3: clock.warm_up: \"-5 d\" is below zero; write more";
        assert_eq!(problem.to_string(), text);
        problem.is_warning = true;
        assert!(problem.to_string().starts_with("a.toml:3: warning: clock.warm_up: "));
    }

    #[test]
    fn control_characters_and_long_texts_are_tamed() {
        let mut problem = Problem::of_file("a", "x");
        problem.text = format!("\u{1b}[31m{}", "y".repeat(200));
        let shown = problem.to_string();
        assert!(shown.starts_with("a: \"\\u{1b}[31my") && shown.len() < 90, "{shown}");
    }

    #[test]
    fn the_nearest_word_is_found_or_none() {
        let known = ["warm_up", "horizon", "seed"];
        assert_eq!(nearest("horzion", known.into_iter()), Some("horizon"));
        assert_eq!(nearest("wramup", known.into_iter()), Some("warm_up"));
        assert_eq!(nearest("provider", known.into_iter()), None);
    }
}
