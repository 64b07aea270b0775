//! What the README says of the peers.

const README: &str = include_str!("../../../README.md");
const FROM_NPM: &str = include_str!("../../node/package.json");
const FROM_PYPI: &str = include_str!("../../python/requirements.txt");

/// The cells of its table of peers.
fn peers() -> impl Iterator<Item = Vec<&'static str>> {
    let after = README
        .split("| peer | version |")
        .nth(1)
        .expect("the table");
    let rows = after.lines().skip(2).take_while(|row| !row.is_empty());
    rows.map(|row| row.split('|').map(str::trim).collect())
}

#[test]
fn its_table_of_peers_has_the_versions_that_are_tested() {
    assert_eq!(peers().count(), 3);
    for row in peers() {
        let [_, peer, version, ..] = &row[..] else {
            panic!("no row of a table: {row:?}");
        };
        let (language, package) = peer.split_once(' ').expect("a language and a package");
        let package = package.trim_matches('`');
        let (pins, pin) = match language {
            "Python" => (FROM_PYPI, format!("{package}=={version}")),
            _ => (FROM_NPM, format!("\"{package}\": \"{version}\"")),
        };
        assert!(pins.contains(&pin), "{pin}");
    }
}
