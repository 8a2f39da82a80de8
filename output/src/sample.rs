//! Small tables for the tests of several writers.

use geo::{Geometry, LineString, MultiPolygon, Point, Polygon};
use layers::model::{Feature, GeometryKind, Properties, Table};
use layers::style::{Class, Colour, LabelStyle, Paint, Stroke, Style, Symbol};

/// A closed ring, counter-clockwise, of longitudes `west`–`east` and latitudes `south`–`north`.
pub(crate) fn rectangle(west: f64, south: f64, east: f64, north: f64) -> LineString<f64> {
    LineString::from(vec![
        (west, south),
        (east, south),
        (east, north),
        (west, north),
        (west, south),
    ])
}

pub(crate) fn area(exterior: LineString<f64>, interiors: Vec<LineString<f64>>) -> Geometry<f64> {
    MultiPolygon(vec![Polygon::new(exterior, interiors)]).into()
}

pub(crate) fn feature(id: &str, geometry: impl Into<Geometry<f64>>, label: (f64, f64)) -> Feature {
    let properties = Properties {
        name: format!("{id}区"),
        kind: "member".to_owned(),
        plan: "sample-2024".to_owned(),
        plan_title: "样例规划 <甲 & 乙>".to_owned(),
        article: "第一章".to_owned(),
        quality: "surveyed",
        ..Properties::default()
    };
    let place = Point::new(label.0, label.1);
    Feature::new(id.to_owned(), geometry, properties).with_label_point(place)
}

pub(crate) fn table(id: &str, geometry: GeometryKind, features: Vec<Feature>) -> Table {
    Table {
        id: id.to_owned(),
        title: "样例".to_owned(),
        geometry,
        features,
        style: plain(geometry),
    }
}

const RED: Colour = Colour::hex(0x00C0_392B);

/// One class, labelled.
fn plain(geometry: GeometryKind) -> Style {
    let symbol = match geometry {
        GeometryKind::Point => Symbol::Seat,
        GeometryKind::Line => Symbol::line(Stroke::solid(RED, 0.6)),
        GeometryKind::Polygon => Symbol::Fill {
            paint: Paint::Solid {
                colour: RED,
                opacity: 0.5,
            },
            outline: Some(Stroke::solid(RED, 0.3)),
        },
    };
    Style {
        field: None,
        classes: vec![Class {
            value: String::new(),
            title: "样例".to_owned(),
            symbol,
        }],
        label: Some(LabelStyle {
            size_pt: 9.0,
            bold: true,
            colour: RED,
        }),
        size: None,
    }
}

/// Three squares that share borders, a square with a hole and an island in it, and a bow across tile edges.
pub(crate) fn areas() -> Table {
    let donut = MultiPolygon(vec![
        Polygon::new(
            rectangle(106.0, 30.0, 107.0, 31.0),
            vec![rectangle(106.25, 30.25, 106.75, 30.75)],
        ),
        Polygon::new(rectangle(106.4, 30.4, 106.6, 30.6), vec![]),
    ]);
    let bow = LineString::from(vec![
        (104.9, 27.9),
        (112.7, 28.0),
        (112.7, 33.0),
        (112.6, 28.2),
        (105.0, 28.1),
        (104.9, 27.9),
    ]);
    table(
        "sample-areas",
        GeometryKind::Polygon,
        vec![
            feature(
                "甲",
                area(rectangle(105.0, 29.0, 106.0, 30.0), vec![]),
                (105.5, 29.5),
            ),
            feature(
                "乙",
                area(rectangle(106.0, 29.0, 107.0, 30.0), vec![]),
                (106.5, 29.5),
            ),
            feature(
                "丙",
                area(rectangle(105.0, 30.0, 106.0, 31.0), vec![]),
                (105.5, 30.5),
            ),
            feature("环", donut, (106.1, 30.1)),
            feature("弓", area(bow, vec![]), (108.0, 28.1)),
            feature(
                "点",
                area(rectangle(105.1, 28.5, 105.1001, 28.5001), vec![]),
                (105.100_05, 28.500_05),
            ),
        ],
    )
}
