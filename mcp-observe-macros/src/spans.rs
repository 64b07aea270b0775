//! Where tokens of an expansion stand, so that the compiler's own errors point at the user's.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::Type;
use syn::spanned::Spanned as _;

/// The first and the last token of a type: stable Rust cannot join spans, but the compiler does
/// when an expression begins at the one and ends at the other.
pub(crate) fn ends(ty: &Type) -> (Span, Span) {
    let tokens: TokenStream = ty.to_token_stream();
    let mut spans = tokens.into_iter().map(|token| token.span());
    let first = spans.next().unwrap_or_else(|| ty.span());
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
