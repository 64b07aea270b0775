//! What the function is: how it runs, what its parameters are, who carries the caller's context,
//! and what rmcp calls the tool. It borrows from the syntax; the rules are in `validate`.

use proc_macro2::Span;
use quote::format_ident;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned as _;
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, FnArg, Ident, LitStr, Meta, Pat, PatIdent, PatType, Token, Type};

use super::args::Args;
use super::item::Function;
use super::kind::Kind;
use super::recording::is_parameters;
use crate::errors::Errors;

pub(crate) struct Tool<'a> {
    pub(crate) args: &'a Args,
    pub(crate) function: &'a Function,
    pub(crate) kind: Kind<'a>,
    pub(crate) rmcp: Option<RmcpTool>,
    pub(crate) params: Vec<Param<'a>>,
    pub(crate) carrier: Option<Carrier<'a>>,
}

/// A visible `#[tool]`, that is, one below `#[mcp_tool]`.
pub(crate) struct RmcpTool {
    pub(crate) name: Option<LitStr>,
}

/// A parameter other than the receiver.
pub(crate) struct Param<'a> {
    pub(crate) source: &'a PatType,
    pub(crate) binding: Binding,
}

pub(crate) enum Binding {
    /// A plain name, kept.
    Named(Ident),
    /// Any other pattern: the parameter takes this name, and the body destructures it.
    Renamed(Ident),
    /// `_` that nobody reads, or a pattern in a function whose body is left where it is.
    Kept,
}

/// The parameter that brings the caller's context.
pub(crate) struct Carrier<'a> {
    pub(crate) ident: Ident,
    pub(crate) ty: &'a Type,
    /// Whether `#[meta]` says so. Otherwise the type's name does, which may mean something else.
    pub(crate) declared: bool,
}

impl<'a> Tool<'a> {
    pub(crate) fn new(args: &'a Args, function: &'a Function, errors: &mut Errors) -> Self {
        let kind = Kind::of(function).unwrap_or_else(|error| {
            errors.push(error);
            Kind::Sync
        });
        let carrier_index = carrier_index(function);
        let mut params = Vec::new();
        let mut carrier = None;
        for (index, arg) in function.sig.inputs.iter().enumerate() {
            let FnArg::Typed(source) = arg else { continue };
            let is_carrier = carrier_index == Some(index);
            let binding = Binding::of(index, source, &kind, is_carrier);
            if is_carrier && let Binding::Named(ident) | Binding::Renamed(ident) = &binding {
                carrier = Some(Carrier {
                    ident: ident.clone(),
                    ty: &source.ty,
                    declared: source.attrs.iter().any(is_meta),
                });
            }
            params.push(Param { source, binding });
        }
        Self {
            args,
            function,
            kind,
            rmcp: RmcpTool::find(&function.attrs),
            params,
            carrier,
        }
    }

    /// The tool's name and the tokens that it comes from.
    pub(crate) fn name(&self) -> (String, Span) {
        let ident = &self.function.sig.ident;
        match (&self.args.name, &self.rmcp) {
            (Some(name), _) | (None, Some(RmcpTool { name: Some(name) })) => {
                (name.value(), name.span())
            }
            // As rmcp spells it, a raw identifier's `r#` included.
            (None, Some(_)) => (ident.to_string(), ident.span()),
            (None, None) => (unraw(ident), ident.span()),
        }
    }

    /// What a call comes to in the end.
    pub(crate) fn output(&self) -> Option<&'a Type> {
        self.kind.output(self.function.return_type())
    }

    pub(crate) fn receiver(&self) -> Option<&'a syn::Receiver> {
        self.function.sig.receiver()
    }
}

fn unraw(ident: &Ident) -> String {
    syn::ext::IdentExt::unraw(ident).to_string()
}

impl RmcpTool {
    fn find(attrs: &[Attribute]) -> Option<Self> {
        attrs.iter().find_map(|attr| Self::read(&attr.meta))
    }

    fn read(meta: &Meta) -> Option<Self> {
        let nested = || {
            let Meta::List(list) = meta else { return None };
            list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)
                .ok()
        };
        // Not expanded yet when we run; whether it is on, we cannot know.
        if meta.path().is_ident("cfg_attr") {
            return nested()?.iter().skip(1).find_map(Self::read);
        }
        // rmcp compares the last segment, too.
        if meta.path().segments.last()?.ident != "tool" {
            return None;
        }
        // What cannot be read here is for rmcp to complain about.
        let name = nested()
            .unwrap_or_default()
            .into_iter()
            .find_map(|argument| match argument {
                Meta::NameValue(pair) if pair.path.is_ident("name") => {
                    let value = &pair.value;
                    syn::parse2(quote::quote!(#value)).ok()
                }
                _ => None,
            });
        Some(Self { name })
    }
}

impl Param<'_> {
    /// Whether its pattern binds this variable.
    pub(crate) fn binds(&self, variable: &Ident) -> bool {
        struct Search<'a>(&'a Ident, bool);
        impl VisitMut for Search<'_> {
            fn visit_pat_ident_mut(&mut self, pat: &mut PatIdent) {
                self.1 |= pat.ident == *self.0;
                visit_mut::visit_pat_ident_mut(self, pat);
            }
        }
        let mut search = Search(variable, false);
        search.visit_pat_mut(&mut self.source.pat.clone());
        search.1
    }

    /// Its pattern, for a reference to the parameter: each variable borrows.
    pub(crate) fn borrowing_pattern(&self) -> Pat {
        struct Borrow;
        impl VisitMut for Borrow {
            fn visit_pat_ident_mut(&mut self, pat: &mut PatIdent) {
                pat.mutability = None;
                pat.by_ref = None;
                visit_mut::visit_pat_ident_mut(self, pat);
            }
        }
        let mut pat = (*self.source.pat).clone();
        Borrow.visit_pat_mut(&mut pat);
        pat
    }
}

impl Binding {
    fn of(index: usize, source: &PatType, kind: &Kind, is_carrier: bool) -> Self {
        match &*source.pat {
            Pat::Ident(pat) if pat.by_ref.is_none() && pat.subpat.is_none() => {
                Self::Named(pat.ident.clone())
            }
            // The body of a boxed future is wrapped in place: its parameters are bound by then.
            _ if matches!(kind, Kind::Boxed(_)) => Self::Kept,
            Pat::Wild(_) if !is_carrier && !is_parameters(&source.ty) => Self::Kept,
            pat => {
                let span = Span::mixed_site().located_at(pat.span());
                Self::Renamed(format_ident!("__mcp_arg{index}", span = span))
            }
        }
    }
}

/// The parameter marked `#[meta]`, else the first one whose type rmcp's request context or request
/// metadata may be. One behind `#[cfg]` may not be there.
fn carrier_index(function: &Function) -> Option<usize> {
    let position = |wanted: &dyn Fn(&PatType) -> bool| {
        function.sig.inputs.iter().position(|arg| match arg {
            FnArg::Typed(param) => wanted(param),
            FnArg::Receiver(_) => false,
        })
    };
    position(&|param| param.attrs.iter().any(is_meta)).or_else(|| {
        position(&|param| {
            !param.attrs.iter().any(|attr| attr.path().is_ident("cfg"))
                && is_rmcp_context(&param.ty)
        })
    })
}

fn is_rmcp_context(ty: &Type) -> bool {
    match ty {
        Type::Reference(reference) => is_rmcp_context(&reference.elem),
        Type::Group(group) => is_rmcp_context(&group.elem),
        Type::Paren(paren) => is_rmcp_context(&paren.elem),
        Type::Path(path) => path.path.segments.last().is_some_and(|last| {
            last.ident == "RequestContext" || last.ident == "RequestMetaObject"
        }),
        _ => false,
    }
}

pub(crate) fn is_meta(attr: &Attribute) -> bool {
    attr.path().is_ident("meta")
}

pub(crate) fn is_mcp_tool(attr: &Attribute) -> bool {
    attr.path()
        .segments
        .last()
        .is_some_and(|last| last.ident == "mcp_tool")
}
