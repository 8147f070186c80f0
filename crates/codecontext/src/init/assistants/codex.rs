//! Codex: <https://developers.openai.com/codex/mcp>. It starts servers where it
//! was started itself.

use super::{Assistant, Placement, Scope, Site};
use crate::init::pieces::Piece;

pub(super) const ASSISTANT: Assistant = Assistant {
    name: "codex",
    other_names: &["codex-cli"],
    title: "Codex",
    programs: &["codex"],
    project_marks: &[".codex"],
    home_marks: |around| vec![around.folder("CODEX_HOME", ".codex")],
    reads_project: true,
    placements,
    next: "start `codex` here and trust the project; `/hooks` there lets the session hook run",
};

fn placements(site: &Site, scope: Scope) -> Vec<Placement> {
    let server = Piece::TomlServer(site.started_in_the_project(scope));
    match scope {
        Scope::Project => vec![
            site.in_project(".codex/config.toml", server),
            site.in_project(".codex/hooks.json", Piece::SessionHook(site.briefing())),
            site.shared_skill(scope),
        ],
        Scope::User => {
            let folder = site.surroundings.folder("CODEX_HOME", ".codex");
            vec![site.in_home(folder.join("config.toml"), server), site.shared_skill(scope)]
        }
    }
}
