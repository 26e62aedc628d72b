//! Our rows against hand-written code, side by side.

fn main() {}
