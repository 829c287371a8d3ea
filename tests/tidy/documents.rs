//! Documents: links that lead somewhere, scenarios that ask something.

use crate::text::Source;

/// Links to files of the repository that do not exist. `exists` is asked for paths from its root.
pub fn check_links(source: &Source, exists: &dyn Fn(&str) -> bool) -> Vec<String> {
    let folder = source.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut problems = Vec::new();
    for (line, target) in links(&source.text) {
        let file = target.split(['#', '?']).next().unwrap_or("");
        let is_local = !file.is_empty() && !file.contains("://") && !file.starts_with("mailto:");
        if is_local && !resolve(folder, file).is_some_and(|path| exists(&path)) {
            problems.push(format!("{}:{line}: the link to {target} leads nowhere", source.path));
        }
    }
    problems
}

/// The targets of `[text](target)` outside code, with their lines.
fn links(text: &str) -> Vec<(usize, String)> {
    let (mut found, mut is_fenced) = (Vec::new(), false);
    for (at, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            is_fenced = !is_fenced;
        }
        if is_fenced {
            continue;
        }
        let prose: String = line.split('`').step_by(2).collect::<Vec<_>>().join("code");
        for (start, _) in prose.match_indices("](") {
            let target = prose[start + 2..].split([')', ' ']).next().unwrap_or("");
            found.push((at + 1, target.to_string()));
        }
    }
    found
}

/// `file` as seen from `folder`, from the root; none when it leads out of the repository.
fn resolve(folder: &str, file: &str) -> Option<String> {
    let mut steps: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
    for step in file.split('/') {
        match step {
            "" | "." => {}
            ".." => drop(steps.pop()?),
            step => steps.push(step),
        }
    }
    Some(steps.join("/"))
}

/// Whether a file under `scenarios/` is a part that others extend or read, and asks nothing.
fn is_part(path: &str) -> bool {
    ["scenarios/library/", "scenarios/profiles/"].iter().any(|parts| path.starts_with(parts))
        || path == "scenarios/sources.toml"
        || path == "scenarios/theory/base.toml"
}

/// A scenario that does not open with its question.
pub fn check_question(source: &Source) -> Vec<String> {
    let opening = source.text.lines().next().unwrap_or("");
    let question = opening.strip_prefix("# Question:").unwrap_or("").trim();
    let is_asking = !question.is_empty();
    if is_asking || is_part(&source.path) {
        return Vec::new();
    }
    vec![format!("{}: open it with `# Question: ...`, what the scenario asks", source.path)]
}

#[cfg(test)]
mod can_fail {
    use super::*;

    #[test]
    fn a_link_to_nothing_is_refused() {
        let text = "[a](there.md#part) ![b](../gone.svg)\n`[c](gone.md)`\n[d](https://x.org/gone)\n\
                    ```\n[e](gone.md)\n```\n[f](../../out.md) [g](#here)";
        let source = Source { path: "docs/a.md".into(), text: text.into() };
        let problems = check_links(&source, &|path| path == "docs/there.md");
        assert_eq!(problems.len(), 2, "{problems:?}");
        assert!(problems[0].starts_with("docs/a.md:1") && problems[0].contains("gone.svg"));
        assert!(problems[1].starts_with("docs/a.md:7") && problems[1].contains("out.md"));
    }

    #[test]
    fn a_scenario_without_a_question_is_refused() {
        let problems = |path: &str, text: &str| {
            check_question(&Source { path: path.into(), text: text.into() }).len()
        };
        assert_eq!(problems("scenarios/a.toml", "[clock]\n"), 1);
        assert_eq!(problems("scenarios/a.toml", "# Question:\n"), 1);
        assert_eq!(problems("scenarios/a.toml", "# Question: who pays?\n"), 0);
        assert_eq!(problems("scenarios/library/cards.toml", "[cards]\n"), 0);
        assert_eq!(problems("scenarios/profiles/one.toml", "[stake]\n"), 0);
    }
}
