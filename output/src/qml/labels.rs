//! Names on the map.

use std::io;

use layers::model::{GeometryKind, Table};
use layers::style::LabelStyle;

use super::symbols::rgb;
use crate::xml::Xml;

/// The font of labels, and what stands in where it is not installed (Windows, macOS, older Linux).
const FONT: &str = "Noto Sans CJK SC";
const OTHER_FONTS: [&str; 5] = [
    "Source Han Sans SC",
    "Noto Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "SimHei",
];

/// A table of more features has its names at larger scales only.
const FEW: usize = 40;
/// The smallest scale, 1 to this, at which a crowded table has names: two provinces on a screen.
const NAMES_TO_SCALE: &str = "5000000";

/// Labels from the field `name`, with a white halo: inside areas, along lines, around points.
pub(super) fn labels(label: LabelStyle, table: &Table, xml: &mut Xml) -> io::Result<()> {
    let (weight, style) = if label.bold {
        ("75", "Bold")
    } else {
        ("50", "Regular")
    };
    let crowded = table.features.len() > FEW;
    // QgsPalLayerSettings::Placement: 4 horizontal, 3 curved, 6 ordered positions around a point.
    let placement = match table.geometry {
        GeometryKind::Polygon => "4",
        GeometryKind::Line => "3",
        GeometryKind::Point => "6",
    };
    xml.element("labeling", &[("type", "simple")], |xml| {
        xml.element("settings", &[("calloutType", "simple")], |xml| {
            let text_style = [
                ("fieldName", "name"),
                ("isExpression", "0"),
                ("fontFamily", FONT),
                ("namedStyle", style),
                ("fontWeight", weight),
                ("fontSize", &label.size_pt.to_string()),
                ("fontSizeUnit", "Point"),
                ("textColor", &rgb(label.colour)),
                ("textOpacity", "1"),
                ("multilineHeight", "1"),
            ];
            xml.element("text-style", &text_style, |xml| {
                xml.element("families", &[], |xml| {
                    OTHER_FONTS
                        .iter()
                        .try_for_each(|font| xml.empty("family", &[("name", font)]))
                })?;
                xml.empty(
                    "text-buffer",
                    &[
                        ("bufferDraw", "1"),
                        ("bufferSize", "0.8"),
                        ("bufferSizeUnits", "MM"),
                        ("bufferColor", "255,255,255,255"),
                        ("bufferOpacity", "0.85"),
                        ("bufferJoinStyle", "128"),
                        ("bufferNoFill", "0"),
                    ],
                )
            })?;
            xml.empty("text-format", &[("multilineAlign", "1")])?;
            xml.empty(
                "placement",
                &[
                    ("placement", placement),
                    // On the line or above it, whichever is free; read upwards.
                    ("placementFlags", "11"),
                    ("predefinedPositionOrder", "R,L,TR,TL,BR,BL,TSR,BSR"),
                    ("offsetType", "1"),
                    ("dist", "0.6"),
                    ("distUnits", "MM"),
                    // Names of the theme are bold, those of the land are not: they give way.
                    ("priority", if label.bold { "8" } else { "3" }),
                    ("centroidInside", "1"),
                    ("centroidWhole", "1"),
                    ("maxCurvedCharAngleIn", "25"),
                    ("maxCurvedCharAngleOut", "-25"),
                ],
            )?;
            xml.empty(
                "rendering",
                &[
                    ("drawLabels", "1"),
                    ("obstacle", "1"),
                    ("obstacleFactor", "1"),
                    (
                        "obstacleType",
                        if table.geometry == GeometryKind::Polygon {
                            "1"
                        } else {
                            "0"
                        },
                    ),
                    ("mergeLines", "0"),
                    ("labelPerPart", "0"),
                    ("scaleVisibility", if crowded { "1" } else { "0" }),
                    ("scaleMin", "1"),
                    ("scaleMax", NAMES_TO_SCALE),
                    ("fontMinPixelSize", "3"),
                    ("fontMaxPixelSize", "10000"),
                ],
            )
        })
    })
}
