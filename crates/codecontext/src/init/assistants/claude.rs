//! Claude Code: <https://code.claude.com/docs/en/mcp>. It starts servers in the
//! project's folder.

use std::fs;
use std::path::{Path, PathBuf};

use ctx_server::mcp::Preset;

use super::{Assistant, Placement, Scope, Site, mcp_servers};
use crate::init::files;
use crate::init::pieces::{JsonServer, Piece, is_allow_list};
use crate::init::server::NAME;

pub(super) const ASSISTANT: Assistant = Assistant {
    name: "claude",
    other_names: &["claude-code"],
    title: "Claude Code",
    programs: &["claude"],
    // Not `.mcp.json`: others read that too, and write it.
    project_marks: &[".claude", "CLAUDE.md"],
    home_marks: |around| vec![around.folder("CLAUDE_CONFIG_DIR", ".claude")],
    reads_project: true,
    placements,
    next: "start `claude` here and approve the project's server `codecontext` when it asks",
};

fn placements(site: &Site, scope: Scope) -> Vec<Placement> {
    let server = JsonServer {
        says_stdio: true,
        is_plain: true,
        ..mcp_servers(site.started_in_the_project(scope))
    };
    let server = Piece::JsonServer(server);
    let around = &site.surroundings;
    let folder = around.folder("CLAUDE_CONFIG_DIR", ".claude");
    match scope {
        Scope::Project => vec![
            site.in_project(".mcp.json", server),
            site.in_project(".claude/settings.json", Piece::SessionHook(site.briefing())),
            site.skill(site.root.join(".claude/skills"), scope),
        ],
        Scope::User => {
            // Its state lies beside its folder, unless the folder was moved.
            let moved = around.is_set("CLAUDE_CONFIG_DIR");
            let beside = if moved { &folder } else { &around.home };
            vec![
                site.in_home(beside.join(".claude.json"), server),
                site.skill(folder.join("skills"), scope),
            ]
        }
    }
}

/// Our tools as Claude Code calls them.
fn tool_names() -> Vec<String> {
    Preset::Core.tool_names().map(|tool| format!("mcp__{NAME}__{tool}")).collect()
}

/// How deep folders of sub-agents lie in each other.
const FOLDERS_DEEP: usize = 4;

/// The project's sub-agents that may use only the tools they list.
pub(crate) fn sub_agent_tools(site: &Site) -> Vec<Placement> {
    let mut found = Vec::new();
    look_into(&site.root.join(".claude/agents"), FOLDERS_DEEP, &mut found);
    found.sort();
    let lists = found.into_iter().filter(|file| {
        let text = files::resolved(file, Scope::Project, &site.root)
            .and_then(|file| files::read(&file))
            .ok()
            .flatten();
        text.is_some_and(|text| is_allow_list(&text))
    });
    let piece = Piece::ToolList(tool_names());
    lists.map(|file| Placement { file, scope: Scope::Project, piece: piece.clone() }).collect()
}

fn look_into(folder: &Path, deep: usize, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        // A link to a folder may lead anywhere, and in a circle.
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder && deep > 0 {
            look_into(&path, deep - 1, found);
        } else if path.extension().is_some_and(|ending| ending == "md") {
            found.push(path);
        }
    }
}
