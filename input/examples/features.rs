//! How fast a file of features is read: `features FILE [THREADS]`. Prints megabytes a second, and sums that tell
//! whether two ways of reading agree.

use std::path::Path;
use std::time::Instant;

use input::features::{FeatureOptions, FeatureSource};

#[expect(
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "it is what the example is for"
)]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("usage: features FILE [THREADS]")?;
    let threads = arguments.next().map_or(Ok(1), |text| text.parse())?;
    let start = Instant::now();
    let source = FeatureSource::open(Path::new(&path), &FeatureOptions::default())?;
    println!("{:?}", source.facts());
    let mut sums = (0, 0, 0, 0.0, 0.0);
    let mut bytes = 0;
    let totals = source.read(
        threads,
        |batch| {
            let (lon, lat) = batch
                .lonlat
                .iter()
                .fold((0.0, 0.0), |(a, b), [lon, lat]| (a + lon, b + lat));
            let text: usize = batch.text.len();
            (batch.cells.len(), text, batch.lonlat.len(), lon, lat)
        },
        |done| {
            let (cells, text, vertices, lon, lat) = done.value;
            sums.0 += cells;
            sums.1 += text;
            sums.2 += vertices;
            sums.3 += lon;
            sums.4 += lat;
            bytes = done.bytes_read;
            for reject in &done.rejects {
                println!("{}: {}", reject.origin, reject.problem);
            }
            Ok::<(), std::convert::Infallible>(())
        },
    )?;
    let seconds = start.elapsed().as_secs_f64();
    println!("{totals:?}");
    println!("{sums:?}");
    println!("{seconds:.3} s, {:.0} MB/s", bytes as f64 / 1e6 / seconds);
    Ok(())
}
