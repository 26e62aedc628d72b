//! Steps, from items that name their group and back.

use std::collections::HashSet;

use etag_core::{BatchStep, BatchSyntaxError};

use super::place::Place;

/// Items of a list, with the groups that they name.
#[derive(Debug)]
pub(super) struct Steps<T> {
    done: Vec<BatchStep<T>>,
    /// The groups so far, in lower case.
    groups: HashSet<String>,
    /// The group of the last item.
    open: Option<String>,
}

impl<T> Steps<T> {
    pub(super) fn new() -> Self {
        Self { done: Vec::new(), groups: HashSet::new(), open: None }
    }

    /// Adds the next item.
    ///
    /// # Errors
    /// Where its group has ended before.
    pub(super) fn add(&mut self, group: Option<&str>, item: T, place: Place) -> Result<(), BatchSyntaxError> {
        let group = group.map(str::to_lowercase);
        match (self.done.last_mut(), &group) {
            (Some(BatchStep::Together(items)), Some(_)) if self.open == group => items.push(item),
            (_, Some(name)) if !self.groups.insert(name.clone()) => {
                return Err(
                    place.error(&["atomicityGroup"], "goes on after others; send the requests of a group in a row")
                );
            }
            (_, Some(_)) => self.done.push(BatchStep::Together(vec![item])),
            (_, None) => self.done.push(BatchStep::Alone(item)),
        }
        self.open = group;
        Ok(())
    }

    pub(super) fn finish(self) -> Vec<BatchStep<T>> {
        self.done
    }
}

/// All items of `steps` in their order, made by `written` from each and the name of its group. Names are numbers behind
/// a word that no id begins with.
pub(super) fn items<'s, T, W>(
    steps: &'s [BatchStep<T>],
    id: fn(&T) -> Option<&str>,
    written: fn(&'s T, Option<String>) -> W,
) -> Vec<W> {
    let word = free_word(steps, id);
    let named = steps.iter().zip(1..).flat_map(|(step, number): (_, usize)| {
        let group = matches!(step, BatchStep::Together(_)).then(|| format!("{word}{number}"));
        step.parts().iter().map(move |part| written(part, group.clone()))
    });
    named.collect()
}

/// `group`, with as many dashes as it takes.
fn free_word<T>(steps: &[BatchStep<T>], id: fn(&T) -> Option<&str>) -> String {
    let ids = steps.iter().flat_map(BatchStep::parts).filter_map(id);
    let dashes = ids.filter_map(|id| id.to_lowercase().strip_prefix("group").map(leading_dashes));
    format!("group{}", "-".repeat(dashes.max().map_or(0, |most| most + 1)))
}

fn leading_dashes(text: &str) -> usize {
    text.bytes().take_while(|&byte| byte == b'-').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(groups: &[Option<&str>]) -> Result<Vec<BatchStep<usize>>, BatchSyntaxError> {
        let mut steps = Steps::new();
        for (index, group) in groups.iter().enumerate() {
            steps.add(*group, index, Place { list: "requests", index })?;
        }
        Ok(steps.finish())
    }

    #[test]
    fn items_in_a_row_are_together() {
        use BatchStep::{Alone, Together};

        let steps = read(&[None, Some("a"), Some("A"), Some("b"), None, None]).unwrap();
        assert_eq!(steps, [Alone(0), Together(vec![1, 2]), Together(vec![3]), Alone(4), Alone(5)]);
    }

    #[test]
    fn a_group_does_not_go_on_after_others() {
        for groups in [[Some("a"), None, Some("a")], [Some("a"), Some("b"), Some("A")]] {
            let error = read(&groups).unwrap_err().to_string();
            assert!(error.starts_with("/requests/2/atomicityGroup: goes on after others"), "{error}");
        }
    }

    #[test]
    fn groups_are_named_as_no_request() {
        let steps = |id| [BatchStep::Alone(id), BatchStep::Together(vec!["x"])];
        let names = |id| items(&steps(id), |id| Some(id), |_, group| group).pop().unwrap().unwrap();
        assert_eq!(names("1"), "group2");
        assert_eq!(names("Group2"), "group-2");
        assert_eq!(names("group--2"), "group---2");
    }
}
