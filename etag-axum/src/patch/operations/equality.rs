//! When two values are equal to the operation `test` (RFC 6902 §4.6).

use serde_json::{Number, Value};

/// As `==`, but numbers are compared by their value, so that 3 is 3.0: many clients can't write the latter.
pub(super) fn is_equal(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => is_equal_number(one, other),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_equal(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let is_equal_in_other = |(name, value)| other.get(name).is_some_and(|other| is_equal(value, other));
            one.len() == other.len() && one.iter().all(is_equal_in_other)
        }
        _ => one == other,
    }
}

fn is_equal_number(one: &Number, other: &Number) -> bool {
    match (integer(one), integer(other)) {
        (Some(one), Some(other)) => one == other,
        (None, None) => one.as_f64() == other.as_f64(),
        _ => false,
    }
}

/// The number as an integer, exactly; `None` where it has a fraction, or is larger than any that JSON text keeps exact.
fn integer(number: &Number) -> Option<i128> {
    const LARGEST: f64 = 1e38;
    if number.is_f64() {
        let float = number.as_f64().filter(|float| float.fract() == 0.0 && float.abs() < LARGEST)?;
        #[expect(clippy::cast_possible_truncation, reason = "it has no fraction, and i128 goes beyond 1e38")]
        return Some(float as i128);
    }
    number.as_i128()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_are_equal_by_value() {
        for (one, other) in [(json!(3), json!(3.0)), (json!(0), json!(-0.0)), (json!(1e20), json!(1e20))] {
            assert!(is_equal(&one, &other) && is_equal(&other, &one), "{one} {other}");
            assert!(is_equal(&json!([{ "a": one }]), &json!([{ "a": other }])));
        }
    }

    #[test]
    fn other_values_are_not_equal() {
        for (one, other) in [
            (json!(3), json!(3.5)),
            (json!(3), json!("3")),
            (json!(9_007_199_254_740_993_u64), json!(9_007_199_254_740_992.0)),
            (json!(u64::MAX), json!(1.844_674_407_370_955_2e19)),
            (json!(1e300), json!(u64::MAX)),
            (json!([1]), json!([1, 1])),
            (json!({ "a": 1 }), json!({ "b": 1 })),
            (json!({}), json!([])),
        ] {
            assert!(!is_equal(&one, &other) && !is_equal(&other, &one), "{one} {other}");
        }
    }
}
