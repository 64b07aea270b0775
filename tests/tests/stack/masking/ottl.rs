//! The statements of the transform processor, as far as this project's configuration uses them: a reading
//! of OTTL of the tests' own, with the functions' behaviour as the Collector's sources have it.

use std::iter::Peekable;
use std::vec::IntoIter;

use regex::Regex;
use serde_json::{Map, Value, json};

use super::re2;

/// A statement.
#[derive(Debug)]
pub(crate) struct Statement {
    target: Path,
    edit: Edit,
    condition: Option<Condition>,
}

#[derive(Debug)]
enum Edit {
    Set(Argument),
    ReplacePattern(Regex, String),
    ReplaceAllPatterns(Regex, String),
}

#[derive(Debug)]
enum Argument {
    Path(Path),
    Text(String),
    Call(String, Path),
}

/// Keys from the record on: `["log", "attributes", "usr.id"]`.
type Path = Vec<String>;

#[derive(Debug)]
enum Condition {
    Is(String, Path),
    Nil(Path, bool),
    And(Box<(Condition, Condition)>),
    Or(Box<(Condition, Condition)>),
}

impl Statement {
    /// Reads a statement.
    ///
    /// # Panics
    /// If it is none, or uses what the configuration did not use so far.
    pub(crate) fn read(text: &str) -> Self {
        use Argument::{Path, Text};

        let mut reader = Reader {
            text,
            tokens: tokens(text).into_iter().peekable(),
        };
        let function = reader.name();
        let mut arguments = reader.arguments();
        let Path(target) = arguments.remove(0) else {
            panic!("no target: {text}")
        };
        let edit = match (function.as_str(), arguments.as_mut_slice()) {
            ("set", [_]) => Edit::Set(arguments.remove(0)),
            ("replace_pattern", [Text(pattern), Text(with)]) => {
                Edit::ReplacePattern(re2(pattern), with.clone())
            }
            ("replace_all_patterns", [Text(mode), Text(pattern), Text(with)])
                if mode == "value" =>
            {
                Edit::ReplaceAllPatterns(re2(pattern), with.clone())
            }
            _ => panic!("not known: {text}"),
        };
        let condition = reader.takes("where").then(|| reader.condition());
        assert!(reader.tokens.next().is_none(), "{text}");
        Self {
            target,
            edit,
            condition,
        }
    }

    /// The first parts of the paths of what it reads and changes: the context that it needs.
    pub(crate) fn contexts(&self) -> Vec<&str> {
        let read = match &self.edit {
            Edit::Set(Argument::Path(path) | Argument::Call(_, path)) => Some(path),
            Edit::Set(Argument::Text(_))
            | Edit::ReplacePattern(..)
            | Edit::ReplaceAllPatterns(..) => None,
        };
        let paths = read.into_iter().chain([&self.target]);
        paths.map(|path| path[0].as_str()).collect()
    }

    /// Evaluates it on a record: an object with an entry for each context.
    pub(crate) fn evaluate(&self, record: &mut Value) {
        if self.condition.as_ref().is_some_and(|it| !it.holds(record)) {
            return;
        }
        match &self.edit {
            Edit::Set(value) => {
                let value = value.of(record);
                // Nothing is set to nothing.
                if !value.is_null() {
                    *at(record, &self.target) = value;
                }
            }
            Edit::ReplacePattern(pattern, with) => {
                // What is no text stays.
                if let Value::String(text) = get(record, &self.target) {
                    let replaced = pattern.replace_all(text, with).into_owned();
                    *at(record, &self.target) = json!(replaced);
                }
            }
            Edit::ReplaceAllPatterns(pattern, with) => {
                // An error if it is no map; its lists and maps stay as they are.
                let values = at(record, &self.target).as_object_mut().expect("a map");
                for value in values.values_mut() {
                    if let Value::String(text) = value {
                        *text = pattern.replace_all(text, with).into_owned();
                    }
                }
            }
        }
    }
}

impl Argument {
    fn of(&self, record: &Value) -> Value {
        match self {
            Self::Path(path) => get(record, path).clone(),
            Self::Text(text) => json!(text),
            Self::Call(function, path) if function == "String" => match get(record, path) {
                Value::String(text) => json!(text),
                Value::Null => Value::Null,
                other => json!(other.to_string()),
            },
            Self::Call(function, _) => panic!("not known: {function}"),
        }
    }
}

impl Condition {
    fn holds(&self, record: &Value) -> bool {
        match self {
            Self::Is(function, path) => match function.as_str() {
                "IsMap" => get(record, path).is_object(),
                "IsList" => get(record, path).is_array(),
                other => panic!("not known: {other}"),
            },
            Self::Nil(path, expected) => get(record, path).is_null() == *expected,
            Self::And(both) => both.0.holds(record) && both.1.holds(record),
            Self::Or(either) => either.0.holds(record) || either.1.holds(record),
        }
    }
}

fn get<'r>(record: &'r Value, path: &Path) -> &'r Value {
    path.iter().fold(record, |value, key| &value[key])
}

fn at<'r>(record: &'r mut Value, path: &Path) -> &'r mut Value {
    path.iter().fold(record, |value, key| {
        if value.is_null() {
            *value = Value::Object(Map::new());
        }
        &mut value[key]
    })
}

#[derive(Debug, PartialEq)]
enum Token {
    Name(String),
    Text(String),
    Mark(String),
}

fn tokens(text: &str) -> Vec<Token> {
    let token = Regex::new(
        r#"^(?:(?<name>[A-Za-z_][A-Za-z_0-9.]*)|"(?<text>(?:\\.|[^\\"])*)"|(?<mark>==|!=|[()\[\],]))"#,
    )
    .expect("an expression");
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let found = token
            .captures(rest)
            .unwrap_or_else(|| panic!("{rest} in {text}"));
        tokens.push(if let Some(name) = found.name("name") {
            Token::Name(name.as_str().to_owned())
        } else if let Some(quoted) = found.name("text") {
            Token::Text(unquoted(quoted.as_str()))
        } else {
            Token::Mark(found["mark"].to_owned())
        });
        rest = rest[found[0].len()..].trim_start();
    }
    tokens
}

/// As Go reads strings; others than these escapes are not used.
fn unquoted(quoted: &str) -> String {
    let mut text = String::new();
    let mut characters = quoted.chars();
    while let Some(character) = characters.next() {
        text.push(match character {
            '\\' => match characters.next() {
                Some(escaped @ ('\\' | '"')) => escaped,
                other => panic!("{other:?} is escaped in {quoted}"),
            },
            other => other,
        });
    }
    text
}

struct Reader<'t> {
    text: &'t str,
    tokens: Peekable<IntoIter<Token>>,
}

impl Reader<'_> {
    fn name(&mut self) -> String {
        match self.tokens.next() {
            Some(Token::Name(name)) => name,
            other => panic!("{other:?} in {}", self.text),
        }
    }

    fn takes(&mut self, word: &str) -> bool {
        let is_it = |token: &Token| match token {
            Token::Name(text) | Token::Mark(text) => text == word,
            Token::Text(_) => false,
        };
        self.tokens.next_if(is_it).is_some()
    }

    fn expects(&mut self, mark: &str) {
        assert!(self.takes(mark), "no {mark} in {}", self.text);
    }

    fn arguments(&mut self) -> Vec<Argument> {
        let mut arguments = Vec::new();
        self.expects("(");
        loop {
            arguments.push(self.argument());
            if !self.takes(",") {
                self.expects(")");
                return arguments;
            }
        }
    }

    fn argument(&mut self) -> Argument {
        if let Some(Token::Text(text)) = self.tokens.next_if(|it| matches!(it, Token::Text(_))) {
            return Argument::Text(text);
        }
        let name = self.name();
        if !self.takes("(") {
            return Argument::Path(self.path(&name));
        }
        let of = self.name();
        let argument = Argument::Call(name, self.path(&of));
        self.expects(")");
        argument
    }

    fn path(&mut self, start: &str) -> Path {
        let mut path: Path = start.split('.').map(str::to_owned).collect();
        while self.takes("[") {
            match self.tokens.next() {
                Some(Token::Text(key)) => path.push(key),
                other => panic!("{other:?} in {}", self.text),
            }
            self.expects("]");
        }
        path
    }

    fn condition(&mut self) -> Condition {
        let first = self.comparison();
        if self.takes("and") {
            Condition::And(Box::new((first, self.comparison())))
        } else if self.takes("or") {
            Condition::Or(Box::new((first, self.comparison())))
        } else {
            first
        }
    }

    fn comparison(&mut self) -> Condition {
        match self.argument() {
            Argument::Call(function, path) => Condition::Is(function, path),
            Argument::Path(path) => {
                let is_nil = self.takes("==");
                if !is_nil {
                    self.expects("!=");
                }
                self.expects("nil");
                Condition::Nil(path, is_nil)
            }
            Argument::Text(text) => panic!("{text} in {}", self.text),
        }
    }
}
