//! Facts as text, for tests: one line a fact, so that a snapshot reads like the
//! specification of an extractor.

use ctx_model::Language;
use ctx_model::facts::*;
use expect_test::Expect;

use crate::{Extractor, decode, encode};

/// Extracts `text` and compares definitions, imports and exports.
pub(crate) fn check_outline(language: Language, text: &str, expected: Expect) {
    let facts = facts(language, text);
    let mut lines = Vec::new();
    for definition in &facts.definitions {
        lines.push(outline(&facts, definition));
    }
    for import in &facts.imports {
        lines.push(imported(&facts, import));
    }
    for export in &facts.exports {
        lines.push(format!("export {} = {}", facts.name(export.name), exported(&facts, export)));
    }
    for problem in &facts.problems {
        lines.push(format!("problem {:?} at {}", problem.kind, problem.at.line));
    }
    expected.assert_eq(&(lines.join("\n") + "\n"));
}

/// Extracts `text` and compares every use of a name.
pub(crate) fn check_uses(language: Language, text: &str, expected: Expect) {
    let facts = facts(language, text);
    let mut lines = Vec::new();
    for (id, expression) in facts.expressions.iter().enumerate() {
        if matches!(expression.kind, ExpressionKind::Name(_) | ExpressionKind::Member(..)) {
            lines.push(format!(
                "{}:{} {:?} {}",
                expression.at.line,
                expression.at.column,
                expression.role,
                spelled(&facts, id as u32)
            ));
        }
    }
    expected.assert_eq(&(lines.join("\n") + "\n"));
}

/// Extracts `text` and compares what names are bound to.
pub(crate) fn check_bindings(language: Language, text: &str, expected: Expect) {
    let facts = facts(language, text);
    let mut lines = Vec::new();
    for binding in &facts.bindings {
        let mut line = format!(
            "{:?}{} {} -> {:?}",
            facts.scopes[binding.scope as usize].kind,
            binding.scope,
            facts.name(binding.name),
            binding.to
        );
        if let Some(value) = binding.value {
            line += &format!(" = {:?} {}", binding.through, spelled(&facts, value));
        }
        if let Some(ty) = binding.type_of {
            line += &format!(" : {}", spelled(&facts, ty));
        }
        lines.push(line);
    }
    for returned in &facts.returns {
        let of = &facts.definitions[returned.of as usize];
        lines.push(format!("{} returns {}", facts.name(of.name), spelled(&facts, returned.value)));
    }
    expected.assert_eq(&(lines.join("\n") + "\n"));
}

/// Extracts `text` and checks what holds of all facts: names stand where they
/// say, and whatever refers to something stands behind it.
pub(crate) fn check_sound(language: Language, text: &str) {
    let facts = facts(language, text);
    let lines: Vec<&str> = text.split('\n').collect();
    let stands = |at: ctx_model::Position, name: NameId| {
        let name = facts.name(name);
        let rest = lines[at.line as usize - 1].get(at.column as usize - 1..).unwrap_or("");
        assert!(rest.starts_with(name), "`{name}` does not stand at {at:?}: `{rest}`");
    };
    for (id, definition) in facts.definitions.iter().enumerate() {
        if !facts.name(definition.name).starts_with('<') {
            stands(definition.at, definition.name);
        }
        assert!(definition.parent.is_none_or(|parent| (parent as usize) < id));
        assert!((definition.line..=definition.end_line).contains(&definition.at.line));
    }
    for (id, scope) in facts.scopes.iter().enumerate() {
        assert!(scope.parent.map_or(id == 0, |parent| (parent as usize) < id));
    }
    for (id, expression) in facts.expressions.iter().enumerate() {
        let operands = match expression.kind {
            ExpressionKind::Name(name) => {
                stands(expression.at, name);
                vec![]
            }
            ExpressionKind::Member(object, name) => {
                stands(expression.at, name);
                vec![object]
            }
            ExpressionKind::Call(of)
            | ExpressionKind::New(of)
            | ExpressionKind::Element(of)
            | ExpressionKind::Generic(of)
            | ExpressionKind::Await(of)
            | ExpressionKind::Cast(of)
            | ExpressionKind::Method(of) => vec![of],
            ExpressionKind::Either(left, right) => vec![left, right],
            _ => vec![],
        };
        assert!(operands.iter().all(|operand| (*operand as usize) < id));
    }
    assert!(facts.arguments.is_sorted_by_key(|argument| argument.of));
    assert!(facts.arguments.iter().all(|argument| argument.value < argument.of));
}

/// Facts of a text, having survived a round trip through their stored form.
pub(crate) fn facts(language: Language, text: &str) -> FileFacts {
    let facts = Extractor::new().extract(language, text);
    assert_eq!(decode(&encode(&facts)).as_ref(), Ok(&facts), "facts change when stored");
    facts
}

fn outline(facts: &FileFacts, definition: &Definition) -> String {
    let mut line = String::new();
    let mut parent = definition.parent;
    while let Some(id) = parent {
        line.push_str("  ");
        parent = facts.definitions[id as usize].parent;
    }
    line += &format!(
        "{} {} {}:{} lines {}-{}",
        definition.kind.name(),
        facts.name(definition.name),
        definition.at.line,
        definition.at.column,
        definition.line,
        definition.end_line
    );
    if definition.visibility != Visibility::Public {
        line += &format!(" {}", definition.visibility.name());
    }
    if definition.flags.0 != 0 {
        line += &format!(" flags={}", definition.flags.0);
    }
    if definition.complexity != Complexity::default() {
        let Complexity { cyclomatic, nesting, parameters } = definition.complexity;
        line += &format!(" complexity={cyclomatic}/{nesting}/{parameters}");
    }
    for (label, id) in [("owner", definition.owner), ("type", definition.type_of)] {
        if let Some(id) = id {
            line += &format!(" {label}={}", spelled(facts, id));
        }
    }
    for base in &definition.bases {
        let label = if base.implements { "implements" } else { "extends" };
        line += &format!(" {label}={}", spelled(facts, base.expression));
    }
    for id in &definition.annotations {
        line += &format!(" @{}", spelled(facts, *id));
    }
    line += &format!(" `{}`", facts.name(definition.signature));
    if definition.doc != 0 {
        line += &format!(" \"{}\"", facts.name(definition.doc));
    }
    line
}

fn imported(facts: &FileFacts, import: &Import) -> String {
    let what = match import.what {
        Imported::Module => "module".to_string(),
        Imported::Member(name) => format!("member {}", facts.name(name)),
        Imported::Wildcard => "everything".to_string(),
    };
    let number = facts.imports.iter().position(|other| std::ptr::eq(other, import));
    let local = facts
        .bindings
        .iter()
        .find(|binding| matches!(binding.to, BoundTo::Import(id) if Some(id as usize) == number))
        .map(|binding| format!(" as {}", facts.name(binding.name)));
    format!(
        "import {what} of {}{} {}:{}{}{}",
        facts.name(import.module),
        local.unwrap_or_default(),
        import.at.line,
        import.at.column,
        if import.reexported { " reexported" } else { "" },
        if import.type_only { " type-only" } else { "" },
    )
}

fn exported(facts: &FileFacts, export: &Export) -> String {
    match export.what {
        Exported::Local(name) => facts.name(name).to_string(),
        Exported::Import(id) => imported(facts, &facts.imports[id as usize]),
        Exported::Expression(id) => spelled(facts, id),
    }
}

/// An expression in a short notation.
pub(crate) fn spelled(facts: &FileFacts, id: ExpressionId) -> String {
    let arguments = |close: &str| {
        let given: Vec<String> = facts
            .arguments
            .iter()
            .filter(|argument| argument.of == id)
            .map(|argument| match argument.keyword {
                Some(keyword) => {
                    format!("{}={}", facts.name(keyword), spelled(facts, argument.value))
                }
                None => spelled(facts, argument.value),
            })
            .collect();
        given.join(", ") + close
    };
    match facts.expressions[id as usize].kind {
        ExpressionKind::Name(name) => facts.name(name).to_string(),
        ExpressionKind::Member(object, name) => {
            format!("{}.{}", spelled(facts, object), facts.name(name))
        }
        ExpressionKind::Call(callee) => format!("{}({}", spelled(facts, callee), arguments(")")),
        ExpressionKind::New(class) => format!("new {}({}", spelled(facts, class), arguments(")")),
        ExpressionKind::Element(of) => format!("{}[{}", spelled(facts, of), arguments("]")),
        ExpressionKind::Generic(of) => format!("{}<{}", spelled(facts, of), arguments(">")),
        ExpressionKind::Await(of) => format!("await {}", spelled(facts, of)),
        ExpressionKind::Cast(to) => format!("({})", spelled(facts, to)),
        ExpressionKind::Method(named) => format!("::{}", spelled(facts, named)),
        ExpressionKind::Module(import) => {
            format!("module {}", facts.name(facts.imports[import as usize].module))
        }
        ExpressionKind::Either(left, right) => {
            format!("({} | {})", spelled(facts, left), spelled(facts, right))
        }
        ExpressionKind::This => "this".to_string(),
        ExpressionKind::Super => "super".to_string(),
        ExpressionKind::Literal(kind) => format!("#{kind:?}"),
        ExpressionKind::Definition(of) => {
            format!("definition {}", facts.name(facts.definitions[of as usize].name))
        }
        ExpressionKind::Unknown => "?".to_string(),
    }
}
