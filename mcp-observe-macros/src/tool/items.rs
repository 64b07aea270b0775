//! The items in front of the function's body: what is known of the tool, its place in the binary, and
//! what the compiler shall check.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use super::args::Bucket;
use super::error_type;
use super::expand::private;
use super::labels::{self, Label, Place, Value};
use super::model::{Binding, Tool};
use super::nameable::{Nameable, without_lifetimes};
use super::tags;
use crate::spans;

pub(super) fn of(tool: &Tool) -> TokenStream {
    [placement(tool), callsite(tool), budget(tool)]
        .into_iter()
        .collect()
}

fn callsite(tool: &Tool) -> TokenStream {
    let private = private(tool, Span::mixed_site());
    let (name, _) = tool.name();
    let span_name = format!("tools/call {name}");
    let internal_name = format!("execute_tool {name}");
    // `line!` is where its own tokens are: at the function's name rather than at the attribute.
    let line = {
        let span = tool.function.sig.ident.span();
        let private = self::private(tool, span);
        quote_spanned!(span=> #private::line!())
    };
    let buckets = tool.args.buckets.as_ref().map(|buckets| {
        let bounds = buckets.iter().map(Bucket::to_literal);
        quote!(.buckets(&[#(#bounds),*]))
    });
    let (labels, with_labels) = tool
        .args
        .labels
        .as_ref()
        .map_or_else(Default::default, |labels| {
            let labels = labels.iter().map(|label| declared(tool, label));
            let item = quote! {
                const __MCP_LABELS: &[#private::Label] = &[#(#labels),*];
            };
            (item, quote!(.labels(__MCP_LABELS)))
        });
    let error_types = tool
        .output()
        .and_then(|ty| error_type::of(ty, &Nameable::of(tool.function)))
        .map(|ty| quote!(.error_types(#private::error_types!(#ty))));
    let tokens = tool.args.tokens.as_ref().map(|_| quote!(.tokens()));
    let tags = tags::set(tool).map(|tags| quote!(.tags(#tags)));
    let budget = tool
        .args
        .budget
        .as_ref()
        .map(|budget| quote!(.budget(#budget)));
    quote_spanned! {Span::mixed_site()=>
        #labels
        const __MCP_FACTS: #private::Facts = #private::Facts::new(
            #name,
            #span_name,
            #internal_name,
            #private::module_path!(),
            #private::file!(),
            #line,
        ) #buckets #with_labels #error_types #tokens #tags #budget;
        static __MCP_CALLSITE: #private::Callsite = #private::Callsite::new(__MCP_FACTS);
        #[#private::linkme::distributed_slice(#private::CALLSITES)]
        #[linkme(crate = #private::linkme)]
        static __MCP_REGISTRATION: &#private::Callsite = &__MCP_CALLSITE;
    }
}

/// A label with the values of its type. The type of a field is learned from a function that returns
/// the field, whose tokens are put where the user wrote it.
fn declared(tool: &Tool, label: &Label) -> TokenStream {
    let name = label.name();
    let private = private(tool, Span::mixed_site());
    let values = match &label.value {
        Value::Typed(typed) => {
            let ty = &typed.ty;
            quote!(#private::values::<#ty>())
        }
        Value::Place(place) => values_of(tool, place),
    };
    quote!(#private::Label::new(#name, #values))
}

fn values_of(tool: &Tool, place: &Place) -> TokenStream {
    let span = place.root.span();
    let private = private(tool, span);
    let Some(param) = labels::param(&tool.params, place) else {
        // Was reported as an error.
        return TokenStream::new();
    };
    let ty = without_lifetimes(&param.source.ty);
    let arg = Ident::new("__mcp_arg", Span::mixed_site().located_at(span));
    let expr = &place.expr;
    let pattern = match &param.binding {
        Binding::Named(ident) => quote!(#ident),
        Binding::Renamed(_) | Binding::Kept => {
            let pattern = param.borrowing_pattern();
            quote!(#pattern)
        }
    };
    // The variable itself is a reference here already.
    let value = if matches!(expr, syn::Expr::Path(_)) {
        quote!(#expr)
    } else {
        quote_spanned!(span=> &#expr)
    };
    let mut body = TokenStream::new();
    let (first, last) = spans::ends(expr);
    syn::token::Brace(last).surround(&mut body, |tokens| {
        tokens.extend(quote_spanned! {span=>
            #[allow(unused_variables)]
            let #pattern = #arg;
            #value
        });
    });
    let parameters = quote_spanned!(first=> |#arg: &#ty|);
    quote_spanned!(span=> #private::values_of(#parameters #body))
}

/// The check of the budget, as an item: only those are evaluated by `cargo check` and in editors.
fn budget(tool: &Tool) -> TokenStream {
    let span = match (&tool.args.budget, &tool.args.labels) {
        (Some(budget), _) => budget.span(),
        (None, Some(labels)) if !labels.is_empty() => labels[0].name.span(),
        _ => tool.function.sig.ident.span(),
    };
    let span = Span::mixed_site().located_at(span);
    let private = private(tool, span);
    quote_spanned! {span=>
        const _: () = #private::assert_budget(&__MCP_FACTS);
    }
}

/// Below `#[tool]`, `#[mcp_tool]` is expanded last and sees no `#[tool]` any more. What it left
/// behind tells: an inherent function `…_tool_attr`, which goes before a trait's of that name.
fn placement(tool: &Tool) -> TokenStream {
    if tool.rmcp.is_some() || tool.receiver().is_none() {
        return TokenStream::new();
    }
    let ident = &tool.function.sig.ident;
    let private = private(tool, Span::mixed_site());
    let generated = format_ident!("{}_tool_attr", ident, span = ident.span());
    let check = {
        let span = ident.span();
        let private = self::private(tool, span);
        quote_spanned!(span=> #private::assert_above_tool(Self::#generated);)
    };
    quote_spanned! {Span::mixed_site()=>
        {
            trait __McpPlacement {
                fn #generated() -> #private::NotATool { #private::NotATool }
            }
            impl<__T: ?#private::Sized> __McpPlacement for __T {}
            #check
        }
    }
}
