//! Tools that answer at once, with each kind of content.

use mcp_observe::mcp_tool;
use rmcp::model::{CallToolResult, ContentBlock, ResourceContents};
use rmcp::{tool, tool_router};

use super::{IMAGE, Server};

/// Silence, as WAV in Base64.
const AUDIO: &str = "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=";

#[tool_router(router = content_tools, vis = "pub(super)")]
impl Server {
    /// Answers with text.
    #[mcp_tool]
    #[tool]
    fn test_simple_text(&self) -> String {
        "This is a simple text response for testing.".to_owned()
    }

    /// Answers with an image.
    #[mcp_tool]
    #[tool]
    fn test_image_content(&self) -> CallToolResult {
        CallToolResult::success(vec![ContentBlock::image(IMAGE, "image/png")])
    }

    /// Answers with sound.
    #[mcp_tool]
    #[tool]
    fn test_audio_content(&self) -> CallToolResult {
        CallToolResult::success(vec![ContentBlock::audio(AUDIO, "audio/wav")])
    }

    /// Answers with a resource.
    #[mcp_tool]
    #[tool]
    fn test_embedded_resource(&self) -> CallToolResult {
        CallToolResult::success(vec![ContentBlock::embedded_text(
            "test://embedded-resource",
            "This is an embedded resource content.",
        )])
    }

    /// Answers with text, an image and a resource.
    #[mcp_tool]
    #[tool]
    fn test_multiple_content_types(&self) -> CallToolResult {
        let data = r#"{"test":"data","value":123}"#;
        let resource = ResourceContents::text(data, "test://mixed-content-resource")
            .with_mime_type("application/json");
        CallToolResult::success(vec![
            ContentBlock::text("Multiple content types test:"),
            ContentBlock::image(IMAGE, "image/png"),
            ContentBlock::resource(resource),
        ])
    }

    /// Always fails.
    #[mcp_tool]
    #[tool]
    fn test_error_handling(&self) -> Result<String, String> {
        Err("This tool intentionally returns an error for testing".to_owned())
    }
}
