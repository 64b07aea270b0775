//! Resources.

use rmcp::ErrorData;
use rmcp::model::{ReadResourceResult, Resource, ResourceContents, ResourceTemplate};
use serde_json::json;

use super::IMAGE;

const TEXT: &str = "test://static-text";
const BINARY: &str = "test://static-binary";
const TEMPLATE: (&str, &str) = ("test://template/", "/data");

pub(super) fn all() -> Vec<Resource> {
    vec![
        Resource::new(TEXT, "text")
            .with_description("Text that never changes.")
            .with_mime_type("text/plain"),
        Resource::new(BINARY, "binary")
            .with_description("An image that never changes.")
            .with_mime_type("image/png"),
    ]
}

pub(super) fn templates() -> Vec<ResourceTemplate> {
    let uri = format!("{}{{id}}{}", TEMPLATE.0, TEMPLATE.1);
    let template = ResourceTemplate::new(uri, "data")
        .with_description("The data of an id.")
        .with_mime_type("application/json");
    vec![template]
}

pub(super) fn read(uri: &str) -> Result<ReadResourceResult, ErrorData> {
    let of_template = uri.strip_prefix(TEMPLATE.0);
    let id = of_template.and_then(|rest| rest.strip_suffix(TEMPLATE.1));
    let contents = match (uri, id) {
        (TEXT, _) => {
            ResourceContents::text("This is the content of the static text resource.", uri)
        }
        (BINARY, _) => ResourceContents::blob(IMAGE, uri).with_mime_type("image/png"),
        (_, Some(id)) => {
            let data = format!("Data for ID: {id}");
            let data = json!({ "id": id, "templateTest": true, "data": data });
            ResourceContents::text(data.to_string(), uri).with_mime_type("application/json")
        }
        _ => {
            let asked_for = json!({ "uri": uri });
            return Err(ErrorData::resource_not_found(
                "Resource not found",
                Some(asked_for),
            ));
        }
    };
    Ok(ReadResourceResult::new(vec![contents]))
}
