//! Junie: <https://www.jetbrains.com/help/junie/model-context-protocol-mcp.html>.
//! Where it starts a person's servers is not said, so those are told the root.

use super::{Assistant, Placement, Scope, Site, mcp_servers};
use crate::init::pieces::Piece;

pub(super) const ASSISTANT: Assistant = Assistant {
    name: "junie",
    other_names: &[],
    title: "Junie",
    programs: &["junie"],
    project_marks: &[".junie"],
    home_marks: |around| vec![around.home.join(".junie")],
    reads_project: true,
    placements,
    next: "open Junie's MCP settings, or start `junie` here: they list `codecontext`",
};

fn placements(site: &Site, scope: Scope) -> Vec<Placement> {
    let file = ".junie/mcp/mcp.json";
    vec![match scope {
        Scope::Project => {
            let server = mcp_servers(site.started_in_the_project(scope));
            site.in_project(file, Piece::JsonServer(server))
        }
        Scope::User => {
            let server = mcp_servers(site.told_the_root(scope));
            site.in_home(site.surroundings.home.join(file), Piece::JsonServer(server))
        }
    }]
}
