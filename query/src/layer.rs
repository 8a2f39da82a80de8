//! The features of a file, ready to be asked.

mod attributes;
mod making;

use std::path::Path;
use std::sync::Arc;

use gazetteer::{Extent, LonLat};
use geo::Geometry;
use input::features::FeatureSource;
use input::{InputError, ReadError};

use self::making::{Block, Making, block};
use crate::areas::{AreasBuilder, CellMap};
use crate::points::{IndexAbout, IndexError, PointIndex, PointTree, SavedIndex};
use crate::shapes::{Edges, ShapeIndex, ShapeIndexBuilder, ShapeNeighbour};

pub use self::attributes::{Attributes, attributes_of};
pub(crate) use self::attributes::{json_string, write_members};
pub(crate) use self::making::single_point;

/// Why a layer cannot be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LayerError {
    /// The file cannot be read.
    #[error(transparent)]
    Input(#[from] InputError),
    /// The index cannot be written.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// It has more features than can be numbered.
    #[error("{file}: more than 4,294,967,294 features; expected fewer: split the file")]
    TooMany {
        /// Which file.
        file: String,
    },
    /// A row makes no feature, and none may be left out.
    #[error("{file}:{place}: {problem}")]
    Row {
        /// Which file.
        file: String,
        /// Line or row.
        place: input::Origin,
        /// What is wrong with it.
        problem: Box<input::Problem>,
    },
    /// Nothing in it can answer the question.
    #[error("{file}: no {expected} in it; expected a file of {expected}s")]
    Nothing {
        /// Which file.
        file: String,
        /// What the question needs.
        expected: &'static str,
    },
}

/// What a layer is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Which of its areas hold a position; points and lines hold none.
    Areas,
    /// Which of its features are near.
    Nearest(Edges),
}

/// The geometry of a layer, by what it is asked for.
#[derive(Debug)]
pub enum Shapes {
    /// Areas laid out by cells.
    Areas(CellMap),
    /// Single points only.
    Points(PointIndex),
    /// Single points only, in a saved index.
    Saved(Arc<SavedIndex>),
    /// Anything else.
    Mixed(ShapeIndex),
}

/// The features of a file.
#[derive(Debug)]
pub struct Layer {
    /// The name of the file without folder and ending.
    pub name: String,
    /// Where they are.
    pub shapes: Shapes,
    /// What they are.
    pub attributes: Attributes,
    /// How many features there are.
    pub features: u32,
    /// Rows of the file that make no feature.
    pub left_out: u64,
    /// Of these the ones that would make one with longitude and latitude the other way round.
    pub swapped: u64,
}

impl Layer {
    /// Reads all features of a file. With `strict` the first row that makes no feature is an error, else such rows are
    /// counted. `columns`, when not empty, are the only attributes to keep. `progress` gets the bytes read so far.
    ///
    /// # Errors
    /// When the file cannot be read, holds none of what the purpose needs, or more than can be numbered.
    pub fn read(
        mut source: FeatureSource,
        purpose: Purpose,
        columns: &[String],
        strict: bool,
        threads: usize,
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<Self, LayerError> {
        let file = source.facts().file.clone();
        if !columns.is_empty() {
            source.keep_only(columns);
        }
        let mut making = match purpose {
            Purpose::Areas => Making::Areas(AreasBuilder::default(), 0),
            Purpose::Nearest(edges) => Making::Points(Vec::new(), edges),
        };
        let mut attributes = Attributes::default();
        let (mut features, mut left_out, mut swapped) = (0_u32, 0, 0);
        let totals = source.read(threads, block, |mut done| {
            if strict && !done.rejects.is_empty() {
                let reject = done.rejects.remove(0);
                return Err(LayerError::Row {
                    file: file.clone(),
                    place: reject.origin,
                    problem: Box::new(reject.problem),
                });
            }
            swapped += crate::batch::swapped(&done.rejects);
            let block: Block = done.value;
            let count = u32::try_from(block.ends.len()).unwrap_or(u32::MAX);
            features = features
                .checked_add(count)
                .filter(|all| *all < u32::MAX)
                .ok_or_else(|| LayerError::TooMany { file: file.clone() })?;
            let keys = block.batch.keys.iter();
            let keys: Vec<String> = keys
                .filter(|key| columns.is_empty() || columns.contains(key))
                .cloned()
                .collect();
            attributes.add(&keys, &block.members, &block.ends);
            making.add(&block.batch);
            progress(done.bytes_read);
            Ok(())
        });
        match totals {
            Ok(totals) => left_out += totals.rejects,
            Err(ReadError::Input(error)) => return Err(error.into()),
            Err(ReadError::Refused(error)) => return Err(error),
        }
        let shapes = match making {
            Making::Areas(_, 0) => {
                return Err(LayerError::Nothing {
                    file,
                    expected: "area",
                });
            }
            Making::Areas(areas, _) => Shapes::Areas(CellMap::new(areas.finish(), threads)),
            Making::Points(points, _) => Shapes::Points(PointIndex::new(&points, threads)),
            Making::Mixed(builder) => Shapes::Mixed(builder.finish(threads)),
        };
        Ok(Self {
            name: stem(&file),
            shapes,
            attributes,
            features,
            left_out,
            swapped,
        })
    }

    /// A layer of features that are at hand, with their attributes, to find the nearest of them.
    ///
    /// # Errors
    /// When there are more than can be numbered.
    pub fn of<'f>(
        name: &str,
        features: impl IntoIterator<
            Item = (
                &'f Geometry<f64>,
                serde_json::Map<String, serde_json::Value>,
            ),
        >,
        edges: Edges,
    ) -> Result<Self, LayerError> {
        let mut builder = ShapeIndexBuilder::new(edges);
        let mut attributes = Attributes::default();
        let mut count = 0_u32;
        for (geometry, object) in features {
            builder.geometry(geometry);
            builder.end();
            let keys: Vec<String> = object.keys().cloned().collect();
            let text = serde_json::Value::Object(object).to_string();
            let members = text.get(1..text.len() - 1).unwrap_or_default();
            attributes.add(&keys, members.as_bytes(), &[members.len()]);
            let file = || name.to_owned();
            count = count
                .checked_add(1)
                .ok_or_else(|| LayerError::TooMany { file: file() })?;
        }
        Ok(Self {
            name: name.to_owned(),
            shapes: Shapes::Mixed(builder.finish(1)),
            attributes,
            features: count,
            left_out: 0,
            swapped: 0,
        })
    }

    /// The features nearest to a position, as [`ShapeIndex::near`] and [`PointTree::search`] find them: number,
    /// metres by geodesic, nearest position. Nothing for a layer of areas laid out by cells.
    #[must_use]
    pub fn near(
        &self,
        at: LonLat,
        most: usize,
        radius_m: f64,
        admits: &dyn Fn(u32) -> bool,
    ) -> Vec<ShapeNeighbour> {
        let points = |tree: PointTree<'_>| {
            let mut search = tree.search(most, radius_m, admits);
            let found = search.near(at).to_vec();
            let found = found.iter().map(|near| ShapeNeighbour {
                shape: near.id,
                distance_m: search.geodesic_m(at, near),
                position: search.position(near),
                edge: 0,
            });
            found.collect()
        };
        match &self.shapes {
            Shapes::Areas(_) => Vec::new(),
            Shapes::Points(index) => points(index.tree()),
            Shapes::Saved(index) => points(index.tree()),
            Shapes::Mixed(index) => index.near(at, most, radius_m, admits),
        }
    }

    /// The tree of a layer of points.
    #[must_use]
    pub fn points(&self) -> Option<PointTree<'_>> {
        match &self.shapes {
            Shapes::Points(index) => Some(index.tree()),
            Shapes::Saved(index) => Some(index.tree()),
            Shapes::Areas(_) | Shapes::Mixed(_) => None,
        }
    }

    /// Opens a saved index.
    ///
    /// # Errors
    /// When it is no index, or its source was changed.
    pub fn open(path: &Path) -> Result<Self, IndexError> {
        let saved = Arc::new(SavedIndex::open(path)?);
        Ok(Self {
            name: stem(&path.display().to_string()),
            // No more points than fit are ever opened.
            features: u32::try_from(saved.tree().len()).unwrap_or(u32::MAX),
            attributes: Attributes {
                columns: saved.about().columns.clone(),
                saved: Some(Arc::clone(&saved)),
                ..Attributes::default()
            },
            shapes: Shapes::Saved(saved),
            left_out: 0,
            swapped: 0,
        })
    }

    /// Saves a layer of points as an index beside or away from its source. With a class column its values (at most 64;
    /// what comes later shares the last) become classes that a search can skip by.
    ///
    /// # Errors
    /// When there is something else than points in the layer, or the index cannot be written.
    pub fn save(
        &self,
        path: &Path,
        source: &Path,
        class_column: &str,
    ) -> Result<IndexAbout, LayerError> {
        let Shapes::Points(index) = &self.shapes else {
            return Err(LayerError::Nothing {
                file: source.display().to_string(),
                expected: "point",
            });
        };
        let folder = path.parent().unwrap_or(Path::new(""));
        let beside = source.parent().unwrap_or(Path::new("")) == folder;
        let named = match (beside, source.file_name()) {
            (true, Some(name)) => name.to_string_lossy().into_owned(),
            _ => std::path::absolute(source)
                .unwrap_or_else(|_| source.to_owned())
                .to_string_lossy()
                .into_owned(),
        };
        let mut about = IndexAbout {
            source: named,
            columns: self.attributes.columns.clone(),
            class_column: class_column.to_owned(),
            classes: Vec::new(),
        };
        let (ends, members) = (&self.attributes.ends, &self.attributes.members);
        let saved = if class_column.is_empty() {
            index.save(path, source, &about, ends, members)
        } else {
            let mut classes = Vec::with_capacity(self.features as usize);
            for feature in 0..self.features {
                let value = self.attributes.text(feature, class_column);
                let known = about.classes.iter().position(|class| *class == value);
                let class = known.unwrap_or_else(|| {
                    if about.classes.len() < 64 {
                        about.classes.push(value);
                    }
                    about.classes.len() - 1
                });
                classes.push(u8::try_from(class).unwrap_or(63));
            }
            let mut positions = vec![None; self.features as usize];
            for (id, position) in index.tree().points() {
                positions[id as usize] = Some(position);
            }
            let positions: Vec<LonLat> = positions.into_iter().flatten().collect();
            PointIndex::with_classes(&positions, &classes, 1)
                .save(path, source, &about, ends, members)
        };
        saved?;
        Ok(about)
    }

    /// The box in degrees around the layer, for the order of questions; `None` when it is not known or nothing is there.
    #[must_use]
    pub fn extent(&self) -> Option<Extent> {
        match &self.shapes {
            Shapes::Areas(map) => map.extent(),
            Shapes::Points(index) => index.tree().extent(),
            Shapes::Saved(index) => index.tree().extent(),
            Shapes::Mixed(index) => index.extent(),
        }
    }
}

fn stem(file: &str) -> String {
    let name = Path::new(file).file_name().unwrap_or_default();
    let name = name.to_string_lossy();
    name.split_once('.')
        .map_or(name.as_ref(), |(stem, _)| stem)
        .to_owned()
}
