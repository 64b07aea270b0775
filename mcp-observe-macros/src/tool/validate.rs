//! The rules that need more than one piece of syntax.

use syn::{FnArg, Meta};

use super::item::Function;
use super::kind::Kind;
use super::labels;
use super::model::{self, Binding, Tool};
use super::recording;
use crate::errors::Errors;

pub(crate) fn tool(tool: &Tool, errors: &mut Errors) {
    placement(tool.function, errors);
    qualifiers(tool.function, errors);
    name(tool, errors);
    meta(tool, errors);
    labels::validate(tool, errors);
    recording::validate(tool, errors);
}

fn placement(function: &Function, errors: &mut Errors) {
    for second in function
        .attrs
        .iter()
        .filter(|attr| model::is_mcp_tool(attr))
    {
        errors.at(
            second,
            "duplicate #[mcp_tool]: a call is one operation, keep one of them",
        );
    }
    if function.body.is_none() {
        errors.at(
            &function.sig,
            "this function has no body to observe: put #[mcp_tool] on its implementation",
        );
    }
}

fn qualifiers(function: &Function, errors: &mut Errors) {
    let sig = &function.sig;
    if let Some(constness) = &sig.constness {
        errors.at(
            constness,
            "a `const fn` cannot be observed, nothing is recorded at compile time: remove `const`",
        );
    }
    if let Some(variadic) = &sig.variadic {
        errors.at(
            variadic,
            "a tool takes its arguments by name: #[mcp_tool] is not for variadics",
        );
    }
    if let Some(abi) = &sig.abi {
        errors.at(
            abi,
            "a tool is called from Rust: remove the ABI, or put #[mcp_tool] on the function behind it",
        );
    }
}

const NAME_RULE: &str = "a tool name is 1 to 128 characters of `A-Z a-z 0-9 _ - . /`";

fn name(tool: &Tool, errors: &mut Errors) {
    let rmcp_name = tool.rmcp.as_ref().map(|rmcp| {
        rmcp.name
            .as_ref()
            .map_or_else(|| tool.function.sig.ident.to_string(), syn::LitStr::value)
    });
    let (name, span) = tool.name();
    if let (Some(ours), Some(rmcp_name)) = (&tool.args.name, rmcp_name)
        && name != rmcp_name
    {
        errors.at(
            ours,
            format!(
                "rmcp serves this tool as `{rmcp_name}`: leave `name` out here, and give another \
                 name in #[tool(name = \"…\")]"
            ),
        );
        return;
    }
    let way_out = match (&tool.args.name, &tool.rmcp) {
        (Some(_), _) | (None, Some(model::RmcpTool { name: Some(_) })) => "",
        (None, Some(_)) => "; set one with #[tool(name = \"…\")]",
        (None, None) => "; set one with `name = \"…\"`",
    };
    let fault = if name.is_empty() {
        "this one is empty".to_owned()
    } else if let Some(bad) = name.chars().find(|c| !allowed_in_name(*c)) {
        format!("`{name}` contains {bad:?}")
    } else if name.len() > 128 {
        format!("this one has {}", name.len())
    } else {
        return;
    };
    errors.push(syn::Error::new(
        span,
        format!("{NAME_RULE}: {fault}{way_out}"),
    ));
}

fn allowed_in_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_-./".contains(c)
}

fn meta(tool: &Tool, errors: &mut Errors) {
    let is_boxed = matches!(tool.kind, Kind::Boxed(_));
    let mut seen = false;
    let mut params = tool.params.iter();
    for arg in &tool.function.sig.inputs {
        let (attrs, param) = match arg {
            FnArg::Receiver(receiver) => (&receiver.attrs, None),
            FnArg::Typed(typed) => (&typed.attrs, params.next()),
        };
        for attr in attrs.iter().filter(|attr| model::is_meta(attr)) {
            if !matches!(attr.meta, Meta::Path(_)) {
                errors.at(
                    attr,
                    "#[meta] takes no arguments: it only marks the parameter",
                );
            }
            if seen {
                errors.at(
                    attr,
                    "duplicate #[meta]: only one parameter carries the caller's `_meta`",
                );
            }
            seen = true;
            match param {
                None => errors.at(
                    attr,
                    "#[meta] does not go on the receiver: it marks the parameter that carries `_meta`",
                ),
                Some(param) if is_boxed && matches!(param.binding, Binding::Kept) => errors.at(
                    &param.source.pat,
                    "#[meta] needs a plain name here: the boxed future reads the parameter after \
                     the function has bound it",
                ),
                Some(_) => {}
            }
            if let Some(cfg) = attrs.iter().find(|attr| attr.path().is_ident("cfg")) {
                errors.at(
                    cfg,
                    "the parameter marked #[meta] has to be there always: put #[cfg] on the function",
                );
            }
        }
    }
}
