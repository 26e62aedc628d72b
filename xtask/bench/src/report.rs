//! The table as a whole: printed section by section, and written to `bench/RESULTS.md`.

use std::{fs, io, path::Path};

use crate::{machine, table::Section};

const HEAD: &str = "# Results\n\nWritten by `cargo xtask bench`.\n\n";

const HOW_TO_READ: &str = "
Each row does the same work twice: as a careful engineer writes it by hand, and with this project. Both sides take turns
in one run, round by round, and the one that begins changes with each round. The numbers are medians over the rounds;
the ratio is the median of the rounds' ratios, ours through by hand, with the smallest and the greatest round behind it.
Judge the ratio, not the times: the machine may be shared. Where the column shows a time, a smaller ratio is better; where
it shows a rate, a greater one.

A target is a ratio, or a time or a latency of ours. A row without one is there for comparison. Nothing is left out that
missed its target.

`cargo xtask bench --quick` takes less than a minute and writes nothing; `--only TEXT` measures some rows, `--list` names
them all. Where noise hides nanoseconds, count instructions: `valgrind --tool=callgrind target/release/bench --one ROW
--iterations N --side ours`, and the same with `--side hand`.

";

/// What has been measured so far.
#[derive(Default)]
pub(crate) struct Report(Vec<Section>);

impl Report {
    /// Prints a section, and keeps it for the file. One without lines is not worth a heading.
    pub(crate) fn add(&mut self, section: Section) {
        if section.lines.is_empty() {
            return;
        }
        println!("{}", section.to_markdown());
        self.0.push(section);
    }

    /// Writes all sections to `bench/RESULTS.md`.
    ///
    /// # Errors
    /// Where the file can't be written.
    pub(crate) fn write(&self) -> io::Result<()> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../bench");
        fs::create_dir_all(&folder)?;
        let sections: Vec<_> = self.0.iter().map(Section::to_markdown).collect();
        let text = format!("{HEAD}{}{HOW_TO_READ}{}", machine::describe(), sections.join("\n"));
        fs::write(folder.join("RESULTS.md"), text)
    }
}
