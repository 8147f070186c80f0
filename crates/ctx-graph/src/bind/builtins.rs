//! Names that every file of a language has without defining or importing them.

use ctx_model::Language;

/// Whether a name is one of the language's own.
pub(super) fn is_builtin(language: Language, name: &str) -> bool {
    let names: &[&str] = match language {
        Language::Python => PYTHON,
        Language::JavaScript | Language::TypeScript | Language::Tsx => JAVASCRIPT,
        Language::Go => GO,
        Language::Rust => RUST,
        Language::Java => JAVA,
        Language::Text => return false,
    };
    names.binary_search(&name).is_ok()
}

// Each list is sorted: it is searched by halves.

#[rustfmt::skip]
const PYTHON: &[&str] = &[
    "ArithmeticError", "AssertionError", "AttributeError", "BaseException", "BaseExceptionGroup",
    "BlockingIOError", "BrokenPipeError", "BufferError", "BytesWarning", "ChildProcessError",
    "ConnectionAbortedError", "ConnectionError", "ConnectionRefusedError", "ConnectionResetError",
    "DeprecationWarning", "EOFError", "Ellipsis", "EncodingWarning", "EnvironmentError",
    "Exception", "ExceptionGroup", "False", "FileExistsError", "FileNotFoundError",
    "FloatingPointError", "FutureWarning", "GeneratorExit", "IOError", "ImportError",
    "ImportWarning", "IndentationError", "IndexError", "InterruptedError", "IsADirectoryError",
    "KeyError", "KeyboardInterrupt", "LookupError", "MemoryError", "ModuleNotFoundError",
    "NameError", "None", "NotADirectoryError", "NotImplemented", "NotImplementedError", "OSError",
    "OverflowError", "PendingDeprecationWarning", "PermissionError", "ProcessLookupError",
    "RecursionError", "ReferenceError", "ResourceWarning", "RuntimeError", "RuntimeWarning",
    "StopAsyncIteration", "StopIteration", "SyntaxError", "SyntaxWarning", "SystemError",
    "SystemExit", "TabError", "TimeoutError", "True", "TypeError", "UnboundLocalError",
    "UnicodeDecodeError", "UnicodeEncodeError", "UnicodeError", "UnicodeTranslateError",
    "UnicodeWarning", "UserWarning", "ValueError", "Warning", "ZeroDivisionError",
    "__build_class__", "__builtins__", "__debug__", "__doc__", "__file__", "__import__",
    "__loader__", "__name__", "__package__", "__path__", "__spec__", "abs", "aiter", "all",
    "anext", "any", "ascii", "bin", "bool", "breakpoint", "bytearray", "bytes", "callable", "chr",
    "classmethod", "compile", "complex", "copyright", "credits", "delattr", "dict", "dir",
    "divmod", "enumerate", "eval", "exec", "exit", "filter", "float", "format", "frozenset",
    "getattr", "globals", "hasattr", "hash", "help", "hex", "id", "input", "int", "isinstance",
    "issubclass", "iter", "len", "license", "list", "locals", "map", "max", "memoryview", "min",
    "next", "object", "oct", "open", "ord", "pow", "print", "property", "quit", "range", "repr",
    "reversed", "round", "set", "setattr", "slice", "sorted", "staticmethod", "str", "sum",
    "super", "tuple", "type", "vars", "zip",
];

#[rustfmt::skip]
const JAVASCRIPT: &[&str] = &[
    "AbortController", "AbortSignal", "Array", "ArrayBuffer", "Atomics", "BigInt",
    "BigInt64Array", "BigUint64Array", "Blob", "Boolean", "Buffer", "CSSStyleSheet",
    "CustomEvent", "DOMException", "DataView", "Date", "Document", "Element", "Error",
    "EvalError", "Event", "EventTarget", "Exclude", "Extract", "File", "FileReader",
    "FinalizationRegistry", "Float32Array", "Float64Array", "FormData", "Function", "HTMLElement",
    "Headers", "Infinity", "InstanceType", "Int16Array", "Int32Array", "Int8Array", "Intl",
    "Iterable", "Iterator", "JSON", "Map", "Math", "MutationObserver", "NaN", "Node",
    "NonNullable", "Number", "Object", "Omit", "Parameters", "Partial", "Pick", "Promise",
    "PromiseLike", "PropertyKey", "Proxy", "RangeError", "Readonly", "ReadonlyArray",
    "ReadonlyMap", "ReadonlySet", "Record", "ReferenceError", "Reflect", "RegExp", "Request",
    "Required", "Response", "ReturnType", "Set", "ShadowRoot", "SharedArrayBuffer", "String",
    "Symbol", "SyntaxError", "Text", "TextDecoder", "TextEncoder", "ThisType", "TypeError",
    "URIError", "URL", "URLSearchParams", "Uint16Array", "Uint32Array", "Uint8Array",
    "Uint8ClampedArray", "WeakMap", "WeakRef", "WeakSet", "WebSocket", "Window", "Worker",
    "XMLHttpRequest", "__dirname", "__filename", "addEventListener", "alert", "any", "arguments",
    "atob", "btoa", "cancelAnimationFrame", "clearImmediate", "clearInterval", "clearTimeout",
    "console", "crypto", "customElements", "decodeURI", "decodeURIComponent", "document",
    "encodeURI", "encodeURIComponent", "escape", "eval", "exports", "fetch", "global",
    "globalThis", "history", "isFinite", "isNaN", "localStorage", "location", "module",
    "navigator", "parseFloat", "parseInt", "performance", "process", "queueMicrotask",
    "requestAnimationFrame", "require", "self", "sessionStorage", "setImmediate", "setInterval",
    "setTimeout", "structuredClone", "undefined", "unescape", "window",
];

#[rustfmt::skip]
const GO: &[&str] = &[
    "any", "append", "bool", "byte", "cap", "clear", "close", "comparable", "complex",
    "complex128", "complex64", "copy", "delete", "error", "false", "float32", "float64", "imag",
    "int", "int16", "int32", "int64", "int8", "iota", "len", "make", "max", "min", "new", "nil",
    "panic", "print", "println", "real", "recover", "rune", "string", "true", "uint", "uint16",
    "uint32", "uint64", "uint8", "uintptr",
];

#[rustfmt::skip]
const RUST: &[&str] = &[
    "AsMut", "AsRef", "Box", "Clone", "Copy", "Debug", "Default", "DoubleEndedIterator", "Drop",
    "Eq", "Err", "ExactSizeIterator", "Extend", "Fn", "FnMut", "FnOnce", "From", "FromIterator",
    "Hash", "Into", "IntoIterator", "Iterator", "None", "Ok", "Option", "Ord", "PartialEq",
    "PartialOrd", "Result", "Send", "Sized", "Some", "String", "Sync", "ToOwned", "ToString",
    "TryFrom", "TryInto", "Unpin", "Vec", "alloc", "allow", "assert", "assert_eq", "assert_ne",
    "async", "automatically_derived", "bool", "cfg", "cfg_attr", "char", "cold", "column",
    "compile_error", "concat", "core", "dbg", "debug_assert", "debug_assert_eq",
    "debug_assert_ne", "deny", "deprecated", "derive", "doc", "drop", "env", "eprint", "eprintln",
    "expect", "f32", "f64", "feature", "file", "forbid", "format", "format_args", "i128", "i16",
    "i32", "i64", "i8", "ignore", "include", "include_bytes", "include_str", "inline", "isize",
    "line", "link", "macro_export", "macro_use", "matches", "module_path", "must_use",
    "no_mangle", "non_exhaustive", "option_env", "panic", "path", "print", "println",
    "proc_macro", "repr", "should_panic", "std", "str", "stringify", "test", "thread_local",
    "todo", "track_caller", "u128", "u16", "u32", "u64", "u8", "unimplemented", "unreachable",
    "usize", "vec", "warn", "write", "writeln",
];

#[rustfmt::skip]
const JAVA: &[&str] = &[
    "AbstractMethodError", "Appendable", "ArithmeticException", "ArrayIndexOutOfBoundsException",
    "ArrayStoreException", "AssertionError", "AutoCloseable", "Boolean", "Byte", "CharSequence",
    "Character", "Class", "ClassCastException", "ClassLoader", "ClassNotFoundException",
    "CloneNotSupportedException", "Cloneable", "Comparable", "Deprecated", "Double", "Enum",
    "Error", "Exception", "Float", "FunctionalInterface", "IllegalAccessException",
    "IllegalArgumentException", "IllegalStateException", "IndexOutOfBoundsException",
    "InstantiationException", "Integer", "InterruptedException", "Iterable", "LinkageError",
    "Long", "Math", "NegativeArraySizeException", "NoClassDefFoundError", "NoSuchFieldException",
    "NoSuchMethodException", "NullPointerException", "Number", "NumberFormatException", "Object",
    "OutOfMemoryError", "Override", "Package", "Process", "ProcessBuilder", "Readable", "Record",
    "ReflectiveOperationException", "Runnable", "Runtime", "RuntimeException", "SafeVarargs",
    "SecurityException", "Short", "StackOverflowError", "StackTraceElement", "StrictMath",
    "String", "StringBuffer", "StringBuilder", "StringIndexOutOfBoundsException",
    "SuppressWarnings", "System", "Thread", "ThreadGroup", "ThreadLocal", "Throwable",
    "UnsupportedOperationException", "VirtualMachineError", "Void", "boolean", "byte", "char",
    "double", "float", "int", "java", "javax", "long", "short", "void",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted_so_that_searching_by_halves_finds_every_name() {
        for list in [PYTHON, JAVASCRIPT, GO, RUST, JAVA] {
            assert!(list.is_sorted(), "{:?}", list.windows(2).find(|pair| pair[0] > pair[1]));
        }
    }
}
