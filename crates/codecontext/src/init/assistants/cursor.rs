//! Cursor: <https://cursor.com/docs/context/mcp>. It starts servers of a person
//! in the home folder and puts the project's folder where an entry asks for it.

use super::{Assistant, Placement, Scope, Site, mcp_servers};
use crate::init::pieces::Piece;

pub(super) const ASSISTANT: Assistant = Assistant {
    name: "cursor",
    other_names: &[],
    title: "Cursor",
    programs: &["cursor", "cursor-agent"],
    project_marks: &[".cursor", ".cursorrules"],
    home_marks: |around| vec![around.home.join(".cursor")],
    reads_project: true,
    placements,
    next: "in Cursor's settings, under MCP, switch the server `codecontext` on if it is off",
};

fn placements(site: &Site, scope: Scope) -> Vec<Placement> {
    let server = Piece::JsonServer(mcp_servers(site.told_by_the_assistant(scope)));
    vec![match scope {
        Scope::Project => site.in_project(".cursor/mcp.json", server),
        Scope::User => site.in_home(site.surroundings.home.join(".cursor/mcp.json"), server),
    }]
}
