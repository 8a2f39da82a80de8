//! The command line.

mod archive;
mod ask;
mod check;
mod convert;
mod map;
mod places;
mod plan;
mod read;
mod tile;

use std::path::PathBuf;

pub use archive::{
    ArchiveCommand, ArchiveDiffArgs, ExtractArgs, InspectArgs, MergeArgs, VerifyArgs,
};
pub use ask::{
    AlongArgs, AtArgs, BetweenArgs, DistanceArgs, IndexArgs, JoinArgs, MatrixArgs, NearArgs,
    Origin, OutputArgs, OverlapArgs, Predicate, ReachArgs, RowArgs, SubjectArgs, WithinArgs,
};
pub use check::CheckArgs;
pub use convert::{ConvertArgs, ReadOptions, TakeOptions};
pub use map::{
    FigureOptions, MapArgs, MapReadOptions, PageLanguage, PageOptions, Size, ThemeChoice,
};
pub use places::{GazetteerCommand, ImportArgs, PlacesArgs};
pub use plan::{AboutArgs, AuditArgs, DiffArgs, ReadArgs, StructuresArgs};
pub use tile::{Drop, LastZoom, RasterFormat, SmallChoice, TileArgs};

use clap::{Args, Parser, Subcommand};
use gazetteer::PartialDate;

/// Chinese regional plans as map layers: every feature cites the words that made it.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
pub struct Arguments {
    /// Say nothing on stderr but errors.
    #[arg(long, short, global = true, display_order = 900)]
    pub quiet: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

// The commands. Deferred: the arguments of a command are made when it is the one asked for, not those of all. What is said of
// groups of arguments are comments here: as documentation it would take the place of what the command says of itself.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum Command {
    /// Build the atlas: layers, styles, maps, tiles and the manifest.
    Build(BuildArgs),
    /// List the layers.
    Layers(JsonArgs),
    /// Draw a layer, or a file of features, as a page for a report: PNG, WebP, SVG or PDF.
    Map(Box<MapArgs>),
    /// Write layers as vector tiles.
    Tile(Box<TileArgs>),
    /// Write features of any file in any other format.
    Convert(Box<ConvertArgs>),
    /// Check a file of features: geometries, attributes, encoding; exit code 1 when something is wrong.
    Check(Box<CheckArgs>),
    /// Read a plan: its outline, its names and what it says of them.
    Read(ReadArgs),
    /// List what the plans say of places: every structure of the checked catalogue, with its article.
    Structures(StructuresArgs),
    /// Tell all that the plans say of a place, by theme, with a map of where it is.
    About(AboutArgs),
    /// Compare two plans: what was added, dropped, renamed, re-staged or re-scoped.
    Diff(DiffArgs),
    /// Hold the figures that the plans print against their lists, the borders and one another.
    Audit(AuditArgs),
    /// Find the places that a name stands for, best first.
    Places(PlacesArgs),
    /// Import places of your own, list what was imported, remove it.
    #[command(subcommand)]
    Gazetteer(GazetteerCommand),
    /// Find what is near a place or a position, nearest first; or near every row of a file.
    Near(NearArgs),
    /// Find what lies in a box, in the area of a place, or around a place.
    Within(WithinArgs),
    /// Find what lies along a route, in its order: a river, or a way through places.
    Along(AlongArgs),
    /// Find what lies between two places, in the order of the way.
    Between(BetweenArgs),
    /// Measure how far two places are apart; along a river where they lie on one.
    Distance(DistanceArgs),
    /// Measure all distances between places.
    Matrix(MatrixArgs),
    /// Measure what two areas share.
    Overlap(OverlapArgs),
    /// Tell for every row of a file of points which area holds it, or which feature is nearest.
    Join(JoinArgs),
    /// Make an index of a file of points, which answers at once.
    Index(IndexArgs),
    /// Cut a river between two places: its course there and how long it is.
    Reach(ReachArgs),
    /// Say what a position lies in: county, prefecture, province, and features of the layers.
    At(AtArgs),
    /// Print a completion script for a shell.
    Completions {
        /// Which shell.
        shell: clap_complete::Shell,
    },
}

// Of `yutu build`.
#[derive(Debug, Args)]
pub struct BuildArgs {
    /// Draw everything that this plan says: its text (.txt, .docx, .html, .pdf; `-`: standard input), or a catalogue
    /// (.toml) that `yutu read --catalogue` wrote.
    #[arg(long, value_name = "FILE", conflicts_with = "layers")]
    pub plan: Option<PathBuf>,
    /// The date of the plan, where its text gives none or another: YYYY, YYYY-MM or YYYY-MM-DD.
    #[arg(long, value_name = "DATE", requires = "plan")]
    pub as_of: Option<PartialDate>,
    /// Folder to write to. An atlas that is there is replaced.
    #[arg(long, short, value_name = "DIR", default_value = "atlas")]
    pub out: PathBuf,
    /// Only this layer, by identifier or title; repeat for more.
    #[arg(long = "layer", value_name = "NAME")]
    pub layers: Vec<String>,
    /// Folder with the texts of the plans: each feature gets the sentence that made it.
    #[arg(long = "plans", value_name = "DIR", conflicts_with = "plan")]
    pub texts: Option<PathBuf>,
    /// Write into a folder that holds other files.
    #[arg(long)]
    pub force: bool,
}

// Of commands whose only choice is the form of the answer.
#[derive(Debug, Args)]
pub struct JsonArgs {
    /// Answer in JSON.
    #[arg(long)]
    pub json: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn options_may_follow_a_list_of_places() {
        let along = ["yutu", "along", "广安", "重庆", "--width", "5km"];
        let parsed = Arguments::try_parse_from(along).expect("a route and its width");
        let Command::Along(args) = parsed.command else {
            panic!("another command");
        };
        assert_eq!((args.route.len(), args.width.metres), (2, 5000.0));
        let matrix = ["yutu", "matrix", "广安", "重庆", "--json"];
        assert!(Arguments::try_parse_from(matrix).is_ok());
        let west = ["yutu", "matrix", "--json", "--", "-77.5,12", "广安"];
        assert!(Arguments::try_parse_from(west).is_ok());
    }

    #[test]
    fn a_command_says_of_itself_what_the_list_of_commands_says() {
        fn says(command: &clap::Command) -> Vec<String> {
            let said = command.get_about().map(ToString::to_string);
            let mut all = vec![format!(
                "{}: {}",
                command.get_name(),
                said.unwrap_or_default()
            )];
            all.extend(
                command
                    .get_subcommands()
                    .filter(|of| of.get_name() != "help")
                    .map(|of| {
                        let said = of.get_about().map(ToString::to_string);
                        format!("{}: {}", of.get_name(), said.unwrap_or_default())
                    }),
            );
            all
        }
        let listed = Arguments::command();
        let mut built = Arguments::command();
        built.build();
        assert!(says(&listed).len() > 20);
        assert_eq!(says(&built), says(&listed));
    }
}
