//! `names`: how a name that somebody types may go on.

use std::path::Path;

use ctx_graph::completion::{Completions, completions};

use crate::answer::{Answer, NamesAnswer};
use crate::host::{Engine, Result};
use crate::request::{Caller, NamesRequest};

impl Engine {
    /// Completes a name of a definition.
    pub fn names(
        &self,
        caller: &Caller,
        root: &Path,
        request: &NamesRequest,
    ) -> Result<Answer<NamesAnswer>> {
        let (project, snapshot) = self.reading(caller, root)?;
        let typed = request.typed.trim();
        let Completions { names, total } = completions(&snapshot.graph, typed, request.limit);
        Ok(Engine::answered(&project, &snapshot, NamesAnswer { names, total }))
    }
}
