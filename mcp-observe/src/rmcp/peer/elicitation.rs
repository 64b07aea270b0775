//! Asking the user for a value of a type: rmcp's typed elicitation, observed.

use std::collections::HashSet;
use std::time::Duration;

use rmcp::model::{ElicitRequestParams, ElicitationAction, ElicitationSchema};
use rmcp::service::{
    ElicitationError, ElicitationMode, ElicitationSafe, ServiceError, ServiceRole as _,
};
use rmcp::{ErrorData, RoleServer};
use serde_core::de::DeserializeOwned;
use url::Url;

use super::ObservedPeer;

/// Typed elicitation (feature `elicitation`). What rmcp refuses to send is no operation.
impl ObservedPeer<RoleServer> {
    /// Asks the user for a `T`.
    ///
    /// # Errors
    /// As rmcp's `Peer::elicit`.
    pub async fn elicit<T>(&self, message: impl Into<String>) -> Result<Option<T>, ElicitationError>
    where
        T: ElicitationSafe + DeserializeOwned,
    {
        self.elicit_with_timeout(message, None).await
    }

    /// Asks the user for a `T`. Default: waits as long as it takes.
    ///
    /// # Errors
    /// As rmcp's `Peer::elicit_with_timeout`.
    pub async fn elicit_with_timeout<T>(
        &self,
        message: impl Into<String>,
        timeout: Option<Duration>,
    ) -> Result<Option<T>, ElicitationError>
    where
        T: ElicitationSafe + DeserializeOwned,
    {
        self.may_ask(ElicitationMode::Form)?;
        let requested_schema = ElicitationSchema::from_type::<T>().map_err(|error| {
            let of = std::any::type_name::<T>();
            let text = format!("Invalid schema for type {of}: {error}");
            ServiceError::McpError(ErrorData::invalid_params(text, None))
        })?;
        let form = ElicitRequestParams::FormElicitationParams {
            meta: None,
            message: message.into(),
            requested_schema,
        };
        let answer = self.create_elicitation_with_timeout(form, timeout).await?;
        match answer.action {
            ElicitationAction::Accept => {
                let data = answer.content.ok_or(ElicitationError::NoContent)?;
                match serde_json::from_value(data.clone()) {
                    Ok(parsed) => Ok(Some(parsed)),
                    Err(error) => Err(ElicitationError::ParseError { error, data }),
                }
            }
            ElicitationAction::Decline => Err(ElicitationError::UserDeclined),
            // `Cancel`, which is all that is left.
            _ => Err(ElicitationError::UserCancelled),
        }
    }

    /// Asks the user to visit a URL.
    ///
    /// # Errors
    /// As rmcp's `Peer::elicit_url`.
    pub async fn elicit_url(
        &self,
        message: impl Into<String>,
        url: impl Into<Url>,
        elicitation_id: impl Into<String>,
    ) -> Result<ElicitationAction, ElicitationError> {
        self.elicit_url_with_timeout(message, url, elicitation_id, None)
            .await
    }

    /// Asks the user to visit a URL. Default: waits as long as it takes.
    ///
    /// # Errors
    /// As rmcp's `Peer::elicit_url_with_timeout`.
    pub async fn elicit_url_with_timeout(
        &self,
        message: impl Into<String>,
        url: impl Into<Url>,
        elicitation_id: impl Into<String>,
        timeout: Option<Duration>,
    ) -> Result<ElicitationAction, ElicitationError> {
        self.may_ask(ElicitationMode::Url)?;
        let visit = ElicitRequestParams::UrlElicitationParams {
            meta: None,
            message: message.into(),
            url: url.into().to_string(),
            elicitation_id: elicitation_id.into(),
        };
        let answer = self.create_elicitation_with_timeout(visit, timeout).await?;
        Ok(answer.action)
    }

    /// As rmcp's `Peer::supported_elicitation_modes`.
    #[must_use]
    pub fn supported_elicitation_modes(&self) -> HashSet<ElicitationMode> {
        self.peer.supported_elicitation_modes()
    }

    /// As in rmcp: a protocol without requests of servers is told before a missing capability.
    fn may_ask(&self, mode: ElicitationMode) -> Result<(), ElicitationError> {
        RoleServer::enforce_outbound_request(&self.peer)?;
        if self.supported_elicitation_modes().contains(&mode) {
            Ok(())
        } else {
            Err(ElicitationError::CapabilityNotSupported)
        }
    }
}
