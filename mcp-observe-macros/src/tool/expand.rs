//! The function written anew. Only tokens here: what they call is in the runtime's `__private`.
//!
//! Variables that we introduce have the macro's hygiene (`mixed_site`), so neither side can see the
//! other's. Items have no hygiene in Rust; ours begin with `__MCP`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Attribute, Expr, FnArg, Pat, PatIdent, Type, token};

use super::item::Function;
use super::items;
use super::kind::{self, BoxedFuture, Kind};
use super::labels::Value;
use super::model::{Binding, Carrier, Param, Tool, is_meta};
use super::recording;
use crate::{record, runtime, spans};

pub(crate) fn tool(tool: &Tool) -> TokenStream {
    let mut function = tool.function.clone();
    signature(&mut function, &tool.params);
    if let Some(body) = &mut function.body {
        let user = block(body.brace, &body.stmts);
        let parts = Parts::of(tool);
        body.stmts = match &tool.kind {
            Kind::Async => parts.async_fn(&user),
            Kind::Sync => parts.sync_fn(&user),
            Kind::ImplFuture(_) => parts.impl_future(&user),
            Kind::Boxed(future) => parts.boxed(future),
        };
    }
    function.into_token_stream()
}

/// Strips our own attributes, and gives destructured parameters a name. The types stay exactly as
/// they are: `#[tool]` looks for `Parameters<…>` in them.
fn signature(function: &mut Function, params: &[Param]) {
    let typed = function.sig.inputs.iter_mut().filter_map(|arg| match arg {
        FnArg::Typed(typed) => Some(typed),
        FnArg::Receiver(_) => None,
    });
    for (arg, param) in typed.zip(params) {
        arg.attrs
            .retain(|attr| !is_meta(attr) && !record::declaration::is_declaration(attr));
        if let Binding::Renamed(ident) = &param.binding {
            arg.attrs.retain(|attr| !is_lint(attr));
            *arg.pat = Pat::Ident(PatIdent {
                attrs: Vec::new(),
                by_ref: None,
                mutability: None,
                ident: ident.clone(),
                subpat: None,
            });
        }
    }
}

/// Speaks of what a pattern binds, and so moves with it.
fn is_lint(attr: &Attribute) -> bool {
    ["allow", "expect", "warn", "deny", "forbid"]
        .iter()
        .any(|level| attr.path().is_ident(level))
}

/// The user's statements between their own braces. The braces count as the macro's, or the lint
/// `unused_braces` would ask the user to remove them.
fn block(brace: token::Brace, stmts: &TokenStream) -> TokenStream {
    let span = Span::mixed_site().located_at(brace.span.join());
    let mut block = TokenStream::new();
    token::Brace(span).surround(&mut block, |tokens| stmts.to_tokens(tokens));
    block
}

/// The pieces that the forms of function are put together from.
struct Parts<'a> {
    tool: &'a Tool<'a>,
    /// Statements in front of everything: items, and the check of the attributes' order.
    items: TokenStream,
    /// `let PATTERN = argument;` for each renamed parameter.
    bindings: TokenStream,
    /// The statement that opens the operation.
    open: TokenStream,
    call: Ident,
}

impl<'a> Parts<'a> {
    fn of(tool: &'a Tool<'a>) -> Self {
        let span = Span::mixed_site();
        let private = private(tool, span);
        let carrier = carrier(tool);
        let call = Ident::new("__mcp_call", span);
        let label = label(tool, &call);
        let record = recording::arguments(tool, &call);
        Self {
            tool,
            items: items::of(tool),
            bindings: tool.params.iter().filter_map(binding).collect(),
            // A carrier that the user's own code leaves alone may be called `_context`.
            open: quote_spanned! {span=>
                #[allow(clippy::used_underscore_binding)]
                let mut #call = #private::open(&__MCP_CALLSITE, #carrier);
                #label
                #record
            },
            call,
        }
    }

    /// Runs, reads the outcome from the value, and returns the value.
    fn observe(&self, run: TokenStream) -> TokenStream {
        // No value, no outcome: how it ends, by a panic, the operation sees itself.
        if let Some(Type::Never(_)) = self.return_type() {
            return run;
        }
        let call = &self.call;
        let ret = Ident::new("__mcp_ret", Span::mixed_site());
        let private = private(self.tool, Span::mixed_site());
        let record = recording::returned(self.tool, call, &ret);
        quote_spanned! {Span::mixed_site()=>
            let #ret = #run;
            #record
            #call.finish(#private::classify!(&#ret));
            #ret
        }
    }

    fn async_fn(&self, user: &TokenStream) -> TokenStream {
        let Self { bindings, call, .. } = self;
        let edge = fake_return_edge(self.return_type());
        self.whole(quote_spanned! {Span::mixed_site()=>
            #call.run(async move { #edge #bindings #user }).await
        })
    }

    fn sync_fn(&self, user: &TokenStream) -> TokenStream {
        let Self { bindings, call, .. } = self;
        // A closure can say what it returns, which does here what the fake edge does in a block.
        let output = self.return_type().map_or_else(|| quote!(()), erased);
        self.whole(quote_spanned! {Span::mixed_site()=>
            #call.run_sync(move || -> #output { #bindings #user })
        })
    }

    /// A function that opens the call, runs, and returns what came of it.
    fn whole(&self, run: TokenStream) -> TokenStream {
        let Self { items, open, .. } = self;
        let observed = self.observe(run);
        quote!(#items #open #observed)
    }

    /// The operation is open while the function makes its future: the body may move the carrier
    /// away, and what it does then belongs to the call.
    fn impl_future(&self, user: &TokenStream) -> TokenStream {
        let Self {
            items,
            bindings,
            open,
            call,
            ..
        } = self;
        let future = Ident::new("__mcp_future", Span::mixed_site());
        let observed = self.observe(quote_spanned! {Span::mixed_site()=>
            #call.run(#future).await
        });
        quote_spanned! {Span::mixed_site()=>
            #items
            #open
            let #future = #call.run_sync(move || { #bindings #user });
            async move { #observed }
        }
    }

    fn boxed(&self, future: &BoxedFuture) -> TokenStream {
        let Self {
            items, open, call, ..
        } = self;
        let edge = fake_return_edge(future.output);
        let before = &future.before;
        let mut last = future.last.clone();
        if let Some(found) = kind::async_block(&mut last)
            && let Expr::Async(user) = found
        {
            let (attrs, asyncness, capture) = (&user.attrs, user.async_token, &user.capture);
            let stmts = &user.block.stmts;
            let block = block(user.block.brace_token, &quote!(#(#stmts)*));
            let observed = self.observe(quote_spanned! {Span::mixed_site()=>
                #call.run(#asyncness #capture { #edge #block }).await
            });
            *found = Expr::Verbatim(quote_spanned! {Span::mixed_site()=>
                #(#attrs)* #asyncness #capture { #open #observed }
            });
        }
        quote!(#items #(#before)* #last)
    }

    fn return_type(&self) -> Option<&'a Type> {
        self.tool.function.return_type()
    }
}

pub(super) fn private(tool: &Tool, span: Span) -> TokenStream {
    runtime::private(tool.args.krate.as_ref(), span)
}

/// The argument that brings the caller's context, borrowed. The tokens are put where its type is,
/// so that a type that carries nothing is what an error points at.
fn carrier(tool: &Tool) -> TokenStream {
    let private = private(tool, Span::mixed_site());
    let Some(Carrier {
        ident,
        ty,
        declared,
    }) = &tool.carrier
    else {
        return quote!(#private::NoCarrier);
    };
    let mut references = Vec::new();
    let mut referent = kind::peel(ty);
    while let Type::Reference(reference) = referent {
        references.push(reference.mutability.is_some());
        referent = kind::peel(&reference.elem);
    }
    let (first, last) = spans::ends(referent);
    let at = |span| ident.span().located_at(span);
    let mut param = ident.clone();
    param.set_span(at(last));
    // Borrowed once and no more: a parameter that is a shared reference is passed as it is.
    let borrowed = if references.is_empty() || references.contains(&true) {
        let stars = references.iter().map(|_| quote_spanned!(at(first)=> *));
        quote_spanned!(at(first)=> & #(#stars)* #param)
    } else {
        param.set_span(at(first));
        let stars = references
            .iter()
            .skip(1)
            .map(|_| quote_spanned!(at(first)=> *));
        quote!(#(#stars)* #param)
    };
    if *declared {
        quote!(#private::meta(#borrowed))
    } else {
        quote!(#private::carrier!(#borrowed))
    }
}

/// The statement that reads the labels' values, from the parameters as the caller gave them.
fn label(tool: &Tool, call: &Ident) -> TokenStream {
    let Some(labels) = &tool.args.labels else {
        return TokenStream::new();
    };
    let span = Span::mixed_site();
    let private = private(tool, span);
    let borrowed = tool.params.iter().filter_map(|param| {
        let Binding::Renamed(ident) = &param.binding else {
            return None;
        };
        let pat = param.borrowing_pattern();
        Some(quote_spanned!(span=> #[allow(unused_variables)] let #pat = &#ident;))
    });
    let digits = labels.iter().map(|label| match &label.value {
        Value::Place(place) => {
            let expr = &place.expr;
            quote_spanned!(span=> #private::digit!(&#expr))
        }
        Value::Typed(typed) => {
            let (ty, expr) = (&typed.ty, &typed.expr);
            quote_spanned!(span=> #private::digit!(#private::typed::<#ty>(&(#expr))))
        }
    });
    quote_spanned! {span=>
        #[allow(clippy::used_underscore_binding)]
        #call.label(&__MCP_CALLSITE, || {
            #(#borrowed)*
            #private::Combination::EMPTY #(.with(#digits))*
        });
    }
}

fn binding(param: &Param) -> Option<TokenStream> {
    let Binding::Renamed(ident) = &param.binding else {
        return None;
    };
    // A parameter behind `#[cfg]` has its pattern behind the same.
    let attrs = param
        .source
        .attrs
        .iter()
        .filter(|a| is_lint(a) || a.path().is_ident("cfg"));
    let pat = &param.source.pat;
    Some(quote_spanned!(Span::mixed_site()=> #(#attrs)* let #pat = #ident;))
}

/// The type where `impl Trait` cannot be written.
fn erased(ty: &Type) -> TokenStream {
    kind::erase_impl_trait(ty).into_token_stream()
}

/// An early `return` of the declared type, never reached. The block's type is known from it before
/// the user's first statement, so that `?` and coercions work as they do in a function, and a
/// mismatch is reported at the user's expression.
fn fake_return_edge(ty: Option<&Type>) -> TokenStream {
    // The compiler says "return type inferred here" of the value returned, which therefore stands,
    // as far as it can see, where the type does.
    let place = ty.map_or(Span::mixed_site(), syn::spanned::Spanned::span);
    let fake = Ident::new("__mcp_fake", Span::mixed_site().located_at(place));
    let ty = match ty {
        // The one is whatever the block returns, the other cannot be written as a variable's type.
        Some(Type::ImplTrait(_) | Type::Never(_)) => return TokenStream::new(),
        Some(ty) => erased(ty),
        None => quote!(()),
    };
    quote_spanned! {Span::mixed_site()=>
        #[allow(unreachable_code)]
        if false {
            let #fake: #ty = loop {};
            return #fake;
        }
    }
}
