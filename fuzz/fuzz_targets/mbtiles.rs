//! A file of `SQLite` as it is, and other bytes as rows of one, so that they get past its own checks.
#![no_main]

use std::path::Path;

use rusqlite::{Connection, params};
use yutu_fuzz::archives::{look_at, place};

/// Name and value of metadata; zoom, column, row and bytes of tiles.
type Rows = (Vec<(u8, String)>, Vec<(i8, i16, i16, Vec<u8>)>);

libfuzzer_sys::fuzz_target!(|input: (bool, &[u8], Rows)| {
    let (whole, bytes, rows) = input;
    let path = place("a.mbtiles");
    if whole {
        std::fs::write(&path, bytes).expect("written");
    } else {
        write(&path, &rows).expect("SQLite writes");
    }
    look_at(&path);
});

fn write(path: &Path, (metadata, tiles): &Rows) -> rusqlite::Result<()> {
    let _ = std::fs::remove_file(path);
    let file = Connection::open(path)?;
    file.execute_batch(
        "pragma journal_mode = off; pragma synchronous = off; begin;
         create table metadata (name text, value text);
         create table tiles (zoom_level integer, tile_column integer, tile_row integer, tile_data blob);",
    )?;
    let names = ["name", "format", "bounds", "center", "minzoom", "maxzoom", "json", "type"];
    for (name, value) in metadata {
        let name = names[usize::from(*name) % names.len()];
        file.execute("insert into metadata values (?, ?)", params![name, value])?;
    }
    for (zoom, column, row, data) in tiles {
        file.execute("insert into tiles values (?, ?, ?, ?)", params![zoom, column, row, data])?;
    }
    file.execute_batch("commit")
}
