//! Copilot CLI:
//! <https://docs.github.com/en/copilot/how-tos/copilot-cli/customize-copilot/add-mcp-servers>.
//! It starts servers where it was started itself, and shares the project's file
//! with Claude Code.

use super::{Assistant, Placement, Scope, Site, mcp_servers};
use crate::init::pieces::{JsonServer, Piece};

pub(super) const ASSISTANT: Assistant = Assistant {
    name: "copilot",
    other_names: &["copilot-cli"],
    title: "Copilot CLI",
    programs: &["copilot"],
    project_marks: &[".github/mcp.json"],
    home_marks: |around| vec![around.home.join(".copilot")],
    reads_project: true,
    placements,
    next: "start `copilot` here and trust the folder: it reads a project's servers only then",
};

fn placements(site: &Site, scope: Scope) -> Vec<Placement> {
    let server = JsonServer {
        says_stdio: true,
        is_plain: true,
        ..mcp_servers(site.started_in_the_project(scope))
    };
    let server = Piece::JsonServer(server);
    let server = match scope {
        Scope::Project => site.in_project(".mcp.json", server),
        Scope::User => {
            site.in_home(site.surroundings.home.join(".copilot/mcp-config.json"), server)
        }
    };
    vec![server, site.shared_skill(scope)]
}
