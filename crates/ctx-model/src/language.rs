//! The languages a file can be in.

/// What a file is written in, as told by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Language {
    /// Text that is searched but not parsed: other languages, prose, configuration.
    Text = 0,
    /// Python 3, stubs included.
    Python = 1,
    /// JavaScript and JSX.
    JavaScript = 2,
    /// TypeScript.
    TypeScript = 3,
    /// TypeScript with JSX.
    Tsx = 4,
    /// Go.
    Go = 5,
    /// Rust.
    Rust = 6,
    /// Java.
    Java = 7,
}

impl Language {
    /// Every language, in the order of their stored numbers.
    pub const ALL: [Language; 8] = [
        Language::Text,
        Language::Python,
        Language::JavaScript,
        Language::TypeScript,
        Language::Tsx,
        Language::Go,
        Language::Rust,
        Language::Java,
    ];

    /// The language of a file, by the ending of its name; `Text` where none fits.
    pub fn of_path(path: &str) -> Language {
        let name = path.rsplit('/').next().unwrap_or(path);
        let Some((stem, ending)) = name.rsplit_once('.') else { return Language::Text };
        if stem.is_empty() {
            return Language::Text;
        }
        match ending {
            "py" | "pyi" | "pyw" => Language::Python,
            "js" | "jsx" | "mjs" | "cjs" => Language::JavaScript,
            "ts" | "mts" | "cts" => Language::TypeScript,
            "tsx" => Language::Tsx,
            "go" => Language::Go,
            "rs" => Language::Rust,
            "java" => Language::Java,
            _ => Language::Text,
        }
    }

    /// The name printed and accepted everywhere, in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Language::Text => "text",
            Language::Python => "python",
            Language::JavaScript => "javascript",
            Language::TypeScript => "typescript",
            Language::Tsx => "tsx",
            Language::Go => "go",
            Language::Rust => "rust",
            Language::Java => "java",
        }
    }

    /// The language with this stored number.
    pub fn from_number(number: u8) -> Option<Language> {
        Language::ALL.get(usize::from(number)).copied()
    }

    /// Whether files of this language are parsed into definitions and uses.
    pub fn is_parsed(self) -> bool {
        self != Language::Text
    }

    /// Whether files of the two languages can import from each other by source.
    pub fn shares_modules_with(self, other: Language) -> bool {
        self.module_family() == other.module_family()
    }

    fn module_family(self) -> Language {
        match self {
            Language::TypeScript | Language::Tsx => Language::JavaScript,
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn language_follows_the_ending_of_the_file_name() {
        assert_eq!(Language::of_path("a/b.tsx"), Language::Tsx);
        assert_eq!(Language::of_path("a.py/README"), Language::Text);
        assert_eq!(Language::of_path(".js"), Language::Text);
        for language in Language::ALL {
            assert_eq!(Language::from_number(language as u8), Some(language));
        }
    }
}
