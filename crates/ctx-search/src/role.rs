//! Roles: what a file is for, as its path tells.

/// What a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum FileRole {
    /// Code of the program itself.
    #[default]
    Source,
    /// Tests, fixtures, benchmarks.
    Test,
    /// Examples and playgrounds.
    Example,
    /// Documentation.
    Doc,
    /// Configuration, data and everything else.
    Other,
}

const TEST_FOLDERS: &[&str] = &[
    "__mocks__",
    "__tests__",
    "bench",
    "benches",
    "benchmark",
    "benchmarks",
    "dts-test",
    "e2e",
    "fixture",
    "fixtures",
    "integration-test",
    "integration_test",
    "jmh",
    "mocks",
    "spec",
    "specs",
    "test",
    "test-dts",
    "testdata",
    "tests",
    "testsuite",
    "types_test",
    "typing_tests",
];

const EXAMPLE_FOLDERS: &[&str] = &[
    "demo",
    "demos",
    "example",
    "examples",
    "playground",
    "playgrounds",
    "sample",
    "samples",
    "template-explorer",
];

const DOC_FOLDERS: &[&str] = &[
    "changelog",
    "changelog_unreleased",
    "changes",
    "doc",
    "docs",
    "documentation",
    "news",
    "releasenotes",
    "website",
];

/// Endings of files that hold code.
const CODE: &[&str] = &[
    "bash", "c", "cc", "cjs", "clj", "cljs", "cpp", "cs", "cts", "cxx", "dart", "erl", "ex", "exs",
    "fs", "go", "groovy", "h", "hh", "hpp", "hs", "hxx", "java", "jl", "js", "jsx", "kt", "kts",
    "lua", "m", "mjs", "ml", "mli", "mm", "mts", "nim", "php", "pl", "pm", "proto", "ps1", "py",
    "pyi", "pyw", "pyx", "r", "rb", "rs", "scala", "sh", "sol", "sql", "svelte", "swift", "tf",
    "ts", "tsx", "vb", "vue", "zig", "zsh",
];

const DOCS: &[&str] = &["adoc", "markdown", "md", "mdx", "rst", "tex", "txt"];

impl FileRole {
    /// The role of the file at a path relative to the project's root, with `/`.
    pub fn of_path(path: &str) -> FileRole {
        let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
        let within = |list: &[&str]| {
            folders.split('/').any(|folder| list.contains(&folder.to_ascii_lowercase().as_str()))
        };
        let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
        let ending = ending.to_ascii_lowercase();
        // Packages that help users test (Django's `django/test`) are no tests.
        let in_tests = if ending == "py" && folders.contains("/test") && !folders.contains("/tests")
        {
            folders.starts_with("test")
        } else {
            within(TEST_FOLDERS)
        };
        let in_tests = in_tests || folders == "testing" || folders.starts_with("testing/");
        if in_tests || is_test_name(stem, &ending) {
            FileRole::Test
        } else if within(EXAMPLE_FOLDERS) {
            FileRole::Example
        } else if DOCS.contains(&ending.as_str()) || within(DOC_FOLDERS) {
            FileRole::Doc
        } else if CODE.contains(&ending.as_str())
            && !stem.ends_with(".d")
            && !folders.starts_with('.')
        {
            FileRole::Source
        } else {
            FileRole::Other
        }
    }
}

fn is_test_name(stem: &str, ending: &str) -> bool {
    let stem_of = |marks: &[&str]| marks.iter().any(|mark| stem.ends_with(mark));
    if matches!(stem, "test" | "tests") {
        return true;
    }
    match ending {
        "py" => stem.starts_with("test_") || stem.ends_with("_test") || stem == "conftest",
        "go" | "rs" | "c" | "cc" | "cpp" | "rb" => stem_of(&["_test", "_tests", "_spec"]),
        "java" | "kt" | "php" | "scala" | "cs" | "swift" => stem_of(&["Test", "Tests", "TestCase"]),
        "js" | "mjs" | "cjs" | "jsx" | "ts" | "mts" | "cts" | "tsx" | "vue" => {
            stem_of(&[".test", ".spec", ".bench", ".stories", ".test-d", "-test"])
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_follow_folders_and_names() {
        let roles = [
            ("src/lib.rs", FileRole::Source),
            ("tests/run.rs", FileRole::Test),
            ("src/client/tests.rs", FileRole::Test),
            ("testing/python/collect.py", FileRole::Test),
            ("src/Illuminate/Testing/PendingCommand.php", FileRole::Source),
            ("django/test/client.py", FileRole::Source),
            ("lib/test/test_dict.py", FileRole::Test),
            ("src/Foo/BarTest.php", FileRole::Test),
            ("packages/vue/__tests__/x.ts", FileRole::Test),
            ("lib/a.test.ts", FileRole::Test),
            ("examples/tcp.rs", FileRole::Example),
            ("docs/conf.py", FileRole::Doc),
            ("README.md", FileRole::Doc),
            ("pyproject.toml", FileRole::Other),
            (".github/x.py", FileRole::Other),
            ("src/latest.py", FileRole::Source),
            ("Makefile", FileRole::Other),
        ];
        for (path, role) in roles {
            assert_eq!(FileRole::of_path(path), role, "{path}");
        }
    }
}
