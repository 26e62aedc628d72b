//! Which known name a misspelt one was meant to be.

/// The known name that takes the fewest edits to reach, where few are enough to guess so.
pub(crate) fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let (edits, near) = known.iter().map(|candidate| (edits(name, candidate), *candidate)).min()?;
    (edits <= 1 + near.len() / 4).then_some(near)
}

/// How a sentence about an unknown name goes on before it lists the known ones.
pub(crate) fn hint(name: &str, known: &[&str]) -> String {
    nearest(name, known).map_or_else(|| ";".to_owned(), |near| format!("; did you mean `{near}`?"))
}

/// The Levenshtein distance.
fn edits(from: &str, to: &str) -> usize {
    let to: Vec<_> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (index, left) in from.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], index + 1);
        for (column, right) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(left != *right);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_finds_its_name() {
        assert_eq!(nearest("colection", &["validator", "collection"]), Some("collection"));
        assert_eq!(nearest("di", &["id", "modified"]), None);
        assert_eq!(nearest("idd", &["id", "modified"]), Some("id"));
    }

    #[test]
    fn another_word_finds_none() {
        assert_eq!(nearest("table", &["collection", "validator"]), None);
    }
}
