//! The models that all rows use: a task of a board, and one whose tag is a digest.

use etag_core::{Content, Versioned};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

macro_rules! task {
    ($(#[$doc:meta])* $name:ident, $validator:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, Versioned)]
        #[versioned(collection = "tasks", validator = $validator)]
        pub(crate) struct $name {
            #[versioned(id)]
            pub(crate) id: Uuid,
            pub(crate) title: String,
            pub(crate) description: String,
            pub(crate) tags: Vec<String>,
            pub(crate) priority: u8,
            pub(crate) estimate: Option<f64>,
            pub(crate) done: bool,
            pub(crate) due: Option<String>,
            pub(crate) steps: Vec<Step>,
        }

        impl $name {
            /// A task whose JSON has about `bytes` bytes: text, and beyond that a list of steps.
            pub(crate) fn of_size(bytes: usize) -> Self {
                let mut task = Self {
                    id: Uuid::from_u128(0x0199_3f2a_6c1d_7b3e_8f00_5a1c_2d3e_4f50),
                    title: "Write the release notes".to_owned(),
                    description: TEXT.chars().cycle().take(bytes.min(700).saturating_sub(330)).collect(),
                    tags: ["docs", "release", "q3"].map(str::to_owned).into(),
                    priority: 2,
                    estimate: Some(3.5),
                    done: false,
                    due: Some("2026-09-30".to_owned()),
                    steps: Vec::new(),
                };
                task.fill_up_to(bytes);
                task
            }

            fn fill_up_to(&mut self, bytes: usize) {
                let length = |value: &Self| serde_json::to_vec(value).expect("a task is JSON").len();
                let without = length(self);
                self.steps.push(Step::nth(0));
                let missing = bytes.saturating_sub(without) / (length(self) - without + 1);
                self.steps = (0..missing).map(Step::nth).collect();
            }
        }
    };
}

task!(
    /// Its tag is the store's revision.
    Task,
    revision
);
task!(
    /// Its tag is a digest of its content.
    DigestedTask,
    digest
);

/// One step of a task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, Content)]
pub(crate) struct Step {
    pub(crate) title: String,
    pub(crate) done: bool,
    pub(crate) minutes: u32,
}

impl Step {
    fn nth(n: usize) -> Self {
        let title = format!("Step {n}: read what changed, and say it in one sentence");
        Self { title, done: n.is_multiple_of(3), minutes: 15 }
    }
}

const TEXT: &str = "What has changed since the last release, for whom it matters, and what they have to do. ";
