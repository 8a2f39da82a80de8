//! Every symbol of the style model as QGIS symbol layers. Lengths are millimetres on the page.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use layers::model::GeometryKind;
use layers::style::{Colour, Symbol};

use crate::glyph_svg::svg;
use crate::primitives::{Coats, Ends, PAPER, Primitive, coats};

/// What a QGIS symbol draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SymbolKind {
    Fill,
    Line,
    Marker,
}

impl SymbolKind {
    /// The kind that features of a geometry type need.
    pub(super) fn of(geometry: GeometryKind) -> Self {
        match geometry {
            GeometryKind::Point => Self::Marker,
            GeometryKind::Line => Self::Line,
            GeometryKind::Polygon => Self::Fill,
        }
    }

    /// The value of QGIS's `type` attribute.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Fill => "fill",
            Self::Line => "line",
            Self::Marker => "marker",
        }
    }
}

/// One QGIS symbol layer.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SymbolLayer {
    /// QGIS's class name.
    pub(super) class: &'static str,
    /// Its properties, by QGIS's names.
    pub(super) properties: Vec<(&'static str, String)>,
    /// The symbol that it repeats, for patterns and markers on lines.
    pub(super) inner: Option<(SymbolKind, Vec<SymbolLayer>)>,
}

/// Returns the symbol layers, lowest first, that draw `symbol` on features of a geometry type.
pub(super) fn symbol_layers(symbol: &Symbol, geometry: GeometryKind) -> Vec<SymbolLayer> {
    let (class, properties, markers) = match (coats(symbol, geometry), geometry) {
        (Coats::OnGeometry(coats), _) => return coats.iter().map(layer).collect(),
        (Coats::AtMiddle(markers), GeometryKind::Polygon) => (
            "CentroidFill",
            vec![
                ("point_on_surface", "1".to_owned()),
                ("point_on_all_parts", "0".to_owned()),
            ],
            markers,
        ),
        (Coats::AtMiddle(markers), _) => (
            "MarkerLine",
            vec![
                ("placement", "centralpoint".to_owned()),
                ("rotate", "0".to_owned()),
            ],
            markers,
        ),
    };
    vec![SymbolLayer {
        class,
        properties,
        inner: Some((SymbolKind::Marker, markers.iter().map(layer).collect())),
    }]
}

fn layer(coat: &Primitive) -> SymbolLayer {
    match coat {
        Primitive::Flat { colour, opacity } => simple(
            "SimpleFill",
            vec![
                ("color", rgba(*colour, *opacity)),
                ("style", "solid".to_owned()),
                ("outline_style", "no".to_owned()),
            ],
        ),
        Primitive::Hatch {
            colour,
            distance_mm,
            width_mm,
        } => SymbolLayer {
            inner: Some((
                SymbolKind::Line,
                vec![line(rgb(*colour), *width_mm, &[], Ends::Flat)],
            )),
            ..simple(
                "LinePatternFill",
                vec![
                    ("angle", "45".to_owned()),
                    ("color", rgb(*colour)),
                    ("distance", distance_mm.to_string()),
                    ("distance_unit", "MM".to_owned()),
                    ("line_width", width_mm.to_string()),
                    ("line_width_unit", "MM".to_owned()),
                ],
            )
        },
        Primitive::Line {
            colour,
            opacity,
            width_mm,
            dash_mm,
            ends,
        } => line(rgba(*colour, *opacity), *width_mm, dash_mm, *ends),
        Primitive::ArrowHead {
            colour,
            opacity,
            size_mm,
            at_start,
        } => arrow_head(*colour, *opacity, *size_mm, *at_start),
        Primitive::Disc {
            size_mm,
            fill,
            outline,
            outline_mm,
        } => disc(*size_mm, *fill, *outline, *outline_mm),
        Primitive::Digits { number } => digits(*number),
        Primitive::Sign {
            glyph,
            colour,
            below,
            size_mm,
        } => sign(&svg(*glyph, *colour, *below), *size_mm),
        Primitive::Diamonds {
            colour,
            size_mm,
            step_mm,
        } => diamonds(*colour, *size_mm, *step_mm),
    }
}

fn simple(class: &'static str, properties: Vec<(&'static str, String)>) -> SymbolLayer {
    SymbolLayer {
        class,
        properties,
        inner: None,
    }
}

fn line(colour: String, width_mm: f64, dash_mm: &[f64], ends: Ends) -> SymbolLayer {
    // Qt takes dashes in pairs; an odd list is said twice, as in SVG.
    let pairs = if dash_mm.len() % 2 == 1 {
        dash_mm.repeat(2)
    } else {
        dash_mm.to_vec()
    };
    let dashes: Vec<_> = pairs.iter().map(f64::to_string).collect();
    let cap = if ends == Ends::Flat { "flat" } else { "round" };
    let mut properties = vec![
        ("line_color", colour),
        ("line_style", "solid".to_owned()),
        ("line_width", width_mm.to_string()),
        ("line_width_unit", "MM".to_owned()),
        ("capstyle", cap.to_owned()),
        ("joinstyle", "round".to_owned()),
        ("use_custom_dash", u8::from(!dashes.is_empty()).to_string()),
    ];
    if !dashes.is_empty() {
        properties.push(("customdash", dashes.join(";")));
        properties.push(("customdash_unit", "MM".to_owned()));
    }
    if ends == Ends::InsideArea {
        properties.push(("draw_inside_polygon", "1".to_owned()));
    }
    simple("SimpleLine", properties)
}

/// A triangle beyond an end of the line, its base on the end.
fn arrow_head(colour: Colour, opacity: f64, size: f64, at_start: bool) -> SymbolLayer {
    let (placement, angle) = if at_start {
        ("firstvertex", "180")
    } else {
        ("lastvertex", "0")
    };
    let head = simple(
        "SimpleMarker",
        vec![
            ("name", "filled_arrowhead".to_owned()),
            ("color", rgba(colour, opacity)),
            ("outline_style", "no".to_owned()),
            ("size", size.to_string()),
            ("size_unit", "MM".to_owned()),
            ("angle", angle.to_owned()),
            ("offset", format!("{},0", size / 2.0)),
            ("offset_unit", "MM".to_owned()),
        ],
    );
    SymbolLayer {
        inner: Some((SymbolKind::Marker, vec![head])),
        ..simple(
            "MarkerLine",
            vec![
                ("placement", placement.to_owned()),
                ("rotate", "1".to_owned()),
            ],
        )
    }
}

/// A circle of `size_mm` across.
fn disc(size_mm: f64, fill: Option<Colour>, outline: Colour, outline_mm: f64) -> SymbolLayer {
    SymbolLayer {
        class: "SimpleMarker",
        properties: vec![
            ("name", "circle".to_owned()),
            ("color", fill.map_or_else(|| rgba(PAPER, 0.0), rgb)),
            ("outline_color", rgb(outline)),
            (
                "outline_style",
                if outline_mm > 0.0 { "solid" } else { "no" }.to_owned(),
            ),
            ("outline_width", outline_mm.to_string()),
            ("outline_width_unit", "MM".to_owned()),
            ("size", size_mm.to_string()),
            ("size_unit", "MM".to_owned()),
        ],
        inner: None,
    }
}

/// A number in the paper's colour, to stand on a disc.
fn digits(number: u8) -> SymbolLayer {
    SymbolLayer {
        class: "FontMarker",
        properties: vec![
            ("chr", number.to_string()),
            ("font", "Noto Sans CJK SC".to_owned()),
            ("font_style", "Bold".to_owned()),
            ("color", rgb(PAPER)),
            ("size", "3".to_owned()),
            ("size_unit", "MM".to_owned()),
            ("outline_width", "0".to_owned()),
            // Centred by the height of capitals, not by the tall line of a Chinese font.
            ("offset", "0,-0.5".to_owned()),
            ("offset_unit", "MM".to_owned()),
        ],
        inner: None,
    }
}

/// A picture inside the style: nothing has to lie beside the file.
fn sign(svg: &str, size_mm: f64) -> SymbolLayer {
    simple(
        "SvgMarker",
        vec![
            ("name", format!("base64:{}", STANDARD.encode(svg))),
            ("size", size_mm.to_string()),
            ("size_unit", "MM".to_owned()),
            ("outline_width", "0".to_owned()),
        ],
    )
}

/// Diamonds along a line.
fn diamonds(colour: Colour, size_mm: f64, step_mm: f64) -> SymbolLayer {
    let diamond = simple(
        "SimpleMarker",
        vec![
            ("name", "diamond".to_owned()),
            ("color", rgb(colour)),
            ("outline_style", "no".to_owned()),
            ("size", size_mm.to_string()),
            ("size_unit", "MM".to_owned()),
        ],
    );
    SymbolLayer {
        inner: Some((SymbolKind::Marker, vec![diamond])),
        ..simple(
            "MarkerLine",
            vec![
                ("placement", "interval".to_owned()),
                ("interval", step_mm.to_string()),
                ("interval_unit", "MM".to_owned()),
                ("rotate", "1".to_owned()),
            ],
        )
    }
}

/// An opaque colour as QGIS writes it.
pub(super) fn rgb(colour: Colour) -> String {
    rgba(colour, 1.0)
}

/// A colour as QGIS writes it: red, green, blue, alpha, each 0–255.
fn rgba(Colour { red, green, blue }: Colour, opacity: f64) -> String {
    format!(
        "{red},{green},{blue},{:.0}",
        opacity.clamp(0.0, 1.0) * 255.0
    )
}

#[cfg(test)]
mod tests;
