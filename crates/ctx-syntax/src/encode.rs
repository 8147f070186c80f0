//! Facts to bytes. The format belongs to [`FACTS_VERSION`](crate::FACTS_VERSION)
//! and is read by [`decode`](crate::decode()).
//!
//! Most of a file's facts are expressions, so those are coded in a few bytes
//! each: operands as distances back, places as distances from the last.

use ctx_model::Position;
use ctx_model::codec::Writer;
use ctx_model::facts::*;

/// The stored form of a file's facts.
pub fn encode(facts: &FileFacts) -> Vec<u8> {
    let mut writer = Writer::with_capacity(
        facts.expressions.len() * 6 + facts.definitions.len() * 32 + facts.names.len() * 12 + 64,
    );
    writer.byte(facts.language.map_or(0, |language| language as u8));
    writer.number(u64::from(facts.lines));
    writer.option(facts.package);
    writer.number(facts.names.len() as u64);
    facts.names.iter().for_each(|name| writer.text(name));
    list(&mut writer, &facts.scopes, scope);
    let mut last = Position::default();
    list(&mut writer, &facts.definitions, |writer, item| definition(writer, item, &mut last));
    last = Position::default();
    list(&mut writer, &facts.imports, |writer, item| import(writer, item, &mut last));
    list(&mut writer, &facts.exports, export);
    expressions(&mut writer, &facts.expressions);
    let mut line = 0;
    list(&mut writer, &facts.bindings, |writer, item| binding(writer, item, &mut line));
    list(&mut writer, &facts.arguments, |writer, item| {
        writer.number(u64::from(item.of));
        writer.option(item.keyword);
        writer.signed(i64::from(item.of) - i64::from(item.value));
    });
    list(&mut writer, &facts.returns, |writer, item| {
        writer.number(u64::from(item.of));
        writer.number(u64::from(item.value));
    });
    let mut end = 0;
    list(&mut writer, &facts.comments, |writer, range| {
        writer.signed(i64::from(range.start) - i64::from(end));
        writer.number(u64::from(range.end.saturating_sub(range.start)));
        end = range.end;
    });
    list(&mut writer, &facts.problems, |writer, item| {
        writer.byte(item.kind as u8);
        writer.number(u64::from(item.at.line));
        writer.number(u64::from(item.at.column));
    });
    writer.finish()
}

fn list<T>(writer: &mut Writer, items: &[T], mut each: impl FnMut(&mut Writer, &T)) {
    writer.number(items.len() as u64);
    items.iter().for_each(|item| each(writer, item));
}

fn place(writer: &mut Writer, at: Position, last: &mut Position) {
    writer.signed(i64::from(at.line) - i64::from(last.line));
    writer.number(u64::from(at.column));
    *last = at;
}

fn scope(writer: &mut Writer, scope: &Scope) {
    writer.byte(scope.kind as u8);
    writer.option(scope.parent);
    writer.option(scope.definition);
    writer.option(scope.owner);
}

fn definition(writer: &mut Writer, item: &Definition, last: &mut Position) {
    writer.byte(item.kind as u8);
    writer.byte(item.visibility as u8);
    writer.number(u64::from(item.flags.0));
    writer.number(u64::from(item.name));
    writer.option(item.parent);
    writer.number(u64::from(item.scope));
    writer.option(item.body);
    writer.option(item.owner);
    place(writer, item.at, last);
    writer.signed(i64::from(item.at.line) - i64::from(item.line));
    writer.signed(i64::from(item.end_line) - i64::from(item.line));
    writer.number(u64::from(item.signature));
    writer.number(u64::from(item.doc));
    writer.number(u64::from(item.complexity.cyclomatic));
    writer.number(u64::from(item.complexity.nesting));
    writer.number(u64::from(item.complexity.parameters));
    list(writer, &item.bases, |writer, base| {
        writer.number(u64::from(base.expression) << 1 | u64::from(base.implements));
    });
    list(writer, &item.annotations, |writer, id| writer.number(u64::from(*id)));
    writer.option(item.type_of);
}

fn import(writer: &mut Writer, item: &Import, last: &mut Position) {
    let (kind, member) = match item.what {
        Imported::Module => (0, None),
        Imported::Member(name) => (1, Some(name)),
        Imported::Wildcard => (2, None),
    };
    writer.byte(kind | u8::from(item.reexported) << 2 | u8::from(item.type_only) << 3);
    writer.number(u64::from(item.module));
    if let Some(member) = member {
        writer.number(u64::from(member));
    }
    writer.number(u64::from(item.scope));
    place(writer, item.at, last);
}

fn export(writer: &mut Writer, item: &Export) {
    let (kind, id) = match item.what {
        Exported::Local(name) => (0, name),
        Exported::Import(import) => (1, import),
        Exported::Expression(expression) => (2, expression),
    };
    writer.byte(kind);
    writer.number(u64::from(item.name));
    writer.number(u64::from(id));
}

fn binding(writer: &mut Writer, item: &Binding, line: &mut u32) {
    let (kind, id) = match item.to {
        BoundTo::Definition(id) => (0, Some(id)),
        BoundTo::Import(id) => (1, Some(id)),
        BoundTo::Parameter(place) => (2, Some(place)),
        BoundTo::Local => (3, None),
        BoundTo::Outer => (4, None),
    };
    let typed = item.value.is_some() || item.type_of.is_some();
    writer.byte(kind | u8::from(typed) << 3 | (item.through as u8) << 4);
    if let Some(id) = id {
        writer.number(u64::from(id));
    }
    writer.number(u64::from(item.scope));
    writer.number(u64::from(item.name));
    writer.signed(i64::from(item.line) - i64::from(*line));
    *line = item.line;
    if typed {
        writer.option(item.value);
        writer.option(item.type_of);
    }
}

fn expressions(writer: &mut Writer, items: &[Expression]) {
    writer.number(items.len() as u64);
    let mut last = Position::default();
    let mut scope = 0;
    for (id, item) in items.iter().enumerate() {
        let back = |operand: ExpressionId| id as u64 - u64::from(operand);
        let (kind, first, second) = match item.kind {
            ExpressionKind::Name(name) => (0, Some(u64::from(name)), None),
            ExpressionKind::Member(object, name) => (1, Some(back(object)), Some(u64::from(name))),
            ExpressionKind::Call(callee) => (2, Some(back(callee)), None),
            ExpressionKind::New(class) => (3, Some(back(class)), None),
            ExpressionKind::Element(of) => (4, Some(back(of)), None),
            ExpressionKind::Generic(of) => (5, Some(back(of)), None),
            ExpressionKind::Await(of) => (6, Some(back(of)), None),
            ExpressionKind::Either(left, right) => (7, Some(back(left)), Some(back(right))),
            ExpressionKind::This => (8, None, None),
            ExpressionKind::Super => (9, None, None),
            ExpressionKind::Literal(kind) => (10, Some(kind as u64), None),
            ExpressionKind::Definition(of) => (11, Some(u64::from(of)), None),
            ExpressionKind::Unknown => (12, None, None),
            ExpressionKind::Cast(to) => (13, Some(back(to)), None),
            ExpressionKind::Method(named) => (14, Some(back(named)), None),
            ExpressionKind::Module(import) => (15, Some(u64::from(import)), None),
        };
        writer.byte(kind | (item.role as u8) << 4 | u8::from(item.scope != scope) << 7);
        if item.scope != scope {
            writer.number(u64::from(item.scope));
            scope = item.scope;
        }
        first.into_iter().chain(second).for_each(|operand| writer.number(operand));
        place(writer, item.at, &mut last);
    }
}
