//! Names that look like those of secrets.
//!
//! Under `#[record(all)]` the name is all that tells, so a doubtful one is taken for a secret: the
//! user then has to say what it is.

/// One word is enough.
const WORDS: [&str; 52] = [
    "accesskey",
    "accesstoken",
    "apikey",
    "auth",
    "authentication",
    "authorization",
    "authtoken",
    "bearer",
    "cardnumber",
    "cookie",
    "cookies",
    "credential",
    "credentials",
    "creditcard",
    "creds",
    "csrf",
    "cvc",
    "cvv",
    "hmac",
    "iban",
    "jwt",
    "mnemonic",
    "nonce",
    "oauth",
    "otp",
    "passcode",
    "passphrase",
    "passwd",
    "password",
    "passwords",
    "pin",
    "privatekey",
    "pw",
    "pwd",
    "refreshtoken",
    "salt",
    "secret",
    "secretkey",
    "secrets",
    "session",
    "sessionid",
    "sessions",
    "sessiontoken",
    "signature",
    "signatures",
    "signingkey",
    "ssn",
    "token",
    "tokens",
    "totp",
    "userpass",
    "xsrf",
];

/// Two words in a row.
const PAIRS: [(&str, &str); 29] = [
    ("access", "key"),
    ("access", "keys"),
    ("account", "key"),
    ("account", "number"),
    ("admin", "pass"),
    ("api", "key"),
    ("api", "keys"),
    ("backup", "code"),
    ("card", "no"),
    ("card", "number"),
    ("connection", "string"),
    ("credit", "card"),
    ("db", "pass"),
    ("debit", "card"),
    ("encryption", "key"),
    ("license", "key"),
    ("master", "key"),
    ("private", "key"),
    ("private", "keys"),
    ("recovery", "code"),
    ("root", "pass"),
    ("security", "code"),
    ("shared", "key"),
    ("signing", "key"),
    ("smtp", "pass"),
    ("social", "security"),
    ("ssh", "key"),
    ("user", "pass"),
    ("verification", "code"),
];

/// The first or last word of a number *of* secrets, or of their size.
const COUNTS_FIRST: [&str; 4] = ["max", "min", "n", "num"];
const COUNTS_LAST: [&str; 7] = ["budget", "count", "len", "length", "limit", "size", "usage"];

/// What language models count in tokens.
const TOKENS_OF: [&str; 10] = [
    "cached",
    "completion",
    "input",
    "output",
    "prompt",
    "reasoning",
    "remaining",
    "thinking",
    "total",
    "used",
];

/// Whether the name of a field, in any case convention, looks like that of a secret.
pub(crate) fn looks_secret(name: &str) -> bool {
    let words = words(name);
    let words: Vec<&str> = words
        .iter()
        .map(|word| word.trim_end_matches(|c: char| c.is_ascii_digit()))
        .filter(|word| !word.is_empty())
        .collect();
    if counts(&words) {
        return false;
    }
    words.iter().any(|word| WORDS.contains(word))
        || words
            .windows(2)
            .any(|pair| matches!(pair, [a, b] if PAIRS.contains(&(*a, *b))))
}

fn counts(words: &[&str]) -> bool {
    let [first, .., last] = words else {
        return false;
    };
    COUNTS_FIRST.contains(first)
        || COUNTS_LAST.contains(last)
        || (words.contains(&"tokens") && words.iter().any(|word| TOKENS_OF.contains(word)))
}

/// The words of a name, in lower case: `apiKey`, `api-key` and `API_KEY` are `api` and `key`.
fn words(name: &str) -> Vec<String> {
    let chars: Vec<char> = name.chars().collect();
    let mut words = vec![String::new()];
    for (index, &c) in chars.iter().enumerate() {
        if !c.is_alphanumeric() {
            words.push(String::new());
            continue;
        }
        let before = index.checked_sub(1).and_then(|index| chars.get(index));
        let after = chars.get(index + 1);
        let begins = c.is_uppercase()
            && (before.is_some_and(|before| !before.is_uppercase())
                || after.is_some_and(|after| after.is_lowercase()));
        if begins {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::{PAIRS, WORDS, looks_secret, words};

    #[test]
    fn the_tables_are_sorted() {
        assert!(WORDS.is_sorted() && PAIRS.is_sorted());
    }

    #[test]
    fn names_are_split_in_words() {
        for name in [
            "api_key_id",
            "apiKeyId",
            "ApiKeyID",
            "API_KEY_ID",
            "api-key-id",
            "APIKeyId",
        ] {
            assert_eq!(words(name), ["api", "key", "id"], "{name}");
        }
        assert_eq!(words("__a"), ["a"]);
        assert!(words("_").is_empty());
    }

    #[test]
    fn secrets_are_found_in_every_convention() {
        let names = [
            "password",
            "userPassword",
            "PASSWD",
            "pwd",
            "passphrase",
            "client_secret",
            "token",
            "access-token",
            "tokens",
            "refreshToken",
            "apiKey",
            "apikey",
            "API_KEY",
            "aws_access_key_id",
            "privateKey",
            "credentials",
            "auth",
            "authHeader",
            "Authorization",
            "bearer",
            "cookie",
            "session",
            "sessionID",
            "ssn",
            "SSN",
            "iban",
            "card_number",
            "cardNumber",
            "cvv",
            "cvv2",
            "cvc",
            "pin",
            "pin_code",
            "otp",
            "salt",
            "signature",
            "password2",
            "oauth2",
            "db_pass",
            "input_token",
            "x-api-key",
        ];
        for name in names {
            assert!(looks_secret(name), "{name}");
        }
    }

    #[test]
    fn words_that_only_contain_one_are_not_taken_for_it() {
        let names = [
            "keyboard",
            "tokenizer",
            "author",
            "authority",
            "pinned",
            "pinned_at",
            "key",
            "keys",
            "spin",
            "opinion",
            "sessional",
            "secretary",
            "salty",
            "card",
            "number",
            "city",
            "design",
            "max_tokens",
            "maxTokens",
            "token_count",
            "tokenLimit",
            "input_tokens",
            "totalTokens",
            "password_length",
            "session_count",
            "passenger",
            "boarding_pass",
            "compass",
            "",
        ];
        for name in names {
            assert!(!looks_secret(name), "{name}");
        }
    }
}
