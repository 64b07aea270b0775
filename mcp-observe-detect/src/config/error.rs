//! What is wrong with a file, and where.

/// Why a configuration was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {}{message}", .key.as_ref().map(|key| format!("`{key}` ")).unwrap_or_default())]
#[non_exhaustive]
pub struct ConfigError {
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// The key with its table, such as `night-volume.window`, if it is one that is wrong.
    pub key: Option<String>,
    /// What is wrong, and the way out.
    pub message: String,
}

impl ConfigError {
    pub(super) fn new(text: &str, error: &toml::de::Error) -> Self {
        let at = error.span().map_or(0, |span| span.start).min(text.len());
        let before = text.get(..at).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let mut found = Self {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            key: None,
            message: error.message().trim().to_owned(),
        };
        let line = text[line_start..].lines().next().unwrap_or_default();
        if let Some(unknown) = Unknown::read(&found.message) {
            found.message = unknown.message();
        } else if let Some((key, _)) = line.split_once('=') {
            let table = table_of(before);
            found.key = Some(match table {
                Some(table) => format!("{table}.{}", key.trim()),
                None => key.trim().to_owned(),
            });
        }
        found
    }
}

/// The table whose header is the last one.
fn table_of(before: &str) -> Option<&str> {
    before.lines().rev().find_map(|line| {
        let header = line.trim().strip_prefix('[')?;
        Some(header.split(']').next()?.trim())
    })
}

/// serde's message about a name that is none of those expected.
struct Unknown<'a> {
    what: &'a str,
    name: &'a str,
    expected: Vec<&'a str>,
}

impl<'a> Unknown<'a> {
    fn read(message: &'a str) -> Option<Self> {
        let (what, rest) = match message.strip_prefix("unknown field ") {
            Some(rest) => ("key", rest),
            None => ("value", message.strip_prefix("unknown variant ")?),
        };
        let mut quoted = rest.split('`').skip(1).step_by(2);
        Some(Self {
            what,
            name: quoted.next()?,
            expected: quoted.collect(),
        })
    }

    fn message(&self) -> String {
        let Self {
            what,
            name,
            expected,
        } = self;
        let nearest = expected
            .iter()
            .map(|candidate| (strsim::jaro_winkler(name, candidate), candidate))
            .filter(|(likeness, _)| *likeness > 0.75)
            .max_by(|a, b| a.0.total_cmp(&b.0));
        match nearest {
            Some((_, candidate)) => format!("unknown {what} `{name}`; did you mean `{candidate}`?"),
            None => format!("unknown {what} `{name}`; there are {}", expected.join(", ")),
        }
    }
}
