//! What the bookkeeping keeps, as resources.

use etag_core::Versioned;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An invoice: a row of `invoices`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, Versioned)]
#[versioned(collection = "invoices", validator = revision, changes = 20)]
pub(crate) struct Invoice {
    /// Its number.
    #[versioned(id)]
    pub(crate) id: i64,
    /// Who is to pay.
    pub(crate) customer: String,
    /// The day it was issued.
    pub(crate) issued: Date,
    /// Whether it was paid.
    #[serde(default)]
    pub(crate) paid: bool,
}

/// A line of an invoice: a row of `invoice_lines`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, Versioned)]
#[versioned(collection = "lines", validator = revision, changes = 20)]
pub(crate) struct Line {
    /// Its number.
    #[versioned(id)]
    pub(crate) id: i64,
    /// The invoice it is on, which changes with each of its lines.
    #[versioned(parent(Invoice, touch = content, on_delete = cascade))]
    pub(crate) invoice_id: i64,
    /// What is to be paid for.
    pub(crate) item: String,
    /// How many; the table takes no less than 1.
    pub(crate) quantity: u32,
    /// The price of one, in cents.
    pub(crate) cents: i64,
}
