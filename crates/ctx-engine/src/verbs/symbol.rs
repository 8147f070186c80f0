//! `symbol`: definitions by name.

use std::path::Path;

use ctx_graph::question::symbols_named;
use ctx_graph::{SymbolRef as Found, Unit};
use ctx_storage::Space;

use super::given::given;
use super::meant::near_names;
use super::places::place;
use crate::answer::{Answer, Symbol, SymbolAnswer};
use crate::host::{Engine, Result};
use crate::project::{Project, Snapshot};
use crate::request::{Caller, SymbolRequest};
use crate::tally::Count;

impl Engine {
    /// Finds definitions by name.
    pub fn symbol(
        &self,
        caller: &Caller,
        root: &Path,
        request: &SymbolRequest,
    ) -> Result<Answer<SymbolAnswer>> {
        let (project, snapshot) = self.reading(caller, root)?;
        let name = given(&project.root, &request.name)?;
        let mut found = symbols_named(&snapshot.graph, &name);
        found.truncate(request.limit);
        let near = if found.is_empty() { near_names(&snapshot, &name) } else { Vec::new() };
        let mut facts: Option<(u32, Unit)> = None;
        let symbols = found
            .into_iter()
            .filter_map(|symbol| {
                if facts.as_ref().is_none_or(|(file, _)| *file != symbol.file) {
                    facts = self.unit(&project, &snapshot, symbol.file).map(|u| (symbol.file, u));
                }
                describe(&snapshot, symbol, facts.as_ref().map(|(_, unit)| unit))
            })
            .collect();
        let receipt = self.receipt(Count::Symbol, &project, &snapshot);
        Ok(Answer {
            receipt,
            ..Engine::answered(&project, &snapshot, SymbolAnswer { symbols, near })
        })
    }

    /// The facts of a file, from the store.
    pub(super) fn unit(&self, project: &Project, snapshot: &Snapshot, file: u32) -> Option<Unit> {
        let content = snapshot.files.get(file)?.content;
        let bytes = self.inner.store.get(Space::Facts, project.id, &content.0).ok()??;
        Some(Unit::new(ctx_syntax::decode(&bytes).ok()?))
    }
}

fn describe(snapshot: &Snapshot, symbol: Found, unit: Option<&Unit>) -> Option<Symbol> {
    let (node, known) = snapshot.graph.symbol(symbol)?;
    let definition = unit.and_then(|unit| unit.facts.definitions.get(symbol.definition as usize));
    let text = |id: Option<u32>| {
        unit.zip(id).map_or(String::new(), |(unit, id)| unit.facts.name(id).to_string())
    };
    let doc = text(definition.map(|definition| definition.doc));
    let place = place(&snapshot.graph, symbol);
    Some(Symbol {
        id: format!("{}#{}:{}", place.path, place.qualified, place.kind),
        name: node.name(known).to_string(),
        signature: text(definition.map(|definition| definition.signature)),
        doc: (!doc.is_empty()).then_some(doc),
        visibility: known.visibility.name().to_string(),
        place,
    })
}
