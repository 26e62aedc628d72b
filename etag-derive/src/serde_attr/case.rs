//! The cases of `rename_all`, as serde makes them.

/// A case of `rename_all`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    Lower,
    Upper,
    Pascal,
    Camel,
    Snake,
    ScreamingSnake,
    Kebab,
    ScreamingKebab,
}

impl Case {
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "lowercase" => Self::Lower,
            "UPPERCASE" => Self::Upper,
            "PascalCase" => Self::Pascal,
            "camelCase" => Self::Camel,
            "snake_case" => Self::Snake,
            "SCREAMING_SNAKE_CASE" => Self::ScreamingSnake,
            "kebab-case" => Self::Kebab,
            "SCREAMING-KEBAB-CASE" => Self::ScreamingKebab,
            _ => return None,
        })
    }

    /// A field's name, which Rust writes in snake case.
    pub(crate) fn of_field(self, field: &str) -> String {
        match self {
            Self::Lower | Self::Snake => field.to_owned(),
            Self::Upper | Self::ScreamingSnake => field.to_ascii_uppercase(),
            Self::Pascal => pascal_case(field),
            Self::Camel => lower_first(&pascal_case(field)),
            Self::Kebab => field.replace('_', "-"),
            Self::ScreamingKebab => field.to_ascii_uppercase().replace('_', "-"),
        }
    }

    /// A variant's name, which Rust writes in Pascal case.
    pub(crate) fn of_variant(self, variant: &str) -> String {
        match self {
            Self::Pascal => variant.to_owned(),
            Self::Lower => variant.to_ascii_lowercase(),
            Self::Upper => variant.to_ascii_uppercase(),
            Self::Camel => lower_first(variant),
            Self::Snake | Self::ScreamingSnake | Self::Kebab | Self::ScreamingKebab => {
                self.of_field(&snake_case(variant))
            }
        }
    }
}

fn pascal_case(snake: &str) -> String {
    let mut is_start = true;
    let mut pascal = String::new();
    for each in snake.chars() {
        match each {
            '_' => is_start = true,
            _ if std::mem::take(&mut is_start) => pascal.push(each.to_ascii_uppercase()),
            _ => pascal.push(each),
        }
    }
    pascal
}

fn lower_first(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map_or(String::new(), |first| first.to_ascii_lowercase().to_string() + chars.as_str())
}

/// `TaskList` is `task_list`.
pub(crate) fn snake_case(pascal: &str) -> String {
    let mut snake = String::new();
    for each in pascal.chars() {
        if each.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(each.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_renamed_as_serde_renames_them() {
        let renamed = |case: &str| Case::named(case).unwrap().of_field("due_date_2");
        assert_eq!(renamed("lowercase"), "due_date_2");
        assert_eq!(renamed("UPPERCASE"), "DUE_DATE_2");
        assert_eq!(renamed("PascalCase"), "DueDate2");
        assert_eq!(renamed("camelCase"), "dueDate2");
        assert_eq!(renamed("snake_case"), "due_date_2");
        assert_eq!(renamed("SCREAMING_SNAKE_CASE"), "DUE_DATE_2");
        assert_eq!(renamed("kebab-case"), "due-date-2");
        assert_eq!(renamed("SCREAMING-KEBAB-CASE"), "DUE-DATE-2");
    }

    #[test]
    fn variants_are_renamed_as_serde_renames_them() {
        let renamed = |case: &str| Case::named(case).unwrap().of_variant("InReview");
        assert_eq!(renamed("lowercase"), "inreview");
        assert_eq!(renamed("UPPERCASE"), "INREVIEW");
        assert_eq!(renamed("PascalCase"), "InReview");
        assert_eq!(renamed("camelCase"), "inReview");
        assert_eq!(renamed("snake_case"), "in_review");
        assert_eq!(renamed("SCREAMING_SNAKE_CASE"), "IN_REVIEW");
        assert_eq!(renamed("kebab-case"), "in-review");
        assert_eq!(renamed("SCREAMING-KEBAB-CASE"), "IN-REVIEW");
    }
}
