//! How a text of `GeoJSON` is laid out, and what stands around its features.

use super::check_crs;
use super::scan::Scan;
use crate::Problem;

/// How a text of `GeoJSON` is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::features) enum Layout {
    /// A feature on every line.
    Lines,
    /// Features one after the other, over lines.
    Objects,
    /// A text sequence: records that begin with a separator.
    Sequence,
    /// An array of features, of which the first begins at this byte, in a collection or on its own.
    Array { first: usize, collection: bool },
}

/// Tells the layout by the head of a text; `None` when the head ends before the features of a collection.
pub(in crate::features) fn layout(head: &str, any_crs: bool) -> Result<Option<Layout>, Problem> {
    let mut scan = Scan::new(head);
    scan.space();
    match scan.peek() {
        Some(0x1E) => return Ok(Some(Layout::Sequence)),
        Some(b'[') => {
            return Ok(Some(Layout::Array {
                first: scan.at + 1,
                collection: false,
            }));
        }
        _ => {}
    }
    let start = scan.at;
    match scan.array_of_collection(any_crs) {
        Ok(Some(first)) => {
            return Ok(Some(Layout::Array {
                first,
                collection: true,
            }));
        }
        Ok(None) => {}
        Err(Problem::Truncated { .. }) => return Ok(None),
        Err(problem) => return Err(problem),
    }
    scan.at = start;
    let end = match scan.value() {
        Ok(value) => start + value.len(),
        Err(_) => head.len(),
    };
    let over_lines = head.as_bytes()[start..end].contains(&b'\n');
    Ok(Some(if over_lines {
        Layout::Objects
    } else {
        Layout::Lines
    }))
}

/// Checks what follows the features of a collection.
pub(in crate::features) fn tail(
    text: &str,
    collection: bool,
    any_crs: bool,
) -> Result<(), Problem> {
    let mut scan = Scan::new(text);
    let mut own = String::new();
    if collection {
        while scan.another(b'}')? {
            let name = scan.string(&mut own)?;
            scan.expect(b':', "`:`")?;
            match name {
                "crs" => {
                    let value = scan.value()?;
                    if !any_crs {
                        check_crs(value)?;
                    }
                }
                "features" => return Err(scan.unexpected("one array of features, not two")),
                _ => {
                    scan.value()?;
                }
            }
        }
    }
    scan.space();
    if scan.at < text.len() {
        return Err(scan.unexpected("the end of the file: one collection"));
    }
    Ok(())
}

impl Scan<'_> {
    /// Where the first feature of a collection begins; `None` when the object is none.
    fn array_of_collection(&mut self, any_crs: bool) -> Result<Option<usize>, Problem> {
        let mut own = String::new();
        self.expect(b'{', "GeoJSON: an object or an array")?;
        let mut more = !self.accept(b'}');
        while more {
            let name = self.string(&mut own)?;
            self.expect(b':', "`:`")?;
            self.space();
            match name {
                "type" => {
                    let mut own = String::new();
                    if self.string(&mut own)? != "FeatureCollection" {
                        return Ok(None);
                    }
                }
                "features" if self.peek() == Some(b'[') => return Ok(Some(self.at + 1)),
                "properties" | "geometry" | "coordinates" | "geometries" => return Ok(None),
                "crs" => {
                    let value = self.value()?;
                    if !any_crs {
                        check_crs(value)?;
                    }
                }
                _ => {
                    self.value()?;
                }
            }
            more = self.another(b'}')?;
        }
        Ok(None)
    }
}
