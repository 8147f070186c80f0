//! Names that people give and nothing bears: what they may have meant.

use ctx_graph::FileNode;
use ctx_graph::question::{parents, symbols_named};
use ctx_model::Language;
use ctx_model::facts::DefinitionId;

use crate::project::Snapshot;

/// Names that a note proposes at most.
const MOST_PROPOSED: usize = 3;

/// Whether a project has a file, a folder or a definition called `name`.
pub(super) fn is_known(snapshot: &Snapshot, name: &str) -> bool {
    let path = as_path(name);
    snapshot.files.number(path).is_some()
        || snapshot.files.has_folder(path)
        || !symbols_named(&snapshot.graph, name.trim()).is_empty()
}

/// A name as a path of the project.
pub(super) fn as_path(name: &str) -> &str {
    name.trim().trim_start_matches("./").trim_end_matches('/')
}

/// `; did you mean …?` with definitions and paths that are called nearly so, or
/// nothing.
pub(super) fn proposal(snapshot: &Snapshot, name: &str) -> String {
    let mut near = near_paths(snapshot, as_path(name));
    near.extend(near_names(snapshot, name.trim()));
    near.dedup();
    near.truncate(MOST_PROPOSED);
    proposed(&near)
}

/// The same for a pattern that no path matches.
pub(super) fn pattern_proposal(snapshot: &Snapshot, pattern: &str) -> String {
    let path = as_path(pattern);
    if snapshot.files.has_folder(path) {
        return proposed(&[format!("{path}/**")]);
    }
    // What stands before the first wildcard is a path, if anything is.
    let (path, rest) = match path.find(['*', '?', '[', '{']) {
        Some(at) => {
            let folder = path[..at].rfind('/').unwrap_or(0);
            path.split_at(folder)
        }
        None => (path, ""),
    };
    let near: Vec<String> =
        near_paths(snapshot, path).into_iter().map(|path| path + rest).collect();
    proposed(&near)
}

fn proposed(near: &[String]) -> String {
    let quoted: Vec<String> = near.iter().map(|name| format!("`{name}`")).collect();
    match &quoted[..] {
        [] => String::new(),
        quoted => format!("; did you mean {}?", quoted.join(" or ")),
    }
}

/// Files and folders whose paths, or own names if no folder was given, are
/// called nearly so.
fn near_paths(snapshot: &Snapshot, path: &str) -> Vec<String> {
    if path.len() < 3 {
        return Vec::new();
    }
    let wanted = path.to_lowercase();
    let most = 1 + wanted.len() / 8;
    let mut near: Vec<(usize, &str)> = Vec::new();
    for (_, file) in snapshot.files.iter() {
        let file = file.entry.path.as_str();
        // The file, and every folder that it lies in.
        let ends = file.match_indices('/').map(|(at, _)| at).chain([file.len()]);
        for place in ends.map(|end| &file[..end]) {
            let own = place.rsplit('/').next().unwrap_or(place);
            let compared = if wanted.contains('/') { place } else { own };
            if compared.len().abs_diff(wanted.len()) > most {
                continue;
            }
            if let Some(distance) = edit_distance(&wanted, &compared.to_lowercase(), most) {
                near.push((distance, place));
            }
        }
    }
    near.sort_unstable();
    near.dedup();
    near.into_iter().take(MOST_PROPOSED).map(|(_, path)| path.to_string()).collect()
}

/// How near a name is to the one that was asked for, the nearest first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Nearness {
    owner: Owner,
    distance: usize,
    shown: String,
}

/// How the owner of a symbol compares with the one that was written before its
/// name.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Owner {
    Same,
    Near,
    Other,
}

/// Names within a small edit distance of one that is not there: members of what
/// was written before it come first.
pub(super) fn near_names(snapshot: &Snapshot, name: &str) -> Vec<String> {
    let start = name.rfind(['.', ':', '#']).map_or(0, |separator| separator + 1);
    let (before, last) = name.split_at(start);
    let (qualifier, wanted) = (segments(before), last.to_lowercase());
    if wanted.len() < 3 || wanted.len() > 64 {
        return Vec::new();
    }
    let most = 1 + wanted.len() / 5;
    let mut near: Vec<Nearness> = Vec::new();
    for (_, node) in snapshot.graph.files() {
        for (id, symbol) in node.symbols.iter().enumerate() {
            let own = node.name(symbol);
            if own.len().abs_diff(wanted.len()) > most {
                continue;
            }
            let Some(distance) = edit_distance(&wanted, &own.to_lowercase(), most) else {
                continue;
            };
            let outer = owners(node, id as DefinitionId);
            let owner = owner(&qualifier, &outer);
            let shown = match (&owner, outer.last()) {
                (Owner::Same, _) => format!("{before}{own}"),
                (_, Some(outer)) if !qualifier.is_empty() => match node.language {
                    Language::Rust => format!("{outer}::{own}"),
                    _ => format!("{outer}.{own}"),
                },
                _ => own.to_string(),
            };
            let nearness = Nearness { owner, distance, shown };
            if !near.contains(&nearness) {
                near.push(nearness);
            }
        }
    }
    near.sort();
    let mut shown: Vec<String> = near.into_iter().map(|near| near.shown).collect();
    shown.dedup();
    shown.truncate(MOST_PROPOSED);
    shown
}

/// The parts of what stands before a name, the outermost first.
fn segments(before: &str) -> Vec<&str> {
    before.split(['.', ':', '#', '/']).filter(|part| !part.is_empty()).collect()
}

/// What a symbol is written in, from the outermost module on.
fn owners(node: &FileNode, definition: DefinitionId) -> Vec<&str> {
    let mut owners = segments(&node.module);
    owners.extend(parents(node, definition));
    owners
}

fn owner(qualifier: &[&str], owners: &[&str]) -> Owner {
    let (Some(written), Some(own)) = (qualifier.last(), owners.last()) else {
        return Owner::Other;
    };
    if owners.ends_with(qualifier) {
        return Owner::Same;
    }
    let (written, own) = (written.to_lowercase(), own.to_lowercase());
    let most = 1 + written.len() / 5;
    let is_near = edit_distance(&written, &own, most).is_some();
    if is_near { Owner::Near } else { Owner::Other }
}

/// How many letters must be put in, taken out, replaced or swapped with the next
/// to make `b` of `a` (the optimal string alignment distance), if at most `most`.
fn edit_distance(a: &str, b: &str, most: usize) -> Option<usize> {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut least = (row[j] + usize::from(x != y)).min(row[j + 1] + 1).min(next[j] + 1);
            let is_swapped = i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y;
            if is_swapped {
                least = least.min(before[j - 1] + 1);
            }
            next.push(least);
        }
        // A swap can still build on the row before.
        let least = next.iter().chain(&row).min();
        if least.is_some_and(|least| *least > most) {
            return None;
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().filter(|distance| *distance <= most)
}

#[cfg(test)]
mod tests {
    use super::edit_distance;

    #[test]
    fn letters_that_changed_places_are_one_mistake() {
        for (a, b, distance) in [
            ("", "", 0),
            ("check", "check", 0),
            ("chekc", "check", 1),
            ("pgk", "pkg", 1),
            ("cehkc", "check", 2),
            ("chck", "check", 1),
            ("checks", "check", 1),
            ("chack", "check", 1),
            ("kcehc", "check", 3),
            ("", "abc", 3),
        ] {
            assert_eq!(edit_distance(a, b, 3), Some(distance), "{a} {b}");
            assert_eq!(edit_distance(b, a, 3), Some(distance), "{b} {a}");
            let less = distance.checked_sub(1);
            assert_eq!(less.and_then(|most| edit_distance(a, b, most)), None, "{a} {b}");
        }
        assert_eq!(edit_distance("abcdef", "uvwxyz", 2), None);
    }
}
