//! How much more one of two servers took than the other, from turns that they took by turns.

use std::fmt;

/// The median of what each pair gives, with the quartiles: half of all pairs lie between those.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Ratio {
    lower: f64,
    median: f64,
    upper: f64,
}

impl Ratio {
    /// Of `value` of each two turns to that of the two that the other server had at the same time.
    ///
    /// # Panics
    /// If there are none.
    pub(super) fn of_pairs<T>(turns: &[T], others: &[T], value: impl Fn(&T) -> f64) -> Self {
        let sum = |pair: &[T]| pair.iter().map(&value).sum::<f64>();
        let pairs = turns.chunks(2).zip(others.chunks(2));
        let mut ratios: Vec<f64> = pairs.map(|(pair, other)| sum(pair) / sum(other)).collect();
        ratios.sort_by(f64::total_cmp);
        let quantile = |quarters: usize| ratios[(ratios.len() - 1) * quarters / 4];
        Self {
            lower: quantile(1),
            median: quantile(2),
            upper: quantile(3),
        }
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            lower,
            median,
            upper,
        } = self;
        write!(f, "{median:.3} ({lower:.3} to {upper:.3})")
    }
}

#[cfg(test)]
mod tests {
    use super::Ratio;

    #[test]
    fn what_rises_steadily_does_not_count() {
        // A B B A, while everything takes one more from turn to turn.
        let a = [1.0, 4.0, 5.0, 8.0];
        let b = [2.0, 3.0, 6.0, 7.0];
        let ratio = Ratio::of_pairs(&a, &b, |turn| *turn);
        assert_eq!(ratio.to_string(), "1.000 (1.000 to 1.000)");
    }

    #[test]
    fn half_of_the_pairs_are_between_the_quartiles() {
        let twice: Vec<f64> = [1.0, 2.0, 3.0, 4.0, 50.0]
            .into_iter()
            .flat_map(|it| [it, it])
            .collect();
        let ratio = Ratio::of_pairs(&twice, &[1.0; 10], |turn| *turn);
        assert_eq!(ratio.to_string(), "3.000 (2.000 to 4.000)");
    }
}
