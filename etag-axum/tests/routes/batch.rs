//! `POST /$batch` (rule B1).

mod answers;
mod support;
