//! What of a call is recorded: parameters and the result, as they are declared.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Type;
use syn::ext::IdentExt as _;

use super::expand::private;
use super::kind;
use super::model::{Binding, Param, Tool, is_meta};
use crate::errors::Errors;
use crate::record::declaration::{self, Declaration, Form, is_declaration};
use crate::record::secret_name::looks_secret;
use crate::record::secret_type;
use crate::spans;

/// What is recorded of a parameter.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Recorded {
    /// Under its own name.
    Member(Form),
    /// rmcp's `Parameters`, whose fields are the arguments: what their type declares.
    Fields,
    /// The same, if their type declares anything.
    FieldsIfAny,
}

/// The rules.
pub(crate) fn validate(tool: &Tool, errors: &mut Errors) {
    receiver(tool, errors);
    for param in &tool.params {
        parameter(tool, param, errors);
    }
    if let Some(all) = &tool.args.record_all
        && !tool.params.iter().any(|param| is_argument(tool, param))
    {
        errors.at(all, "`record_all` does nothing: this tool has no arguments");
    }
    if tool.args.result.is_some()
        && let Some(Type::Never(never)) = tool.output()
    {
        errors.at(
            never,
            "a function that never returns has no result to record",
        );
    }
}

fn receiver(tool: &Tool, errors: &mut Errors) {
    if let Some(receiver) = tool.receiver() {
        for attr in receiver.attrs.iter().filter(|attr| is_declaration(attr)) {
            errors.at(
                attr,
                "this does nothing: the receiver is no argument of a call",
            );
        }
    }
}

fn parameter(tool: &Tool, param: &Param, errors: &mut Errors) {
    let declared = Declaration::parse(&param.source.attrs, errors);
    if let (Some(declared), Some(why)) = (&declared, no_argument(tool, param)) {
        errors.at(&declared.attr, format!("this does nothing: {why}"));
        return;
    }
    if !is_argument(tool, param) {
        return;
    }
    let all = tool.args.record_all.is_some();
    if is_parameters(&param.source.ty) {
        match &declared {
            Some(declared) if declared.form != Form::Record => errors.at(
                &declared.attr,
                "the fields of `Parameters` are the arguments: derive `Record` for their type, and \
                 declare each there",
            ),
            Some(declared) if all => errors.at(&declared.attr, UNDER_ALL),
            Some(_) if matches!(param.binding, Binding::Kept) => {
                errors.at(&param.source.pat, NEEDS_NAME);
            }
            _ => {}
        }
        return;
    }
    let shows = declared
        .as_ref()
        .map_or(all, |declared| declared.form.shows());
    if shows {
        secret_type::refuse(&param.source.ty, errors);
    }
    if declared.is_none() && !all {
        return;
    }
    let Binding::Named(ident) = &param.binding else {
        errors.at(&param.source.pat, NEEDS_NAME);
        return;
    };
    let name = ident.unraw().to_string();
    match &declared {
        None if looks_secret(&name) => errors.at(
            ident,
            format!(
                "`{name}` looks like a secret: under `record_all` it must have #[redact], or \
                 #[record] if it is none"
            ),
        ),
        Some(declared) if all && declared.form == Form::Record && !looks_secret(&name) => {
            errors.at(&declared.attr, UNDER_ALL);
        }
        _ => {}
    }
}

const NEEDS_NAME: &str =
    "what is recorded needs a name: give the parameter one, and take it apart in the body";

const UNDER_ALL: &str =
    "this does nothing: `record_all` records every argument; remove one of the two";

fn is_argument(tool: &Tool, param: &Param) -> bool {
    no_argument(tool, param).is_none()
}

/// Why the parameter is no argument of the call; none if it is one.
fn no_argument(tool: &Tool, param: &Param) -> Option<&'static str> {
    if param.source.attrs.iter().any(is_meta) {
        return Some("the parameter carries `_meta` and is no argument of the call");
    }
    let is_carrier = matches!(
        (&tool.carrier, &param.binding),
        (Some(carrier), Binding::Named(ident) | Binding::Renamed(ident)) if carrier.ident == *ident
    );
    (is_carrier || is_extractor(&param.source.ty))
        .then_some("the parameter is something of rmcp's, and no argument of the call")
}

/// The types that rmcp hands to a tool beside its arguments.
fn is_extractor(ty: &Type) -> bool {
    const EXTRACTORS: [&str; 8] = [
        "CancellationToken",
        "Extension",
        "Extensions",
        "Peer",
        "RequestContext",
        "RequestId",
        "RequestMetaObject",
        "ToolName",
    ];
    last_segment(ty).is_some_and(|last| EXTRACTORS.iter().any(|it| last == it))
}

pub(crate) fn is_parameters(ty: &Type) -> bool {
    last_segment(ty).is_some_and(|last| last == "Parameters")
}

fn last_segment(ty: &Type) -> Option<&Ident> {
    match kind::peel(ty) {
        Type::Path(path) => path.path.segments.last().map(|last| &last.ident),
        Type::Reference(reference) => last_segment(&reference.elem),
        _ => None,
    }
}

fn recorded(tool: &Tool, param: &Param) -> Option<Recorded> {
    if !is_argument(tool, param) {
        return None;
    }
    // Errors were told before.
    let declared = Declaration::parse(&param.source.attrs, &mut Errors::default());
    let all = tool.args.record_all.is_some();
    match (is_parameters(&param.source.ty), declared) {
        (true, None) if !all => Some(Recorded::FieldsIfAny),
        (true, _) => Some(Recorded::Fields),
        (false, Some(declared)) => Some(Recorded::Member(declared.form)),
        (false, None) => all.then_some(Recorded::Member(Form::Record)),
    }
}

/// The statement that records the arguments.
pub(crate) fn arguments(tool: &Tool, call: &Ident) -> TokenStream {
    let span = Span::mixed_site();
    let private = private(tool, span);
    let object = Ident::new("__mcp_object", span);
    let written: Vec<TokenStream> = tool
        .params
        .iter()
        .filter_map(|param| {
            let recorded = recorded(tool, param)?;
            let (Binding::Named(ident) | Binding::Renamed(ident)) = &param.binding else {
                return None;
            };
            let attrs = param
                .source
                .attrs
                .iter()
                .filter(|it| it.path().is_ident("cfg"));
            // Where the type stands, so that one that cannot be recorded is what an error points at.
            let (first, last) = spans::ends(&param.source.ty);
            let mut variable = ident.clone();
            variable.set_span(ident.span().located_at(last));
            let value = quote_spanned!(span.located_at(first)=> &#variable);
            let statement = match recorded {
                Recorded::Member(form) => {
                    let name = ident.unraw().to_string();
                    declaration::write_field(&private, &quote!(#object), &name, &value, form)
                }
                Recorded::Fields => quote!(#object.flatten(#value);),
                Recorded::FieldsIfAny => quote!(#private::record_fields!(#object, #value);),
            };
            Some(quote!(#(#attrs)* { #statement }))
        })
        .collect();
    if written.is_empty() {
        return TokenStream::new();
    }
    quote_spanned! {span=>
        #[allow(clippy::used_underscore_binding)]
        #call.record_arguments(|#object| { #(#written)* });
    }
}

/// The statements that record what the function returned, as a reference called `ret`.
pub(crate) fn returned(tool: &Tool, call: &Ident, ret: &Ident) -> TokenStream {
    let span = Span::mixed_site();
    let private = private(tool, span);
    let place = tool.output().map_or(span, |ty| spans::ends(ty).0);
    let value = Ident::new("__mcp_value", span.located_at(place));
    let result = tool.args.result.map(|form| {
        let view = declaration::view(&private, &quote!(#value), form);
        quote_spanned! {span=>
            if let #private::Result::Ok(#value) = #private::split!(&#ret) {
                #call.record_result(#private::classify!(&#ret), #view);
            }
        }
    });
    let message = tool.args.error_message.then(|| {
        let error = Ident::new("__mcp_error", span.located_at(place));
        quote_spanned! {span=>
            match #private::split!(&#ret) {
                #private::Result::Ok(#value) => #private::record_failure!(#call, #value),
                #private::Result::Err(#error) => #call.record_error(#error),
            }
        }
    });
    quote!(#result #message)
}
