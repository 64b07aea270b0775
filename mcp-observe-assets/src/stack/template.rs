//! Files with few things left open.

/// Fills in the template: each `<<name>>` of it stands for a value. A value of several lines stands
/// alone on its line; if it is empty, the line goes. Values stay as they are.
///
/// # Panics
/// If something is left open, or a value is not used: a mistake of this crate.
pub(super) fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut used = vec![false; values.len()];
    let mut rest = template;
    while let Some((before, name, after)) = next_open(rest) {
        let index = values.iter().position(|(known, _)| *known == name);
        let index = index.unwrap_or_else(|| panic!("nothing is there for <<{name}>>"));
        used[index] = true;
        let (_, value) = values[index];
        filled.push_str(before);
        filled.push_str(value);
        rest = match after.strip_prefix('\n') {
            Some(after) if value.is_empty() && before.ends_with('\n') => after,
            _ => after,
        };
    }
    filled.push_str(rest);
    for ((name, _), used) in values.iter().zip(used) {
        assert!(used, "no template uses <<{name}>>");
    }
    filled
}

/// What is in front of the first `<<name>>`, the name, and what is behind it. (`<<` alone is YAML's.)
fn next_open(text: &str) -> Option<(&str, &str, &str)> {
    text.match_indices("<<").find_map(|(at, open)| {
        let (name, after) = text[at + open.len()..].split_once(">>")?;
        let is_name = name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        is_name.then_some((&text[..at], name, after))
    })
}

/// The lines, each further in by so many spaces; empty ones stay empty.
pub(super) fn indented(text: &str, by: usize) -> String {
    let lines = text.lines().map(|line| match line {
        "" => String::new(),
        line => format!("{:by$}{line}", ""),
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::{fill, indented};

    #[test]
    fn every_value_is_put_in_everywhere() {
        let filled = fill("a: <<x>>\n<<y>>\nb: <<x>>", &[("x", "1"), ("y", "  c: 2")]);
        assert_eq!(filled, "a: 1\n  c: 2\nb: 1");
    }

    #[test]
    #[should_panic(expected = "no template uses <<z>>")]
    fn a_value_without_a_place_is_refused() {
        let _ = fill("a: <<x>>", &[("x", "1"), ("z", "2")]);
    }

    #[test]
    #[should_panic(expected = "nothing is there for <<y>>")]
    fn a_place_without_a_value_is_refused() {
        let _ = fill("a: <<x>> <<y>>", &[("x", "1")]);
    }

    #[test]
    fn values_and_what_is_yaml_stay() {
        let filled = fill("a:\n  <<: *b\n  <<x>>", &[("x", "c: <<y>> >> d")]);
        assert_eq!(filled, "a:\n  <<: *b\n  c: <<y>> >> d");
    }

    #[test]
    fn the_line_of_nothing_goes() {
        assert_eq!(fill("a: 1\n<<x>>\nb: 2\n", &[("x", "")]), "a: 1\nb: 2\n");
    }

    #[test]
    fn empty_lines_have_no_spaces() {
        assert_eq!(indented("a\n\n  b", 2), "  a\n\n    b");
    }
}
