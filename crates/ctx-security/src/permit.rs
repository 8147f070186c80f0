//! Permits: the proof that someone was allowed to do something.
//!
//! A protected write takes a [`Permit`] by reference and checks that it covers
//! the action and the project. Only [`decide`] makes one, so that forgetting to
//! authorise does not compile:
//!
//! ```compile_fail,E0451
//! use ctx_model::{Action, Actor, ProjectId, Timestamp};
//! let forged = ctx_security::Permit {
//!     actor: Actor::system(),
//!     action: Action::PurgeRecord,
//!     project: ProjectId([0; 16]),
//!     at: Timestamp(0),
//! };
//! ```
//!
//! ```
//! use ctx_model::{Action, Actor, ProjectId, Timestamp};
//! use ctx_security::{Policy, decide};
//! let project = ProjectId([0; 16]);
//! let who = Actor::person("ada");
//! let permit = decide(&Policy::local(), &who, Action::PurgeRecord, project, Timestamp(0));
//! assert!(permit.is_ok_and(|permit| permit.covers(Action::PurgeRecord, project).is_ok()));
//! ```

use ctx_model::{Action, Actor, ActorKind, ProjectId, Timestamp};

/// Who may do what. Everything is allowed but what the policy withholds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    withheld: Vec<(ActorKind, Action)>,
}

impl Policy {
    /// The policy of a developer's own machine: people and CodeContext itself
    /// may do everything; assistants may read, index, remember and forget, but
    /// not destroy records, seal projects or manage the daemon.
    pub fn local() -> Policy {
        let withheld = [Action::PurgeRecord, Action::SealProject, Action::ManageDaemon]
            .map(|action| (ActorKind::Assistant, action));
        Policy { withheld: withheld.into() }
    }

    /// This policy, but allowing `action` to every actor of `kind`.
    #[must_use]
    pub fn allowing(mut self, kind: ActorKind, action: Action) -> Policy {
        self.withheld.retain(|held| *held != (kind, action));
        self
    }

    /// This policy, but withholding `action` from every actor of `kind`.
    #[must_use]
    pub fn withholding(self, kind: ActorKind, action: Action) -> Policy {
        let mut policy = self.allowing(kind, action);
        policy.withheld.push((kind, action));
        policy
    }

    /// Whether actors of `kind` may do `action`.
    pub fn allows(&self, kind: ActorKind, action: Action) -> bool {
        !self.withheld.contains(&(kind, action))
    }
}

impl Default for Policy {
    fn default() -> Policy {
        Policy::local()
    }
}

/// The proof that `actor` may do `action` in `project`; made by [`decide`] alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permit {
    actor: Actor,
    action: Action,
    project: ProjectId,
    at: Timestamp,
}

impl Permit {
    /// Who was allowed.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// What was allowed.
    pub fn action(&self) -> Action {
        self.action
    }

    /// Where it was allowed.
    pub fn project(&self) -> ProjectId {
        self.project
    }

    /// When it was decided.
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// Checks, in the writer, that this permit is for what is about to happen.
    pub fn covers(&self, action: Action, project: ProjectId) -> Result<(), WrongPermit> {
        if self.action == action && self.project == project {
            return Ok(());
        }
        Err(WrongPermit {
            held: self.action.name(),
            held_project: self.project,
            needed: action.name(),
            needed_project: project,
        })
    }
}

/// A permit for something else than what was about to happen: a defect of the caller.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a permit for `{held}` in {held_project} was used for `{needed}` in {needed_project}")]
pub struct WrongPermit {
    /// What the permit allows.
    pub held: &'static str,
    /// Where it allows that.
    pub held_project: ProjectId,
    /// What was about to happen.
    pub needed: &'static str,
    /// Where it was about to happen.
    pub needed_project: ProjectId,
}

/// The policy refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("policy does not let {} `{actor}` do `{}`", kind_name(*.kind), .action.name())]
pub struct Denied {
    /// What kind of actor asked.
    pub kind: ActorKind,
    /// Who asked.
    pub actor: Actor,
    /// What it asked for.
    pub action: Action,
    /// Where it asked for it.
    pub project: ProjectId,
}

impl Denied {
    /// What to do about it.
    pub fn hint(&self) -> String {
        format!(
            "ask a person to do it, or allow `{}` to {}s in the policy",
            self.action.name(),
            kind_name(self.kind)
        )
    }
}

fn kind_name(kind: ActorKind) -> &'static str {
    match kind {
        ActorKind::Person => "person",
        ActorKind::Assistant => "assistant",
        ActorKind::System => "system part",
    }
}

/// Decides whether `actor` may do `action` in `project` at `at`.
pub fn decide(
    policy: &Policy,
    actor: &Actor,
    action: Action,
    project: ProjectId,
    at: Timestamp,
) -> Result<Permit, Denied> {
    if policy.allows(actor.kind, action) {
        Ok(Permit { actor: actor.clone(), action, project, at })
    } else {
        Err(Denied { kind: actor.kind, actor: actor.clone(), action, project })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    const PROJECT: ProjectId = ProjectId([7; 16]);

    fn assistant() -> Actor {
        Actor { kind: ActorKind::Assistant, name: "claude".into(), model: None }
    }

    fn check(policy: &Policy, actor: &Actor, expected: Expect) {
        let actions = [
            Action::ReadProject,
            Action::IndexProject,
            Action::WriteMemory,
            Action::ForgetMemory,
            Action::PurgeRecord,
            Action::SealProject,
            Action::ManageDaemon,
        ];
        let allowed: Vec<_> = actions
            .into_iter()
            .filter(|&action| decide(policy, actor, action, PROJECT, Timestamp(0)).is_ok())
            .map(Action::name)
            .collect();
        expected.assert_eq(&allowed.join(" "));
    }

    #[test]
    fn an_assistant_may_remember_but_not_destroy() {
        check(
            &Policy::local(),
            &assistant(),
            expect!["read-project index-project write-memory forget-memory"],
        );
    }

    #[test]
    fn a_person_may_do_everything_on_their_own_machine() {
        check(
            &Policy::local(),
            &Actor::person("ada"),
            expect![
                "read-project index-project write-memory forget-memory purge-record seal-project manage-daemon"
            ],
        );
    }

    #[test]
    fn a_policy_can_be_widened_and_narrowed() {
        let policy = Policy::local()
            .allowing(ActorKind::Assistant, Action::PurgeRecord)
            .withholding(ActorKind::Assistant, Action::WriteMemory);
        check(
            &policy,
            &assistant(),
            expect!["read-project index-project forget-memory purge-record"],
        );
    }

    #[test]
    fn a_refusal_says_who_what_and_how_to_go_on() {
        let denied =
            decide(&Policy::local(), &assistant(), Action::PurgeRecord, PROJECT, Timestamp(0))
                .unwrap_err();
        expect![[r#"
            policy does not let assistant `claude` do `purge-record`
            ask a person to do it, or allow `purge-record` to assistants in the policy"#]]
        .assert_eq(&format!("{denied}\n{}", denied.hint()));
    }

    #[test]
    fn a_permit_is_good_for_its_own_action_and_project_only() {
        let permit =
            decide(&Policy::local(), &Actor::system(), Action::IndexProject, PROJECT, Timestamp(0))
                .unwrap();
        assert!(permit.covers(Action::IndexProject, PROJECT).is_ok());
        assert!(permit.covers(Action::WriteMemory, PROJECT).is_err());
        let other = permit.covers(Action::IndexProject, ProjectId([8; 16])).unwrap_err();
        expect!["a permit for `index-project` in 07070707070707070707070707070707 was used for `index-project` in 08080808080808080808080808080808"]
            .assert_eq(&other.to_string());
    }
}
