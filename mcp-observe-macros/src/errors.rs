//! Several errors in one go: who makes three mistakes should not need three builds to see them.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::DeriveInput;

#[derive(Default)]
pub(crate) struct Errors(Option<syn::Error>);

impl Errors {
    /// An error that spans all of `tokens`.
    pub(crate) fn at(&mut self, tokens: impl ToTokens, message: impl std::fmt::Display) {
        self.push(syn::Error::new_spanned(tokens, message));
    }

    pub(crate) fn push(&mut self, error: syn::Error) {
        match &mut self.0 {
            Some(first) => first.combine(error),
            None => self.0 = Some(error),
        }
    }

    pub(crate) fn finish(self) -> syn::Result<()> {
        self.0.map_or(Ok(()), Err)
    }
}

/// What a derive makes of its input, or else the errors.
pub(crate) fn or_tokens(
    input: TokenStream,
    derive: fn(&DeriveInput, &mut Errors) -> TokenStream,
) -> TokenStream {
    let derived = syn::parse2(input).and_then(|input| {
        let mut errors = Errors::default();
        let tokens = derive(&input, &mut errors);
        errors.finish().map(|()| tokens)
    });
    derived.unwrap_or_else(syn::Error::into_compile_error)
}
