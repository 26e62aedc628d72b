//! A digest of a task, by a walk over its fields or by way of JSON.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::model::DigestedTask;

const BUFFER: usize = 1024;

/// Gathers small writes, so that SHA-256 sees whole blocks.
struct Walk {
    hasher: Sha256,
    buffer: [u8; BUFFER],
    filled: usize,
}

impl Walk {
    fn new() -> Self {
        Self { hasher: Sha256::new(), buffer: [0; BUFFER], filled: 0 }
    }

    #[inline]
    fn bytes(&mut self, bytes: &[u8]) {
        if self.filled + bytes.len() > BUFFER {
            self.flush();
            if bytes.len() > BUFFER {
                return self.hasher.update(bytes);
            }
        }
        self.buffer[self.filled..self.filled + bytes.len()].copy_from_slice(bytes);
        self.filled += bytes.len();
    }

    fn flush(&mut self) {
        self.hasher.update(&self.buffer[..self.filled]);
        self.filled = 0;
    }

    #[inline]
    fn name(&mut self, name: &str) {
        self.bytes(name.as_bytes());
        self.bytes(&[0]);
    }

    #[inline]
    fn length(&mut self, length: usize) {
        self.bytes(&(length as u64).to_le_bytes());
    }

    #[inline]
    fn text(&mut self, name: &str, value: &str) {
        self.name(name);
        self.length(value.len());
        self.bytes(value.as_bytes());
    }

    fn finish(mut self) -> [u8; 16] {
        self.flush();
        let hash: [u8; 32] = self.hasher.finalize().into();
        *hash.first_chunk().expect("32 bytes")
    }
}

/// SHA-256 over names, lengths and values, cut to 128 bits. It allocates nothing.
pub(crate) fn walk(task: &DigestedTask) -> [u8; 16] {
    let mut walk = Walk::new();
    walk.name("id");
    walk.bytes(task.id.as_bytes());
    walk.text("title", &task.title);
    walk.text("description", &task.description);
    walk.name("tags");
    walk.length(task.tags.len());
    task.tags.iter().for_each(|tag| walk.text("", tag));
    walk.name("priority");
    walk.bytes(&[task.priority]);
    walk.name("estimate");
    walk.bytes(&task.estimate.map_or([0xFF; 8], |estimate| estimate.to_bits().to_le_bytes()));
    walk.name("done");
    walk.bytes(&[u8::from(task.done)]);
    match &task.due {
        Some(due) => walk.text("due", due),
        None => walk.name("no due"),
    }
    walk.name("steps");
    walk.length(task.steps.len());
    for step in &task.steps {
        walk.text("title", &step.title);
        walk.name("done");
        walk.bytes(&[u8::from(step.done)]);
        walk.name("minutes");
        walk.bytes(&step.minutes.to_le_bytes());
    }
    walk.finish()
}

/// SHA-256 over the JSON, in hexadecimal: the usual way.
pub(crate) fn by_way_of_json(task: &DigestedTask) -> String {
    let json = serde_json::to_vec(task).expect("a task is JSON");
    let hash = Sha256::digest(&json);
    let mut hex = String::with_capacity(64);
    for byte in hash {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}
