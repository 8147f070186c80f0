//! Bytes to facts: the reverse of [`encode`](crate::encode()).

use ctx_model::codec::{Damaged, Reader};
use ctx_model::facts::*;
use ctx_model::{Language, Position};

/// Facts from their stored form.
///
/// Numbers that point into other lists are checked, so that damaged bytes are
/// an error here and never a panic later.
pub fn decode(bytes: &[u8]) -> Result<FileFacts, Damaged> {
    let mut reader = Reader::new(bytes);
    let r = &mut reader;
    let mut facts = FileFacts {
        language: Language::from_number(r.byte()?),
        lines: r.number32()?,
        package: r.option()?,
        names: list(r, |r| Ok(r.text()?.into()))?,
        scopes: list(r, scope)?,
        ..FileFacts::default()
    };
    let mut last = Position::default();
    facts.definitions = list(r, |r| definition(r, &mut last))?;
    last = Position::default();
    facts.imports = list(r, |r| import(r, &mut last))?;
    facts.exports = list(r, export)?;
    facts.expressions = expressions(r)?;
    let mut line = 0;
    facts.bindings = list(r, |r| binding(r, &mut line))?;
    facts.arguments = list(r, argument)?;
    facts.returns = list(r, |r| Ok(Return { of: r.number32()?, value: r.number32()? }))?;
    let mut end = 0;
    facts.comments = list(r, |r| {
        let start = offset(r, end)?;
        end = start.checked_add(r.number32()?).ok_or_else(|| r.damaged())?;
        Ok(start..end)
    })?;
    facts.problems = list(r, |r| {
        let kind = pick(r, &ProblemKind::ALL)?;
        Ok(Problem { kind, at: Position { line: r.number32()?, column: r.number32()? } })
    })?;
    if is_sound(&facts) { Ok(facts) } else { Err(Damaged { offset: bytes.len() }) }
}

fn list<T>(
    reader: &mut Reader<'_>,
    mut each: impl FnMut(&mut Reader<'_>) -> Result<T, Damaged>,
) -> Result<Vec<T>, Damaged> {
    let count = reader.count()?;
    let mut items = Vec::with_capacity(count);
    for _ in 0..count {
        items.push(each(reader)?);
    }
    Ok(items)
}

/// One of a closed set, by its stored number.
fn pick<T: Copy>(reader: &mut Reader<'_>, all: &[T]) -> Result<T, Damaged> {
    let number = reader.byte()?;
    pick_number(reader, usize::from(number), all)
}

fn pick_number<T: Copy>(reader: &Reader<'_>, number: usize, all: &[T]) -> Result<T, Damaged> {
    all.get(number).copied().ok_or_else(|| reader.damaged())
}

fn place(reader: &mut Reader<'_>, last: &mut Position) -> Result<Position, Damaged> {
    let line = offset(reader, last.line)?;
    *last = Position { line, column: reader.number32()? };
    Ok(*last)
}

/// A number coded as its distance from another.
fn offset(reader: &mut Reader<'_>, from: u32) -> Result<u32, Damaged> {
    let distance = reader.signed()?;
    i64::from(from)
        .checked_add(distance)
        .and_then(|value| u32::try_from(value).ok())
        .ok_or_else(|| reader.damaged())
}

fn scope(r: &mut Reader<'_>) -> Result<Scope, Damaged> {
    Ok(Scope {
        kind: pick(r, &ScopeKind::ALL)?,
        parent: r.option()?,
        definition: r.option()?,
        owner: r.option()?,
    })
}

fn definition(r: &mut Reader<'_>, last: &mut Position) -> Result<Definition, Damaged> {
    let kind = pick(r, &DefinitionKind::ALL)?;
    let visibility = pick(r, &Visibility::ALL)?;
    let flags = DefinitionFlags(r.number32()? as u16);
    let (name, parent, scope) = (r.number32()?, r.option()?, r.number32()?);
    let (body, owner) = (r.option()?, r.option()?);
    let at = place(r, last)?;
    let back = r.signed()?;
    let line = u32::try_from(i64::from(at.line) - back).map_err(|_| r.damaged())?;
    let end_line = offset(r, line)?;
    Ok(Definition {
        name,
        kind,
        parent,
        scope,
        body,
        owner,
        at,
        line,
        end_line,
        visibility,
        flags,
        signature: r.number32()?,
        doc: r.number32()?,
        complexity: Complexity {
            cyclomatic: r.number32()?,
            nesting: r.number32()?,
            parameters: r.number32()?,
        },
        bases: list(r, |r| {
            let coded = r.number32()?;
            Ok(BaseType { expression: coded >> 1, implements: coded & 1 == 1 })
        })?,
        annotations: list(r, |r| r.number32())?,
        type_of: r.option()?,
    })
}

fn import(r: &mut Reader<'_>, last: &mut Position) -> Result<Import, Damaged> {
    let head = r.byte()?;
    let module = r.number32()?;
    let what = match head & 3 {
        0 => Imported::Module,
        1 => Imported::Member(r.number32()?),
        2 => Imported::Wildcard,
        _ => return Err(r.damaged()),
    };
    Ok(Import {
        module,
        what,
        scope: r.number32()?,
        at: place(r, last)?,
        reexported: head & 4 != 0,
        type_only: head & 8 != 0,
    })
}

fn export(r: &mut Reader<'_>) -> Result<Export, Damaged> {
    let kind = r.byte()?;
    let (name, id) = (r.number32()?, r.number32()?);
    let what = match kind {
        0 => Exported::Local(id),
        1 => Exported::Import(id),
        2 => Exported::Expression(id),
        _ => return Err(r.damaged()),
    };
    Ok(Export { name, what })
}

fn binding(r: &mut Reader<'_>, line: &mut u32) -> Result<Binding, Damaged> {
    let head = r.byte()?;
    let to = match head & 7 {
        0 => BoundTo::Definition(r.number32()?),
        1 => BoundTo::Import(r.number32()?),
        2 => BoundTo::Parameter(r.number32()?),
        3 => BoundTo::Local,
        4 => BoundTo::Outer,
        _ => return Err(r.damaged()),
    };
    let through = pick_number(r, usize::from(head >> 4), &Through::ALL)?;
    let (scope, name) = (r.number32()?, r.number32()?);
    *line = offset(r, *line)?;
    let (value, type_of) = if head & 8 != 0 { (r.option()?, r.option()?) } else { (None, None) };
    Ok(Binding { scope, name, to, value, through, type_of, line: *line })
}

fn argument(r: &mut Reader<'_>) -> Result<Argument, Damaged> {
    let (of, keyword) = (r.number32()?, r.option()?);
    let back = r.signed()?;
    let value = u32::try_from(i64::from(of) - back).map_err(|_| r.damaged())?;
    Ok(Argument { of, keyword, value })
}

fn expressions(r: &mut Reader<'_>) -> Result<Vec<Expression>, Damaged> {
    let count = r.count()?;
    let mut items = Vec::with_capacity(count);
    let mut last = Position::default();
    let mut scope = 0;
    for id in 0..count as u32 {
        let head = r.byte()?;
        if head & 0x80 != 0 {
            scope = r.number32()?;
        }
        let kind = expression_kind(r, head & 15, id)?;
        let role = pick_number(r, usize::from(head >> 4 & 7), &Role::ALL)?;
        let at = place(r, &mut last)?;
        items.push(Expression { kind, role, scope, at });
    }
    Ok(items)
}

fn expression_kind(
    r: &mut Reader<'_>,
    kind: u8,
    id: ExpressionId,
) -> Result<ExpressionKind, Damaged> {
    // Operands stand before what has them, so a distance is at least 1.
    let back = |r: &mut Reader<'_>| match id.checked_sub(r.number32()?) {
        Some(operand) if operand < id => Ok(operand),
        _ => Err(r.damaged()),
    };
    Ok(match kind {
        0 => ExpressionKind::Name(r.number32()?),
        1 => ExpressionKind::Member(back(r)?, r.number32()?),
        2 => ExpressionKind::Call(back(r)?),
        3 => ExpressionKind::New(back(r)?),
        4 => ExpressionKind::Element(back(r)?),
        5 => ExpressionKind::Generic(back(r)?),
        6 => ExpressionKind::Await(back(r)?),
        7 => ExpressionKind::Either(back(r)?, back(r)?),
        8 => ExpressionKind::This,
        9 => ExpressionKind::Super,
        10 => ExpressionKind::Literal(pick(r, &LiteralKind::ALL)?),
        11 => ExpressionKind::Definition(r.number32()?),
        12 => ExpressionKind::Unknown,
        13 => ExpressionKind::Cast(back(r)?),
        14 => ExpressionKind::Method(back(r)?),
        15 => ExpressionKind::Module(r.number32()?),
        _ => return Err(r.damaged()),
    })
}

/// Whether every number that points into a list points at something in it, and
/// every parent stands before its children.
fn is_sound(facts: &FileFacts) -> bool {
    let name = |id: u32| (id as usize) < facts.names.len();
    let scope = |id: u32| (id as usize) < facts.scopes.len();
    let definition = |id: u32| (id as usize) < facts.definitions.len();
    let expression = |id: u32| (id as usize) < facts.expressions.len();
    let import = |id: u32| (id as usize) < facts.imports.len();
    let scopes = facts.scopes.iter().enumerate().all(|(id, item)| {
        item.parent.is_none_or(|parent| (parent as usize) < id)
            && item.parent.is_some() == (id > 0)
            && item.definition.is_none_or(definition)
            && item.owner.is_none_or(expression)
    });
    let definitions = facts.definitions.iter().enumerate().all(|(id, item)| {
        [item.name, item.signature, item.doc].into_iter().all(name)
            && item.parent.is_none_or(|parent| (parent as usize) < id)
            && scope(item.scope)
            && item.body.is_none_or(scope)
            && item.owner.is_none_or(expression)
            && item.type_of.is_none_or(expression)
            && item.bases.iter().all(|base| expression(base.expression))
            && item.annotations.iter().copied().all(expression)
    });
    let imports = facts.imports.iter().all(|item| {
        name(item.module)
            && scope(item.scope)
            && !matches!(item.what, Imported::Member(member) if !name(member))
    });
    let exports = facts.exports.iter().all(|item| {
        name(item.name)
            && match item.what {
                Exported::Local(id) => name(id),
                Exported::Import(id) => import(id),
                Exported::Expression(id) => expression(id),
            }
    });
    let bindings = facts.bindings.iter().all(|item| {
        scope(item.scope)
            && name(item.name)
            && item.value.is_none_or(expression)
            && item.type_of.is_none_or(expression)
            && match item.to {
                BoundTo::Definition(id) => definition(id),
                BoundTo::Import(id) => import(id),
                _ => true,
            }
    });
    let expressions = facts.expressions.iter().all(|item| {
        scope(item.scope)
            && match item.kind {
                ExpressionKind::Name(id) | ExpressionKind::Member(_, id) => name(id),
                ExpressionKind::Definition(id) => definition(id),
                ExpressionKind::Module(id) => import(id),
                _ => true,
            }
    });
    let rest = facts.package.is_none_or(name)
        && facts.arguments.iter().all(|item| {
            expression(item.of) && expression(item.value) && item.keyword.is_none_or(name)
        })
        && facts.returns.iter().all(|item| definition(item.of) && expression(item.value));
    !facts.scopes.is_empty()
        && scopes
        && definitions
        && imports
        && exports
        && bindings
        && expressions
        && rest
}
