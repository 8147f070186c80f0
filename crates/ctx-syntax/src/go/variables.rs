//! Constants and variables: what declares them and what they get.

use ctx_model::facts::*;
use tree_sitter::Node;

use super::definitions::visibility;
use super::{Field, Kind, Walk};
use crate::builder::{Builder, NewDefinition};

/// More scopes than this are not opened around one place for declarations that
/// use the outer meaning of their names: hostile text would nest them endlessly.
const MOST_SHADOWINGS: u32 = 64;

/// One expression of a list of values.
#[derive(Clone, Copy)]
pub(super) struct Value {
    id: Option<ExpressionId>,
    /// The type that it is asserted to have.
    type_of: Option<ExpressionId>,
    /// Whether it may stand for two values, the second being whether there is
    /// a first: `v, ok := m[key]`.
    tells_success: bool,
}

/// What a declaration says of all its names.
struct Declaration<'t> {
    kind: DefinitionKind,
    spec: Node<'t>,
    /// The specification with its keyword, where it stands alone.
    whole: Node<'t>,
    type_of: Option<ExpressionId>,
}

impl<'t> Walk<'_, 't> {
    /// `const …` and `var …`, alone or in parentheses.
    pub(super) fn variable_declaration(&mut self, node: Node<'t>) {
        let kind = match self.kind(node) {
            Kind::ConstDeclaration => DefinitionKind::Constant,
            _ => DefinitionKind::Variable,
        };
        let grouped = self.is_grouped(node);
        let mut previous_type = None;
        let children = self.build.open(node);
        for index in children.clone() {
            let child = self.build.child(index).node;
            match self.kind(child) {
                Kind::ConstSpec | Kind::VarSpec => {
                    let whole = if grouped { child } else { node };
                    previous_type = self.variable_spec(kind, child, whole, previous_type);
                }
                Kind::VarSpecList => {
                    let specs = self.build.open(child);
                    for index in specs.clone() {
                        let spec = self.build.child(index).node;
                        self.variable_spec(kind, spec, spec, None);
                    }
                    self.build.close(specs);
                }
                _ => {}
            }
        }
        self.build.close(children);
    }

    /// One specification; gives its type, which a constant without a value takes over.
    fn variable_spec(
        &mut self,
        kind: DefinitionKind,
        spec: Node<'t>,
        whole: Node<'t>,
        previous_type: Option<ExpressionId>,
    ) -> Option<ExpressionId> {
        let first = self.build.facts.expressions.len();
        let type_node = self.in_field(spec, Field::Type);
        let mut type_of = type_node.and_then(|ty| self.type_expression(ty, Role::Type));
        let values = match self.in_field(spec, Field::Value) {
            Some(list) => self.values(list),
            None => Vec::new(),
        };
        if values.is_empty() && kind == DefinitionKind::Constant && type_of.is_none() {
            type_of = previous_type;
        }
        let names = self.all_in_field(spec, Field::Name);
        if self.build.function().is_some() {
            self.shadow(&names, first);
            self.declare(&names, &values, type_of);
        } else {
            let declaration = Declaration { kind, spec, whole, type_of };
            self.define_variables(&names, &values, &declaration);
        }
        type_of
    }

    fn define_variables(
        &mut self,
        names: &[Node<'t>],
        values: &[Value],
        declaration: &Declaration<'t>,
    ) {
        let doc = self.doc(declaration.whole);
        let whole = declaration.whole;
        let signature = self.build.signature(whole, self.first_line_end(whole));
        for (place, &name_node) in names.iter().enumerate() {
            if self.is_nameless(name_node) {
                continue;
            }
            let text = self.build.text_of(name_node);
            let (value, through, asserted) = given(place, names.len(), values);
            let type_of = declaration.type_of.or(asserted);
            let name = self.build.name(text);
            let id = self.build.define(NewDefinition {
                name,
                kind: declaration.kind,
                name_node,
                whole: if names.len() == 1 { whole } else { declaration.spec },
                visibility: visibility(text),
                flags: DefinitionFlags::default(),
            });
            let definition = self.build.definition_mut(id);
            definition.doc = doc;
            definition.signature = signature;
            definition.type_of = type_of;
            if let Some(binding) = self.build.facts.bindings.last_mut() {
                binding.value = value;
                binding.through = through;
                binding.type_of = type_of;
            }
        }
    }

    /// `a, b := …`.
    pub(super) fn short_declaration(&mut self, left: Node<'t>, right: Option<Node<'t>>) {
        let first = self.build.facts.expressions.len();
        let values = right.map(|right| self.values(right)).unwrap_or_default();
        let names = self.names_in(left);
        self.shadow(&names, first);
        self.declare(&names, &values, None);
    }

    /// The expressions of a list.
    pub(super) fn names_in(&mut self, list: Node<'t>) -> Vec<Node<'t>> {
        let children = self.build.open(list);
        let names = children.clone().map(|index| self.build.child(index).node).collect();
        self.build.close(children);
        names
    }

    /// The values of a list, or the one that stands alone.
    fn values(&mut self, node: Node<'t>) -> Vec<Value> {
        if self.kind(node) != Kind::ExpressionList {
            return vec![self.value(node)];
        }
        let mut values = Vec::new();
        let children = self.build.open(node);
        for index in children.clone() {
            values.push(self.value(self.build.child(index).node));
        }
        self.build.close(children);
        values
    }

    fn value(&mut self, node: Node<'t>) -> Value {
        let inner = self.without_parentheses(node);
        match self.kind(inner) {
            Kind::TypeAssertionExpression => {
                let type_of = self.assertion(inner);
                Value { id: None, type_of, tells_success: true }
            }
            kind => {
                let tells_success = kind == Kind::IndexExpression
                    || kind == Kind::UnaryExpression && self.operator(inner) == "<-";
                Value { id: self.expression(node, Role::Read), type_of: None, tells_success }
            }
        }
    }

    /// Binds local names to their values.
    fn declare(&mut self, names: &[Node<'t>], values: &[Value], type_of: Option<ExpressionId>) {
        for (place, &name_node) in names.iter().enumerate() {
            let (value, through, asserted) = given(place, names.len(), values);
            if self.kind(name_node) != Kind::Identifier {
                self.expression(name_node, Role::Write);
                continue;
            }
            // Blank names are bound among parts only: they keep the others' places.
            let blank_part = through == Through::Part && !name_node.is_missing();
            if self.is_nameless(name_node) && !blank_part {
                continue;
            }
            let name = self.build.name_of(name_node);
            let line = Builder::position(name_node).line;
            let binding = self.build.bind(name, BoundTo::Local, line);
            let binding = &mut self.build.facts.bindings[binding];
            binding.value = value;
            binding.through = through;
            binding.type_of = type_of.or(asserted);
        }
    }

    /// Opens a scope for the names about to be declared if the expressions from
    /// `first` on use one of them: they mean the outer one. The end of the block
    /// closes it.
    fn shadow(&mut self, names: &[Node<'t>], first: usize) {
        if self.own.shadowings >= MOST_SHADOWINGS {
            return;
        }
        let mut declared: Vec<NameId> =
            names.iter().map(|name| self.build.name_of(*name)).collect();
        declared.sort_unstable();
        let used = self.build.facts.expressions[first..].iter().any(|expression| {
            matches!(expression.kind, ExpressionKind::Name(name)
                if declared.binary_search(&name).is_ok())
        });
        if used {
            self.build.enter_scope(ScopeKind::Block, None, None);
            self.own.shadowings += 1;
        }
    }

    /// Binds the variables of `for … := range value`.
    pub(super) fn range_variables(&mut self, left: Node<'t>, value: Option<ExpressionId>) {
        for (place, name) in self.names_in(left).into_iter().enumerate() {
            self.bind_typed(Some(name), BoundTo::Local, None);
            // The first variable is an index or a key, which is no element.
            if place == 1
                && !self.is_nameless(name)
                && let Some(binding) = self.build.facts.bindings.last_mut()
            {
                binding.value = value;
                binding.through = Through::Element;
            }
        }
    }
}

/// What the name at `place` of `names` gets from a list of values.
fn given(
    place: usize,
    names: usize,
    values: &[Value],
) -> (Option<ExpressionId>, Through, Option<ExpressionId>) {
    match values {
        [only] if names > 1 && only.tells_success => match place {
            0 => (only.id, Through::Itself, only.type_of),
            _ => (None, Through::Itself, None),
        },
        [only] if names > 1 => (only.id, Through::Part, None),
        _ => values.get(place).map_or((None, Through::Itself, None), |value| {
            (value.id, Through::Itself, value.type_of)
        }),
    }
}
