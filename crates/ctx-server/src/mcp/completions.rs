//! Completion: what a client may offer while a person fills in a template.

use ctx_engine::request::NamesRequest;
use rmcp::ErrorData;
use rmcp::model::{CompleteRequestParams, CompletionInfo, Reference};

use super::tools::Call;
use super::{prompts, resources};

/// What is typed may go on so.
pub(super) async fn complete(
    call: Call,
    request: CompleteRequestParams,
) -> Result<CompletionInfo, ErrorData> {
    let Some(typed) = typed(&request)? else { return Ok(CompletionInfo::default()) };
    let request = NamesRequest { typed, limit: CompletionInfo::MAX_VALUES };
    let found = call.ask(move |engine, caller, root| {
        // Nobody waits for an indexing while typing.
        let is_ready = engine.is_indexed(caller, root)?;
        is_ready.then(|| engine.names(caller, root, &request)).transpose()
    });
    let failed = |message: String| ErrorData::internal_error(message, None);
    let Some(found) = found.await.map_err(|trouble| failed(trouble.told()))? else {
        call.indexings.begin(&call.serving, &call.caller, &call.root).await;
        return Ok(CompletionInfo::default());
    };
    let (names, total) = (found.content.names, found.content.total);
    let has_more = total > names.len();
    CompletionInfo::with_pagination(names, u32::try_from(total).ok(), has_more).map_err(failed)
}

/// The beginning of a symbol's name, if that is what is asked for; nothing is
/// known of how a prompt's argument may go on.
fn typed(request: &CompleteRequestParams) -> Result<Option<String>, ErrorData> {
    let wrong = |message: String| Err(ErrorData::invalid_params(message, None));
    let argument = &request.argument;
    match &request.r#ref {
        Reference::Resource(template) if template.uri == resources::symbol_template() => {
            match &*argument.name {
                resources::SYMBOL_ARGUMENT => Ok(Some(argument.value.clone())),
                other => wrong(format!("`{}` has no argument `{other}`", template.uri)),
            }
        }
        Reference::Resource(template) => {
            wrong(format!("no resource template is called `{}`", template.uri))
        }
        Reference::Prompt(prompt) => match prompts::takes(&prompt.name, &argument.name) {
            true => Ok(None),
            false => wrong(format!(
                "no prompt `{}` has an argument `{}`; prompts/list names all",
                prompt.name, argument.name
            )),
        },
        other => wrong(format!("`{}` cannot be completed", other.reference_type())),
    }
}
