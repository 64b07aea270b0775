//! The kinds of tokens: each token is of exactly one, so that sums over them count none twice.

use super::Usage;

/// The label `token_type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenType {
    /// Input that was not in a cache and was not put into one.
    Input,
    /// Input that was read from a cache.
    InputCacheRead,
    /// Input that was put into a cache.
    InputCacheCreation,
    /// Output other than reasoning.
    Output,
    /// Output that the model wrote for itself.
    OutputReasoning,
}

impl TokenType {
    pub(crate) const ALL: [Self; 5] = [
        Self::Input,
        Self::InputCacheRead,
        Self::InputCacheCreation,
        Self::Output,
        Self::OutputReasoning,
    ];

    /// All kinds of input begin with `input`, all kinds of output with `output`, so that one matcher
    /// selects them.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::InputCacheRead => "input_cache_read",
            Self::InputCacheCreation => "input_cache_creation",
            Self::Output => "output",
            Self::OutputReasoning => "output_reasoning",
        }
    }
}

/// Numbers of tokens, by [`TokenType`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tokens(pub(super) [u64; TokenType::ALL.len()]);

impl Tokens {
    pub(super) fn of(usage: &Usage) -> Self {
        let cached = usage.cache_read.saturating_add(usage.cache_creation);
        Self([
            usage.input.saturating_sub(cached),
            usage.cache_read,
            usage.cache_creation,
            usage.output.saturating_sub(usage.reasoning),
            usage.reasoning,
        ])
    }

    pub(crate) fn get(&self, kind: TokenType) -> u64 {
        self.0[kind as usize]
    }

    /// As the conventions count: cached ones included.
    pub(super) fn all_input(&self) -> u64 {
        self.get(TokenType::Input)
            .saturating_add(self.get(TokenType::InputCacheRead))
            .saturating_add(self.get(TokenType::InputCacheCreation))
    }

    /// As the conventions count: reasoning included.
    pub(super) fn all_output(&self) -> u64 {
        self.get(TokenType::Output)
            .saturating_add(self.get(TokenType::OutputReasoning))
    }
}
