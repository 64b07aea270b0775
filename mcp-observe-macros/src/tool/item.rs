//! The syntax of what the attribute is on: a function, its body kept as the user's own tokens.

use proc_macro2::TokenStream;
use quote::{ToTokens, TokenStreamExt as _};
use syn::parse::{Parse, ParseStream, Parser as _};
use syn::{Attribute, ReturnType, Signature, Token, Type, Visibility, braced, token};

use super::kind::peel;

/// A function whose body is not parsed: that is faster, keeps the body's tokens as they are, and
/// lets an editor complete in a body that is half typed.
#[derive(Clone)]
pub(crate) struct Function {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) sig: Signature,
    pub(crate) body: Option<Body>,
}

#[derive(Clone)]
pub(crate) struct Body {
    pub(crate) brace: token::Brace,
    /// `#![…]`, which have to stay the first thing in the function.
    pub(crate) inner_attrs: Vec<Attribute>,
    pub(crate) stmts: TokenStream,
}

impl Function {
    pub(crate) fn parse(item: TokenStream) -> syn::Result<Self> {
        syn::parse2(item)
    }

    /// What its signature says that it returns; for an `async fn` what its future comes to.
    pub(crate) fn return_type(&self) -> Option<&Type> {
        match &self.sig.output {
            ReturnType::Type(_, ty) => Some(peel(ty)),
            ReturnType::Default => None,
        }
    }
}

impl Parse for Function {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        if !is_function(&input.fork()) {
            return Err(input.error(
                "expected a function: #[mcp_tool] belongs on the `fn` of one tool, not on any other item",
            ));
        }
        let sig = input.parse()?;
        let body = if input.peek(Token![;]) {
            input.parse::<Token![;]>()?;
            None
        } else {
            Some(input.parse()?)
        };
        Ok(Self {
            attrs,
            vis,
            sig,
            body,
        })
    }
}

impl Parse for Body {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let content;
        Ok(Self {
            brace: braced!(content in input),
            inner_attrs: content.call(Attribute::parse_inner)?,
            stmts: content.parse()?,
        })
    }
}

/// Whether `fn` follows, after whatever may qualify it.
fn is_function(ahead: ParseStream) -> bool {
    let qualified = |ahead: ParseStream| -> syn::Result<()> {
        loop {
            if ahead.peek(Token![const]) {
                ahead.parse::<Token![const]>()?;
            } else if ahead.peek(Token![async]) {
                ahead.parse::<Token![async]>()?;
            } else if ahead.peek(Token![unsafe]) {
                ahead.parse::<Token![unsafe]>()?;
            } else if ahead.peek(Token![extern]) {
                ahead.parse::<syn::Abi>()?;
            } else {
                return ahead.parse::<Token![fn]>().map(drop);
            }
        }
    };
    qualified(ahead).is_ok()
}

impl Body {
    /// The body's statements, for the one form of function that must be looked into.
    pub(crate) fn parse_stmts(&self) -> syn::Result<Vec<syn::Stmt>> {
        syn::Block::parse_within.parse2(self.stmts.clone())
    }
}

impl ToTokens for Function {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.append_all(&self.attrs);
        self.vis.to_tokens(tokens);
        self.sig.to_tokens(tokens);
        match &self.body {
            Some(body) => body.brace.surround(tokens, |tokens| {
                tokens.append_all(&body.inner_attrs);
                body.stmts.to_tokens(tokens);
            }),
            None => tokens.append_all([<Token![;]>::default()]),
        }
    }
}
