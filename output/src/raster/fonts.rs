//! Finding the faces: Noto Sans and Serif CJK SC, of the system or as given.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use fontdb::{Database, Family, ID, Query, Weight};

use super::RasterError;
use super::text::{FaceData, Typesetter};

const SANS: &str = "Noto Sans CJK SC";
const SERIF: &str = "Noto Serif CJK SC";

/// The files in which Debian and others ship the four faces. Reading just these is ten times as fast as reading every
/// font of the system.
const USUAL_FILES: [&str; 4] = [
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJK-Bold.ttc",
    "NotoSerifCJK-Regular.ttc",
    "NotoSerifCJK-Bold.ttc",
];
const USUAL_FOLDERS: [&str; 3] = [
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/Library/Fonts",
];
/// How deep below such a folder a font lies at most.
const DEPTH: usize = 4;

/// What is done with the bytes of the faces while they are open.
type Work<'w> = dyn FnMut(&[FaceData<'_>]) -> Result<(), RasterError> + 'w;

/// Where the four faces are. The files stay closed until they are used.
pub(super) struct Fonts {
    database: Database,
    sans: [ID; 2],
    serif: [ID; 2],
}

/// Found once: the tables of these files are long, and an atlas has many pages.
static OF_SYSTEM: OnceLock<Fonts> = OnceLock::new();

impl Fonts {
    /// Finds the faces on the system.
    pub(super) fn of_system() -> Result<&'static Self, RasterError> {
        if let Some(known) = OF_SYSTEM.get() {
            return Ok(known);
        }
        let found = Self::find(&[])?;
        Ok(OF_SYSTEM.get_or_init(|| found))
    }

    /// Finds the faces among `files`, or, when none are given, on the system.
    pub(super) fn find(files: &[PathBuf]) -> Result<Self, RasterError> {
        let mut database = Database::new();
        if files.is_empty() {
            for folder in USUAL_FOLDERS {
                load_usual(&mut database, Path::new(folder), DEPTH);
            }
            if family(&database, SANS).is_none() {
                database.load_system_fonts();
            }
        }
        for path in files {
            database
                .load_font_file(path)
                .map_err(|source| RasterError::FontFile {
                    path: path.clone(),
                    source,
                })?;
        }
        let any = || {
            files
                .first()
                .and_then(|_| database.faces().next())
                .map(|face| [face.id; 2])
        };
        let sans = family(&database, SANS)
            .or_else(any)
            .ok_or(RasterError::NoFont)?;
        let serif = family(&database, SERIF).unwrap_or([sans[1]; 2]);
        Ok(Self {
            database,
            sans,
            serif,
        })
    }

    /// Opens the faces and works with them; the files are closed afterwards.
    pub(super) fn with_typesetter<T>(
        &self,
        work: impl FnOnce(&Typesetter<'_>) -> T,
    ) -> Result<T, RasterError> {
        let ids = [self.sans[0], self.sans[1], self.serif[0], self.serif[1]];
        let mut work = Some(work);
        let mut answer = None;
        self.open(&ids, &[], &mut |data| {
            let faces = Typesetter::new(data)?;
            answer = work.take().map(|work| work(&faces));
            Ok(())
        })?;
        answer.ok_or(RasterError::NoFont)
    }

    /// Borrows the bytes of each face in turn: the map of a file lives only as long as the closure that sees it.
    fn open(
        &self,
        rest: &[ID],
        open: &[FaceData<'_>],
        work: &mut Work<'_>,
    ) -> Result<(), RasterError> {
        let Some((id, rest)) = rest.split_first() else {
            return work(open);
        };
        let deeper = self.database.with_face_data(*id, |data, index| {
            let mut open: Vec<FaceData<'_>> = open.to_vec();
            open.push((data, index));
            self.open(rest, &open, work)
        });
        deeper.unwrap_or(Err(RasterError::NoFont))
    }
}

/// Regular and bold of a family.
fn family(database: &Database, name: &str) -> Option<[ID; 2]> {
    let face = |weight| {
        database.query(&Query {
            families: &[Family::Name(name)],
            weight,
            ..Query::default()
        })
    };
    Some([face(Weight::NORMAL)?, face(Weight::BOLD)?])
}

fn load_usual(database: &mut Database, folder: &Path, depth: usize) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            if depth > 0 {
                load_usual(database, &path, depth - 1);
            }
        } else if path
            .file_name()
            .and_then(|name| name.to_str())
            .is_some_and(|name| USUAL_FILES.contains(&name))
        {
            // A damaged file is as good as none: the family is then looked for everywhere.
            let _ = database.load_font_file(&path);
        }
    }
}
