//! `yutu tile merge`.

use tiles::archive::Container;

use crate::Outcome;
use crate::args::MergeArgs;

pub fn run(args: &MergeArgs, quiet: bool) -> anyhow::Result<Outcome> {
    let container = Container::of(&args.out);
    let summary = tiles::archive::merge(&args.parts, &args.out, container, args.force)?;
    super::extract::say(&args.out, &summary, quiet);
    Ok(Outcome::Done)
}
