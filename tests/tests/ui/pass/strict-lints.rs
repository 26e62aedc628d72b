//! A library under every lint that asks something of generated code.
#![deny(warnings, missing_docs, unreachable_pub, missing_debug_implementations, missing_copy_implementations)]
#![deny(unused, unused_qualifications, unused_lifetimes, single_use_lifetimes, non_ascii_idents, let_underscore_drop)]
#![deny(nonstandard_style, future_incompatible, rust_2018_idioms, unit_bindings, variant_size_differences)]
#![deny(trivial_casts, trivial_numeric_casts, explicit_outlives_requirements, elided_lifetimes_in_paths)]
#![forbid(unsafe_code)]

/// A library.
pub mod library {
    use etag_core::{Content, ETag, ModelId, Versioned};
    use serde::{Deserialize, Serialize};

    /// An id.
    #[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ModelId)]
    pub struct TaskId(String);

    /// A priority.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Serialize, Deserialize, Content)]
    pub enum Priority {
        /// Can wait.
        Low,
        /// Can't.
        High(u8),
    }

    /// A thing of the past.
    #[deprecated]
    #[derive(Clone, Debug, PartialEq, Content)]
    pub enum Past {
        /// A variant.
        #[deprecated]
        Gone(u8),
        /// Another.
        Left {
            /// When.
            #[deprecated]
            at: String,
        },
    }

    /// A task.
    #[derive(Clone, Debug, Serialize, Deserialize, Versioned)]
    #[versioned(collection = "tasks", patch(derive(Clone, Debug, Serialize, Deserialize)))]
    pub struct Task {
        /// Its id.
        #[versioned(id)]
        pub id: TaskId,
        /// Its title.
        pub title: String,
        /// Its priority.
        #[versioned(merge = max)]
        pub priority: Option<Priority>,
        /// The task before.
        #[versioned(parent(Task, touch = content, on_delete = detach, name = "previous"))]
        pub previous_id: Option<TaskId>,
        /// The task that it is part of.
        #[versioned(parent(Self, touch = structure, lock = own, on_delete = cascade, cascade = unseen, name = "whole"))]
        pub whole_id: Option<TaskId>,
        /// What nobody should read any more.
        #[deprecated]
        pub remark: String,
        /// When it changed.
        #[versioned(modified)]
        pub modified: String,
        /// How much is known of it.
        #[serde(default)]
        #[versioned(derived)]
        pub size: usize,
    }

    /// What is known of a task.
    #[derive(Clone, Debug, Serialize, Deserialize, Versioned)]
    #[versioned(collection = "details", changes = 20)]
    pub struct Details {
        /// The task's id, and its own.
        #[versioned(id, parent(Task, touch = content, on_delete = cascade, derive = Self::measure))]
        pub task_id: TaskId,
        /// What was noted.
        pub notes: String,
    }

    impl Details {
        fn measure(task: &mut Task, _: Option<&Self>, after: Option<&Self>) {
            task.size = after.map_or(0, |details| details.notes.len());
        }
    }

    /// A mirror of another server's resource.
    #[derive(Debug, Versioned)]
    #[versioned(collection = "mirrors", validator = opaque)]
    pub struct Mirror {
        /// Its id.
        #[versioned(id)]
        pub id: u64,
        /// Its tag.
        #[versioned(etag)]
        pub etag: ETag,
    }

    /// A model that nobody writes.
    #[derive(Debug, Versioned)]
    #[versioned(collection = "notes", validator = digest)]
    #[allow(dead_code)]
    struct Note {
        #[versioned(id)]
        id: u64,
        text: String,
    }

    /// A model that the crate alone sees.
    #[derive(Debug, Versioned)]
    #[versioned(collection = "notes", validator = last_modified)]
    #[allow(dead_code)]
    pub(crate) struct Inner {
        #[versioned(id)]
        id: u64,
        text: String,
    }
}

fn main() {}
