//! Windsurf: <https://docs.windsurf.com/windsurf/cascade/mcp>. It reads servers
//! from the person's file alone and starts them wherever it is itself.

use super::{Assistant, Placement, Scope, Site, mcp_servers};
use crate::init::pieces::Piece;

pub(super) const ASSISTANT: Assistant = Assistant {
    name: "windsurf",
    other_names: &[],
    title: "Windsurf",
    programs: &["windsurf"],
    project_marks: &[".windsurf", ".windsurfrules"],
    home_marks: |around| vec![around.home.join(".codeium/windsurf")],
    reads_project: false,
    placements,
    next: "in Windsurf, open Cascade's MCP servers and press refresh",
};

fn placements(site: &Site, scope: Scope) -> Vec<Placement> {
    match scope {
        Scope::Project => Vec::new(),
        Scope::User => {
            let file = site.surroundings.home.join(".codeium/windsurf/mcp_config.json");
            let server = Piece::JsonServer(mcp_servers(site.told_the_root(scope)));
            vec![site.in_home(file, server)]
        }
    }
}
