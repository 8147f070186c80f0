//! Gemini CLI: <https://geminicli.com/docs/tools/mcp-server>. It starts servers
//! where it was started itself.

use super::{Assistant, Placement, Scope, Site, mcp_servers};
use crate::init::pieces::Piece;

pub(super) const ASSISTANT: Assistant = Assistant {
    name: "gemini",
    other_names: &["gemini-cli"],
    title: "Gemini CLI",
    programs: &["gemini"],
    project_marks: &[".gemini", "GEMINI.md"],
    home_marks: |around| vec![around.home.join(".gemini")],
    reads_project: true,
    placements,
    next: "start `gemini` here and trust the folder: it starts no server in one that is not",
};

fn placements(site: &Site, scope: Scope) -> Vec<Placement> {
    let server = Piece::JsonServer(mcp_servers(site.started_in_the_project(scope)));
    let file = ".gemini/settings.json";
    let server = match scope {
        Scope::Project => site.in_project(file, server),
        Scope::User => site.in_home(site.surroundings.home.join(file), server),
    };
    vec![server, site.shared_skill(scope)]
}
