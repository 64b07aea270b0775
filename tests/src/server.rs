//! A handler that has an answer of its own for every method of rmcp's trait, so that a method that
//! is not handed on to it is noticed: rmcp's default would answer differently.

#![expect(
    deprecated,
    reason = "what is deprecated in the protocol is a method of the trait all the same"
)]

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, CancelTaskParams,
    CancelledNotificationParam, CompleteRequestParams, CompleteResult, CustomNotification,
    CustomRequest, CustomResult, DiscoverResult, ErrorCode, GetPromptRequestParams,
    GetPromptResponse, GetPromptResult, GetSkillRequestParams, GetSkillResult, GetTaskParams,
    GetTaskResult, Implementation, InitializeRequestParams, InitializeResult, ListPromptsResult,
    ListResourceTemplatesResult, ListResourcesResult, ListSkillsResult, ListToolsResult,
    PaginatedRequestParams, ProgressNotificationParam, ProtocolVersion,
    ReadResourceDirectoryRequestParams, ReadResourceRequestParams, ReadResourceResponse,
    ReadResourceResult, ServerCapabilities, ServerConfig, SetLevelRequestParams,
    SubscribeRequestParams, SubscriptionFilter, Tool, UnsubscribeRequestParams, UpdateTaskParams,
};
use rmcp::service::{NotificationContext, RequestContext, SubscriptionContext};
use rmcp::{ErrorData, RoleServer, ServerHandler};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// The tools of [`Everything`], each of which ends in its own way.
pub const TOOLS: [&str; 8] = [
    "echo", "fail", "reject", "break", "odd", "ask", "hang", "panic",
];

type Context = RequestContext<RoleServer>;
type Answer<T> = Result<T, ErrorData>;

/// The handler. Clones share what they remember.
#[derive(Debug, Clone, Default)]
pub struct Everything {
    entered: Arc<Mutex<BTreeSet<String>>>,
}

impl Everything {
    /// What was called so far: the method's name, and what it was given.
    ///
    /// # Panics
    /// If another thread panicked while it called.
    #[must_use]
    pub fn entered(&self) -> BTreeSet<String> {
        self.entered.lock().expect("not poisoned").clone()
    }

    /// The names alone.
    #[must_use]
    pub fn names(&self) -> BTreeSet<String> {
        let name = |entry: String| entry.split(' ').next().unwrap_or_default().to_owned();
        self.entered().into_iter().map(name).collect()
    }

    fn enter(&self, method: &str, given: &dyn Debug) {
        let entry = format!("{method} {given:?}");
        self.entered.lock().expect("not poisoned").insert(entry);
    }
}

const TASK: &str =
    r#"{"taskId":"one","status":"working","createdAt":"-","lastUpdatedAt":"-","ttlMs":null}"#;

/// rmcp's types cannot be written down as literals outside of it.
fn of<T: DeserializeOwned>(json: Value) -> T {
    serde_json::from_value(json).expect("a valid answer")
}

fn text(result: &Value) -> CallToolResult {
    of(json!({ "content": [{ "type": "text", "text": result.to_string() }] }))
}

fn tool(name: &str) -> Tool {
    of(json!({ "name": name, "description": "of Everything", "inputSchema": { "type": "object" } }))
}

fn skill() -> Value {
    json!({
        "uri": "skill://one/SKILL.md",
        "frontmatter": { "name": "one", "description": "the only one" },
        "resources": "dynamic",
    })
}

fn resource() -> Value {
    json!({ "uri": "memo://one", "name": "one" })
}

impl ServerHandler for Everything {
    async fn ping(&self, _context: Context) -> Answer<()> {
        self.enter("ping", &());
        Err(ErrorData::internal_error(
            "this server does not like pings",
            None,
        ))
    }

    async fn initialize(
        &self,
        request: InitializeRequestParams,
        context: Context,
    ) -> Answer<InitializeResult> {
        self.enter("initialize", &request.client_info.name);
        context.peer.set_peer_info(request.clone());
        self.negotiate_initialize(&request)
    }

    fn negotiate_initialize(&self, request: &InitializeRequestParams) -> Answer<InitializeResult> {
        self.enter("negotiate_initialize", &request.client_info.name);
        let mut info = self.get_info();
        info.protocol_version = request.protocol_version.clone();
        if !self
            .supported_protocol_versions()
            .contains(&info.protocol_version)
        {
            info.protocol_version = ProtocolVersion::V_2025_06_18;
        }
        Ok(info)
    }

    fn supported_protocol_versions(&self) -> Cow<'static, [ProtocolVersion]> {
        self.enter("supported_protocol_versions", &());
        Cow::Borrowed(&[
            ProtocolVersion::V_2026_07_28,
            ProtocolVersion::V_2025_11_25,
            ProtocolVersion::V_2025_06_18,
        ])
    }

    async fn discover(&self, _context: Context) -> Answer<DiscoverResult> {
        self.enter("discover", &());
        let mut info = self.get_info();
        info.instructions = Some("discovered".to_owned());
        Ok(DiscoverResult::from_server_info(
            self.supported_protocol_versions().into_owned(),
            info,
        ))
    }

    async fn complete(
        &self,
        request: CompleteRequestParams,
        _context: Context,
    ) -> Answer<CompleteResult> {
        self.enter("complete", &request);
        Ok(of(json!({ "completion": { "values": ["completed"] } })))
    }

    async fn set_level(&self, request: SetLevelRequestParams, _context: Context) -> Answer<()> {
        self.enter("set_level", &request);
        Ok(())
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        _context: Context,
    ) -> Answer<GetPromptResponse> {
        self.enter("get_prompt", &request);
        if request.name != "greeting" {
            return Err(ErrorData::invalid_params("no such prompt", None));
        }
        let result: GetPromptResult = of(json!({ "description": "a greeting", "messages": [] }));
        Ok(result.into())
    }

    async fn list_prompts(
        &self,
        request: Option<PaginatedRequestParams>,
        _context: Context,
    ) -> Answer<ListPromptsResult> {
        self.enter("list_prompts", &request);
        Ok(of(json!({ "prompts": [{ "name": "greeting" }] })))
    }

    async fn list_resources(
        &self,
        request: Option<PaginatedRequestParams>,
        _context: Context,
    ) -> Answer<ListResourcesResult> {
        self.enter("list_resources", &request);
        Ok(of(json!({ "resources": [resource()] })))
    }

    async fn list_resource_templates(
        &self,
        request: Option<PaginatedRequestParams>,
        _context: Context,
    ) -> Answer<ListResourceTemplatesResult> {
        self.enter("list_resource_templates", &request);
        Ok(of(
            json!({ "resourceTemplates": [{ "uriTemplate": "memo://{name}", "name": "memo" }] }),
        ))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        _context: Context,
    ) -> Answer<ReadResourceResponse> {
        self.enter("read_resource", &request);
        if request.uri == "memo://none" {
            return Err(ErrorData::resource_not_found("no such memo", None));
        }
        let contents = json!([{ "uri": "memo://one", "text": "a memo" }]);
        let result: ReadResourceResult = of(json!({ "contents": contents }));
        Ok(result.into())
    }

    fn accepted_subscription_filter(
        &self,
        requested: &SubscriptionFilter,
    ) -> Option<SubscriptionFilter> {
        self.enter("accepted_subscription_filter", requested);
        Some(of(json!({ "toolsListChanged": true })))
    }

    async fn listen(&self, context: SubscriptionContext) -> Answer<()> {
        self.enter("listen", context.accepted());
        Ok(())
    }

    async fn subscribe(&self, request: SubscribeRequestParams, _context: Context) -> Answer<()> {
        self.enter("subscribe", &request);
        Ok(())
    }

    async fn unsubscribe(
        &self,
        request: UnsubscribeRequestParams,
        _context: Context,
    ) -> Answer<()> {
        self.enter("unsubscribe", &request);
        Ok(())
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: Context,
    ) -> Answer<CallToolResponse> {
        self.enter("call_tool", &request);
        Ok(match &*request.name {
            "echo" => text(&json!(request.arguments)).into(),
            "fail" => {
                let mut result = text(&json!("failed"));
                result.is_error = Some(true);
                result.into()
            }
            "reject" => return Err(ErrorData::invalid_params("rejected", None)),
            "break" => return Err(ErrorData::internal_error("broken", None)),
            "odd" => return Err(ErrorData::new(ErrorCode(-31_999), "odd", None)),
            "ask" if request.request_state.is_some() => text(&json!(request.request_state)).into(),
            "ask" => {
                let state = json!(request.arguments)["state"].take();
                let interim = json!({ "resultType": "input_required", "requestState": state });
                CallToolResponse::InputRequired(of(interim))
            }
            "hang" => {
                context.ct.cancelled().await;
                text(&json!("too late")).into()
            }
            "panic" => panic!("the tool panics"),
            _ => return Err(ErrorData::invalid_params("no such tool", None)),
        })
    }

    async fn list_tools(
        &self,
        request: Option<PaginatedRequestParams>,
        _context: Context,
    ) -> Answer<ListToolsResult> {
        self.enter("list_tools", &request);
        Ok(ListToolsResult::with_all_items(TOOLS.map(tool).to_vec()))
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        self.enter("get_tool", &());
        TOOLS.contains(&name).then(|| tool(name))
    }

    async fn on_custom_request(
        &self,
        request: CustomRequest,
        _context: Context,
    ) -> Answer<CustomResult> {
        self.enter("on_custom_request", &(&request.method, &request.params));
        if request.method.starts_with("custom/") {
            return Ok(CustomResult(json!({ "custom": request.params })));
        }
        Err(ErrorData::new(
            ErrorCode::METHOD_NOT_FOUND,
            request.method,
            None,
        ))
    }

    async fn on_cancelled(
        &self,
        notification: CancelledNotificationParam,
        _context: NotificationContext<RoleServer>,
    ) {
        self.enter("on_cancelled", &notification);
    }

    async fn on_progress(
        &self,
        notification: ProgressNotificationParam,
        _context: NotificationContext<RoleServer>,
    ) {
        self.enter("on_progress", &notification);
    }

    async fn on_initialized(&self, _context: NotificationContext<RoleServer>) {
        self.enter("on_initialized", &());
    }

    async fn on_roots_list_changed(&self, _context: NotificationContext<RoleServer>) {
        self.enter("on_roots_list_changed", &());
    }

    async fn on_custom_notification(
        &self,
        notification: CustomNotification,
        _context: NotificationContext<RoleServer>,
    ) {
        let given = (&notification.method, &notification.params);
        self.enter("on_custom_notification", &given);
    }

    fn get_info(&self) -> ServerConfig {
        self.enter("get_info", &());
        let capabilities = ServerCapabilities::builder()
            .enable_tools()
            .enable_tool_list_changed()
            .enable_prompts()
            .enable_resources()
            .enable_resources_subscribe()
            .enable_completions()
            .enable_logging()
            .enable_tasks()
            .enable_skills_with_directory_read()
            .build();
        ServerConfig::new(capabilities)
            .with_server_info(Implementation::new("everything", "1.2.3"))
            .with_instructions("ask for anything")
    }

    async fn get_task(&self, request: GetTaskParams, _context: Context) -> Answer<GetTaskResult> {
        self.enter("get_task", &request);
        Ok(serde_json::from_str(TASK).expect("a valid answer"))
    }

    async fn update_task(&self, request: UpdateTaskParams, _context: Context) -> Answer<()> {
        self.enter("update_task", &request);
        Ok(())
    }

    async fn cancel_task(&self, request: CancelTaskParams, _context: Context) -> Answer<()> {
        self.enter("cancel_task", &request);
        Ok(())
    }

    async fn list_skills(
        &self,
        request: Option<PaginatedRequestParams>,
        _context: Context,
    ) -> Answer<ListSkillsResult> {
        self.enter("list_skills", &request);
        Ok(of(json!({ "skills": [skill()] })))
    }

    async fn get_skill(
        &self,
        request: GetSkillRequestParams,
        _context: Context,
    ) -> Answer<GetSkillResult> {
        self.enter("get_skill", &request);
        Ok(of(json!({ "skill": skill() })))
    }

    async fn read_resource_directory(
        &self,
        request: ReadResourceDirectoryRequestParams,
        _context: Context,
    ) -> Answer<ListResourcesResult> {
        self.enter("read_resource_directory", &request);
        Ok(of(json!({ "resources": [resource()] })))
    }
}
