//! From a body to steps. Parts are read one after the other, those of a change set by a loop in the loop: there is no
//! third level.

use std::collections::HashSet;

use bytes::Bytes;
use etag_core::{BatchStep, BatchSyntaxError};

use super::{
    ChangeSets, ContentIds, MultipartBatch, framing,
    head::Flaw,
    media,
    message::{InPart, Message},
    part::{Part, PartKind, Place},
};

/// The steps in a body.
///
/// # Errors
/// Where the body is no batch; it says which part is wrong, counted from 1.
pub(super) fn steps<T: InPart>(
    codec: &MultipartBatch,
    content_type: &str,
    body: &Bytes,
) -> Result<Vec<BatchStep<T>>, BatchSyntaxError> {
    let boundary = media::boundary(content_type).map_err(BatchSyntaxError::new)?;
    let sections =
        framing::sections(body, &boundary).map_err(|flaw| BatchSyntaxError::new(format!("the body: {flaw}")))?;
    sections.iter().zip(1..).map(|(section, number)| step(codec, section, number)).collect()
}

fn step<T: InPart>(codec: &MultipartBatch, section: &Bytes, number: usize) -> Result<BatchStep<T>, BatchSyntaxError> {
    let here = Place::Part(number);
    let part = Part::read(section).map_err(|flaw| here.error(&flaw))?;
    match (&part.kind, codec.change_sets) {
        (PartKind::Http, _) => inside(&part, codec.content_ids, here).map(BatchStep::Alone),
        (PartKind::Parts(_), ChangeSets::Refused) => {
            let flaw = "it is a change set, which can't be had here; send its requests as parts of the batch";
            Err(here.error(&flaw.into()))
        }
        (PartKind::Parts(boundary), ChangeSets::Nested) => {
            let sections = framing::sections(&part.content, boundary).map_err(|flaw| here.error(&flaw))?;
            let parts = sections.iter().zip(1..).map(|(section, nested)| {
                let here = Place::Nested(number, nested);
                nested_part(section, codec.content_ids, here)
            });
            let parts = parts.collect::<Result<Vec<T>, _>>()?;
            named_apart(&parts, number)?;
            Ok(BatchStep::Together(parts))
        }
    }
}

fn nested_part<T: InPart>(section: &Bytes, ids: ContentIds, here: Place) -> Result<T, BatchSyntaxError> {
    let part = Part::read(section).map_err(|flaw| here.error(&flaw))?;
    match part.kind {
        PartKind::Http => inside(&part, ids, here),
        PartKind::Parts(_) => {
            Err(here.error(&"it has parts itself; send application/http, since change sets can't be nested".into()))
        }
    }
}

fn inside<T: InPart>(part: &Part, ids: ContentIds, here: Place) -> Result<T, BatchSyntaxError> {
    let id = part.id(ids, id_prefix::<T>(ids));
    let message = Message::read(&part.content);
    message.and_then(|message| T::from_message(id, message)).map_err(|flaw| here.error(&flaw))
}

/// What stands before an id in this direction.
pub(super) fn id_prefix<T: InPart>(ids: ContentIds) -> &'static str {
    match ids {
        ContentIds::Echoed => "",
        ContentIds::Prefixed(prefix) => T::id_prefix(prefix),
    }
}

/// Whoever refers to one of two with the same name could mean either.
fn named_apart<T: InPart>(parts: &[T], number: usize) -> Result<(), BatchSyntaxError> {
    let mut names = HashSet::new();
    for (part, nested) in parts.iter().zip(1..) {
        if let Some(id) = part.id().filter(|id| !names.insert(*id)) {
            let flaw: Flaw = format!("its Content-ID {id} is that of a part before it; send another").into();
            return Err(Place::Nested(number, nested).error(&flaw));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use etag_core::{BatchCodec as _, BatchPart};

    use super::*;

    fn read(body: &str) -> Result<Vec<BatchStep<BatchPart>>, BatchSyntaxError> {
        MultipartBatch::ODATA.read_requests("multipart/mixed; boundary=b", &Bytes::copy_from_slice(body.as_bytes()))
    }

    fn refusal(body: &str) -> String {
        read(body).unwrap_err().to_string()
    }

    const PART: &str = "Content-Type: application/http\n\nGET /a\n";

    #[test]
    fn a_flaw_is_told_with_its_part() {
        assert_eq!(
            refusal(&format!("--b\n{PART}--b\nContent-Type: application/http\n\nGET\n--b--")),
            "part 2: it does not begin with a request line; send `METHOD TARGET HTTP/1.1`, blanks in the target as %20"
        );
        let change_set = "Content-Type: multipart/mixed; boundary=c\n\n";
        let nested =
            refusal(&format!("--b\n{PART}--b\n{change_set}--c\n{PART}--c\nContent-Type: text/plain\n--c--\n--b--"));
        assert!(nested.starts_with("part 2, part 2 of its change set: its Content-Type"), "{nested}");
        let open = refusal(&format!("--b\n{change_set}--c\n{PART}\n--b--"));
        assert!(open.starts_with("part 1: it does not end with the line --c--"), "{open}");
        assert!(refusal("").starts_with("the body: it has no line --b;"));
    }

    #[test]
    fn a_change_set_in_a_change_set_is_refused() {
        let inner = format!("Content-Type: multipart/mixed; boundary=d\n\n--d\n{PART}--d--\n");
        let outer = format!("--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\n{inner}--c--\n--b--");
        assert!(refusal(&outer).starts_with("part 1, part 1 of its change set: it has parts itself"));
    }

    #[test]
    fn two_parts_of_a_change_set_have_two_names() {
        let part = "--c\nContent-Type: application/http\nContent-ID: 1\n\nDELETE /a\n";
        let body = format!("--b\nContent-Type: multipart/mixed; boundary=c\n\n{part}{part}--c--\n--b--");
        assert!(refusal(&body).starts_with("part 1, part 2 of its change set: its Content-ID 1 is that of"));
    }

    #[test]
    fn a_batch_may_be_empty() {
        assert!(read("--b--").unwrap().is_empty());
        let change_set = "--b\nContent-Type: multipart/mixed; boundary=c\n\n--c--\n--b--";
        assert_eq!(read(change_set).unwrap(), [BatchStep::Together(Vec::new())]);
    }
}
