//! What handlers take from a request: the project, the caller and the body.

use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use ctx_engine::ErrorKind;
use ctx_engine::request::Caller;
use ctx_model::{Actor, ActorKind};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::failure::Failure;
use crate::wire::v1::error::WireError;
use crate::wire::{header, percent_decode};

/// A client that takes longer than this to send its body is turned away.
const BODY_LIMIT: Duration = Duration::from_secs(60);
/// Names and sessions longer than this, in bytes, are refused.
pub(crate) const NAME_LIMIT: usize = 512;

fn invalid(message: impl Into<String>) -> Failure {
    WireError::new(ErrorKind::InvalidRequest, message).into()
}

/// Who asks, and about which project.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) caller: Caller,
    pub(crate) root: PathBuf,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProjectQuery {
    project: String,
}

impl<S: Sync> FromRequestParts<S> for Asked {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Asked, Failure> {
        let Ok(Query(query)) = Query::<ProjectQuery>::try_from_uri(&parts.uri) else {
            return Err(invalid("this path takes one query parameter: `project`, a folder"));
        };
        let root = absolute(&query.project)?;
        Ok(Asked { caller: caller_in(&parts.headers)?, root })
    }
}

/// A folder that does not depend on where the daemon runs.
pub(crate) fn absolute(folder: &str) -> Result<PathBuf, Failure> {
    let path = Path::new(folder);
    if !path.is_absolute() || folder.contains('\0') {
        return Err(invalid("`project` must be an absolute path"));
    }
    Ok(path.to_path_buf())
}

/// Who asks, where no project is asked about.
#[derive(Debug)]
pub(crate) struct AskedBy(pub(crate) Caller);

impl<S: Sync> FromRequestParts<S> for AskedBy {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<AskedBy, Failure> {
        caller_in(&parts.headers).map(AskedBy)
    }
}

/// The project in the query, where one need not be.
#[derive(Debug)]
pub(crate) struct MaybeProject(pub(crate) Option<PathBuf>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MaybeProjectQuery {
    project: Option<String>,
}

impl<S: Sync> FromRequestParts<S> for MaybeProject {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<MaybeProject, Failure> {
        let Ok(Query(query)) = Query::<MaybeProjectQuery>::try_from_uri(&parts.uri) else {
            return Err(invalid("this path takes at most one query parameter: `project`"));
        };
        query.project.as_deref().map(absolute).transpose().map(MaybeProject)
    }
}

/// Who asks, where nobody need be named.
pub(crate) fn caller_if_named(headers: &HeaderMap) -> Result<Option<Caller>, Failure> {
    if headers.contains_key(header::ACTOR) || headers.contains_key(header::ACTOR_KIND) {
        return caller_in(headers).map(Some);
    }
    Ok(None)
}

fn caller_in(headers: &HeaderMap) -> Result<Caller, Failure> {
    let name = text_in(headers, header::ACTOR)?
        .ok_or_else(|| invalid(format!("the header `{}` is missing", header::ACTOR)))?;
    let kind = match text_in(headers, header::ACTOR_KIND)?.as_deref() {
        None | Some("person") => ActorKind::Person,
        Some("assistant") => ActorKind::Assistant,
        // `system` is ours alone: nobody may claim it from outside.
        Some(_) => return Err(invalid("an actor is a `person` or an `assistant`")),
    };
    let model = text_in(headers, header::MODEL)?;
    let session = text_in(headers, header::SESSION)?;
    Ok(Caller { actor: Actor { kind, name, model }, session })
}

pub(crate) fn text_in(headers: &HeaderMap, name: &str) -> Result<Option<String>, Failure> {
    let Some(value) = headers.get(name) else { return Ok(None) };
    let text = value.to_str().ok().and_then(percent_decode);
    match text {
        Some(text) if !text.is_empty() && text.len() <= NAME_LIMIT => Ok(Some(text)),
        _ => Err(invalid(format!(
            "the header `{name}` must be percent-encoded UTF-8 of 1 to {NAME_LIMIT} bytes"
        ))),
    }
}

/// A JSON body. An empty one counts as `{}`, so that a verb whose every field
/// has a default can be asked without a body.
#[derive(Debug)]
pub(crate) struct Body<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Body<T>, Failure> {
        let bytes = tokio::time::timeout(BODY_LIMIT, Bytes::from_request(request, state))
            .await
            .map_err(|_| invalid("the request's body did not arrive in time"))?
            .map_err(|rejection| invalid(rejection.body_text()))?;
        let text: &[u8] = if bytes.is_empty() { b"{}" } else { &bytes };
        serde_json::from_slice(text)
            .map(Body)
            .map_err(|error| invalid(format!("the request's body does not fit: {error}")))
    }
}
