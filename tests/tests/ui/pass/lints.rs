//! No lint fires in code that the user did not write.
#![deny(
    warnings,
    missing_docs,
    unreachable_pub,
    unused_qualifications,
    unused_lifetimes
)]
#![deny(
    let_underscore_drop,
    single_use_lifetimes,
    trivial_casts,
    unused_results
)]
#![deny(
    rust_2018_idioms,
    redundant_lifetimes,
    unit_bindings,
    unused_import_braces
)]
#![deny(clippy::all, clippy::pedantic, clippy::nursery)]
#![deny(
    clippy::absolute_paths,
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason
)]
#![deny(clippy::semicolon_outside_block, clippy::shadow_reuse)]
#![allow(clippy::unused_async, clippy::unused_self, reason = "as tools are")]
#![forbid(unsafe_code)]

use mcp_observe::{ErrorType, LabelValue, mcp_tool};
use rmcp::handler::server::wrapper::Parameters;
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, tool, tool_router};
use std::future::{Future, ready};
use std::io;
use std::pin::Pin;
use tokio::task::yield_now;

/// Arguments.
#[derive(Debug, serde::Deserialize, schemars::JsonSchema)]
struct Args {
    city: String,
}

/// A server.
#[derive(Debug, Clone)]
struct Server;

#[tool_router]
impl Server {
    /// Asynchronous.
    #[mcp_tool(buckets = [0.1, 1, 5])]
    #[tool]
    async fn asynchronous(
        &self,
        Parameters(Args { city }): Parameters<Args>,
        _context: RequestContext<RoleServer>,
    ) -> Result<String, ErrorData> {
        yield_now().await;
        let length: u32 = city
            .parse()
            .map_err(|_| ErrorData::invalid_params("length", None))?;
        Ok(length.to_string())
    }

    /// Synchronous.
    #[mcp_tool]
    #[tool]
    fn synchronous(&self, Parameters(Args { city }): Parameters<Args>) -> String {
        city
    }

    /// Nothing returned.
    #[mcp_tool]
    #[tool]
    async fn nothing(&self) {
        yield_now().await;
    }
}

/// Outside rmcp.
#[mcp_tool]
fn sync_unit(_a: u8) {}

/// A future.
#[mcp_tool]
fn lazy(a: u8) -> impl Future<Output = u8> {
    ready(a)
}

/// Boxed.
#[mcp_tool]
fn boxed(a: u8) -> Pin<Box<dyn Future<Output = u8> + Send>> {
    Box::pin(async move { a })
}

/// The user's own lint levels go where the binding goes.
#[mcp_tool]
async fn expecting(#[expect(unused_variables, reason = "it is")] (a, b): (u8, u8)) {}

/// Inner attributes stay first.
#[mcp_tool]
fn inner_attribute() -> u8 {
    #![allow(unused_variables, reason = "inner")]
    let a = 1;
    2
}

/// Not reached.
#[mcp_tool]
async fn unfinished(_context: u8) -> String {
    loop {
        yield_now().await;
    }
}

/// Long types are the signature's business.
#[mcp_tool]
#[expect(clippy::type_complexity, reason = "counted once")]
async fn complex() -> Option<Result<Vec<Box<dyn Fn(u8) -> Option<Vec<(u8, u8)>>>>, Vec<u8>>> {
    None
}

/// A label.
#[derive(Debug, Clone, Copy, LabelValue)]
#[label(rename_all = "lowercase")]
enum Unit {
    /// One value.
    Celsius,
    /// Another.
    Fahrenheit,
}

/// A label of which the first values count.
#[derive(Debug, LabelValue)]
#[label(max = 3)]
struct Team<'a> {
    name: &'a str,
}

/// An error of a tool.
#[derive(Debug, ErrorType)]
enum Failure {
    /// One class.
    #[error_type("not_found")]
    Missing {
        #[expect(dead_code, reason = "for whoever looks at the error")]
        city: String,
    },
    /// That of the error inside.
    #[error_type(transparent)]
    Io(io::Error),
}

/// A place.
#[derive(Debug)]
struct Place {
    city: String,
    unit: Unit,
}

/// Labels from a field, from a parameter, and from an expression.
#[mcp_tool(
    labels(unit = place.unit, fast, team: Team<'_> = Team { name: &place.city }),
    budget = 2_000
)]
async fn labelled(place: Place, fast: bool, _unused: &str) -> Result<String, Failure> {
    if fast {
        return Err(Failure::Io(io::Error::other("no")));
    }
    match place.unit {
        Unit::Celsius => Ok(place.city),
        Unit::Fahrenheit => Err(Failure::Missing { city: place.city }),
    }
}

/// Labels from what is destructured.
#[mcp_tool(labels(unit))]
fn destructured(Place { mut city, unit }: Place) -> (String, Unit) {
    city.push('!');
    (city, unit)
}

/// Arguments that say what may be recorded of them.
#[derive(Debug, serde::Deserialize, schemars::JsonSchema, mcp_observe::Record)]
struct Declared {
    /// Shown.
    #[record]
    city: String,
    /// Not shown.
    #[redact(keep_last = 4)]
    number: String,
}

/// Every form of a declaration, on a method that another macro rewrites.
#[tool_router(router = recording_router)]
impl Server {
    /// Records.
    #[mcp_tool(result(record), error_message = true)]
    #[tool]
    async fn recording(
        &self,
        Parameters(Declared { city, number }): Parameters<Declared>,
    ) -> Result<String, String> {
        if city.is_empty() {
            return Err(number);
        }
        Ok(city)
    }
}

/// On parameters.
#[mcp_tool(result(redact(hash)))]
async fn on_parameters(
    #[record] city: &str,
    #[record(serde)] days: Option<u8>,
    #[redact] _secret: &[u8],
    #[redact(hash)] key: String,
    quiet: u8,
) -> usize {
    city.len() + key.len() + usize::from(days.unwrap_or(quiet))
}

/// All of them.
#[mcp_tool(record_all)]
fn all_of_them(mut city: String, #[redact] token: &str) -> String {
    city.push_str(token);
    city
}

fn main() {
    drop(on_parameters("", None, &[], String::new(), 1));
    drop(all_of_them(String::new(), ""));
    drop(Server::recording_router());
    drop(labelled(
        Place {
            city: String::new(),
            unit: Unit::Fahrenheit,
        },
        true,
        "",
    ));
    drop(destructured(Place {
        city: String::new(),
        unit: Unit::Celsius,
    }));
    drop(unfinished(1));
    drop(complex());
    sync_unit(1);
    drop(lazy(1));
    drop(boxed(1));
    drop(expecting((1, 2)));
    let _: u8 = inner_attribute();
    let _: &str = Server::tool_router()
        .list_all()
        .first()
        .map_or("", |tool| &tool.name);
}
