//! Edges of the knowledge graph, and how each is known.

/// What an edge says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum EdgeKind {
    /// The source calls the target.
    Calls = 0,
    /// The source constructs the target class.
    Instantiates = 1,
    /// The source names the target without calling it.
    References = 2,
    /// The source file imports the target file or symbol.
    Imports = 3,
    /// The source class extends the target class.
    Inherits = 4,
    /// The source type implements the target trait or interface.
    Implements = 5,
    /// The source test exercises the target.
    Tests = 6,
    /// The source contains the target.
    Contains = 7,
}

impl EdgeKind {
    /// Every kind, in the order of their stored numbers.
    pub const ALL: [EdgeKind; 8] = [
        EdgeKind::Calls,
        EdgeKind::Instantiates,
        EdgeKind::References,
        EdgeKind::Imports,
        EdgeKind::Inherits,
        EdgeKind::Implements,
        EdgeKind::Tests,
        EdgeKind::Contains,
    ];

    /// The name printed and accepted everywhere.
    pub fn name(self) -> &'static str {
        match self {
            EdgeKind::Calls => "calls",
            EdgeKind::Instantiates => "instantiates",
            EdgeKind::References => "references",
            EdgeKind::Imports => "imports",
            EdgeKind::Inherits => "inherits",
            EdgeKind::Implements => "implements",
            EdgeKind::Tests => "tests",
            EdgeKind::Contains => "contains",
        }
    }

    /// The kind with this name.
    pub fn from_name(name: &str) -> Option<EdgeKind> {
        EdgeKind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// How an edge is known: the rule that bound the name to its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum How {
    /// A definition in an enclosing scope of the same file.
    Scope = 0,
    /// An import that names the target, re-exports followed.
    Import = 1,
    /// A name of the same package or module, visible without an import.
    Package = 2,
    /// A wildcard import that brings in the target.
    Wildcard = 3,
    /// `self`, `this`, `super` or the like, looked up in the class and its bases.
    SelfType = 4,
    /// A receiver whose type is written or constructed in view.
    ReceiverType = 5,
    /// A receiver whose type was inferred through assignments and returns.
    Inferred = 6,
    /// The syntax itself: a file contains what is written in it.
    Syntax = 7,
}

impl How {
    /// Every way, in the order of their stored numbers.
    pub const ALL: [How; 8] = [
        How::Scope,
        How::Import,
        How::Package,
        How::Wildcard,
        How::SelfType,
        How::ReceiverType,
        How::Inferred,
        How::Syntax,
    ];

    /// The name printed everywhere.
    pub fn name(self) -> &'static str {
        match self {
            How::Scope => "scope",
            How::Import => "import",
            How::Package => "package",
            How::Wildcard => "wildcard",
            How::SelfType => "self-type",
            How::ReceiverType => "receiver-type",
            How::Inferred => "inferred",
            How::Syntax => "syntax",
        }
    }
}
