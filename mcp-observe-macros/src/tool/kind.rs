//! How the function runs: on that depends what has to be wrapped.

use syn::visit_mut::{self, VisitMut};
use syn::{
    Expr, ExprAsync, ExprClosure, ExprReturn, GenericArgument, Item, PathArguments, ReturnType,
    Stmt, Type, TypeParamBound,
};

use super::item::Function;

pub(crate) enum Kind<'a> {
    Async,
    Sync,
    /// `fn … -> impl Future`, with what the future comes to, where the return type says so.
    ImplFuture(Option<&'a Type>),
    /// `fn … -> Pin<Box<dyn Future>>`.
    Boxed(BoxedFuture<'a>),
}

/// A function that ends in `Box::pin(async move { … })`, taken apart.
pub(crate) struct BoxedFuture<'a> {
    /// The statements in front of it, which run when the function is called.
    pub(crate) before: Vec<Stmt>,
    /// The last expression; [`async_block`] finds the block in it.
    pub(crate) last: Expr,
    /// What the future resolves to, where the return type says so.
    pub(crate) output: Option<&'a Type>,
}

impl<'a> Kind<'a> {
    pub(crate) fn of(function: &'a Function) -> syn::Result<Self> {
        let sig = &function.sig;
        if sig.asyncness.is_some() {
            return Ok(Self::Async);
        }
        let ReturnType::Type(_, ty) = &sig.output else {
            return Ok(Self::Sync);
        };
        let ty = peel(ty);
        if let Type::ImplTrait(ty) = ty
            && let Some(Future { output }) = future_in(&ty.bounds)
        {
            return Ok(Self::ImplFuture(output));
        }
        match (boxed_future(ty), &function.body) {
            (Some(Future { output }), Some(body)) => {
                let mut before = body.parse_stmts()?;
                let Some(Stmt::Expr(mut last, None)) = before.pop() else {
                    return Err(hidden_async_block(ty));
                };
                if async_block(&mut last).is_none() {
                    return Err(hidden_async_block(ty));
                }
                let mut returns = Returns::default();
                for stmt in &mut before {
                    returns.visit_stmt_mut(stmt);
                }
                match returns.errors {
                    Some(error) => Err(error),
                    None => Ok(Self::Boxed(BoxedFuture {
                        before,
                        last,
                        output,
                    })),
                }
            }
            _ => Ok(Self::Sync),
        }
    }
}

impl<'a> Kind<'a> {
    /// What a call comes to in the end, where the function itself is declared to return this.
    pub(crate) fn output(&self, declared: Option<&'a Type>) -> Option<&'a Type> {
        match self {
            Self::Async | Self::Sync => declared,
            Self::ImplFuture(output) => *output,
            Self::Boxed(future) => future.output,
        }
    }
}

fn hidden_async_block(ty: &Type) -> syn::Error {
    syn::Error::new_spanned(
        ty,
        "cannot see the async block of this boxed future: #[mcp_tool] wraps it where the function \
         ends in `Box::pin(async move { … })`; write `async fn` or end the function so",
    )
}

/// The async block in `Box::pin(async …)`, `(async …).boxed()` and `(async …).boxed_local()`.
pub(crate) fn async_block(last: &mut Expr) -> Option<&mut Expr> {
    let inner = match last {
        Expr::Call(call) => {
            let Expr::Path(function) = &*call.func else {
                return None;
            };
            let mut segments = function.path.segments.iter().rev();
            let is_box_pin = segments.next().is_some_and(|last| last.ident == "pin")
                && segments.next().is_some_and(|last| last.ident == "Box");
            if !is_box_pin || call.args.len() != 1 {
                return None;
            }
            call.args.first_mut()?
        }
        Expr::MethodCall(call) if call.method == "boxed" || call.method == "boxed_local" => {
            let mut receiver = &mut *call.receiver;
            while let Expr::Paren(paren) = receiver {
                receiver = &mut *paren.expr;
            }
            receiver
        }
        _ => return None,
    };
    matches!(inner, Expr::Async(_)).then_some(inner)
}

/// The bound `Future<Output = …>` of a return type.
struct Future<'a> {
    output: Option<&'a Type>,
}

fn future_in<'a>(bounds: impl IntoIterator<Item = &'a TypeParamBound>) -> Option<Future<'a>> {
    bounds.into_iter().find_map(|bound| {
        let TypeParamBound::Trait(bound) = bound else {
            return None;
        };
        let last = bound.path.segments.last()?;
        if last.ident != "Future" {
            return None;
        }
        let PathArguments::AngleBracketed(arguments) = &last.arguments else {
            return Some(Future { output: None });
        };
        let output = arguments.args.iter().find_map(|argument| match argument {
            GenericArgument::AssocType(assoc) if assoc.ident == "Output" => Some(&assoc.ty),
            _ => None,
        });
        Some(Future { output })
    })
}

/// `Pin<Box<dyn Future>>`, or the name that the `futures` crate gives it.
fn boxed_future(ty: &Type) -> Option<Future<'_>> {
    let (name, argument) = path_of(ty)?;
    if name == "BoxFuture" || name == "LocalBoxFuture" {
        return Some(Future { output: argument });
    }
    let (inner_name, inner) = path_of(argument?)?;
    match peel(inner?) {
        Type::TraitObject(object) if name == "Pin" && inner_name == "Box" => {
            future_in(&object.bounds)
        }
        _ => None,
    }
}

/// The last segment of a path and its type argument.
fn path_of(ty: &Type) -> Option<(&syn::Ident, Option<&Type>)> {
    let Type::Path(ty) = peel(ty) else {
        return None;
    };
    let last = ty.path.segments.last()?;
    let argument = match &last.arguments {
        PathArguments::AngleBracketed(arguments) => {
            arguments.args.iter().find_map(|argument| match argument {
                GenericArgument::Type(ty) => Some(ty),
                _ => None,
            })
        }
        _ => None,
    };
    Some((&last.ident, argument))
}

pub(crate) fn peel(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => peel(&group.elem),
        Type::Paren(paren) => peel(&paren.elem),
        ty => ty,
    }
}

/// A `return` before the async block would leave with a future that nobody observes.
#[derive(Default)]
struct Returns {
    errors: Option<syn::Error>,
}

impl VisitMut for Returns {
    fn visit_expr_return_mut(&mut self, expr: &mut ExprReturn) {
        let error = syn::Error::new_spanned(
            expr,
            "this `return` would leave the call unobserved: #[mcp_tool] wraps the async block at \
             the end of the function; write `async fn`, or move the `return` into the block",
        );
        match &mut self.errors {
            Some(errors) => errors.combine(error),
            None => self.errors = Some(error),
        }
    }

    // These have returns of their own.
    fn visit_item_mut(&mut self, _: &mut Item) {}
    fn visit_expr_async_mut(&mut self, _: &mut ExprAsync) {}
    fn visit_expr_closure_mut(&mut self, _: &mut ExprClosure) {}
}

/// The type with each `impl Trait` in it as `_`, for places where it cannot be written.
pub(crate) fn erase_impl_trait(ty: &Type) -> Type {
    struct Eraser;
    impl VisitMut for Eraser {
        fn visit_type_mut(&mut self, ty: &mut Type) {
            if let Type::ImplTrait(found) = ty {
                let underscore = syn::Token![_](found.impl_token.span);
                *ty = Type::Verbatim(quote::quote!(#underscore));
            } else {
                visit_mut::visit_type_mut(self, ty);
            }
        }
    }
    let mut ty = ty.clone();
    Eraser.visit_type_mut(&mut ty);
    ty
}
