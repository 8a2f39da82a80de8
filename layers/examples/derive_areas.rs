//! Derives `layers/data/areas.bin` from the atlas: `cargo run --release -p yutu-layers --example derive_areas`.

use std::path::Path;

use gazetteer::Gazetteer;
use layers::{Builder, Pages, area_table};
use plans::Catalogue;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (gazetteer, catalogue) = (Gazetteer::embedded()?, Catalogue::embedded()?);
    let sheets = Builder::new(&gazetteer, &catalogue).atlas(Pages::None)?;
    let bytes = area_table(&sheets);
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    std::fs::write(data.join("areas.bin"), &bytes)?;
    #[expect(clippy::print_stdout, reason = "a program")]
    {
        println!("{} bytes", bytes.len());
    }
    Ok(())
}
