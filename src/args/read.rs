//! How files of features are read: options that commands share.

use clap::Args;
use input::features::{FeatureFormat, FeatureOptions};

// What a file may leave open.
#[derive(Debug, Args)]
pub struct FileOptions {
    /// geojson, ndjson, geojsonseq, csv, gpkg, flatgeobuf, shapefile, geoparquet, kml or topojson; told by the file unless said.
    #[arg(long)]
    pub format: Option<FeatureFormat>,
    /// Column of longitudes in a table.
    #[arg(long, value_name = "COLUMN")]
    pub lon: Option<String>,
    /// Column of latitudes in a table.
    #[arg(long, value_name = "COLUMN")]
    pub lat: Option<String>,
    /// utf-8, gb18030 or utf-16, where the format leaves it open.
    #[arg(long)]
    pub encoding: Option<input::Encoding>,
}

impl FileOptions {
    /// As a reader takes them. `layer`: the one to read, where a file has several.
    pub fn with_layer(&self, layer: Option<&String>) -> FeatureOptions {
        let mut options = FeatureOptions::default();
        options.format = self.format;
        options.layer = layer.cloned();
        options.lon.clone_from(&self.lon);
        options.lat.clone_from(&self.lat);
        options.encoding = self.encoding;
        options
    }
}
