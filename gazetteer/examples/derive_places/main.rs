//! Derives `gazetteer/data/places.bin` from the tables beside it:
//! `cargo run --release -p yutu-gazetteer --example derive_places`.

use std::io::Cursor;
use std::path::Path;

mod tables;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let mut bytes = Cursor::new(Vec::new());
    let count = tables::derive(&data, &mut bytes)?;
    let bytes = bytes.into_inner();
    std::fs::write(data.join("places.bin"), &bytes)?;
    #[expect(clippy::print_stdout, reason = "a program")]
    {
        println!("{count} places, {} bytes", bytes.len());
    }
    Ok(())
}
