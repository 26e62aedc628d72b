//! What clients send to say where something stands among others.

/// Whether a text is an order hint: one that the service made, without spaces and `!`, or one that a client made of two others,
/// as `PREVIOUS NEXT!`, where either may be empty or such a hint in turn.
pub(crate) fn is_order_hint(text: &str) -> bool {
    let is_printable = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    let (spaces, marks) = (text.matches(' ').count(), text.matches('!').count());
    is_printable && spaces == marks && (spaces == 0 || text.ends_with('!'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints_of_the_service_and_of_clients_are_hints() {
        for text in ["", " !", "A6673H !", "A6673H Ejkl!", "85752723360752+", "A A Ejkl!!", "8585 9l!"] {
            assert!(is_order_hint(text), "{text:?}");
        }
    }

    #[test]
    fn what_does_not_end_is_no_hint() {
        for text in [" ", "!", "A B", "A! B", "A B!!", "\u{e9} !", "\n !"] {
            assert!(!is_order_hint(text), "{text:?}");
        }
    }
}
