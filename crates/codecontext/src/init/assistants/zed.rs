//! Zed: <https://zed.dev/docs/ai/mcp>. It starts servers in the project's folder.

use super::{Assistant, Placement, Scope, Site, mcp_servers};
use crate::init::pieces::{JsonServer, Piece};
use crate::init::surroundings::Surroundings;

pub(super) const ASSISTANT: Assistant = Assistant {
    name: "zed",
    other_names: &[],
    title: "Zed",
    programs: &["zed", "zeditor"],
    project_marks: &[".zed"],
    home_marks: |around| vec![folder(around)],
    reads_project: true,
    placements,
    next: "open the project in Zed and trust it if Zed asks; the agent panel lists `codecontext`",
};

fn placements(site: &Site, scope: Scope) -> Vec<Placement> {
    let server = JsonServer {
        servers: "context_servers",
        ..mcp_servers(site.started_in_the_project(scope))
    };
    let server = Piece::JsonServer(server);
    vec![match scope {
        Scope::Project => site.in_project(".zed/settings.json", server),
        Scope::User => site.in_home(folder(&site.surroundings).join("settings.json"), server),
    }]
}

fn folder(around: &Surroundings) -> std::path::PathBuf {
    around.folder("XDG_CONFIG_HOME", ".config").join("zed")
}
