//! Which columns of the bookkeeping's tables are what in the documents.

use crate::repository::Table;

pub(crate) const BOOKKEEPING: &[Table] = &[
    Table {
        collection: Some("invoices"),
        name: "invoices",
        key: "id",
        named: "id = ?2",
        listed: "TRUE",
        below: "FALSE",
        document: "json_object('id', id, 'customer', customer, 'issued', issued, 'paid', json(iif(paid, 'true', 'false')))",
        columns: "id, customer, issued, paid",
        values: "?2, ?3 ->> 'customer', ?3 ->> 'issued', ?3 ->> 'paid'",
    },
    Table {
        collection: Some("lines"),
        name: "invoice_lines",
        key: "id",
        named: "id = ?2",
        listed: "TRUE",
        below: "?4 = 'invoices' AND invoice_id = ?5",
        document: "json_object('id', id, 'invoice_id', invoice_id, 'item', item, 'quantity', quantity, 'cents', cents)",
        columns: "id, invoice_id, item, quantity, cents",
        values: "?2, ?3 ->> 'invoice_id', ?3 ->> 'item', ?3 ->> 'quantity', ?3 ->> 'cents'",
    },
];
