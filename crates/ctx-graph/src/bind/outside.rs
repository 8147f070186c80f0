//! What types and functions of the standard libraries do with the project's
//! values: the few that hand them on.

use ctx_model::Language;

/// How a generic type from outside stands for its arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wraps {
    /// A value of it is as good as one of its first argument.
    Transparent,
    /// A value of any of its arguments.
    AnyOf,
    /// The class that its argument names.
    TheClass,
    /// Nothing of its arguments.
    Nothing,
    /// Keys and values.
    Map,
    /// Parts in order.
    Tuple,
    /// Elements of the type of its first argument.
    First,
    /// Elements of the type of its last argument.
    Last,
    /// Elements of the types of its arguments.
    Elements,
}

/// What a generic type from outside does with its arguments, by its name.
pub(super) fn wraps(language: Language, name: &str) -> Wraps {
    match name {
        "Optional" | "Annotated" | "ClassVar" | "Final" | "Required" | "NotRequired"
        | "ReadOnly" | "InitVar" | "Unpack" => Wraps::Transparent,
        "Box" | "Rc" | "Arc" | "Pin" | "Cow" | "Ref" | "RefMut" | "MutexGuard"
        | "RwLockReadGuard" | "RwLockWriteGuard" | "ManuallyDrop" | "NonNull"
            if language == Language::Rust =>
        {
            Wraps::Transparent
        }
        "Readonly" | "Partial" | "NonNullable" | "Awaited" | "Omit" | "Pick" | "Exclude"
        | "Extract" => Wraps::Transparent,
        "Type" | "type" => Wraps::TheClass,
        "Union" => Wraps::AnyOf,
        "Callable" | "Literal" | "ReturnType" | "Parameters" => Wraps::Nothing,
        "Tuple" | "tuple" => Wraps::Tuple,
        "dict" | "Dict" | "Mapping" | "MutableMapping" | "OrderedDict" | "defaultdict"
        | "DefaultDict" | "Map" | "ReadonlyMap" | "WeakMap" | "Record" | "HashMap" | "BTreeMap"
        | "IndexMap" | "ConcurrentMap" | "ConcurrentHashMap" | "LinkedHashMap" | "TreeMap"
        | "SortedMap" => Wraps::Map,
        "Generator" | "AsyncGenerator" | "Result" | "Poll" => Wraps::First,
        "Coroutine" => Wraps::Last,
        _ => Wraps::Elements,
    }
}

/// Whether every object of a language has a method of this name, whoever
/// defines its type.
pub(super) fn is_of_every_object(language: Language, name: &str) -> bool {
    match language {
        Language::Java => matches!(
            name,
            "toString"
                | "equals"
                | "hashCode"
                | "getClass"
                | "notify"
                | "notifyAll"
                | "wait"
                | "clone"
        ),
        Language::JavaScript | Language::TypeScript | Language::Tsx => matches!(
            name,
            "toString"
                | "valueOf"
                | "hasOwnProperty"
                | "isPrototypeOf"
                | "propertyIsEnumerable"
                | "toLocaleString"
        ),
        _ => false,
    }
}

/// How what a call gives follows from its receiver or argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Handed {
    /// The value itself.
    Itself,
    /// One of its elements; of what holds none, the value itself.
    Element,
    /// A container of it.
    Contained,
    /// A container of its elements.
    Elements,
    /// What its first argument names as a type.
    Declared,
}

/// What a method from outside gives of the value that it is called on.
pub(super) fn handed_by_method(language: Language, name: &str) -> Option<Handed> {
    let handed = match (language, name) {
        (
            Language::Rust,
            "clone" | "as_ref" | "as_mut" | "to_owned" | "borrow" | "borrow_mut" | "by_ref"
            | "deref" | "deref_mut" | "project" | "project_ref" | "into_inner" | "as_deref"
            | "as_deref_mut" | "cloned" | "copied" | "ok" | "map_err" | "or_else" | "get_mut"
            | "get_ref" | "iter" | "iter_mut" | "into_iter" | "drain" | "rev" | "skip" | "filter"
            | "as_pin_mut" | "as_slice" | "upgrade" | "downgrade" | "chain" | "peekable"
            | "instrument" | "to_vec" | "or",
        ) => Handed::Itself,
        (
            Language::Rust,
            "unwrap" | "expect" | "unwrap_or_default" | "unwrap_or" | "unwrap_or_else"
            | "unwrap_unchecked" | "lock" | "read" | "write" | "ok_or" | "unwrap_err",
        ) => Handed::Element,
        (
            Language::Rust,
            "take" | "next" | "first" | "last" | "get" | "pop" | "pop_front" | "pop_back"
            | "remove" | "find" | "peek" | "front" | "back" | "values" | "values_mut"
            | "into_values" | "get_or_insert_with" | "replace",
        ) => Handed::Elements,
        (Language::Python, "copy" | "__enter__") => Handed::Itself,
        (Language::Python, "get" | "pop" | "popleft" | "setdefault" | "popitem") => Handed::Element,
        (Language::Python, "values" | "union" | "difference" | "intersection") => Handed::Elements,
        (Language::JavaScript | Language::TypeScript | Language::Tsx, name) => match name {
            "filter" | "slice" | "concat" | "reverse" | "sort" | "splice" | "values"
            | "toSorted" | "toReversed" => Handed::Elements,
            "get" | "pop" | "shift" | "find" | "at" | "findLast" => Handed::Element,
            _ => return None,
        },
        (
            Language::Java,
            "get" | "remove" | "poll" | "peek" | "next" | "orElse" | "orElseThrow" | "getFirst"
            | "getLast" | "getOrDefault" | "pop",
        ) => Handed::Element,
        (
            Language::Java,
            "values" | "iterator" | "stream" | "filter" | "sorted" | "toList" | "findFirst"
            | "findAny" | "subList" | "reversed",
        ) => Handed::Elements,
        _ => return None,
    };
    Some(handed)
}

/// What a function from outside gives of its first argument. `path` is its
/// name as written, `.` between the segments.
pub(super) fn handed_by_function(language: Language, path: &str) -> Option<Handed> {
    let mut segments = path.rsplit('.');
    let last = segments.next().unwrap_or(path);
    let before = segments.next().unwrap_or("");
    let handed = match language {
        Language::Rust => match (before, last) {
            ("Arc" | "Rc" | "Box" | "Pin", "new" | "pin" | "clone" | "from" | "new_unchecked") => {
                Handed::Itself
            }
            ("Mutex" | "RwLock" | "RefCell" | "Cell" | "UnsafeCell", "new") => Handed::Contained,
            (_, "Some" | "Ok" | "Ready") => Handed::Contained,
            ("mem", "take" | "replace") => Handed::Itself,
            _ => return None,
        },
        Language::Python => match last {
            "cast" => Handed::Declared,
            "copy" | "deepcopy" | "partial" | "aiter" | "iter" | "wraps" | "update_wrapper"
            | "enter_context" | "closing" => Handed::Itself,
            "next" | "anext" | "max" | "min" | "choice" => Handed::Element,
            "list" | "sorted" | "reversed" | "set" | "tuple" | "frozenset" | "deque" => {
                Handed::Elements
            }
            _ => return None,
        },
        Language::JavaScript | Language::TypeScript | Language::Tsx => match (before, last) {
            ("Object", "freeze" | "assign" | "seal") => Handed::Itself,
            ("Object", "values") | ("Array", "from") | ("Promise", "all") => Handed::Elements,
            ("Promise", "resolve") => Handed::Contained,
            _ => return None,
        },
        Language::Go => match (before, last) {
            ("sync", "OnceValue" | "OnceFunc" | "OnceValues") => Handed::Itself,
            _ => return None,
        },
        Language::Java => match (before, last) {
            ("Objects", "requireNonNull" | "requireNonNullElse") => Handed::Itself,
            ("Optional", "of" | "ofNullable") | ("List" | "Set", "of") => Handed::Contained,
            _ => return None,
        },
        Language::Text => return None,
    };
    Some(handed)
}
