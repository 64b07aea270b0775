//! What a program answers over HTTP.

use serde_json::Value;
use url::Url;

/// The HTTP interface of a program on this machine.
#[derive(Debug, Clone)]
pub(crate) struct Api {
    base: String,
    client: reqwest::Client,
}

impl Api {
    /// The one on this port.
    pub(crate) fn new(port: u16) -> Self {
        Self::at(format!("http://127.0.0.1:{port}"))
    }

    /// The one at this URL.
    pub(crate) fn at(base: String) -> Self {
        let client = reqwest::Client::new();
        Self { base, client }
    }

    /// Asks; that it does not answer, or not well, is an error.
    pub(crate) async fn get(
        &self,
        path: &str,
        parameters: &[(&str, &str)],
    ) -> Result<String, String> {
        let url = Url::parse_with_params(&format!("{}{path}", self.base), parameters);
        let url = url.map_err(|error| error.to_string())?;
        let answer = self.client.get(url.clone()).send().await;
        let answer = answer.map_err(|error| error.to_string())?;
        let status = answer.status();
        let text = answer.text().await.map_err(|error| error.to_string())?;
        if status.is_success() {
            Ok(text)
        } else {
            Err(format!("{url}: {status}: {text}"))
        }
    }

    /// The same, as JSON.
    pub(crate) async fn json(
        &self,
        path: &str,
        parameters: &[(&str, &str)],
    ) -> Result<Value, String> {
        let text = self.get(path, parameters).await?;
        serde_json::from_str(&text).map_err(|error| format!("{error}: {text}"))
    }
}
