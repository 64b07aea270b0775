//! The implementation of `Record`. Only tokens here: what they call is in the runtime's `__private`.
//!
//! Variables have the macro's hygiene (`mixed_site`), so neither side can see the other's.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::{DeriveInput, Member};

use super::bounds;
use super::container::Container;
use super::declaration::{self, Form};
use super::model::{Body, Field, Fields, Input, Representation, Shape, Variant};
use crate::{runtime, spans};

pub(crate) fn input(input: &Input) -> TokenStream {
    let private = runtime::private(input.container.krate.as_ref(), Span::mixed_site());
    let generics = bounds::generics(input, &private);
    let parts = Parts { private };
    let body = match &input.body {
        Body::Struct { fields, tag } => parts.of_struct(fields, tag.as_ref()),
        Body::Enum(variants) => parts.of_enum(variants),
        // Refused before.
        Body::Union => TokenStream::new(),
    };
    implementation(&parts.private, input.source, &generics, &body)
}

/// What stands in for an implementation beside errors, so that those are the only ones.
pub(crate) fn fallback(source: &DeriveInput, container: &Container) -> TokenStream {
    let private = runtime::private(container.krate.as_ref(), Span::mixed_site());
    let body = quote_spanned!(Span::mixed_site()=> recorder.null(););
    implementation(&private, source, &source.generics, &body)
}

fn implementation(
    private: &TokenStream,
    source: &DeriveInput,
    generics: &syn::Generics,
    body: &TokenStream,
) -> TokenStream {
    let ident = &source.ident;
    let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
    quote_spanned! {Span::mixed_site()=>
        #[automatically_derived]
        impl #impl_generics #private::Record for #ident #type_generics #where_clause {
            fn record(&self, recorder: #private::Recorder<'_>) {
                #body
            }
        }
    }
}

/// How a field's value is referred to.
#[derive(Clone, Copy)]
enum Place {
    /// `&self.field`
    Own,
    /// The variable that a pattern bound to it.
    Bound,
}

struct Parts {
    private: TokenStream,
}

impl Parts {
    fn of_struct(&self, fields: &Fields, tag: Option<&(String, String)>) -> TokenStream {
        match (fields.shape, tag) {
            (Shape::Named, Some((tag, name))) => {
                let members = self.members(fields, Place::Own);
                in_object(&quote_spanned! {Span::mixed_site()=>
                    object.member(#tag, #name);
                    #members
                })
            }
            _ => self.value(fields, Place::Own),
        }
    }

    fn of_enum(&self, variants: &[Variant]) -> TokenStream {
        if variants.is_empty() {
            return quote_spanned! {Span::mixed_site()=>
                let _ = recorder;
                match *self {}
            };
        }
        let arms = variants.iter().map(|variant| {
            let ident = &variant.source.ident;
            let recorded = variant.fields.fields.iter();
            let bindings = recorded.filter(|field| field.form.is_some()).map(|field| {
                let (member, binding) = (&field.member, &field.binding);
                quote!(#member: #binding,)
            });
            let body = self.variant(variant);
            quote_spanned! {Span::mixed_site()=>
                Self::#ident { #(#bindings)* .. } => { #body }
            }
        });
        quote_spanned! {Span::mixed_site()=>
            match self { #(#arms)* }
        }
    }

    fn variant(&self, variant: &Variant) -> TokenStream {
        let span = Span::mixed_site();
        let (name, fields) = (&variant.name, &variant.fields);
        if variant.skip {
            return quote_spanned!(span=> recorder.null(););
        }
        match &variant.representation {
            Representation::Untagged => self.value(fields, Place::Bound),
            Representation::External if fields.shape == Shape::Unit => {
                quote_spanned!(span=> recorder.variant(#name);)
            }
            Representation::External => {
                let value = self.value(fields, Place::Bound);
                in_object(&quote_spanned! {span=>
                    object.member_with(#name, |recorder| { #value });
                })
            }
            Representation::Internal { tag } => {
                let members = match fields.shape {
                    Shape::Named => self.members(fields, Place::Bound),
                    Shape::Newtype => fields
                        .fields
                        .iter()
                        .filter_map(|field| Some(self.flattened(field, Place::Bound, field.form?)))
                        .collect(),
                    // serde has no such tuples.
                    Shape::Unit | Shape::Tuple => TokenStream::new(),
                };
                in_object(&quote_spanned! {span=>
                    object.member(#tag, #name);
                    #members
                })
            }
            Representation::Adjacent { tag, content } => {
                let is_absent = match fields.shape {
                    Shape::Unit => true,
                    Shape::Newtype => fields.fields.iter().all(|field| field.form.is_none()),
                    Shape::Tuple | Shape::Named => false,
                };
                let content = (!is_absent).then(|| {
                    let value = self.value(fields, Place::Bound);
                    quote_spanned!(span=> object.member_with(#content, |recorder| { #value });)
                });
                in_object(&quote_spanned! {span=>
                    object.member(#tag, #name);
                    #content
                })
            }
        }
    }

    /// Writes the fields as one value to `recorder`.
    fn value(&self, fields: &Fields, place: Place) -> TokenStream {
        let span = Span::mixed_site();
        match fields.shape {
            Shape::Unit => quote_spanned!(span=> recorder.null();),
            Shape::Named => in_object(&self.members(fields, place)),
            Shape::Tuple => in_closure("array", &self.elements(fields, place)),
            Shape::Newtype => {
                let field = fields
                    .fields
                    .iter()
                    .find_map(|field| Some((field, field.form?)));
                if let Some((field, form)) = field {
                    let view = self.view(field, place, form);
                    quote_spanned!(span=> recorder.value(#view);)
                } else {
                    quote_spanned!(span=> recorder.null();)
                }
            }
        }
    }

    /// Adds the declared fields to `object`.
    fn members(&self, fields: &Fields, place: Place) -> TokenStream {
        let declared = fields
            .fields
            .iter()
            .filter_map(|field| Some((field, field.form?)));
        declared
            .map(|(field, form)| {
                let statement = if field.serde.flatten {
                    self.flattened(field, place, form)
                } else {
                    let object = Ident::new("object", Span::mixed_site()).into_token_stream();
                    let value = value(field, place);
                    declaration::write_field(&self.private, &object, &field.key, &value, form)
                };
                unless_skipped(field, place, statement)
            })
            .collect()
    }

    fn flattened(&self, field: &Field, place: Place, form: Form) -> TokenStream {
        let view = self.view(field, place, form);
        quote_spanned!(Span::mixed_site()=> object.flatten(#view);)
    }

    /// Adds all fields to `array`: the undeclared as `null`, so that the others keep their places.
    fn elements(&self, fields: &Fields, place: Place) -> TokenStream {
        let there = fields.fields.iter().filter(|field| !field.serde.skip);
        there
            .map(|field| {
                if let Some(form) = field.form {
                    let view = self.view(field, place, form);
                    let statement = quote_spanned!(Span::mixed_site()=> array.element(#view););
                    unless_skipped(field, place, statement)
                } else {
                    quote_spanned!(Span::mixed_site()=> array.element(&());)
                }
            })
            .collect()
    }

    fn view(&self, field: &Field, place: Place, form: Form) -> TokenStream {
        declaration::view(&self.private, &value(field, place), form)
    }
}

/// A reference to the field's value. It stands where the field's type does: that is what an error
/// is about.
fn value(field: &Field, place: Place) -> TokenStream {
    let (first, last) = spans::ends(field.ty);
    let at = |span| Span::mixed_site().located_at(span);
    match place {
        Place::Bound => {
            let mut binding = field.binding.clone();
            binding.set_span(at(first));
            quote!(#binding)
        }
        Place::Own => {
            let mut member = field.member.clone();
            match &mut member {
                Member::Named(ident) => ident.set_span(at(last)),
                Member::Unnamed(index) => index.span = at(last),
            }
            quote_spanned!(at(first)=> &self.#member)
        }
    }
}

/// serde leaves the field out where its own condition holds.
fn unless_skipped(field: &Field, place: Place, statement: TokenStream) -> TokenStream {
    let Some(condition) = &field.serde.skip_if else {
        return statement;
    };
    let value = value(field, place);
    quote_spanned!(Span::mixed_site()=> if !#condition(#value) { #statement })
}

fn in_object(members: &TokenStream) -> TokenStream {
    in_closure("object", members)
}

/// `recorder.array(|array| { … });`, or the like.
fn in_closure(container: &str, statements: &TokenStream) -> TokenStream {
    let span = Span::mixed_site();
    let container = Ident::new(container, span);
    if statements.is_empty() {
        quote_spanned!(span=> recorder.#container(|_| {});)
    } else {
        quote_spanned!(span=> recorder.#container(|#container| { #statements });)
    }
}
