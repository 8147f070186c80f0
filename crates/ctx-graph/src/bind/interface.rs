//! What other files can see of a file, as a hash: a change of it is what makes
//! them be bound again.

use ctx_model::codec::Writer;
use ctx_model::facts::*;

use crate::unit::Unit;

/// A hash of what other files can see of this one: definitions with their
/// types and bases, imports and exports, and what module-level names and
/// fields are assigned. Function bodies count only through what they return.
pub(super) fn interface_hash(unit: &Unit) -> u64 {
    let mut bytes = Writer::default();
    let facts = &unit.facts;
    let seen = |bytes: &mut Writer, id: ExpressionId| {
        visible_expression(bytes, unit, id, 0);
    };
    for definition in &facts.definitions {
        bytes.text(facts.name(definition.name));
        bytes.byte(definition.kind as u8);
        bytes.number(u64::from(definition.flags.0));
        bytes.number(u64::from(definition.complexity.parameters));
        bytes.option(definition.parent);
        bytes.number(u64::from(definition.scope));
        let expressions = definition.bases.iter().map(|base| base.expression);
        for id in expressions.chain(definition.owner).chain(definition.type_of) {
            seen(&mut bytes, id);
        }
    }
    for import in &facts.imports {
        bytes.text(facts.name(import.module));
        if let Imported::Member(name) = import.what {
            bytes.text(facts.name(name));
        }
        bytes.number(u64::from(import.scope));
        bytes.byte(u8::from(import.what == Imported::Wildcard) | u8::from(import.reexported) << 1);
    }
    for export in &facts.exports {
        bytes.text(facts.name(export.name));
        match export.what {
            Exported::Local(name) => bytes.text(facts.name(name)),
            Exported::Import(import) => bytes.number(u64::from(import)),
            Exported::Expression(id) => seen(&mut bytes, id),
        }
    }
    for binding in &facts.bindings {
        bytes.text(facts.name(binding.name));
        bytes.number(u64::from(binding.scope));
        bytes.byte(binding.through as u8);
        for id in binding.value.into_iter().chain(binding.type_of) {
            seen(&mut bytes, id);
        }
    }
    for returned in &facts.returns {
        bytes.number(u64::from(returned.of));
        seen(&mut bytes, returned.value);
    }
    bytes.text(facts.package.map_or("", |package| facts.name(package)));
    let bytes = bytes.finish();
    bytes.iter().fold(0xcbf2_9ce4_8422_2325u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

fn visible_expression(bytes: &mut Writer, unit: &Unit, id: ExpressionId, depth: u32) {
    if depth > 8 {
        return;
    }
    match unit.facts.expressions[id as usize].kind {
        ExpressionKind::Name(name) => bytes.text(unit.facts.name(name)),
        ExpressionKind::Member(object, name) => {
            visible_expression(bytes, unit, object, depth + 1);
            bytes.text(unit.facts.name(name));
        }
        ExpressionKind::Call(of)
        | ExpressionKind::New(of)
        | ExpressionKind::Element(of)
        | ExpressionKind::Generic(of)
        | ExpressionKind::Await(of)
        | ExpressionKind::Cast(of)
        | ExpressionKind::Method(of) => {
            bytes.byte(b'(');
            visible_expression(bytes, unit, of, depth + 1);
            for argument in unit.arguments(id) {
                visible_expression(bytes, unit, argument.value, depth + 1);
            }
            bytes.byte(b')');
        }
        ExpressionKind::Either(left, right) => {
            visible_expression(bytes, unit, left, depth + 1);
            visible_expression(bytes, unit, right, depth + 1);
        }
        ExpressionKind::Literal(kind) => bytes.byte(kind as u8),
        ExpressionKind::This => bytes.byte(b't'),
        ExpressionKind::Super => bytes.byte(b's'),
        ExpressionKind::Definition(of) => bytes.number(u64::from(of)),
        ExpressionKind::Module(import) => {
            bytes.text(unit.facts.name(unit.facts.imports[import as usize].module));
        }
        ExpressionKind::Unknown => bytes.byte(b'?'),
    }
}
