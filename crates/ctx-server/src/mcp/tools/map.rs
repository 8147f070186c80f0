//! Draw a map of the project.

use ctx_engine::request;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Call, Effect, Tool, answer_of, arguments_of};
use crate::mcp::answer::{Freshness, Reply, Trouble};
use crate::mcp::budget;

pub(super) const TOOL: Tool = Tool {
    name: "map",
    aliases: &["map_project"],
    title: "Map the project",
    description: "The project's most central files and their definitions within a token budget: \
                  for finding your way in unknown code.",
    effect: Effect::Reads,
    arguments: arguments_of::<Arguments>,
    answer: answer_of::<Answer>,
    call: |call, raw| Box::pin(async move { handle(&call, raw.read()?).await }),
};

#[derive(Deserialize, JsonSchema)]
struct Arguments {
    /// Paths, folders or symbols to show most of
    #[serde(default)]
    focus: Vec<String>,
    /// Token budget of the answer (default 4000)
    #[serde(default)]
    #[schemars(with = "u32", range(min = 500, max = 20000))]
    max_tokens: Option<usize>,
}

#[derive(Serialize, JsonSchema)]
struct Answer {
    /// Files, and below each its definitions with their lines
    map: String,
    /// Files that found no room
    omitted_files: u64,
    freshness: Freshness,
}

async fn handle(call: &Call, arguments: Arguments) -> Result<Reply, Trouble> {
    let Arguments { focus, max_tokens } = arguments;
    // Text and structured content both hold the map, the second with escapes.
    let mut tokens = budget::room_of(max_tokens)? * 2 / 5;
    loop {
        let request = request::MapRequest { tokens, focus: focus.clone() };
        let found =
            call.ask_code(move |engine, caller, root| engine.map(caller, root, &request)).await?;
        let freshness = Freshness::from(&found.freshness);
        let mut room = budget::room(max_tokens, &freshness)?;
        let map = found.content.text;
        if room.take(&map, &map) || tokens < 10 {
            let text = match found.content.omitted_files {
                0 => map.clone(),
                omitted => format!("{map}({omitted} more files found no room)\n"),
            };
            let text = text + &freshness.text();
            let omitted_files = found.content.omitted_files;
            let paths = found.content.files.iter().map(|file| file.path.as_str());
            let answer = Answer { map, omitted_files, freshness };
            return Ok(Reply::new(text, &answer).counted(&found.receipt, paths));
        }
        tokens = tokens * 4 / 5;
    }
}
