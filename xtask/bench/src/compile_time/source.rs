//! The crates that are compiled.

use std::{fmt::Write as _, path::Path};

/// How many structs each crate has.
pub(super) const STRUCTS: u32 = 200;

/// What the structs derive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Variant {
    Nothing,
    Content,
    Versioned,
    Serialize,
    Serde,
}

pub(super) const ALL: [Variant; 5] =
    [Variant::Nothing, Variant::Content, Variant::Versioned, Variant::Serialize, Variant::Serde];

impl Variant {
    /// What the table calls it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Nothing => "no derive",
            Self::Content => "`Content`",
            Self::Versioned => "`Versioned`",
            Self::Serialize => "`Serialize`, used",
            Self::Serde => "`Serialize`, used, and `Deserialize`",
        }
    }

    /// The name of its crate.
    pub(super) fn package(self) -> &'static str {
        match self {
            Self::Nothing => "derives-nothing",
            Self::Content => "derives-content",
            Self::Versioned => "derives-versioned",
            Self::Serialize => "derives-serialize",
            Self::Serde => "derives-serde",
        }
    }

    fn attributes(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::Content => "#[derive(etag_core::Content)]",
            Self::Versioned => {
                "#[derive(Clone, etag_core::Versioned)]\n#[versioned(collection = \"things\", validator = digest)]"
            }
            Self::Serialize => "#[derive(serde::Serialize)]",
            Self::Serde => "#[derive(serde::Serialize, serde::Deserialize)]",
        }
    }

    fn id_attribute(self) -> &'static str {
        if self == Self::Versioned { "#[versioned(id)] " } else { "" }
    }

    /// What calls the derived code of struct `n`, where it is generic and would else not be compiled.
    fn uses(self, n: u32) -> String {
        match self {
            Self::Nothing | Self::Content | Self::Versioned => String::new(),
            Self::Serialize | Self::Serde => {
                format!("pub fn write_{n}(thing: &Thing{n}) -> Vec<u8> {{ serde_json::to_vec(thing).unwrap() }}\n")
            }
        }
    }
}

/// The source of a variant's crate.
pub(super) fn library(variant: Variant) -> String {
    (0..STRUCTS).fold(String::new(), |mut source, n| {
        let (attributes, id, uses) = (variant.attributes(), variant.id_attribute(), variant.uses(n));
        let _ = write!(
            source,
            "{attributes}\npub struct Thing{n} {{
    {id}pub id: String,
    pub title: String,
    pub description: Option<String>,
    pub tags: Vec<String>,
    pub priority: u8,
    pub estimate: Option<f64>,
    pub done: bool,
    pub due: Option<String>,
    pub owner: u64,
    pub weight: i32,
}}\n{uses}\n"
        );
        source
    })
}

/// The manifest of a variant's crate. All have the same dependencies, so that loading them costs each the same.
pub(super) fn manifest(variant: Variant) -> String {
    format!(
        "[package]\nname = \"{}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n\
         etag-core.workspace = true\nserde.workspace = true\nserde_json.workspace = true\n",
        variant.package()
    )
}

/// The manifest of the folder of crates.
pub(super) fn workspace_manifest(project: &Path) -> String {
    format!(
        "[workspace]\nresolver = \"3\"\nmembers = [\"derives-*\"]\n\n[workspace.dependencies]\n\
         etag-core = {{ path = '{}' }}\nserde = {{ version = \"1\", features = [\"derive\"] }}\nserde_json = \"1\"\n",
        project.join("etag-core").display()
    )
}
