-- The schema of a bookkeeping program, as it was before anything of ours came near it.
CREATE TABLE invoices (
    id INTEGER PRIMARY KEY,
    customer TEXT NOT NULL,
    issued TEXT NOT NULL,
    paid INTEGER NOT NULL DEFAULT 0 CHECK (paid IN (0, 1))
);

CREATE TABLE invoice_lines (
    id INTEGER PRIMARY KEY,
    invoice_id INTEGER NOT NULL REFERENCES invoices (id),
    item TEXT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    cents INTEGER NOT NULL
);

CREATE INDEX invoice_lines_by_invoice ON invoice_lines (invoice_id);

INSERT INTO invoices (id, customer, issued, paid) VALUES
    (1, 'Bakery Lindner', '2026-10-01', 1),
    (2, 'Gärtnerei Ölbaum', '2026-11-15', 0);

INSERT INTO invoice_lines (id, invoice_id, item, quantity, cents) VALUES
    (1, 1, 'Flour, 25 kg', 4, 2190),
    (2, 1, 'Delivery', 1, 900),
    (3, 2, 'Rye seed', 12, 450);
