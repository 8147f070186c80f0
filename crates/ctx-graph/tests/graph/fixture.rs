//! Projects written as one text: `-- path --` before each file.

use std::collections::BTreeSet;
use std::sync::Arc;

use ctx_graph::bind::{Extensions, Outcome};
use ctx_graph::layout::LayoutFile;
use ctx_graph::{
    Binder, CodeGraph, FactSource, FileExtensions, FileNode, FileNumber, Layout, Manifest,
    SymbolRef, Unit,
};
use ctx_model::Language;
use ctx_syntax::Extractor;
use expect_test::Expect;

/// A project held in memory.
pub(crate) struct Project {
    files: Vec<(String, Language)>,
    manifests: Vec<Manifest>,
    units: Vec<Arc<Unit>>,
}

impl FactSource for Project {
    fn facts(&self, file: FileNumber) -> Option<Arc<Unit>> {
        self.units.get(file as usize).cloned()
    }
}

impl Project {
    /// A project of some files with their texts.
    pub(crate) fn new<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Project {
        let mut extractor = Extractor::new();
        let mut project = Project { files: Vec::new(), manifests: Vec::new(), units: Vec::new() };
        for (path, text) in files {
            if Manifest::is_one(path) {
                project.manifests.push(Manifest { path: path.into(), text: text.into() });
            }
            let language = Language::of_path(path);
            if language.is_parsed() {
                project.files.push((path.into(), language));
                project.units.push(Arc::new(Unit::new(extractor.extract(language, text))));
            }
        }
        project
    }

    /// The number that every file has.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = FileNumber> + use<> {
        0..self.files.len() as FileNumber
    }

    pub(crate) fn layout(&self) -> Layout {
        let files: Vec<LayoutFile<'_>> = self
            .numbers()
            .zip(&self.files)
            .map(|(number, (path, language))| LayoutFile { number, path, language: *language })
            .collect();
        Layout::new(&files, &self.manifests)
    }

    /// The nodes of some files, bound over a graph that has the others.
    pub(crate) fn bind(
        &self,
        graph: &CodeGraph,
        numbers: &[FileNumber],
    ) -> Vec<(FileNumber, Arc<FileNode>)> {
        let layout = self.layout();
        let mut extensions = Extensions::default();
        for (file, node) in graph.files().filter(|(file, _)| !numbers.contains(file)) {
            extensions.add(file, &node.extensions);
        }
        let none = Extensions::default();
        let binder = Binder::new(&layout, self, &none);
        let given: Vec<(FileNumber, FileExtensions)> =
            numbers.iter().map(|number| (*number, binder.extensions_of(*number))).collect();
        for (file, given) in &given {
            extensions.add(*file, given);
        }
        let binder = Binder::new(&layout, self, &extensions);
        given
            .into_iter()
            .filter_map(|(file, given)| Some((file, Arc::new(binder.bind_file(file, given)?))))
            .collect()
    }

    /// The graph of all files.
    pub(crate) fn graph(&self) -> CodeGraph {
        let numbers: Vec<FileNumber> = self.numbers().collect();
        CodeGraph::new(self.bind(&CodeGraph::default(), &numbers))
    }

    /// A file's facts.
    pub(crate) fn unit(&self, file: FileNumber) -> &Unit {
        &self.units[file as usize]
    }

    /// Names that leave the project, as far as the text tells them.
    fn external(&self, graph: &CodeGraph) -> BTreeSet<String> {
        let layout = self.layout();
        let binder = Binder::new(&layout, self, graph.extensions());
        let mut names = BTreeSet::new();
        for file in self.numbers() {
            binder.uses_of(file, &mut |_, bound| {
                if let Outcome::External(name) = bound.outcome {
                    names.insert(name);
                }
            });
        }
        names
    }

    /// Names that no rule binds.
    fn unresolved(&self) -> BTreeSet<String> {
        let graph = self.graph();
        let layout = self.layout();
        let binder = Binder::new(&layout, self, graph.extensions());
        let mut names = BTreeSet::new();
        for file in self.numbers() {
            binder.uses_of(file, &mut |_, bound| {
                if bound.outcome == Outcome::Unresolved {
                    names.insert(self.units[file as usize].facts.name(bound.name).to_string());
                }
            });
        }
        names
    }
}

/// The files of a text with `-- path --` headers.
pub(crate) fn files(text: &str) -> Vec<(&str, &str)> {
    let mut files = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("-- ") {
        let line = &rest[start..];
        let end = line.find('\n').unwrap_or(line.len());
        let path = line[3..end].trim_end().strip_suffix(" --").expect("`-- path --`");
        let body = &line[(end + 1).min(line.len())..];
        let next = match body.find("\n-- ") {
            _ if body.starts_with("-- ") => 0,
            Some(at) => at + 1,
            None => body.len(),
        };
        files.push((path, &body[..next]));
        rest = &body[next..];
    }
    files
}

/// A symbol as printed: its qualified name, or the path of a file.
pub(crate) fn printed(graph: &CodeGraph, symbol: SymbolRef) -> String {
    if symbol.is_file() {
        return graph.node(symbol.file).map_or(String::new(), |node| node.path.to_string());
    }
    graph.qualified(symbol)
}

/// Every edge of a graph, file by file in order of sites. A target of which
/// there are several of one name has its line behind it; a site that may mean
/// several targets says how many.
pub(crate) fn edges(graph: &CodeGraph) -> String {
    let mut out = String::new();
    for (file, node) in graph.files() {
        for edge in node.edges(file) {
            let to = graph.node(edge.to.file).expect("an edge leads to a file of the graph");
            let name = printed(graph, edge.to);
            let same = to
                .symbols
                .iter()
                .enumerate()
                .filter(|(id, _)| to.qualified(*id as u32) == name)
                .count();
            let line = match graph.symbol(edge.to) {
                Some((_, symbol)) if same > 1 => format!(":{}", symbol.line),
                _ => String::new(),
            };
            let several = match edge.candidates {
                0 | 1 => String::new(),
                several => format!(", one of {several}"),
            };
            out.push_str(&format!(
                "{} -{}/{}-> {name}{line} @{}{several}\n",
                printed(graph, edge.from),
                edge.kind.name(),
                edge.how.name(),
                edge.at.line
            ));
        }
    }
    out
}

/// Edges, names that leave the project and names that no rule binds.
pub(crate) fn check(text: &str, expected: Expect) {
    let project = Project::new(files(text));
    let graph = project.graph();
    let mut out = edges(&graph);
    let external = project.external(&graph);
    if !external.is_empty() {
        out.push_str(&format!("external: {}\n", Vec::from_iter(external).join(", ")));
    }
    let unresolved = project.unresolved();
    if !unresolved.is_empty() {
        out.push_str(&format!("unresolved: {}\n", Vec::from_iter(unresolved).join(", ")));
    }
    expected.assert_eq(&out);
}
