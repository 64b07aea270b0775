//! Files with few things left open.

/// Fills in the template: each `<<name>>` of it stands for a value. A value of several lines stands
/// alone on its line; if it is empty, the line goes.
///
/// # Panics
/// If something is left open, or a value is not used: a mistake of this crate.
pub(super) fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut filled = template.to_owned();
    for (name, value) in values {
        let open = format!("<<{name}>>");
        assert!(filled.contains(&open), "no template uses {open}");
        if value.is_empty() {
            filled = filled.replace(&format!("{open}\n"), "");
        }
        filled = filled.replace(&open, value);
    }
    let open = filled.lines().find(|line| line.contains(">>"));
    assert!(open.is_none(), "something is left open: {open:?}");
    filled
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
    #[should_panic(expected = "something is left open")]
    fn a_place_without_a_value_is_refused() {
        let _ = fill("a: <<x>> <<y>>", &[("x", "1")]);
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
