//! What is emitted on an error: the error, and next to it the user's own function, so that nothing
//! else in the crate fails for want of it. `#[tool]` and `#[tool_router]` go on finding it, too.

use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};
use syn::FnArg;

use super::item::Function;
use super::model;
use crate::record::declaration::is_declaration;

/// For an item that could not be read as a function.
pub(crate) fn untouched(error: &syn::Error, item: &TokenStream) -> TokenStream {
    let error = error.to_compile_error();
    quote!(#item #error)
}

/// The function without our own attributes, which mean nothing to the compiler.
pub(crate) fn function(error: &syn::Error, function: &Function) -> TokenStream {
    let mut function = function.clone();
    function.attrs.retain(|attr| !model::is_mcp_tool(attr));
    for arg in &mut function.sig.inputs {
        let (FnArg::Receiver(syn::Receiver { attrs, .. })
        | FnArg::Typed(syn::PatType { attrs, .. })) = arg;
        attrs.retain(|attr| !model::is_meta(attr) && !is_declaration(attr));
    }
    // In an impl block a macro call is read as an item wherever it stands, but the doc comment of
    // the function must stay its own: hence the error last.
    let mut tokens = function.into_token_stream();
    tokens.extend(error.to_compile_error());
    tokens
}
