//! What is written is read back, and nothing that is read makes anybody panic.

use bytes::Bytes;
use etag_core::{BatchCodec as _, BatchPart, BatchStep, PartAnswer};
use proptest::{collection::vec, option, prelude::*, sample::Index, string::string_regex};

use super::message::InPart;
use crate::MultipartBatch;

const CODECS: [MultipartBatch; 2] =
    [MultipartBatch::ODATA, MultipartBatch { change_sets: crate::ChangeSets::Nested, ..MultipartBatch::GOOGLE }];

fn text(pattern: &str) -> impl Strategy<Value = String> {
    string_regex(pattern).expect("the pattern is one")
}

fn id() -> impl Strategy<Value = Option<String>> {
    option::of(text("[a-z0-9ä][a-z0-9 +-]{0,8}[a-z0-9]"))
}

fn headers() -> impl Strategy<Value = Vec<(String, String)>> {
    vec((text("[xX]-[A-Za-z]{1,5}"), text("([!-~ä]([ !-~]{0,8}[!-~])?)?")), 0..4)
}

/// Bodies of what could end them.
fn body() -> impl Strategy<Value = Bytes> {
    let pieces =
        ["\r\n", "\n", "\r", "--", "batch_0000000000000000", "batchresponse_0000000000000000", "HTTP/1.1 200", "{}"];
    let piece = prop_oneof![
        3 => prop::sample::select(pieces.to_vec()).prop_map(|piece| piece.as_bytes().to_vec()),
        1 => vec(any::<u8>(), 0..4),
    ];
    vec(piece, 0..10).prop_map(|pieces| Bytes::from(pieces.concat()))
}

fn request() -> impl Strategy<Value = BatchPart> {
    let parts = (id(), text("[A-Z]{1,7}"), text("(http://h)?/[!-~]{0,12}"), headers(), body());
    parts.prop_map(|(id, method, target, headers, body)| BatchPart {
        id,
        method,
        target,
        headers,
        body,
        after: Vec::new(),
    })
}

fn answer() -> impl Strategy<Value = PartAnswer> {
    let parts = (id(), 100..1000_u16, headers(), body());
    parts.prop_map(|(id, status, headers, body)| PartAnswer { id, status, headers, body })
}

/// Names in a change set differ.
fn steps<T: InPart + Clone + std::fmt::Debug>(
    part: impl Strategy<Value = T> + Clone,
) -> impl Strategy<Value = Vec<BatchStep<T>>> {
    let set = vec(part.clone(), 0..4).prop_map(|mut parts| {
        let mut names = std::collections::HashSet::new();
        parts.retain(|part| part.id().is_none_or(|id| names.insert(id.to_owned())));
        BatchStep::Together(parts)
    });
    vec(prop_oneof![part.prop_map(BatchStep::Alone), set], 0..5)
}

fn shared<T: std::fmt::Debug + 'static>(part: impl Strategy<Value = T> + 'static) -> impl Strategy<Value = T> + Clone {
    part.boxed()
}

proptest! {
    #[test]
    fn requests_come_back(steps in steps(shared(request()))) {
        for codec in CODECS {
            let written = codec.write_requests(&steps);
            prop_assert_eq!(codec.read_requests(&written.content_type, &written.body), Ok(steps.clone()));
        }
    }

    #[test]
    fn answers_come_back(steps in steps(shared(answer()))) {
        for codec in CODECS {
            let written = codec.write_answers(&steps);
            prop_assert_eq!(codec.read_answers(&written.content_type, &written.body), Ok(steps.clone()));
        }
    }

    #[test]
    fn no_bytes_make_it_panic(content_type in ".{0,20}", mut body in vec(any::<u8>(), 0..200)) {
        let _ = MultipartBatch::ODATA.read_requests(&content_type, &body.clone().into());
        body.splice(0..0, *b"--b\n");
        body.extend(b"\n--b--");
        let _ = MultipartBatch::ODATA.read_requests("multipart/mixed; boundary=b", &body.clone().into());
        let _ = MultipartBatch::ODATA.read_answers("multipart/mixed; boundary=b", &body.into());
    }

    /// Bytes that nearly are a batch get further than others.
    #[test]
    fn no_damage_makes_it_panic(
        steps in steps(shared(request())),
        damage in vec((any::<Index>(), any::<Index>(), vec(any::<u8>(), 0..3)), 1..6),
    ) {
        let written = MultipartBatch::ODATA.write_requests(&steps);
        let mut body = written.body.to_vec();
        for (start, end, bytes) in damage {
            let start = start.index(body.len() + 1);
            let end = (start + end.index(4)).min(body.len());
            body.splice(start..end, bytes);
        }
        let _ = MultipartBatch::ODATA.read_requests(&written.content_type, &body.clone().into());
        let _ = MultipartBatch::ODATA.read_answers(&written.content_type, &body.into());
    }
}
