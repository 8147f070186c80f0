//! The order in which Python looks a member up in a class and its bases: the C3
//! linearisation (<https://docs.python.org/3/howto/mro.html>).

use super::{Binder, LONGEST_CHAIN};
use crate::node::SymbolRef;

/// How many classes one may have above it.
const MOST_CLASSES: usize = 64;

impl Binder<'_> {
    /// A class, then its bases in the order in which members are looked up.
    /// Where the rules give no order, bases follow depth first.
    pub(super) fn resolution_order(&self, class: SymbolRef, depth: u32) -> Vec<SymbolRef> {
        if let Some(known) = self.session.borrow().orders.get(&class) {
            return known.clone();
        }
        // A class that is its own base meets itself here.
        self.session.borrow_mut().orders.insert(class, vec![class]);
        let mut order = vec![class];
        if depth <= LONGEST_CHAIN {
            let bases = self.base_classes(class, depth);
            let mut lines: Vec<Vec<SymbolRef>> =
                bases.iter().map(|base| self.resolution_order(*base, depth + 1)).collect();
            lines.push(bases);
            order.extend(merged(lines, class));
        }
        self.session.borrow_mut().orders.insert(class, order.clone());
        order
    }
}

/// Merges lines of classes so that each keeps its order.
fn merged(mut lines: Vec<Vec<SymbolRef>>, class: SymbolRef) -> Vec<SymbolRef> {
    let mut order = Vec::new();
    while order.len() < MOST_CLASSES {
        lines.retain(|line| !line.is_empty());
        let Some(first) = lines.first().and_then(|line| line.first()) else { break };
        let free = lines
            .iter()
            .filter_map(|line| line.first())
            .find(|head| !lines.iter().any(|line| line[1..].contains(head)));
        let next = *free.unwrap_or(first);
        lines.iter_mut().for_each(|line| line.retain(|other| *other != next));
        if next != class {
            order.push(next);
        }
    }
    order
}
