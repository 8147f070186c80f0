//! VS Code with Copilot: <https://code.visualstudio.com/docs/copilot/chat/mcp-servers>.
//! It puts the project's folder where an entry asks for it.

use super::{Assistant, Placement, Scope, Site, mcp_servers};
use crate::init::pieces::{JsonServer, Piece};
use crate::init::surroundings::Surroundings;

pub(super) const ASSISTANT: Assistant = Assistant {
    name: "vscode",
    other_names: &["code", "vs-code"],
    title: "VS Code",
    programs: &["code", "code-insiders", "codium"],
    project_marks: &[".vscode"],
    home_marks: |around| vec![around.home.join(".vscode"), folder(around)],
    reads_project: true,
    placements,
    next: "open `.vscode/mcp.json` and press Start above `codecontext`, or trust it when asked",
};

fn placements(site: &Site, scope: Scope) -> Vec<Placement> {
    let server = JsonServer {
        servers: "servers",
        says_stdio: true,
        ..mcp_servers(site.told_by_the_assistant(scope))
    };
    let server = Piece::JsonServer(server);
    vec![match scope {
        Scope::Project => site.in_project(".vscode/mcp.json", server),
        Scope::User => site.in_home(folder(&site.surroundings).join("User/mcp.json"), server),
    }]
}

fn folder(around: &Surroundings) -> std::path::PathBuf {
    if cfg!(target_os = "macos") {
        return around.home.join("Library/Application Support/Code");
    }
    around.folder("XDG_CONFIG_HOME", ".config").join("Code")
}
