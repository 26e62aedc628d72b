//! Lines as text: on the terminal and in the file of results.

use std::{fmt::Write as _, time::Duration};

use crate::{
    measure::Sample,
    row::{Line, Unit},
};

const COLUMNS: [&str; 7] = ["what", "hand-written", "by hand", "ours", "ratio (min–max)", "target", "verdict"];

/// A group of rows and what to know when reading it.
pub(crate) struct Section {
    pub(crate) title: &'static str,
    pub(crate) notes: &'static str,
    pub(crate) lines: Vec<Line>,
}

impl Section {
    /// The section as Markdown, its columns aligned so that a terminal shows a table, too.
    pub(crate) fn to_markdown(&self) -> String {
        let mut rows = vec![COLUMNS.map(String::from)];
        rows.extend(self.lines.iter().map(cells));
        let widths = widths(&rows);
        let mut text = format!("## {}\n\n", self.title);
        for (index, row) in rows.iter().enumerate() {
            text.push_str(&row_text(row, &widths));
            if index == 0 {
                text.push_str(&rule(&widths));
            }
        }
        if !self.notes.is_empty() {
            let _ = write!(text, "\n{}\n", self.notes);
        }
        text
    }
}

fn cells(line: &Line) -> [String; 7] {
    let (median, least, most) = line.ratio();
    let targets: Vec<_> = line.targets.iter().map(ToString::to_string).collect();
    [
        line.what.clone(),
        line.hand.clone(),
        number(line.unit, line.outcome.hand),
        number(line.unit, line.outcome.ours),
        format!("{} ({}–{})", times(median), bare(least), bare(most)),
        if targets.is_empty() { "for comparison".to_owned() } else { targets.join(", ") },
        verdict(line),
    ]
}

fn verdict(line: &Line) -> String {
    match line.is_met() {
        None => String::from("–"),
        Some(true) => String::from("met"),
        Some(false) => {
            let missed: Vec<_> =
                line.targets.iter().filter(|target| !line.meets(**target)).map(ToString::to_string).collect();
            if missed.len() == line.targets.len() {
                "**missed**".to_owned()
            } else {
                format!("**missed** {}", missed.join(", "))
            }
        }
    }
}

fn times(ratio: f64) -> String {
    format!("{}×", bare(ratio))
}

fn bare(ratio: f64) -> String {
    match ratio {
        r if r < 0.1 => format!("{r:.3}"),
        r if r < 10.0 => format!("{r:.2}"),
        r => format!("{r:.1}"),
    }
}

fn number(unit: Unit, sample: Sample) -> String {
    let number = match unit {
        Unit::Time => time(sample.nanos),
        Unit::Rate => rate(1e9 / sample.nanos),
    };
    match sample.p99 {
        Some(p99) => format!("{number}, p99 {}", latency(p99)),
        None => number,
    }
}

fn time(nanos: f64) -> String {
    match nanos {
        n if n < 10.0 => format!("{n:.1} ns"),
        n if n < 10_000.0 => format!("{n:.0} ns"),
        n if n < 10_000_000.0 => format!("{:.1} µs", n / 1e3),
        n => format!("{:.1} ms", n / 1e6),
    }
}

fn rate(per_second: f64) -> String {
    match per_second {
        r if r < 1e4 => format!("{r:.0}/s"),
        r if r < 1e6 => format!("{:.1} k/s", r / 1e3),
        r => format!("{:.1} M/s", r / 1e6),
    }
}

fn latency(p99: Duration) -> String {
    format!("{:.1} ms", p99.as_secs_f64() * 1e3)
}

fn widths(rows: &[[String; 7]]) -> [usize; 7] {
    std::array::from_fn(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0))
}

fn row_text(row: &[String; 7], widths: &[usize; 7]) -> String {
    let cells: Vec<_> = row.iter().zip(widths).map(|(cell, &width)| format!("{cell:<width$}")).collect();
    format!("| {} |\n", cells.join(" | "))
}

fn rule(widths: &[usize; 7]) -> String {
    let cells: Vec<_> = widths.iter().map(|&width| "-".repeat(width)).collect();
    format!("| {} |\n", cells.join(" | "))
}
