//! What a client lists and reads: requests that rmcp may answer from its cache, and then sends
//! nothing. They go through rmcp's own methods, so that they still do.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::atomic::Ordering;
use std::task::Poll;

use rmcp::RoleClient;
use rmcp::model::{
    DiscoverResult, GetSkillRequestParams, GetSkillResult, ListPromptsResult,
    ListResourceTemplatesResult, ListResourcesResult, ListSkillsResult, ListToolsResult,
    PaginatedRequestParams, Prompt, ReadResourceDirectoryRequestParams, ReadResourceRequestParams,
    ReadResourceResponse, ReadResourceResult, RequestMetaObject, RequestParamsMeta, Resource,
    ResourceTemplate, Skill, Tool,
};
use rmcp::service::ServiceError;
use serde_json::Value;

use super::answer::Ending;
use super::outgoing::{About, Earlier, Layers};
use super::{ObservedPeer, Options};
use crate::closed::Method;
use crate::operation::outcome::{Outcome, ResultType};
use crate::rmcp::expected::Expected;
use crate::rmcp::followed;
use crate::sent::rounds::Thread;

macro_rules! list {
    (
        $name:ident -> $result:ty, $method:literal,
        all: $all:ident -> $item:ty, in $items:ident
    ) => {
        #[doc = concat!("As rmcp's `Peer::", stringify!($name), "`.")]
        ///
        /// # Errors
        /// As rmcp's method of that name.
        pub async fn $name(
            &self,
            params: Option<PaginatedRequestParams>,
        ) -> Result<$result, ServiceError> {
            let about = About::of(const { Method::known($method) });
            self.read(None, about, params.unwrap_or_default(), async |params| {
                self.peer.$name(Some(params)).await
            })
            .await
        }

        #[doc = concat!("As rmcp's `Peer::", stringify!($all), "`: each page is a request.")]
        ///
        /// # Errors
        /// As rmcp's method of that name.
        pub async fn $all(&self) -> Result<Vec<$item>, ServiceError> {
            let mut all = Vec::new();
            let mut cursor = None;
            loop {
                let params = PaginatedRequestParams::default().with_cursor(cursor);
                let page = self.$name(Some(params)).await?;
                all.extend(page.$items);
                cursor = page.next_cursor;
                if cursor.is_none() {
                    return Ok(all);
                }
            }
        }
    };
}

impl ObservedPeer<RoleClient> {
    list!(
        list_tools -> ListToolsResult, "tools/list",
        all: list_all_tools -> Tool, in tools
    );
    list!(
        list_prompts -> ListPromptsResult, "prompts/list",
        all: list_all_prompts -> Prompt, in prompts
    );
    list!(
        list_resources -> ListResourcesResult, "resources/list",
        all: list_all_resources -> Resource, in resources
    );
    list!(
        list_resource_templates -> ListResourceTemplatesResult, "resources/templates/list",
        all: list_all_resource_templates -> ResourceTemplate, in resource_templates
    );
    list!(
        list_skills -> ListSkillsResult, "skills/list",
        all: list_all_skills -> Skill, in skills
    );

    /// Reads a resource. A result that asks for input is an unexpected response; see
    /// [`read_resource_once`](Self::read_resource_once).
    ///
    /// # Errors
    /// As rmcp's `Peer::read_resource`.
    pub async fn read_resource(
        &self,
        params: ReadResourceRequestParams,
    ) -> Result<ReadResourceResult, ServiceError> {
        match self.read_resource_once(params).await? {
            ReadResourceResponse::Complete(result) => Ok(result),
            _ => Err(ServiceError::UnexpectedResponse),
        }
    }

    /// Reads a resource, for one round: the result may ask for input.
    ///
    /// # Errors
    /// As rmcp's `Peer::read_resource_once`.
    pub async fn read_resource_once(
        &self,
        params: ReadResourceRequestParams,
    ) -> Result<ReadResourceResponse, ServiceError> {
        self.read_resource_after(None, params).await
    }

    pub(super) async fn read_resource_after(
        &self,
        earlier: Option<&mut Earlier>,
        params: ReadResourceRequestParams,
    ) -> Result<ReadResourceResponse, ServiceError> {
        let (uri, state) = (params.uri.clone(), params.request_state.clone());
        let about = About {
            resource_uri: Some(&uri),
            follows: followed::from(state.as_deref(), params.input_responses.as_ref()),
            ..About::of(const { Method::known("resources/read") })
        };
        self.read(earlier, about, params, async |params| {
            self.peer.read_resource_once(params).await
        })
        .await
    }

    /// As rmcp's `Peer::get_skill`.
    ///
    /// # Errors
    /// As rmcp's method of that name.
    pub async fn get_skill(
        &self,
        params: GetSkillRequestParams,
    ) -> Result<GetSkillResult, ServiceError> {
        let uri = params.uri.clone();
        let about = About {
            resource_uri: Some(&uri),
            ..About::of(const { Method::known("skills/get") })
        };
        self.read(None, about, params, async |params| {
            self.peer.get_skill(params).await
        })
        .await
    }

    /// As rmcp's `Peer::read_resource_directory`.
    ///
    /// # Errors
    /// As rmcp's method of that name.
    pub async fn read_resource_directory(
        &self,
        params: ReadResourceDirectoryRequestParams,
    ) -> Result<ListResourcesResult, ServiceError> {
        let uri = params.uri.clone();
        let about = About {
            resource_uri: Some(&uri),
            ..About::of(const { Method::known("resources/directory/read") })
        };
        self.read(None, about, params, async |params| {
            self.peer.read_resource_directory(params).await
        })
        .await
    }

    /// As rmcp's `Peer::discover`.
    ///
    /// # Errors
    /// As rmcp's method of that name.
    pub async fn discover(&self, meta: RequestMetaObject) -> Result<DiscoverResult, ServiceError> {
        let about = About::of(const { Method::known("server/discover") });
        self.read(None, about, Discover(Some(meta)), async |params| {
            self.peer.discover(params.0.unwrap_or_default()).await
        })
        .await
    }

    /// Carries a request out by one of rmcp's methods.
    async fn read<P: RequestParamsMeta, T: Read>(
        &self,
        earlier: Option<&mut Earlier>,
        about: About<'_>,
        mut params: P,
        call: impl AsyncFnOnce(P) -> Result<T, ServiceError>,
    ) -> Result<T, ServiceError> {
        let layers = Layers([params.meta(), None, None]);
        let mut none = Earlier::default();
        let earlier = earlier.unwrap_or(&mut none);
        let Some(mut awaited) = self.open(&about, Some(&layers), earlier) else {
            return call(params).await;
        };
        let meta = params.meta_mut().get_or_insert_default();
        awaited.inject(|key, value| {
            meta.insert(key.to_owned(), Value::String(value));
        });
        let expected = Expected::new(&awaited, about.method, meta);
        let mut call = pin!(call(params));
        let at_once = poll_fn(|task| Poll::Ready(call.as_mut().poll(task))).await;
        let is_at_once = at_once.is_ready();
        let answer = match at_once {
            Poll::Ready(answer) => answer,
            Poll::Pending => call.await,
        };
        if answer.is_ok() && !self.options.was_sent(expected.as_ref(), is_at_once) {
            awaited.not_sent();
            return answer;
        }
        let ending = match &answer {
            Ok(answer) => {
                if let Some(thread) = answer.followed_by() {
                    awaited.may_be_followed(thread);
                }
                Ending::of(answer.outcome())
            }
            Err(error) => self.options.failure(&awaited, error),
        };
        ending.close(&mut awaited);
        answer
    }
}

impl Options {
    /// Whether a request was sent, or rmcp had its answer in the cache.
    fn was_sent(&self, expected: Option<&Expected>, is_at_once: bool) -> bool {
        match expected {
            Some(expected) if expected.has_passed() => {
                self.is_seen.store(true, Ordering::Relaxed);
                true
            }
            Some(_) if self.is_seen.load(Ordering::Relaxed) => false,
            // An answer that is there at once was in the cache: one that is sent for takes other
            // tasks.
            _ => !is_at_once,
        }
    }
}

/// `server/discover` has no parameters but its `_meta`.
struct Discover(Option<RequestMetaObject>);

impl RequestParamsMeta for Discover {
    fn meta(&self) -> Option<&RequestMetaObject> {
        self.0.as_ref()
    }

    fn meta_mut(&mut self) -> &mut Option<RequestMetaObject> {
        &mut self.0
    }
}

/// An answer.
trait Read {
    fn outcome(&self) -> Outcome {
        Outcome::SUCCESS
    }

    fn followed_by(&self) -> Option<Thread<'_>> {
        None
    }
}

impl Read for ListToolsResult {}
impl Read for ListPromptsResult {}
impl Read for ListResourcesResult {}
impl Read for ListResourceTemplatesResult {}
impl Read for ListSkillsResult {}
impl Read for GetSkillResult {}
impl Read for DiscoverResult {}

impl Read for ReadResourceResponse {
    fn outcome(&self) -> Outcome {
        match self {
            Self::InputRequired(_) => Outcome::Success(ResultType::InputRequired),
            _ => Outcome::SUCCESS,
        }
    }

    fn followed_by(&self) -> Option<Thread<'_>> {
        match self {
            Self::InputRequired(it) => Some(followed::by(it)),
            _ => None,
        }
    }
}
