//! Every tool: one file each, and the one list that names them all.

mod search;
mod locate;
mod find_symbol;
mod find_callers;
mod trace_impact;
mod map;
mod remember;
mod recall;
mod decisions;
mod forget;
mod feedback;
mod status;

use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Arc, LazyLock};

use ctx_engine::request::Caller;
use ctx_engine::{Engine, EngineError};
use rmcp::model::{JsonObject, ToolAnnotations};
use serde::de::DeserializeOwned;

use super::answer::{Reply, Trouble};
use super::readiness::{Indexings, Listener};
use super::{arguments, schema};
use crate::serving::Serving;

/// Every tool; those of the default set come first, in the order in which a
/// task needs them.
const TOOLS: &[Tool] = &[
    search::TOOL,
    locate::TOOL,
    find_symbol::TOOL,
    find_callers::TOOL,
    trace_impact::TOOL,
    map::TOOL,
    remember::TOOL,
    recall::TOOL,
    decisions::TOOL,
    forget::TOOL,
    feedback::TOOL,
    status::TOOL,
];

/// A tool.
pub(super) struct Tool {
    name: &'static str,
    /// Names by which a model may guess it: those of the command line.
    aliases: &'static [&'static str],
    title: &'static str,
    /// What it is for and when, for a model.
    description: &'static str,
    effect: Effect,
    arguments: fn() -> Arc<JsonObject>,
    answer: fn() -> Arc<JsonObject>,
    call: fn(Call, Raw) -> Calling,
}

/// A call that runs.
pub(super) type Calling = Pin<Box<dyn Future<Output = Result<Reply, Trouble>> + Send>>;

/// What a tool does to what is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// Nothing.
    Reads,
    /// It adds to the journal, each time anew.
    Adds,
    /// It hides something; again changes nothing more.
    Hides,
}

/// A set of tools to offer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Preset {
    /// What most tasks need: eight tools.
    #[default]
    Core,
    /// Reading code only.
    Code,
    /// Memory only.
    Memory,
    /// Every tool.
    All,
}

impl Preset {
    /// Every set.
    pub const ALL: [Preset; 4] = [Preset::Core, Preset::Code, Preset::Memory, Preset::All];

    /// The name printed and accepted everywhere.
    pub fn name(self) -> &'static str {
        match self {
            Preset::Core => "core",
            Preset::Code => "code",
            Preset::Memory => "memory",
            Preset::All => "all",
        }
    }

    /// The set with this name.
    pub fn from_name(name: &str) -> Option<Preset> {
        Preset::ALL.into_iter().find(|preset| preset.name() == name)
    }

    /// The names of its tools, in the order in which they are offered.
    pub fn tool_names(self) -> impl Iterator<Item = &'static str> {
        TOOLS.iter().filter(move |tool| self.has(tool)).map(|tool| tool.name)
    }

    fn has(self, tool: &Tool) -> bool {
        let names: &[&str] = match self {
            Preset::All => return true,
            Preset::Code => {
                &["search", "locate", "find_symbol", "find_callers", "trace_impact", "map"]
            }
            Preset::Memory => &["remember", "recall", "decisions", "forget", "feedback"],
            Preset::Core => {
                return Preset::Code.has(tool) || matches!(tool.name, "remember" | "recall");
            }
        };
        names.contains(&tool.name)
    }
}

/// A tool as it is offered.
pub(super) struct Offer {
    tool: &'static Tool,
    definition: rmcp::model::Tool,
}

static OFFERS: LazyLock<Vec<Offer>> = LazyLock::new(|| {
    TOOLS.iter().map(|tool| Offer { tool, definition: definition_of(tool) }).collect()
});

/// The tools of a set, always in the same order.
pub(super) fn offered(preset: Preset) -> Vec<rmcp::model::Tool> {
    OFFERS
        .iter()
        .filter(|offer| preset.has(offer.tool))
        .map(|offer| offer.definition.clone())
        .collect()
}

/// The tool that a model means, in whatever set: a model may have learned of it
/// elsewhere.
pub(super) fn named(name: &str) -> Option<&'static Offer> {
    OFFERS
        .iter()
        .find(|offer| offer.tool.name == name)
        .or_else(|| OFFERS.iter().find(|offer| offer.tool.aliases.contains(&name)))
}

/// Whether a call of this tool may be sent again when its answer was not heard.
pub fn repeatable(name: &str) -> bool {
    named(name).is_none_or(|offer| offer.tool.effect != Effect::Adds)
}

impl Offer {
    pub(super) fn definition(&self) -> &rmcp::model::Tool {
        &self.definition
    }

    /// Calls the tool.
    pub(super) fn call(&self, call: Call, arguments: JsonObject) -> Calling {
        let schema = Arc::clone(&self.definition.input_schema);
        (self.tool.call)(call, Raw { arguments, schema })
    }
}

fn definition_of(tool: &Tool) -> rmcp::model::Tool {
    let annotations = ToolAnnotations::with_title(tool.title)
        .read_only(tool.effect == Effect::Reads)
        .destructive(tool.effect == Effect::Hides)
        .idempotent(tool.effect != Effect::Adds)
        .open_world(false);
    rmcp::model::Tool::new(tool.name, tool.description, (tool.arguments)())
        .with_title(tool.title)
        .with_raw_output_schema((tool.answer)())
        .with_annotations(annotations)
}

/// Arguments as they came.
pub(super) struct Raw {
    arguments: JsonObject,
    schema: Arc<JsonObject>,
}

impl Raw {
    fn read<T: DeserializeOwned>(self) -> Result<T, Trouble> {
        arguments::read(self.arguments, &self.schema)
    }
}

/// What every tool has at hand.
pub(super) struct Call {
    pub(super) serving: Arc<Serving>,
    pub(super) indexings: Indexings,
    pub(super) caller: Caller,
    pub(super) root: PathBuf,
    pub(super) listener: Listener,
}

impl Call {
    /// Asks about the code; a project that was never indexed is indexed first.
    pub(super) async fn ask_code<T, F>(&self, verb: F) -> Result<T, Trouble>
    where
        T: Send + 'static,
        F: FnOnce(&Engine, &Caller, &Path) -> Result<T, EngineError> + Send + 'static,
    {
        self.indexings.ready(&self.serving, &self.caller, &self.root, &self.listener).await?;
        self.ask(verb).await
    }

    /// Asks what needs no index.
    pub(super) async fn ask<T, F>(&self, verb: F) -> Result<T, Trouble>
    where
        T: Send + 'static,
        F: FnOnce(&Engine, &Caller, &Path) -> Result<T, EngineError> + Send + 'static,
    {
        let (caller, root) = (self.caller.clone(), self.root.clone());
        Ok(self.serving.ask(move |engine| verb(engine, &caller, &root)).await?)
    }
}

fn arguments_of<T: schemars::JsonSchema>() -> Arc<JsonObject> {
    schema::of_arguments::<T>()
}

fn answer_of<T: schemars::JsonSchema>() -> Arc<JsonObject> {
    schema::of_answer::<T>()
}
