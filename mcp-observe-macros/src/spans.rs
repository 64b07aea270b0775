//! Where tokens of an expansion stand, so that the compiler's own errors point at the user's.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

/// The first and the last token of a type or an expression: stable Rust cannot join spans, but the
/// compiler does when something begins at the one and ends at the other.
pub(crate) fn ends(syntax: &impl ToTokens) -> (Span, Span) {
    let tokens: TokenStream = syntax.to_token_stream();
    let mut spans = tokens.into_iter().map(|token| token.span());
    let first = spans.next().unwrap_or_else(Span::mixed_site);
    (first, spans.last().unwrap_or(first))
}

/// The tokens of a path, standing at `span`. What they are resolved by stays.
pub(crate) fn moved(path: &TokenStream, span: Span) -> TokenStream {
    let tokens = path.clone().into_iter().map(|mut token| {
        token.set_span(token.span().located_at(span));
        token
    });
    tokens.collect()
}
