//! The macros of `mcp-observe`. Use them through that crate, which re-exports them and holds
//! everything that their expansions call.
//!
//! Each macro has a module of its own; what they share is in `case` (serde's rename rules),
//! `errors`, `runtime` (the path to it) and `spans`.

mod case;
mod error_type;
mod errors;
mod label_value;
mod record;
mod runtime;
mod spans;
mod tool;

/// Observes the calls of an MCP tool: one span, one duration, one count per call, however it ends.
///
/// Goes on async and sync functions and methods. In an rmcp `#[tool_router]` impl it stands
/// **above** `#[tool]`:
///
/// ```ignore
/// /// Current weather of a city.
/// #[mcp_tool(buckets = [0.05, 0.5, 5])]
/// #[tool(name = "get_weather")]
/// async fn weather(&self, Parameters(city): Parameters<City>) -> Result<String, Error> { todo!() }
/// ```
///
/// The function keeps its signature, its documentation and its lints: a direct caller or a unit
/// test notices nothing.
///
/// | argument | meaning | default |
/// | --- | --- | --- |
/// | `name = "…"` | the tool's name, 1 to 128 of `A-Z a-z 0-9 _ - . /` | the name in `#[tool(name = "…")]`, else that of the function |
/// | `buckets = [0.1, 1, 5]` | upper bounds of the duration histogram, in seconds, increasing | those of the runtime |
/// | `labels(unit, region: Region = …)` | labels of the tool's own on its count and its duration, see below | none |
/// | `tokens` | the tool records token usage: its series are there from the start, and counted | they begin when they are needed |
/// | `tags(source, sink, sensitive)` | what the tool does that matters to security, see below | none |
/// | `budget = 800` | time series that the tool may have; more do not compile | 500 |
/// | `record_all` | every argument is recorded unless it is redacted, see below | only what is declared |
/// | `result(record)`, `result(redact)`, … | records the result of a call that succeeds | it is not recorded |
/// | `error_message = true` | the text of an error is the span's status description, without what looks like a secret | its class alone |
/// | `crate = path::to::mcp_observe` | where the runtime is, for crates that re-export it | `::mcp_observe` |
///
/// The **caller's context** is read from the first parameter of rmcp's type `RequestContext` or
/// `RequestMetaObject`. Outside rmcp, `#[meta]` marks the parameter that carries the request's
/// `_meta`; its type implements the runtime's carrier trait. The parameter is not consumed.
///
/// ```ignore
/// #[mcp_tool]
/// fn add(a: i64, b: i64, #[meta] meta: &serde_json::Map<String, Value>) -> i64 { todo!() }
/// ```
///
/// **Labels** have types that say which values there are (`LabelValue`), so that the compiler can count
/// the tool's time series. A label is a parameter (`unit`), a field of one (`unit = place.unit`), or
/// any expression of a type that is named (`region: Region = region_of(&place.city)`), which is
/// evaluated when the call starts. Parameters that the function destructures are borrowed there. A
/// tool with B buckets, a product P of values of its labels and E classes of its own error type has
/// `(P + 1) × (1 + 3 × (B + 3)) + E + 220` series, without labels `1` in place of `P + 1`. With
/// `tokens` each combination has five more: `(P + 1) × (6 + 3 × (B + 3)) + E + 220`.
///
/// ```ignore
/// #[mcp_tool(labels(unit = place.unit), budget = 800)]
/// #[tool]
/// async fn weather(&self, Parameters(place): Parameters<Place>) -> Result<String, Error> { todo!() }
/// ```
///
/// **Arguments** are recorded on the call's span as far as they are declared: `#[record]`,
/// `#[record(serde)]`, `#[redact]`, `#[redact(hash)]` and `#[redact(keep_last = N)]` on parameters mean
/// what they do on the fields of a type that derives `Record`. The fields of rmcp's `Parameters` are
/// the arguments: what their type declares is recorded, without an attribute here. Under `record_all` a
/// parameter that is named like a secret must have one of the attributes. Nothing is recorded unless
/// the runtime is told to capture content.
///
/// **Tags** are for the detection of attacks, and stand on each of the tool's calls in the security
/// log. At least one, in any order:
///
/// | tag | the tool |
/// | --- | --- |
/// | `source` | reads data that may be confidential |
/// | `sink` | sends data out of the trust boundary |
/// | `sensitive` | is such that its first use by a user is worth an alert |
///
/// ```ignore
/// #[mcp_tool(tags(source, sensitive))]
/// #[tool]
/// async fn read_payroll(&self) -> Result<String, Error> { todo!() }
/// ```
///
/// **Functions that return a future**: `fn … -> impl Future` is observed from the call of the
/// function to the end of its future; `fn … -> Pin<Box<dyn Future>>`, as `#[async_trait]` writes
/// it, when its last expression is `Box::pin(async move { … })`. Behind a type alias neither can be
/// recognised: write `async fn`.
#[proc_macro_attribute]
pub fn mcp_tool(
    args: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    tool::expand(args.into(), &item.into()).into()
}

/// Makes an enum without fields, or a struct around a string, a label: see the trait of that name.
#[proc_macro_derive(LabelValue, attributes(label))]
pub fn label_value(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    label_value::expand(input.into()).into()
}

/// Makes an error type say of which class each error is: see the trait of that name.
#[proc_macro_derive(ErrorType, attributes(error_type))]
pub fn error_type(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    error_type::expand(input.into()).into()
}

/// Says what of a type may be recorded: nothing but the fields that are declared.
///
/// ```ignore
/// #[derive(Deserialize, JsonSchema, Record)]
/// #[serde(rename_all = "camelCase")]
/// struct Transfer {
///     #[record]
///     amount: u64,
///     #[redact(keep_last = 4)]
///     account_number: String,
///     #[redact(hash)]
///     customer: String,
///     note: Option<String>, // not recorded
/// }
/// ```
///
/// | on a field | what is recorded |
/// | --- | --- |
/// | nothing | nothing: the field is absent |
/// | `#[record]` | what its type says, which implements `Record` as well |
/// | `#[record(serde)]` | all that serde writes of it; `"…"` if that does not fit |
/// | `#[redact]` | `"[redacted]"` |
/// | `#[redact(hash)]` | `"[hash:…]"`, a keyed hash of the text, or of the JSON of what is none |
/// | `#[redact(keep_last = N)]` | `"[redacted]"` and the last N characters (1 to 8), if the value has at least 2·N |
///
/// A redacted `Option` that is `None` is `null`. An undeclared element of a tuple is `null`, so that
/// the others keep their places. Variants' names are recorded with their enum. Hashes of equal
/// values are equal where serde writes the values equally, which a `HashMap` or `HashSet` does not:
/// use a `BTreeMap` or `BTreeSet` there.
///
/// | on the type | |
/// | --- | --- |
/// | `#[record(all)]` | every field is recorded unless it has `#[redact…]`; a field that is named like a secret must have either |
/// | `#[record(crate = path::to::mcp_observe)]` | where the runtime is, for crates that re-export it |
///
/// What is recorded looks like the JSON that the caller sent: serde's `rename`, `rename_all`,
/// `rename_all_fields`, `tag`, `content`, `untagged`, `transparent`, `flatten`, `skip`,
/// `skip_deserializing` and `skip_serializing_if` are honoured. Of names that differ, those for
/// deserialisation count.
///
/// A declaration that does nothing or contradicts another is a compile error, and so is recording
/// a type that does not implement `Record`, such as any of `secrecy`.
#[proc_macro_derive(Record, attributes(record, redact))]
pub fn record(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    record::derive(input.into()).into()
}
