//! `Link` fields of touched resources, as a client reads them.

use crate::support::Response;

/// A resource that a write touched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Touched {
    pub(crate) path: String,
    pub(crate) before: String,
    pub(crate) now: String,
}

impl Touched {
    /// The tag that a holder of `held` may go on with.
    pub(crate) fn advance(&self, held: &str) -> Option<&str> {
        (held == self.before).then_some(&*self.now)
    }
}

/// What an answer tells of others.
pub(crate) fn touched(answer: &Response) -> Vec<Touched> {
    let lines = answer.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("link"));
    lines.map(|(_, line)| of_line(line).unwrap_or_else(|| panic!("{line}"))).collect()
}

/// The only one at this path.
#[track_caller]
pub(crate) fn touched_at(answer: &Response, path: &str) -> Touched {
    let found: Vec<_> = touched(answer).into_iter().filter(|touched| touched.path == path).collect();
    let [touched] = &found[..] else { panic!("not one link to {path} in {answer:?}") };
    touched.clone()
}

fn of_line(line: &str) -> Option<Touched> {
    let (path, attributes) = line.strip_prefix('<')?.split_once('>')?;
    let [before, now] = ["; etag-before=\"", "; etag=\""].map(|name| attribute(attributes, name));
    Some(Touched { path: path.to_owned(), before: before?, now: now? })
}

/// The text of a quoted string, whose escapes are taken out.
fn attribute(attributes: &str, name: &str) -> Option<String> {
    let (_, rest) = attributes.split_once(name)?;
    let mut text = String::new();
    let mut characters = rest.chars();
    loop {
        match characters.next()? {
            '"' => return Some(text),
            '\\' => text.push(characters.next()?),
            character => text.push(character),
        }
    }
}
