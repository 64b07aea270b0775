//! The Collector's masking: the runtime's masks as statements of OTTL and patterns of the redaction
//! processor.

use mcp_observe::{Mask, Scrubber};

use super::template::indented;

/// Names of attributes whose values are secret, as far as their ends say so. `mcp.session.id` and what
/// counts tokens are none.
pub(super) const SECRET_KEYS: &str = r"(?i)(?:passw(?:or)?d|pass[_.-]?phrase|passcode|secret|credentials?|authorization|cookies?|token|(?:api|access|account|encryption|master|private|secret|shared|signing)[_.-]?key|(?:^|[^a-z])(?:pwd|pin|otp|cvv|ssn))$";

/// Whose identity an event of the security log tells is what it is for, and may be an e-mail address.
pub(super) const IDENTITY: &str = "usr.id";

/// The statements of one context each: with others in the same list, those of spans would be evaluated
/// for each event of a span, and so for no span that has none.
pub(super) fn of_spans() -> String {
    let mut span = attributes("span.attributes");
    span.extend(text("span.status.message"));
    let groups = [
        group("resource", &attributes("resource.attributes")),
        group("span", &span),
        group("spanevent", &attributes("spanevent.attributes")),
    ];
    indented(&groups.concat(), 6)
}

pub(super) fn of_logs() -> String {
    let (kept, identity) = (
        format!(r#"log.cache["{IDENTITY}"]"#),
        format!(r#"log.attributes["{IDENTITY}"]"#),
    );
    let mut log = vec![format!("set({kept}, {identity})")];
    log.extend(attributes("log.attributes"));
    log.push(format!("set({identity}, {kept})"));
    // Loki keeps bodies as text anyway.
    log.push(
        "set(log.body, String(log.body)) where IsMap(log.body) or IsList(log.body)".to_owned(),
    );
    log.extend(text("log.body"));
    let groups = [
        group("resource", &attributes("resource.attributes")),
        group("log", &log),
    ];
    indented(&groups.concat(), 6)
}

/// What nothing but a secret looks like.
pub(super) fn forms() -> String {
    let masks = Scrubber::masks().into_iter();
    let forms = masks.filter(|mask| mask.is_unmistakable);
    let items = forms.map(|mask| format!("- {}\n", scalar(&mask.pattern)));
    indented(&items.collect::<String>(), 6)
}

/// A scalar of YAML that the Collector reads as the text.
pub(super) fn scalar(text: &str) -> String {
    format!("'{}'", text.replace('$', "$$").replace('\'', "''"))
}

fn group(context: &str, statements: &[String]) -> String {
    let items = statements
        .iter()
        .map(|it| format!("    - {}\n", scalar(it)));
    format!(
        "- context: {context}\n  statements:\n{}",
        items.collect::<String>()
    )
}

fn attributes(target: &str) -> Vec<String> {
    let statement = |Mask {
                         pattern,
                         replacement,
                         ..
                     }: &Mask| {
        let (pattern, replacement) = (string(pattern), string(replacement));
        format!(r#"replace_all_patterns({target}, "value", {pattern}, {replacement})"#)
    };
    Scrubber::masks().iter().map(statement).collect()
}

fn text(target: &str) -> Vec<String> {
    let statement = |Mask {
                         pattern,
                         replacement,
                         ..
                     }: &Mask| {
        let (pattern, replacement) = (string(pattern), string(replacement));
        format!("replace_pattern({target}, {pattern}, {replacement})")
    };
    Scrubber::masks().iter().map(statement).collect()
}

/// A string of OTTL.
fn string(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', r"\\").replace('"', "\\\""))
}
