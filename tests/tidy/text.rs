//! What the checks read: the files of the repository, and Rust text apart from its comments.

use std::fs;
use std::path::{Path, PathBuf};

/// One file: its path from the root of the repository, with `/`, and its text.
pub struct Source {
    pub path: String,
    pub text: String,
}

/// The root of the repository.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The text of one file of the repository.
pub fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// All files under `folder` (the root when empty) whose names end in `.{ending}`, by path.
///
/// Hidden folders, `target` and what runs wrote into `results` are not the house.
pub fn files(folder: &str, ending: &str) -> Vec<Source> {
    let mut paths = Vec::new();
    collect(&root().join(folder), &mut paths);
    paths.sort();
    let ends = |path: &PathBuf| path.extension().is_some_and(|e| e == ending);
    let wanted = paths.into_iter().filter(ends).map(|path| relative(&path));
    wanted.map(|path| Source { text: read(&path), path }).collect()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    for entry in entries {
        let path = entry.expect("a folder that opens can be listed").path();
        if !path.is_dir() {
            paths.push(path);
        } else if !is_outside(&path) {
            collect(&path, paths);
        }
    }
}

fn is_outside(path: &Path) -> bool {
    let name = relative(path);
    let is_hidden = path.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'));
    let is_written_by_runs = name.starts_with("results/") && !name.starts_with("results/golden");
    is_hidden || name == "target" || is_written_by_runs
}

fn relative(path: &Path) -> String {
    let inside = path.strip_prefix(root()).expect("every file read lies in the repository");
    inside.to_string_lossy().replace('\\', "/")
}

/// What a character of Rust text belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Code,
    Comment,
    Literal,
}

/// Sorts every character of Rust text into code, comment, and text or character literal.
pub fn parts(text: &str) -> Vec<(char, Part)> {
    let chars: Vec<char> = text.chars().collect();
    let mut parts = Vec::with_capacity(chars.len());
    while parts.len() < chars.len() {
        let (length, part) = next_part(&chars, parts.len());
        let end = (parts.len() + length).min(chars.len());
        parts.extend(chars[parts.len()..end].iter().map(|c| (*c, part)));
    }
    parts
}

/// How many characters from `at` belong together, and to what.
fn next_part(chars: &[char], at: usize) -> (usize, Part) {
    let rest = &chars[at..];
    let follows_name = at > 0 && is_word(chars[at - 1]);
    match rest {
        ['/', '/', ..] => (length_until(rest, &['\n']), Part::Comment),
        ['/', '*', ..] => (block_comment_length(rest), Part::Comment),
        ['"', ..] => (quoted_length(rest, '"'), Part::Literal),
        ['r', '"' | '#', ..] if !follows_name => raw_length(rest),
        ['\'', '\\', ..] => (quoted_length(rest, '\''), Part::Literal),
        ['\'', _, '\'', ..] => (3, Part::Literal),
        _ => (1, Part::Code),
    }
}

fn length_until(rest: &[char], end: &[char]) -> usize {
    rest.windows(end.len()).position(|window| window == end).unwrap_or(rest.len())
}

fn block_comment_length(rest: &[char]) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        match rest[at..] {
            ['/', '*', ..] => (depth, at) = (depth + 1, at + 2),
            ['*', '/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

fn quoted_length(rest: &[char], quote: char) -> usize {
    let mut at = 1;
    while at < rest.len() && rest[at] != quote {
        at += if rest[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

/// A raw text `r#"..."#`, or a raw identifier `r#type`, which is code.
fn raw_length(rest: &[char]) -> (usize, Part) {
    let hashes = rest[1..].iter().take_while(|c| **c == '#').count();
    if rest.get(1 + hashes) != Some(&'"') {
        return (1, Part::Code);
    }
    let mut end = vec!['"'];
    end.resize(1 + hashes, '#');
    let body = hashes + 2;
    (body + length_until(&rest[body..], &end) + end.len(), Part::Literal)
}

/// Whether `c` can stand in an identifier.
pub fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The text with everything but code blanked; lines stay where they are.
pub fn code(text: &str) -> String {
    let blank = |(c, part)| if part == Part::Code || c == '\n' { c } else { ' ' };
    parts(text).into_iter().map(blank).collect()
}

/// `code` without the items under `#[cfg(test)]`; lines stay where they are.
pub fn code_without_tests(text: &str) -> String {
    const MARK: &str = "#[cfg(test)]";
    let mut code = code(text);
    while let Some(start) = code.find(MARK) {
        let end = start + MARK.len() + item_length(&code[start + MARK.len()..]);
        let blank: String =
            code[start..end].chars().map(|c| if c == '\n' { c } else { ' ' }).collect();
        code.replace_range(start..end, &blank);
    }
    code
}

/// Bytes up to the end of the first item of `code`: its `;`, or the brace that closes it.
pub fn item_length(code: &str) -> usize {
    let (mut braces, mut others) = (0_i32, 0_i32);
    for (at, c) in code.char_indices() {
        match c {
            '(' | '[' => others += 1,
            ')' | ']' => others -= 1,
            '{' => braces += 1,
            '}' => braces -= 1,
            _ => {}
        }
        if others == 0 && (c == ';' && braces == 0 || c == '}' && braces <= 0) {
            return at + c.len_utf8();
        }
    }
    code.len()
}

/// The names that follow each `prefix` of a path in `code`: with the prefix `crate::`, `a` and
/// `b` of `crate::a::X` and `crate::{b::Y}`, each with the number of its line.
pub fn names_after(code: &str, prefix: &str) -> Vec<(usize, String)> {
    let mut names = Vec::new();
    for (at, _) in code.match_indices(prefix) {
        let before = code[..at].strip_suffix("::").unwrap_or(&code[..at]);
        if before.ends_with(is_word) {
            continue;
        }
        let line = code[..at].matches('\n').count() + 1;
        let rest = &code[at + prefix.len()..];
        let found = if rest.starts_with('{') { group(rest) } else { vec![first_word(rest)] };
        names.extend(found.into_iter().map(|name| (line, name)));
    }
    names
}

/// The first names of the members of `{a::B, c::{D, E}, F}`.
fn group(text: &str) -> Vec<String> {
    let (mut depth, mut names, mut start) = (0, Vec::new(), 1);
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 || depth == 1 && c == ',' {
            names.push(first_word(text[start..at].trim_start()));
            start = at + 1;
        }
        if depth == 0 {
            break;
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

fn first_word(text: &str) -> String {
    text.chars().take_while(|c| is_word(*c)).collect()
}
