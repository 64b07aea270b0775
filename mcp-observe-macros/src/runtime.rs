//! The path to the runtime, whose private module is all that expansions name.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::Path;

/// `::mcp_observe::__private`, or the same below the path that `crate = …` gives. A path of the
/// user's keeps its own spans, which may be what it is resolved by (`$crate`).
pub(crate) fn private(krate: Option<&Path>, span: Span) -> TokenStream {
    let krate = krate.map_or_else(
        || quote_spanned!(span=> ::mcp_observe),
        ToTokens::to_token_stream,
    );
    quote_spanned!(span=> #krate::__private)
}
