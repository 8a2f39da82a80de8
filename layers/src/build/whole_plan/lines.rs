//! Lines: through the members, along rivers, between regions.

use std::collections::BTreeSet;

use gazetteer::{FeatureClass, LonLat, length_m};
use geo::{Coord, LineString};
use plans::Structure;

use super::super::BuildError;
use super::features::{Maker, Shape, roles};
use super::order;
use super::places::Found;
use super::sites::shown;
use super::themes::{Form, Kind};
use crate::model::{Feature, Properties, Quality};
use crate::sources;

/// A river and two positions on it, as bits.
pub(super) type Reach = (String, Option<(u64, u64)>, Option<(u64, u64)>);

/// A place on a line.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) name: String,
    /// What a map calls it.
    pub(super) label: String,
    pub(super) at: LonLat,
}

impl<'a> Maker<'_, 'a> {
    pub(super) fn line(
        &mut self,
        kind: &'static Kind,
        structure: &'a Structure,
        members: &[Found<'a>],
    ) -> Result<(), BuildError> {
        let ends = self.places(structure, structure.ends.iter());
        let members = if kind.form == Form::Link {
            members.to_vec()
        } else {
            self.expanded(members)
        };
        let via = self.finder.find(structure, structure.via.iter()).found;
        if follows_rivers(kind) {
            let mut rivers = self.river_names(&members);
            if rivers.is_empty() && structure.kind == "waterway" {
                rivers.extend(self.river_in(&structure.name).map(str::to_owned));
            }
            if rivers.is_empty() && structure.kind == "waterway" {
                rivers = self.river_names(&via);
            }
            if self.rivers(kind, structure, &rivers, &members, &ends)? {
                return Ok(());
            }
        }
        let mut points = self::points(&members);
        if let [from, .., to] = &self::points(&ends)[..] {
            points.insert(0, from.clone());
            points.push(to.clone());
        }
        if kind.form == Form::Axis || (!ends.is_empty() && kind.form == Form::Route) {
            order::along(&mut points, ends.len() > 1, |node| node.at);
        }
        points = apart(points, kind.form == Form::Link);
        if kind.form == Form::Route && structure.name.contains("环线") && points.len() > 2 {
            // A ring road or railway ends where it begins.
            points.push(points[0].clone());
        }
        if points.len() < 2 {
            points = apart(self.own_nodes(structure, &members), false);
        }
        if points.len() < 2 {
            let one_region = members.len() == 1 && kind.form == Form::Axis;
            return match kind.form {
                // It may be wide: then its area says more than a point; without one, `area` makes points of it.
                Form::Axis if one_region => self.area(kind, structure, &members),
                Form::Link => Ok(()),
                _ => self.sites(kind, structure, &members),
            };
        }
        let (ways, note) = if kind.form == Form::Link && points.len() > 2 {
            let (centre, others) = points.split_at(1);
            let arms = others
                .iter()
                .map(|other| vec![centre[0].clone(), other.clone()]);
            (
                arms.collect::<Vec<_>>(),
                "首个成员到其余各成员的直线，示意关系",
            )
        } else if kind.form == Form::Link {
            (vec![points], "两地之间的直线，示意关系")
        } else if kind.form == Form::Axis {
            match order::trend(&points, |node| node.at) {
                Some(line) => {
                    self.trend(kind, structure, points, &line);
                    return Ok(());
                }
                None => (vec![points], "按成员位置连成，走向与宽度为示意"),
            }
        } else {
            (vec![points], "按原文次序连成，走向示意")
        };
        let several = ways.len() > 1;
        for (number, nodes) in ways.into_iter().enumerate() {
            let line = LineString(nodes.iter().map(|node| node.at.to_point().0).collect());
            let properties = Properties {
                sources: sources::SEATS.origin.to_owned(),
                roles: if several {
                    String::new()
                } else {
                    roles(structure)
                },
                members: node_names(&nodes),
                ..self.properties_of_one(structure, Quality::ThroughNodes, note)
            };
            let id = if several {
                format!("{}/{}", structure.id, number + 1)
            } else {
                structure.id.clone()
            };
            // The first arm has the name, the others say where they go.
            let to = nodes.last().filter(|_| number > 0);
            let label = to.map_or_else(
                || structure.map_name().to_owned(),
                |to| format!("至{}", to.label),
            );
            let feature = line_feature(id, line, properties);
            self.push(kind, feature, &label, Shape::Line { nodes });
        }
        Ok(())
    }

    /// A line that shows where the members lie together: they lie too far apart for a line through each.
    fn trend(
        &mut self,
        kind: &'static Kind,
        structure: &'a Structure,
        nodes: Vec<Node>,
        line: &[LonLat],
    ) {
        let line = LineString(line.iter().map(|at| at.to_point().0).collect());
        let note = "按成员分布的走势绘出，不逐一经过，走向与宽度为示意";
        let properties = Properties {
            sources: sources::SEATS.origin.to_owned(),
            roles: roles(structure),
            members: node_names(&nodes),
            ..self.properties_of_one(structure, Quality::Approximate, note)
        };
        let feature = line_feature(structure.id.clone(), line, properties);
        self.push(kind, feature, structure.map_name(), Shape::Line { nodes });
    }

    /// The courses of rivers between the outermost of the other members, else whole. Whether there was one.
    pub(super) fn rivers(
        &mut self,
        kind: &'static Kind,
        structure: &'a Structure,
        rivers: &[String],
        members: &[Found<'a>],
        ends: &[Found<'a>],
    ) -> Result<bool, BuildError> {
        let stops = if ends.len() > 1 { ends } else { members };
        let stops: Vec<Found<'a>> = stops.iter().filter(|f| !is_river(f)).cloned().collect();
        let nodes = points(&stops);
        let (from, to) = match &nodes[..] {
            [first, .., last] => (Some(first), Some(last)),
            _ => (None, None),
        };
        let at = |end: Option<&Node>| end.map(|node| node.at);
        let mut drawn = false;
        for river in rivers {
            let reach = self.reach(river, at(from), at(to))?;
            let Some(line) = reach.filter(has_length) else {
                continue;
            };
            let note = match (from, to) {
                (Some(from), Some(to)) => format!("{river}河道，{}至{}", from.name, to.name),
                _ => format!("{river}河道，资料所及的全段"),
            };
            let properties = Properties {
                sources: sources::RIVERS.origin.to_owned(),
                ..self.properties(structure, Quality::Reach, &note)
            };
            let (id, label) = if rivers.len() > 1 {
                (format!("{}/{river}", structure.id), river.as_str())
            } else {
                (structure.id.clone(), structure.map_name())
            };
            let feature = line_feature(id, line, properties);
            let nodes = nodes.clone();
            self.push(kind, feature, label, Shape::Line { nodes });
            drawn = true;
        }
        Ok(drawn)
    }

    /// The course of a river between two positions. Cutting one reads the whole table of rivers, so it is done once.
    fn reach(
        &mut self,
        river: &str,
        from: Option<LonLat>,
        to: Option<LonLat>,
    ) -> Result<Option<LineString<f64>>, BuildError> {
        let bits = |at: Option<LonLat>| at.map(|at| (at.lon().to_bits(), at.lat().to_bits()));
        let key = (river.to_owned(), bits(from), bits(to));
        if let Some(known) = self.reaches.get(&key) {
            return Ok(known.clone());
        }
        let date = Some(self.finder.plan.date);
        let line = self.finder.gazetteer.river_reach(river, from, to, date)?;
        self.reaches.insert(key, line.clone());
        Ok(line)
    }

    /// The rivers with a line that members name, each once.
    pub(super) fn river_names(&self, members: &[Found<'a>]) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for found in members.iter().filter(|found| is_river(found)) {
            if let Some(name) = self.river_in(found.place.place.name)
                && names.iter().all(|known| known != name)
            {
                names.push(name.to_owned());
            }
        }
        names
    }

    /// The river with a line that a name begins with: 长江 in 长江黄金水道.
    fn river_in(&self, name: &str) -> Option<&str> {
        let known = self
            .rivers
            .iter()
            .filter(|river| name.starts_with(river.as_str()));
        known.max_by_key(|river| river.len()).map(String::as_str)
    }

    /// The nodes of a line that the gazetteer knows: of the one member that is a line, or of the structure's own name.
    fn own_nodes(&self, structure: &'a Structure, members: &[Found<'a>]) -> Vec<Node> {
        let is_line = |class| {
            matches!(
                class,
                FeatureClass::Railway
                    | FeatureClass::Expressway
                    | FeatureClass::Road
                    | FeatureClass::Channel
                    | FeatureClass::Waterway
                    | FeatureClass::River
                    | FeatureClass::Pipeline
            )
        };
        let one = match members {
            [one] => Some(one.place.clone()),
            _ => None,
        };
        let known = one
            .filter(|found| is_line(found.place.class))
            .or_else(|| self.finder.itself(structure, members))
            .filter(|found| is_line(found.place.class));
        let parts = known.map(|found| self.finder.gazetteer.members(&found.place));
        let nodes = parts.into_iter().flatten().filter_map(|part| {
            Some(Node {
                at: self.finder.point_of(&part, 2)?,
                label: shown(part.name, part.class).to_owned(),
                name: part.name.to_owned(),
            })
        });
        nodes.collect()
    }
}

/// Rivers are what these kinds run along.
fn follows_rivers(kind: &Kind) -> bool {
    matches!(
        kind.id,
        "waterway"
            | "river_corridor"
            | "ecological_corridor"
            | "tourism_corridor"
            | "development_belt"
            | "development_axis"
    )
}

pub(super) fn is_river(found: &Found<'_>) -> bool {
    matches!(
        found.place.place.class,
        FeatureClass::River | FeatureClass::Waterway
    )
}

/// The places that have a position.
fn points(nodes: &[Found<'_>]) -> Vec<Node> {
    let known = nodes.iter().filter_map(|found| {
        Some(Node {
            at: found.at?,
            label: shown(&found.place.name, found.place.place.class).to_owned(),
            name: found.place.name.clone(),
        })
    });
    known.collect()
}

/// A position as whole numbers, a hundred-thousandth of a degree (about a metre) each.
pub(super) type Spot = (i64, i64);

pub(super) fn spot(lon: f64, lat: f64) -> Spot {
    #[expect(clippy::cast_possible_truncation, reason = "degrees of the earth fit")]
    let whole = |degrees: f64| (degrees * 1e5).round() as i64;
    (whole(lon), whole(lat))
}

/// The nodes without those that stand where the one before does; `once`: where any before does.
fn apart(mut nodes: Vec<Node>, once: bool) -> Vec<Node> {
    let mut seen = BTreeSet::new();
    let mut before = None;
    nodes.retain(|node| {
        let here = spot(node.at.lon(), node.at.lat());
        let is_new = seen.insert(here) || (!once && before != Some(here));
        before = Some(here);
        is_new
    });
    nodes
}

/// Whether a line leaves the place where it begins.
fn has_length(line: &LineString<f64>) -> bool {
    let mut spots = line.0.iter().map(|c| spot(c.x, c.y));
    let first = spots.next();
    spots.any(|other| Some(other) != first)
}

fn node_names(nodes: &[Node]) -> String {
    let names: Vec<&str> = nodes.iter().map(|node| node.name.as_str()).collect();
    names.join("、")
}

fn line_feature(id: String, line: LineString<f64>, mut properties: Properties) -> Feature {
    properties.length_km = Some((length_m(&line) / 100.0).round() / 10.0);
    Feature::new(id, line, properties)
}

/// A line bent to one side: for a map on which others run through the same places.
pub(super) fn bent(line: &LineString<f64>, bends: &[f64]) -> LineString<f64> {
    const STEPS: u32 = 12;
    const LONG_DEG: f64 = 4.0;
    let mut coords: Vec<Coord<f64>> = line.0.first().copied().into_iter().collect();
    for (pair, bend) in line.0.windows(2).zip(bends) {
        let (from, to) = (pair[0], pair[1]);
        if *bend == 0.0 {
            coords.push(to);
            continue;
        }
        let way = to - from;
        // At right angles to the stretch, as seen on a map; a long one bends no more than one that crosses a page.
        let squeeze = from.y.to_radians().cos().max(0.1);
        let bend = bend * (LONG_DEG / way.x.hypot(way.y)).min(1.0);
        let side = Coord {
            x: -way.y / squeeze,
            y: way.x * squeeze,
        };
        for step in 1..=STEPS {
            let t = f64::from(step) / f64::from(STEPS);
            coords.push(from + way * t + side * (bend * 4.0 * t * (1.0 - t)));
        }
    }
    LineString(coords)
}
