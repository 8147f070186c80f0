use std::{fmt::Write, path::Path};

use ctx_model::project::SkipReason;
use ctx_workspace::{Found, WalkError, WalkOptions, look, walk};
use expect_test::{Expect, expect};

use crate::tree::tree;

/// Options that don't depend on who runs the tests.
pub(crate) fn options() -> WalkOptions {
    WalkOptions { user_ignore_file: None, ..WalkOptions::default() }
}

/// Files as they are, what was left out with its reason behind it. Checks as
/// well that a look at each single path agrees with the walk.
fn report(root: &Path) -> String {
    let walk = walk(root, &options(), &|_| ()).unwrap();
    let mut lines: Vec<String> = walk.files.iter().map(|file| file.path.clone()).collect();
    let paths = lines.clone();
    for (path, found) in paths.iter().zip(look(root, &paths, &options()).unwrap()) {
        assert!(matches!(found, Found::File(_)), "{path} is {found:?} to a single look");
    }
    for skipped in &walk.skipped {
        lines.push(format!("{}  [{}]", skipped.path, skipped.reason.name()));
        let path = skipped.path.trim_end_matches('/').to_owned();
        if skipped.reason != SkipReason::UnprintableName {
            let found = look(root, &[path], &options()).unwrap();
            assert_eq!(found, [Found::Skipped(skipped.reason)], "{}", skipped.path);
        }
    }
    lines.sort();
    lines.iter().fold(String::new(), |mut text, line| {
        writeln!(text, "{line}").unwrap();
        text
    })
}

fn check(spec: &str, expected: Expect) {
    expected.assert_eq(&report(tree(spec).path()));
}

#[test]
fn ignore_files_are_honoured_without_a_repository() {
    check(
        r"
        .gitignore = *.txt\n/build/\n!keep.txt\n
        a.txt
        keep.txt
        build/x.py
        src/build/y.py
        src/.gitignore = local.py\n
        src/local.py
        src/main.py
        ",
        expect![[r#"
            .gitignore
            a.txt  [ignored]
            build/  [ignored]
            keep.txt
            src/.gitignore
            src/build/y.py
            src/local.py  [ignored]
            src/main.py
        "#]],
    );
}

#[test]
fn a_file_in_an_ignored_folder_cannot_be_taken_in_alone() {
    check(
        r"
        .gitignore = build/\n!build/keep.py\n
        build/keep.py
        ",
        expect![[r#"
            .gitignore
            build/  [ignored]
        "#]],
    );
}

#[test]
fn the_projects_own_file_outranks_gits() {
    check(
        r"
        .gitignore = generated/\n*.sql\n
        .codecontextignore = !generated/\nsecret/\n!third_party/\n
        generated/api.py
        generated/schema.sql
        secret/key.py
        third_party/lib.py
        node_modules/x/index.js
        ",
        expect![[r#"
            .codecontextignore
            .gitignore
            generated/api.py
            generated/schema.sql  [ignored]
            node_modules/  [vendored]
            secret/  [ignored]
            third_party/lib.py
        "#]],
    );
}

#[test]
fn rules_of_the_repository_above_reach_into_a_part_of_it() {
    let top = tree(
        r"
        .git/info/exclude = excluded.py\n
        .gitignore = *.tmp\n/part/top_only.py\npart/sub/deep.py\n
        part/a.tmp
        part/excluded.py
        part/top_only.py
        part/sub/deep.py
        part/sub/top_only.py
        ",
    );
    expect![[r#"
        a.tmp  [ignored]
        excluded.py  [ignored]
        sub/deep.py  [ignored]
        sub/top_only.py
        top_only.py  [ignored]
    "#]]
    .assert_eq(&report(&top.path().join("part")));
}

#[test]
fn a_project_that_the_repository_above_ignores_is_no_part_of_it() {
    let top = tree(
        r"
        .git/HEAD
        .gitignore = demo/\n*.py\n
        demo/project/a.py
        ",
    );
    expect![[r#"
        a.py
    "#]]
    .assert_eq(&report(&top.path().join("demo/project")));
}

#[test]
fn a_nested_repository_has_its_own_rules() {
    check(
        r"
        .git/HEAD
        .gitignore = *.gen.py\n
        .codecontextignore = *.secret\n
        a.gen.py
        nested/.git = gitdir: ../.git/modules/nested
        nested/b.gen.py
        nested/c.secret
        ",
        expect![[r#"
            .codecontextignore
            .gitignore
            a.gen.py  [ignored]
            nested/b.gen.py
            nested/c.secret  [ignored]
        "#]],
    );
}

#[test]
fn a_worktree_inside_is_not_the_project_twice() {
    check(
        r"
        a.py
        .trees/fix/.git = gitdir: /somewhere/.git/worktrees/fix
        .trees/fix/a.py
        ",
        expect![[r#"
            .trees/fix/  [vendored]
            a.py
        "#]],
    );
}

#[test]
fn other_peoples_code_and_what_programs_leave_is_named_once() {
    check(
        r"
        .github/workflows/ci.yml
        .venv/pyvenv.cfg
        .venv/lib/x.py
        go/vendor/modules.txt
        go/vendor/x/y.go
        php/vendor/autoload.php
        own/vendor/mine.py
        static/js/vendor/jquery.js
        target/CACHEDIR.TAG
        target/x.rs
        __pycache__/x.pyc
        package-lock.json
        app.min.js
        logo.png
        main.py
        ",
        expect![[r#"
            .github/workflows/ci.yml
            .venv/  [vendored]
            __pycache__/  [generated]
            app.min.js  [minified]
            go/vendor/  [vendored]
            logo.png  [binary]
            main.py
            own/vendor/mine.py
            package-lock.json  [generated]
            php/vendor/  [vendored]
            static/js/vendor/  [vendored]
            target/  [generated]
        "#]],
    );
}

#[test]
fn links_are_never_followed() {
    let outside = tree("secret.py = token");
    let top = tree(
        r"
        real/a.py
        cycle/up -> ..
        inside -> real
        file.py -> real/a.py
        dangling -> nowhere
        self -> self
        ",
    );
    std::os::unix::fs::symlink(outside.path(), top.path().join("out")).unwrap();
    expect![[r#"
        cycle/up  [link]
        dangling  [link]
        file.py  [link]
        inside  [link]
        out  [link]
        real/a.py
        self  [link]
    "#]]
    .assert_eq(&report(top.path()));
}

#[test]
fn what_is_no_file_or_has_no_printable_name_is_said() {
    use std::os::unix::ffi::OsStrExt;

    let top = tree("a.py = x");
    let pipe = top.path().join("pipe.py");
    rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RWXU).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(top.path().join("socket")).unwrap();
    let odd = top.path().join(std::ffi::OsStr::from_bytes(b"caf\xE9.py"));
    std::fs::write(odd, "").unwrap();
    let big = std::fs::File::create(top.path().join("big.py")).unwrap();
    big.set_len(50 * 1024 * 1024).unwrap();
    expect![[r#"
        a.py
        big.py  [too-large]
        caf\xe9.py  [unprintable-name]
        pipe.py  [not-regular]
        socket  [not-regular]
    "#]]
    .assert_eq(&report(top.path()));
}

#[test]
fn an_ignore_file_that_is_a_pipe_is_not_waited_for() {
    let top = tree("a.py");
    let pipe = top.path().join(".gitignore");
    rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RWXU).unwrap();
    expect![[r#"
        .gitignore  [not-regular]
        a.py
    "#]]
    .assert_eq(&report(top.path()));
}

#[test]
fn an_ignore_file_full_of_nonsense_is_passed_over() {
    let top = tree("a.py\nb.py");
    let nonsense = b"[\n{\n\\\n!\n/\n[z-a]\n\xFF\xFE\n{a,{b,{c\nb.py\n".repeat(500);
    std::fs::write(top.path().join(".gitignore"), nonsense).unwrap();
    expect![[r#"
        .gitignore
        a.py
        b.py
    "#]]
    .assert_eq(&report(top.path()));
}

#[test]
fn an_unreadable_folder_is_reported() {
    use std::os::unix::fs::PermissionsExt;

    let top = tree("closed/a.py\nb.py");
    let closed = top.path().join("closed");
    std::fs::set_permissions(&closed, PermissionsExt::from_mode(0o000)).unwrap();
    if std::fs::read_dir(&closed).is_ok() {
        eprintln!("skipped: the tests run as root, who can read every folder");
    } else {
        expect![[r#"
            b.py
            closed/  [unreadable]
        "#]]
        .assert_eq(&report(top.path()));
    }
    std::fs::set_permissions(&closed, PermissionsExt::from_mode(0o700)).unwrap();
}

#[test]
fn a_root_that_cannot_be_walked_is_an_error_with_a_hint() {
    let top = tree("file.py");
    let missing = walk(&top.path().join("no"), &options(), &|_| ()).unwrap_err();
    assert!(matches!(missing, WalkError::Missing { .. }) && !missing.hint().is_empty());
    let file = walk(&top.path().join("file.py"), &options(), &|_| ()).unwrap_err();
    assert!(matches!(file, WalkError::NotAFolder { .. }));
}

#[test]
fn an_empty_folder_is_an_empty_project() {
    check("", expect![""]);
}

#[test]
fn a_single_look_knows_folders_and_absences() {
    let top = tree("src/a.py\nnode_modules/x/y.js");
    let paths = ["src", "src/b.py", "node_modules/x/y.js", "../etc/passwd", ".git", "", "src/"];
    let found = look(top.path(), &paths.map(str::to_owned), &options()).unwrap();
    let skipped = Found::Skipped(SkipReason::Vendored);
    use Found::{Folder, Gone};
    assert_eq!(found, [Folder, Gone, skipped, Gone, Gone, Gone, Gone]);
}

#[test]
fn a_tree_deeper_than_any_path_is_cut_and_said() {
    let top = tree("a.py");
    // A name at a time: no path may be longer than 4,095 bytes.
    let name = "d".repeat(200);
    let mode = rustix::fs::Mode::RWXU;
    let flags = rustix::fs::OFlags::DIRECTORY;
    let mut folder = std::fs::File::open(top.path()).unwrap();
    for _ in 0..30 {
        rustix::fs::mkdirat(&folder, &*name, mode).unwrap();
        folder = std::fs::File::from(rustix::fs::openat(&folder, &*name, flags, mode).unwrap());
    }
    let walk = walk(top.path(), &options(), &|_| ()).unwrap();
    assert_eq!(walk.files.len(), 1);
    assert_eq!(walk.skipped.len(), 1);
    assert_eq!(walk.skipped[0].reason, SkipReason::Unreadable);
}

#[test]
fn a_folder_with_a_hundred_thousand_files_is_no_trouble() {
    let top = tree(".gitignore = *.log\\n");
    for number in 0..100_000 {
        let ending = if number % 2 == 0 { "py" } else { "log" };
        std::fs::File::create(top.path().join(format!("{number}.{ending}"))).unwrap();
    }
    let begun = std::time::Instant::now();
    let walk = walk(top.path(), &options(), &|_| ()).unwrap();
    assert_eq!((walk.files.len(), walk.skipped.len()), (50_001, 50_000));
    assert!(begun.elapsed().as_secs() < 20, "took {:?}", begun.elapsed());
}

#[test]
fn verdicts_are_those_of_the_ignore_crates_own_walker() {
    let top = tree(
        r"
        .gitignore = *.o\n!important.o\n/top\ndoc/**/*.txt\n\\#odd\nspace\\ \na/**\n!a/keep\n[abc].x\n
        .ignore = !ignored_back.o\nplain\n
        top/x
        sub/top/x
        a.o
        important.o
        ignored_back.o
        doc/a.txt
        doc/x/b.txt
        doc/x/y/c.txt
        #odd
        a/one
        a/keep
        a.x
        d.x
        plain
        sub/.gitignore = !*.o\n/only\n*.y\n
        sub/b.o
        sub/only
        sub/deep/only
        sub/deep/.gitignore = !z.y\n
        sub/deep/z.y
        sub/deep/w.y
        ",
    );
    let mut theirs: Vec<String> = ignore::WalkBuilder::new(top.path())
        .hidden(false)
        .require_git(false)
        .git_global(false)
        .parents(false)
        .build()
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().unwrap().is_file())
        .map(|entry| entry.path().strip_prefix(top.path()).unwrap().to_str().unwrap().to_owned())
        .collect();
    theirs.sort();
    let walk = walk(top.path(), &options(), &|_| ()).unwrap();
    // What is left out for its ending is not the matter here.
    let binary = walk.skipped.iter().filter(|skipped| skipped.reason == SkipReason::Binary);
    let mut ours: Vec<String> = walk.files.iter().map(|file| file.path.clone()).collect();
    ours.extend(binary.map(|skipped| skipped.path.clone()));
    ours.sort();
    assert_eq!(ours, theirs);
}
