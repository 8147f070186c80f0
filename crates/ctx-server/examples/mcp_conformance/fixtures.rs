//! The server: what the suite names is answered here, all else by our own
//! handler.

use std::borrow::Cow;

use ctx_server::mcp::Assistants;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, CompleteRequestParams, CompleteResult,
    DiscoverResult, ErrorCode, GetPromptRequestParams, GetPromptResponse, InitializeRequestParams,
    InitializeResult, ListPromptsResult, ListResourceTemplatesResult, ListResourcesResult,
    ListToolsResult, PaginatedRequestParams, ProtocolVersion, ReadResourceRequestParams,
    ReadResourceResponse, ReadResourceResult, ServerConfig, SubscribeRequestParams, Tool,
    UnsubscribeRequestParams,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::rounds::Rounds;
use crate::{asking, plain, prompts, resources, rounds, telling};

type Context = RequestContext<RoleServer>;

/// Our handler, with the suite's fixtures beside it.
#[derive(Debug, Clone)]
pub(crate) struct Fixtures {
    ours: Assistants,
    rounds: Rounds,
}

impl Fixtures {
    /// Adds the fixtures to `ours`.
    pub(crate) fn beside(ours: Assistants) -> Fixtures {
        Fixtures { ours, rounds: Rounds::default() }
    }

    fn tools() -> impl Iterator<Item = Tool> {
        let all = [plain::tools(), telling::tools(), asking::tools(), rounds::tools()];
        all.into_iter().flatten().map(read::<Tool>)
    }
}

/// What the suite prescribes, which it writes as JSON.
pub(crate) fn read<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).expect("what the suite prescribes is of the protocol")
}

/// A result that leaves nothing open.
pub(crate) fn complete<T: DeserializeOwned>(mut result: Value) -> T {
    result["resultType"] = "complete".into();
    read(result)
}

impl ServerHandler for Fixtures {
    fn get_info(&self) -> ServerConfig {
        self.ours.get_info()
    }

    fn supported_protocol_versions(&self) -> Cow<'static, [ProtocolVersion]> {
        self.ours.supported_protocol_versions()
    }

    async fn initialize(
        &self,
        request: InitializeRequestParams,
        context: Context,
    ) -> Result<InitializeResult, ErrorData> {
        let mut agreed = self.ours.initialize(request, context).await?;
        // The older era's checks of logs and subscriptions are about fixtures.
        agreed.capabilities.logging = Some(Default::default());
        let ours = agreed.capabilities.resources.get_or_insert_default();
        ours.subscribe = Some(true);
        Ok(agreed)
    }

    async fn discover(&self, context: Context) -> Result<DiscoverResult, ErrorData> {
        self.ours.discover(context).await
    }

    async fn list_tools(
        &self,
        request: Option<PaginatedRequestParams>,
        context: Context,
    ) -> Result<ListToolsResult, ErrorData> {
        let mut list = self.ours.list_tools(request, context).await?;
        list.tools.extend(Fixtures::tools());
        Ok(list)
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        Fixtures::tools().find(|tool| tool.name == name).or_else(|| self.ours.get_tool(name))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: Context,
    ) -> Result<CallToolResponse, ErrorData> {
        if let Some(answer) = plain::answer(&request) {
            return Ok(complete::<CallToolResult>(answer).into());
        }
        if let Some(answer) = self.rounds.answer(&request, &context) {
            return answer;
        }
        if telling::is_one(&request.name) {
            return telling::answer(&request.name, &context).await;
        }
        if let Some(question) = asking::question(&request) {
            return asking::answer(&request.name, question, &context).await;
        }
        self.ours.call_tool(request, context).await
    }

    async fn list_resources(
        &self,
        request: Option<PaginatedRequestParams>,
        context: Context,
    ) -> Result<ListResourcesResult, ErrorData> {
        let mut list = self.ours.list_resources(request, context).await?;
        list.resources.extend(resources::listed().map(read));
        Ok(list)
    }

    async fn list_resource_templates(
        &self,
        request: Option<PaginatedRequestParams>,
        context: Context,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        let mut list = self.ours.list_resource_templates(request, context).await?;
        list.resource_templates.push(read(resources::template()));
        Ok(list)
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        context: Context,
    ) -> Result<ReadResourceResponse, ErrorData> {
        match resources::read(&request.uri) {
            Some(answer) => Ok(complete::<ReadResourceResult>(answer).into()),
            None => self.ours.read_resource(request, context).await,
        }
    }

    async fn list_prompts(
        &self,
        request: Option<PaginatedRequestParams>,
        context: Context,
    ) -> Result<ListPromptsResult, ErrorData> {
        let mut list = self.ours.list_prompts(request, context).await?;
        list.prompts.extend(prompts::listed().map(read));
        Ok(list)
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        context: Context,
    ) -> Result<GetPromptResponse, ErrorData> {
        match prompts::written(&request) {
            Some(answer) => Ok(answer),
            None => self.ours.get_prompt(request, context).await,
        }
    }

    async fn complete(
        &self,
        request: CompleteRequestParams,
        context: Context,
    ) -> Result<CompleteResult, ErrorData> {
        if prompts::is_one(&request.r#ref) {
            return Ok(CompleteResult::default());
        }
        self.ours.complete(request, context).await
    }

    #[expect(deprecated, reason = "clients of the older era still set the level")]
    async fn set_level(
        &self,
        _: rmcp::model::SetLevelRequestParams,
        context: Context,
    ) -> Result<(), ErrorData> {
        only_before_2026(&context, "logging/setLevel")
    }

    async fn subscribe(
        &self,
        _: SubscribeRequestParams,
        context: Context,
    ) -> Result<(), ErrorData> {
        only_before_2026(&context, "resources/subscribe")
    }

    async fn unsubscribe(
        &self,
        _: UnsubscribeRequestParams,
        context: Context,
    ) -> Result<(), ErrorData> {
        only_before_2026(&context, "resources/unsubscribe")
    }
}

/// Refuses what the stateless era no longer knows.
fn only_before_2026(context: &Context, method: &'static str) -> Result<(), ErrorData> {
    match context.meta.protocol_version() {
        None => Ok(()),
        Some(_) => Err(ErrorData::new(ErrorCode::METHOD_NOT_FOUND, method, None)),
    }
}
