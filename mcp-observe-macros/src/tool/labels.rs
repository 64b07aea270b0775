//! The argument `labels(…)`: where each label's value comes from, and how the compiler learns which
//! values there are.

use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream};
use syn::{Expr, Ident, Member, Token, Type};

use super::label_names;
use super::model::{Param, Tool};
use super::nameable::Nameable;
use crate::errors::Errors;

/// A label as it is written.
pub(crate) struct Label {
    pub(crate) name: Ident,
    pub(crate) value: Value,
}

pub(crate) enum Value {
    /// `unit`, or `unit = place.unit`: a parameter, or a field of one.
    Place(Box<Place>),
    /// `region: Region = …`: anything at all, of a type that is named.
    Typed(Box<Typed>),
}

/// A variable and fields below it.
pub(crate) struct Place {
    pub(crate) root: Ident,
    pub(crate) expr: Expr,
}

/// An expression and the type that it is said to have.
pub(crate) struct Typed {
    pub(crate) ty: Type,
    pub(crate) expr: Expr,
}

impl Label {
    /// The name as a string.
    pub(crate) fn name(&self) -> String {
        self.name.unraw().to_string()
    }
}

impl Parse for Label {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        if !input.peek(Ident::peek_any) {
            return Err(input.error(
                "expected a label: `unit` for a parameter, `unit = place.unit` for a field of one, \
                 or `region: Region = …` for any expression",
            ));
        }
        let name = input.call(Ident::parse_any)?;
        let ty = match input.parse::<Option<Token![:]>>()? {
            Some(_) => Some(input.parse::<Type>()?),
            None => None,
        };
        let expr = match input.parse::<Option<Token![=]>>()? {
            Some(_) => Some(input.parse::<Expr>()?),
            None => None,
        };
        let value = match (ty, expr) {
            (Some(ty), Some(expr)) => Value::Typed(Box::new(Typed { ty, expr })),
            (Some(ty), None) => {
                return Err(syn::Error::new_spanned(
                    ty,
                    format!("the value of this label is missing: `{name}: … = …`"),
                ));
            }
            (None, None) => Value::Place(Box::new(Place {
                expr: syn::parse_quote!(#name),
                root: name.clone(),
            })),
            (None, Some(expr)) => match root(&expr) {
                Some(root) => Value::Place(Box::new(Place { root, expr })),
                None => {
                    return Err(syn::Error::new_spanned(
                        expr,
                        format!(
                            "the type of this expression cannot be seen from here: name it, as in \
                             `{name}: {} = …`",
                            example_type(&name)
                        ),
                    ));
                }
            },
        };
        Ok(Self { name, value })
    }
}

/// The variable of `variable.field.0`.
fn root(expr: &Expr) -> Option<Ident> {
    match expr {
        Expr::Path(path) => path.path.get_ident().filter(|it| *it != "self").cloned(),
        Expr::Field(field) => match &field.member {
            Member::Named(_) | Member::Unnamed(_) => root(&field.base),
        },
        Expr::Paren(paren) => root(&paren.expr),
        Expr::Group(group) => root(&group.expr),
        _ => None,
    }
}

/// `Region` for `region`.
fn example_type(name: &Ident) -> String {
    crate::case::Case::Pascal.of_field(&name.unraw().to_string())
}

/// The parameter that a place begins with.
pub(crate) fn param<'a>(params: &'a [Param<'a>], place: &Place) -> Option<&'a Param<'a>> {
    params.iter().find(|param| param.binds(&place.root))
}

/// The rules of labels.
pub(crate) fn validate(tool: &Tool, errors: &mut Errors) {
    let labels = tool.args.labels.as_deref().unwrap_or_default();
    let nameable = Nameable::of(tool.function);
    for (index, label) in labels.iter().enumerate() {
        let name = label.name();
        if let Some(refusal) = label_names::refuse(&name) {
            errors.at(&label.name, refusal);
        }
        if labels[..index].iter().any(|other| other.name() == name) {
            errors.at(
                &label.name,
                format!("duplicate label `{name}`: keep one of them"),
            );
        }
        match &label.value {
            Value::Typed(typed) if !nameable.is(&typed.ty) => errors.at(
                &typed.ty,
                "the type of a label has to be concrete, so that its values can be counted once: \
                 it cannot depend on `Self` or a generic parameter",
            ),
            Value::Typed(_) => {}
            Value::Place(place) => match param(&tool.params, place) {
                None => errors.at(
                    &place.root,
                    format!(
                        "`{}` is no parameter of this function: a label's value comes from one, or \
                         from an expression of a named type, `{name}: {} = …`",
                        place.root,
                        example_type(&label.name)
                    ),
                ),
                Some(param) if !nameable.is(&param.source.ty) => errors.at(
                    &place.expr,
                    format!(
                        "the type of `{}` depends on `Self` or a generic parameter, so the label's \
                         cannot be seen from here: name it, as in `{name}: {} = …`",
                        place.root,
                        example_type(&label.name)
                    ),
                ),
                Some(_) => {}
            },
        }
    }
}
