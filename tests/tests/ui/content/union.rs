use etag_core::Content;

#[derive(Content)]
union Bits {
    number: u32,
    float: f32,
}

fn main() {}
