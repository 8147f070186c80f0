//! The server that assistants talk to: what it is, and what it hands to tools,
//! resources and prompts.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use ctx_engine::request::Caller;
use rmcp::model::{
    CacheScope, CallToolRequestParams, CallToolResponse, CallToolResult, CompleteRequestParams,
    CompleteResult, DiscoverResult, GetPromptRequestParams, GetPromptResponse, Implementation,
    InitializeRequestParams, InitializeResult, ListPromptsResult, ListResourceTemplatesResult,
    ListResourcesResult, ListToolsResult, PaginatedRequestParams, ReadResourceRequestParams,
    ReadResourceResponse, ServerCapabilities, ServerConfig,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};

use super::answer::Trouble;
use super::asked::Asked;
use super::readiness::{Indexings, Listener};
use super::tools::{self, Call};
use super::{completions, prompts, resources};
use crate::serving::Serving;

/// What every assistant is told first, in either era; clients cut it off after
/// 2,048 characters.
const INSTRUCTIONS: &str = include_str!("instructions.md");
/// Lists are the same for as long as this program runs.
const LISTS_KEEP_MS: u64 = 3_600_000;

/// Serves assistants.
#[derive(Debug, Clone)]
pub struct Assistants {
    serving: Arc<Serving>,
    indexings: Indexings,
}

impl Assistants {
    /// Serves what `serving` knows.
    pub fn new(serving: Arc<Serving>) -> Assistants {
        Assistants { serving, indexings: Indexings::default() }
    }

    /// Opens the project of an assistant that just came, and starts to index it
    /// if nobody did yet. The assistant does not wait for that: many give up on
    /// a server that is slow to say hello.
    fn welcome(&self, context: &RequestContext<RoleServer>) {
        if let Ok(Asked { caller, root: Some(root), .. }) = Asked::of(context) {
            let ours = self.clone();
            tokio::spawn(async move { ours.indexings.begin(&ours.serving, &caller, &root).await });
        }
    }

    fn call_of(&self, caller: Caller, root: PathBuf, context: RequestContext<RoleServer>) -> Call {
        let token = context.meta.get_progress_token();
        Call {
            serving: Arc::clone(&self.serving),
            indexings: self.indexings.clone(),
            caller,
            root,
            listener: Listener { peer: context.peer, token, heard: AtomicU32::new(0) },
        }
    }

    /// The call behind a request that needs a project.
    fn about_project(&self, context: RequestContext<RoleServer>) -> Result<Call, ErrorData> {
        let asked = Asked::of(&context)?;
        let root = asked.root.ok_or_else(|| {
            ErrorData::invalid_request(format!("{NO_PROJECT}: {HOW_TO_NAME_ONE}"), None)
        })?;
        Ok(self.call_of(asked.caller, root, context))
    }
}

const NO_PROJECT: &str = "no project is connected";
const HOW_TO_NAME_ONE: &str = "start the server with `codecontext mcp --project DIR`, or run \
                               `codecontext init` in the project";

impl ServerHandler for Assistants {
    fn get_info(&self) -> ServerConfig {
        let capabilities = ServerCapabilities::builder()
            .enable_tools()
            .enable_resources()
            .enable_prompts()
            .enable_completions()
            .build();
        let us = Implementation::new("codecontext", &*self.serving.identity.version)
            .with_title("CodeContext")
            .with_website_url(env!("CARGO_PKG_REPOSITORY"));
        ServerConfig::new(capabilities)
            .with_server_info(us)
            .with_instructions(INSTRUCTIONS.trim_end())
    }

    async fn initialize(
        &self,
        request: InitializeRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<InitializeResult, ErrorData> {
        context.peer.set_peer_info(request.clone());
        self.welcome(&context);
        self.negotiate_initialize(&request)
    }

    async fn discover(
        &self,
        context: RequestContext<RoleServer>,
    ) -> Result<DiscoverResult, ErrorData> {
        self.welcome(&context);
        let versions = self.supported_protocol_versions().into_owned();
        Ok(DiscoverResult::from_server_info(versions, self.get_info())
            .with_ttl_ms(LISTS_KEEP_MS)
            .with_cache_scope(CacheScope::Public))
    }

    async fn list_tools(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        no_cursor(request)?;
        let asked = Asked::of(&context)?;
        Ok(ListToolsResult::with_all_items(tools::offered(asked.preset))
            .with_ttl_ms(LISTS_KEEP_MS)
            .with_cache_scope(CacheScope::Public))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let asked = Asked::of(&context)?;
        let Some(offer) = tools::named(&request.name) else {
            let names: Vec<String> = tools::offered(asked.preset)
                .into_iter()
                .map(|tool| tool.name.into_owned())
                .collect();
            let message =
                format!("unknown tool `{}`; there are {}", request.name, names.join(", "));
            return Err(ErrorData::invalid_params(message, None));
        };
        let Some(root) = asked.root else {
            let trouble = Trouble::of_argument(NO_PROJECT, HOW_TO_NAME_ONE);
            return Ok(CallToolResult::from(trouble).into());
        };
        let cancelled = context.ct.clone();
        let call = self.call_of(asked.caller, root, context);
        let arguments = request.arguments.unwrap_or_default();
        // Nobody hears the answer to a call that was cancelled.
        let answered = cancelled.run_until_cancelled(offer.call(call, arguments)).await;
        let result = match answered {
            Some(Ok(reply)) => CallToolResult::from(reply),
            Some(Err(trouble)) => CallToolResult::from(trouble),
            None => return Err(ErrorData::internal_error("the call was cancelled", None)),
        };
        Ok(result.into())
    }

    fn get_tool(&self, name: &str) -> Option<rmcp::model::Tool> {
        tools::named(name).map(|offer| offer.definition().clone())
    }

    async fn list_resources(
        &self,
        request: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        no_cursor(request)?;
        Ok(ListResourcesResult::with_all_items(resources::listed())
            .with_ttl_ms(LISTS_KEEP_MS)
            .with_cache_scope(CacheScope::Public))
    }

    async fn list_resource_templates(
        &self,
        request: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        no_cursor(request)?;
        Ok(ListResourceTemplatesResult::with_all_items(resources::templates())
            .with_ttl_ms(LISTS_KEEP_MS)
            .with_cache_scope(CacheScope::Public))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let call = self.about_project(context)?;
        Ok(resources::read(call, &request.uri).await?.into())
    }

    async fn list_prompts(
        &self,
        request: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        no_cursor(request)?;
        Ok(ListPromptsResult::with_all_items(prompts::listed())
            .with_ttl_ms(LISTS_KEEP_MS)
            .with_cache_scope(CacheScope::Public))
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        Ok(prompts::written(&request.name, request.arguments.unwrap_or_default())?.into())
    }

    async fn complete(
        &self,
        request: CompleteRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CompleteResult, ErrorData> {
        let call = self.about_project(context)?;
        Ok(CompleteResult::new(completions::complete(call, request).await?))
    }
}

/// Every list fits in one page: a cursor is none of ours.
fn no_cursor(request: Option<PaginatedRequestParams>) -> Result<(), ErrorData> {
    match request.and_then(|request| request.cursor) {
        None => Ok(()),
        Some(_) => Err(ErrorData::invalid_params("no list was left with this cursor", None)),
    }
}
