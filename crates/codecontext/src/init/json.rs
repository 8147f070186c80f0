//! JSON that is written into somebody's file, laid out as that file is.

/// A value to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Json {
    /// A text.
    Text(String),
    /// A whole number.
    Number(u64),
    /// Values in their order.
    List(Vec<Json>),
    /// Names and values in their order.
    Object(Vec<(&'static str, Json)>),
}

impl Json {
    /// A text.
    pub(super) fn text(text: impl Into<String>) -> Json {
        Json::Text(text.into())
    }

    /// Texts in their order.
    pub(super) fn texts(texts: &[String]) -> Json {
        Json::List(texts.iter().map(Json::text).collect())
    }

    /// The value inside objects with these names, the outermost first.
    pub(super) fn within(self, names: &[&'static str]) -> Json {
        let nest = |value, name: &&'static str| Json::Object(vec![(*name, value)]);
        names.iter().rev().fold(self, nest)
    }

    /// The value as text.
    pub(super) fn written(&self, layout: &Layout) -> String {
        match self {
            Json::Text(text) => quoted(text),
            Json::Number(number) => number.to_string(),
            Json::List(values) if values.iter().all(Json::is_small) => {
                let values: Vec<String> =
                    values.iter().map(|value| value.written(layout)).collect();
                format!("[{}]", values.join(", "))
            }
            Json::List(values) => {
                let inner = layout.inner();
                let values = values.iter().map(|value| value.written(&inner)).collect();
                bracketed('[', values, ']', layout)
            }
            Json::Object(fields) => {
                let inner = layout.inner();
                let fields = fields
                    .iter()
                    .map(|(name, value)| format!("{}: {}", quoted(name), value.written(&inner)))
                    .collect();
                bracketed('{', fields, '}', layout)
            }
        }
    }

    fn is_small(&self) -> bool {
        matches!(self, Json::Text(_) | Json::Number(_))
    }
}

/// How a file lays its values out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Layout {
    /// All on one line.
    Line,
    /// Each field on a line of its own.
    Lines {
        /// What the line begins with on which the value starts.
        indent: String,
        /// What one level more adds.
        unit: String,
        /// The file's line break.
        line_break: &'static str,
    },
}

impl Layout {
    /// That of what is inside a value laid out like this.
    pub(super) fn inner(&self) -> Layout {
        match self {
            Layout::Line => Layout::Line,
            Layout::Lines { indent, unit, line_break } => {
                Layout::Lines { indent: format!("{indent}{unit}"), unit: unit.clone(), line_break }
            }
        }
    }

    /// What stands before a value that begins its own line.
    pub(super) fn lead(&self) -> String {
        match self {
            Layout::Line => String::new(),
            Layout::Lines { indent, line_break, .. } => format!("{line_break}{indent}"),
        }
    }
}

fn bracketed(open: char, items: Vec<String>, close: char, layout: &Layout) -> String {
    match layout {
        Layout::Line => format!("{open}{}{close}", items.join(", ")),
        Layout::Lines { .. } => {
            let lead = layout.inner().lead();
            let items: Vec<String> = items.iter().map(|item| format!("{lead}{item}")).collect();
            format!("{open}{}{}{close}", items.join(","), layout.lead())
        }
    }
}

/// A text as JSON has it.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_laid_out_as_the_file_is() {
        let value = Json::Object(vec![
            ("command", Json::text("a \"b\"")),
            ("args", Json::texts(&["mcp".into(), "x".into()])),
        ])
        .within(&["servers"]);
        assert_eq!(
            value.written(&Layout::Line),
            r#"{"servers": {"command": "a \"b\"", "args": ["mcp", "x"]}}"#
        );
        let lines = Layout::Lines { indent: "\t".into(), unit: "\t".into(), line_break: "\r\n" };
        assert_eq!(
            value.written(&lines),
            "{\r\n\t\t\"servers\": {\r\n\t\t\t\"command\": \"a \\\"b\\\"\",\r\n\t\t\t\"args\": \
             [\"mcp\", \"x\"]\r\n\t\t}\r\n\t}"
        );
    }
}
