//! The table at the end of a run.

use std::{fmt::Write as _, time::Duration};

use crate::run::Finished;

/// One line for each part, with its seconds and what became of it, and the total.
pub(crate) fn render(results: &[Finished]) -> String {
    let mut table = format!("{:<12} {:>8}  result\n", "part", "seconds");
    for result in results {
        let verdict = if result.outcome.is_ok() { "ok" } else { "FAILED" };
        line(&mut table, result.name, result.took, verdict);
    }
    let total = results.iter().map(|result| result.took).sum();
    let verdict = if results.iter().all(|result| result.outcome.is_ok()) { "ok" } else { "FAILED" };
    line(&mut table, "total", total, verdict);
    table
}

fn line(table: &mut String, name: &str, took: Duration, verdict: &str) {
    let seconds = took.as_secs_f64();
    writeln!(table, "{name:<12} {seconds:>8.1}  {verdict}").expect("a String takes all that is written");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finished(name: &'static str, seconds: u64, outcome: Result<(), String>) -> Finished {
        Finished { name, took: Duration::from_secs(seconds), outcome }
    }

    #[test]
    fn the_table_has_a_line_for_each_part_and_the_total() {
        let results = [finished("format", 2, Ok(())), finished("clippy", 61, Err("it warned".to_owned()))];
        let expected = "part          seconds  result\n\
                        format            2.0  ok\n\
                        clippy           61.0  FAILED\n\
                        total            63.0  FAILED\n";
        assert_eq!(render(&results), expected);
    }
}
