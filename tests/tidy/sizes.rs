//! A function fits on a screen, a file holds one idea, a line fits on a page.

use crate::text::{Part, Source, code, is_word, item_length, parts};

const FILE_LINES_MAX: usize = 500;
const FUNCTION_LINES_MAX: usize = 70;
const LINE_WIDTH_MAX: usize = 100;

/// What is too long in one Rust file.
pub fn check_sizes(source: &Source) -> Vec<String> {
    let mut problems = Vec::new();
    let lines = source.text.lines().count();
    if lines > FILE_LINES_MAX {
        problems.push(format!("{}: {lines} lines; at most {FILE_LINES_MAX}", source.path));
    }
    for (line, length) in functions(&code(&source.text)) {
        if length > FUNCTION_LINES_MAX {
            let place = format!("{}:{line}", source.path);
            problems.push(format!("{place}: {length} lines in one function; at most 70"));
        }
    }
    problems.extend(wide_lines(source));
    problems
}

/// The line and the number of lines of every function with a body.
fn functions(code: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        let named = code[at + 3..].chars().next().is_some_and(is_word);
        if !named || code[..at].ends_with(is_word) {
            continue;
        }
        let item = &code[at..at + item_length(&code[at..])];
        let line = code[..at].matches('\n').count() + 1;
        found.push((line, item.matches('\n').count() + 1));
    }
    found
}

/// Lines wider than the page, but for those that hold a long text: rustfmt does not break it.
fn wide_lines(source: &Source) -> Vec<String> {
    let parts = parts(&source.text);
    let lines = parts.split(|(c, _)| *c == '\n').enumerate();
    let is_wide = |line: &[(char, Part)]| {
        line.len() > LINE_WIDTH_MAX && line.iter().all(|(_, part)| *part != Part::Literal)
    };
    let wide = lines.filter(|(_, line)| is_wide(line));
    wide.map(|(at, line)| format!("{}:{}: {} columns wide", source.path, at + 1, line.len()))
        .collect()
}

#[cfg(test)]
mod can_fail {
    use super::*;

    fn problems(text: &str) -> Vec<String> {
        check_sizes(&Source { path: "a.rs".into(), text: text.into() })
    }

    #[test]
    fn long_files_and_functions_are_refused() {
        assert_eq!(problems(&"// line\n".repeat(501)).len(), 1);
        assert!(problems(&"// line\n".repeat(500)).is_empty());
        let function =
            |lines: usize| format!("fn f(a: [u8; 4]) {{\n{}}}\n", "g();\n".repeat(lines));
        assert_eq!(problems(&function(69)).len(), 1);
        assert!(problems(&function(68)).is_empty());
        assert!(problems(&format!("trait T {{ fn f(&self);\n{}}}", "\n".repeat(80))).is_empty());
    }

    #[test]
    fn wide_lines_are_refused_unless_they_hold_a_text() {
        assert_eq!(problems(&format!("// {}", "a".repeat(98))).len(), 1);
        assert!(problems(&format!("let t = \"{}\";", "a".repeat(98))).is_empty());
        assert!(
            problems(&format!("let c = '\"'; let t = r#\"\"{}\"#;", "a\n".repeat(98))).is_empty()
        );
    }
}
