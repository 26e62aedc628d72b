//! What derives cost to compile: 200 structs of ten fields, each way of deriving a crate of its own.

mod source;

use std::{
    env, fs, io,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use self::source::{ALL, STRUCTS, Variant};
use crate::{
    clock::Clock,
    measure::{Outcome, Sample},
    row::{Line, Target, Unit},
    table::Section,
};

const NOTES: &str = "200 structs of ten fields; what `cargo check` or `cargo build --release` takes for one struct, over the \
same structs without a derive. Incremental compilation is off. \"Used\" means that `serde_json::to_vec` is called for each \
struct; `Deserialize` is derived and not called, which in a release build would cost about four times as much again. \
`derive(Content)` is the digest alone; `derive(Versioned)` is all there is: digest, description, links, patch, merge and \
methods. What is measured is the processor's time of cargo and the compiler, so other work on the machine hardly shows; where \
the compiler uses both cores, it is more than a developer waits.";

const ROUNDS: usize = 3;

/// How a crate is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Check,
    Release,
}

impl Mode {
    fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Check => &["check"],
            Self::Release => &["build", "--release"],
        }
    }

    /// What `digest, description and links` may take for each struct.
    fn digest_within(self) -> Duration {
        match self {
            Self::Check => Duration::from_millis(1),
            Self::Release => Duration::from_millis(2),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Release => "release",
        }
    }
}

/// Measures all variants in turns, in both modes.
///
/// # Errors
/// Where the crates can't be written, or don't compile.
pub(crate) fn section(folder: &Path) -> io::Result<Section> {
    let workspace = Workspace::write(folder)?;
    let mut lines = Vec::new();
    for mode in [Mode::Check, Mode::Release] {
        ALL.iter().try_for_each(|variant| workspace.compile(*variant, mode).map(drop))?;
        let rounds = (0..ROUNDS).map(|_| workspace.round(mode)).collect::<io::Result<Vec<_>>>()?;
        lines.extend(lines_of(mode, &rounds));
    }
    Ok(Section { title: "Compile time", notes: NOTES, lines })
}

/// The time for each struct over none, in one round.
struct Round([Sample; ALL.len()]);

impl Round {
    fn of(&self, variant: Variant) -> Sample {
        self.0[variant as usize]
    }
}

fn lines_of(mode: Mode, rounds: &[Round]) -> [Line; 3] {
    let line = |hand: Variant, ours: Variant, target| {
        let samples: Vec<_> = rounds.iter().map(|round| (round.of(hand), round.of(ours))).collect();
        let what = format!("{}: {}", mode.name(), ours.name());
        Line { what, hand: hand.name().to_owned(), unit: Unit::Time, targets: target, outcome: Outcome::of(&samples) }
    };
    [
        line(Variant::Serialize, Variant::Content, vec![Target::Within(mode.digest_within())]),
        line(Variant::Serde, Variant::Versioned, vec![Target::AtMost(0.5)]),
        line(Variant::Serialize, Variant::Versioned, vec![]),
    ]
}

/// The folder that holds a crate for each variant.
struct Workspace(PathBuf);

impl Workspace {
    fn write(folder: &Path) -> io::Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
        fs::write(folder.join("Cargo.toml"), source::workspace_manifest(&root))?;
        // The same releases of all dependencies, and no need to ask a registry.
        fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock"))?;
        for variant in ALL {
            let sources = folder.join(variant.package()).join("src");
            fs::create_dir_all(&sources)?;
            fs::write(folder.join(variant.package()).join("Cargo.toml"), source::manifest(variant))?;
            fs::write(sources.join("lib.rs"), source::library(variant))?;
        }
        Ok(Self(folder.to_owned()))
    }

    fn round(&self, mode: Mode) -> io::Result<Round> {
        let mut times = [Duration::ZERO; ALL.len()];
        for variant in ALL {
            times[variant as usize] = self.compile(variant, mode)?;
        }
        let none = times[Variant::Nothing as usize];
        Ok(Round(times.map(|time| for_one_struct(time.saturating_sub(none)))))
    }

    /// Compiles one crate anew, all it depends on being compiled already except for the first time.
    fn compile(&self, variant: Variant, mode: Mode) -> io::Result<Duration> {
        let library = self.0.join(variant.package()).join("src/lib.rs");
        fs::write(&library, source::library(variant))?;
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args(mode.arguments()).args(["--quiet", "--package", variant.package()]);
        cargo.current_dir(&self.0).env("CARGO_TARGET_DIR", self.0.join("target")).env("CARGO_INCREMENTAL", "0");
        let (elapsed, status) = Clock::Children.time(|| cargo.status());
        let status = status?;
        if status.success() { Ok(elapsed) } else { Err(io::Error::other(format!("{cargo:?} failed: {status}"))) }
    }
}

fn for_one_struct(time: Duration) -> Sample {
    // A time of nothing would make the ratio meaningless.
    Sample { nanos: (time / STRUCTS).as_secs_f64().max(1e-9) * 1e9, p99: None }
}
