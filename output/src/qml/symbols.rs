//! Every symbol of the style model as QGIS symbol layers. Lengths are millimetres on the page.

use layers::model::GeometryKind;
use layers::style::{BorderLevel, Colour, Paint, Stroke, Symbol};

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

const INK: Colour = Colour::hex(0x001E_2227);
const PAPER: Colour = Colour::hex(0x00FF_FFFF);
const REGION_EDGE: Colour = Colour::hex(0x005B_4A8A);
const WATER: Colour = Colour::hex(0x006F_A9CE);
const BORDER: Colour = Colour::hex(0x007A_7F85);

/// Returns the symbol layers, lowest first, that draw `symbol` on features of `kind`.
///
/// A symbol meant for another geometry type is drawn by its nearest counterpart: markers at the middle of lines and
/// inside areas, strokes along the edges of areas, and a disc for anything else at a point.
pub(super) fn symbol_layers(symbol: &Symbol, kind: SymbolKind) -> Vec<SymbolLayer> {
    match (natural_kind(symbol), kind) {
        (SymbolKind::Fill, SymbolKind::Fill) => fill(symbol),
        (SymbolKind::Line, SymbolKind::Line | SymbolKind::Fill) => line(symbol),
        (SymbolKind::Marker, SymbolKind::Marker) => marker(symbol),
        (SymbolKind::Fill, SymbolKind::Line) => {
            vec![stroke(&Stroke::solid(main_colour(symbol), 0.6))]
        }
        (SymbolKind::Marker, SymbolKind::Line) => vec![SymbolLayer {
            class: "MarkerLine",
            properties: vec![
                ("placement", "centralpoint".to_owned()),
                ("rotate", "0".to_owned()),
            ],
            inner: Some((SymbolKind::Marker, marker(symbol))),
        }],
        (SymbolKind::Marker, SymbolKind::Fill) => vec![SymbolLayer {
            class: "CentroidFill",
            properties: vec![
                ("point_on_surface", "1".to_owned()),
                ("point_on_all_parts", "0".to_owned()),
            ],
            inner: Some((SymbolKind::Marker, marker(symbol))),
        }],
        (SymbolKind::Fill | SymbolKind::Line, SymbolKind::Marker) => {
            vec![disc(2.0, Some(rgb(main_colour(symbol))), PAPER, 0.2)]
        }
    }
}

fn natural_kind(symbol: &Symbol) -> SymbolKind {
    match symbol {
        Symbol::Fill { .. } | Symbol::Band { .. } | Symbol::RegionEdge => SymbolKind::Fill,
        Symbol::Line { .. }
        | Symbol::Arrow { .. }
        | Symbol::Corridor { .. }
        | Symbol::Axis { .. }
        | Symbol::River { .. }
        | Symbol::Border { .. } => SymbolKind::Line,
        Symbol::Core { .. }
        | Symbol::Landmark
        | Symbol::Node { .. }
        | Symbol::Graduated { .. }
        | Symbol::Seat
        | Symbol::Badge { .. } => SymbolKind::Marker,
    }
}

fn main_colour(symbol: &Symbol) -> Colour {
    match symbol {
        Symbol::Fill { paint, .. } => match paint {
            Paint::Solid { colour, .. }
            | Paint::Hatch { colour }
            | Paint::Stripes { first: colour, .. } => *colour,
        },
        Symbol::Line { stroke } | Symbol::Arrow { stroke } => stroke.colour,
        Symbol::Band { colour }
        | Symbol::Corridor { colour }
        | Symbol::Axis { colour, .. }
        | Symbol::Core { colour }
        | Symbol::Node { colour }
        | Symbol::Graduated { colour, .. }
        | Symbol::Badge { colour, .. } => *colour,
        Symbol::RegionEdge => REGION_EDGE,
        Symbol::Seat | Symbol::Landmark => INK,
        Symbol::River { .. } => WATER,
        Symbol::Border { .. } => BORDER,
    }
}

fn fill(symbol: &Symbol) -> Vec<SymbolLayer> {
    match symbol {
        Symbol::Fill { paint, outline } => {
            let mut layers = match paint {
                Paint::Solid { colour, opacity } => vec![flat(*colour, *opacity)],
                Paint::Hatch { colour } => vec![flat(PAPER, 0.6), pattern(*colour, 1.6, 0.35)],
                Paint::Stripes { first, second } => {
                    vec![flat(*first, 0.85), pattern(*second, 2.4, 1.2)]
                }
            };
            layers.extend(outline.as_ref().map(stroke));
            layers
        }
        Symbol::Band { colour } => vec![
            flat(*colour, 0.08),
            // Drawn twice its visible width: the outer half is cut away by the polygon.
            with(translucent(*colour, 0.28, 4.0), "draw_inside_polygon", "1"),
            stroke(&Stroke::solid(*colour, 0.5)),
        ],
        _ => vec![
            translucent(main_colour(symbol), 0.25, 2.4),
            stroke(&Stroke::solid(main_colour(symbol), 0.8)),
        ],
    }
}

fn line(symbol: &Symbol) -> Vec<SymbolLayer> {
    match symbol {
        Symbol::Line { stroke: line } => {
            vec![translucent(PAPER, 0.8, line.width_mm + 0.6), stroke(line)]
        }
        Symbol::Arrow { stroke: line } => vec![
            translucent(PAPER, 0.8, line.width_mm + 0.6),
            stroke(line),
            arrow_head(line.colour, 2.4, 1.0, "lastvertex", "0"),
        ],
        Symbol::Corridor { colour } => {
            vec![
                stroke(&Stroke::solid(PAPER, 2.2)),
                stroke(&Stroke::solid(*colour, 1.4)),
            ]
        }
        Symbol::Axis { colour, .. } => {
            let body = with(translucent(*colour, 0.4, 3.0), "capstyle", "flat");
            vec![
                body,
                arrow_head(*colour, 6.4, 0.4, "firstvertex", "180"),
                arrow_head(*colour, 6.4, 0.4, "lastvertex", "0"),
            ]
        }
        Symbol::River { rank } => {
            vec![stroke(&Stroke::solid(
                WATER,
                1.3 - 0.18 * f64::from((*rank).clamp(1, 6)),
            ))]
        }
        Symbol::Border { level } => {
            let (width_mm, dash_mm) = match level {
                BorderLevel::Province => (0.5, vec![3.0, 0.8, 0.8, 0.8]),
                BorderLevel::Prefecture => (0.35, vec![2.0, 0.8]),
                BorderLevel::County => (0.2, Vec::new()),
            };
            vec![stroke(&Stroke {
                colour: BORDER,
                width_mm,
                dash_mm,
            })]
        }
        _ => vec![stroke(&Stroke::solid(main_colour(symbol), 0.6))],
    }
}

fn marker(symbol: &Symbol) -> Vec<SymbolLayer> {
    match symbol {
        Symbol::Core { colour } => vec![
            disc(5.2, Some(rgb(PAPER)), *colour, 0.5),
            disc(3.4, None, *colour, 0.4),
            disc(1.6, Some(rgb(*colour)), *colour, 0.0),
        ],
        Symbol::Graduated { colour, radius_mm } => {
            vec![disc(radius_mm * 2.0, Some(rgb(PAPER)), *colour, 0.6)]
        }
        Symbol::Node { colour } => vec![disc(2.6, Some(rgb(PAPER)), *colour, 0.6)],
        Symbol::Badge { number, colour } => {
            vec![disc(4.4, Some(rgb(*colour)), PAPER, 0.3), digits(*number)]
        }
        _ => vec![disc(1.8, Some(rgb(PAPER)), main_colour(symbol), 0.35)],
    }
}

/// An area of one colour without a border.
fn flat(colour: Colour, opacity: f64) -> SymbolLayer {
    SymbolLayer {
        class: "SimpleFill",
        properties: vec![
            ("color", rgba(colour, opacity)),
            ("style", "solid".to_owned()),
            ("outline_style", "no".to_owned()),
        ],
        inner: None,
    }
}

/// Lines at 45°, `distance_mm` apart from middle to middle.
fn pattern(colour: Colour, distance_mm: f64, width_mm: f64) -> SymbolLayer {
    let line = with(stroke(&Stroke::solid(colour, width_mm)), "capstyle", "flat");
    SymbolLayer {
        class: "LinePatternFill",
        properties: vec![
            ("angle", "45".to_owned()),
            ("color", rgb(colour)),
            ("distance", distance_mm.to_string()),
            ("distance_unit", "MM".to_owned()),
            ("line_width", width_mm.to_string()),
            ("line_width_unit", "MM".to_owned()),
        ],
        inner: Some((SymbolKind::Line, vec![line])),
    }
}

fn stroke(stroke: &Stroke) -> SymbolLayer {
    stroke_of(rgb(stroke.colour), stroke.width_mm, &stroke.dash_mm)
}

fn translucent(colour: Colour, opacity: f64, width_mm: f64) -> SymbolLayer {
    stroke_of(rgba(colour, opacity), width_mm, &[])
}

fn stroke_of(colour: String, width_mm: f64, dash_mm: &[f64]) -> SymbolLayer {
    // Qt takes dashes in pairs; an odd list is said twice, as in SVG.
    let pairs = if dash_mm.len() % 2 == 1 {
        dash_mm.repeat(2)
    } else {
        dash_mm.to_vec()
    };
    let dashes: Vec<_> = pairs.iter().map(f64::to_string).collect();
    let mut properties = vec![
        ("line_color", colour),
        ("line_style", "solid".to_owned()),
        ("line_width", width_mm.to_string()),
        ("line_width_unit", "MM".to_owned()),
        (
            "capstyle",
            if dashes.is_empty() { "round" } else { "flat" }.to_owned(),
        ),
        ("joinstyle", "round".to_owned()),
        ("use_custom_dash", u8::from(!dashes.is_empty()).to_string()),
    ];
    if !dashes.is_empty() {
        properties.push(("customdash", dashes.join(";")));
        properties.push(("customdash_unit", "MM".to_owned()));
    }
    SymbolLayer {
        class: "SimpleLine",
        properties,
        inner: None,
    }
}

/// A triangle of `size` mm beyond an end of the line, its base on the end.
fn arrow_head(
    colour: Colour,
    size: f64,
    opacity: f64,
    placement: &'static str,
    angle: &'static str,
) -> SymbolLayer {
    let head = SymbolLayer {
        class: "SimpleMarker",
        properties: vec![
            ("name", "filled_arrowhead".to_owned()),
            ("color", rgba(colour, opacity)),
            ("outline_style", "no".to_owned()),
            ("size", size.to_string()),
            ("size_unit", "MM".to_owned()),
            ("angle", angle.to_owned()),
            ("offset", format!("{},0", size / 2.0)),
            ("offset_unit", "MM".to_owned()),
        ],
        inner: None,
    };
    SymbolLayer {
        class: "MarkerLine",
        properties: vec![
            ("placement", placement.to_owned()),
            ("rotate", "1".to_owned()),
        ],
        inner: Some((SymbolKind::Marker, vec![head])),
    }
}

/// A circle of `size_mm` across; `fill` is QGIS's colour text.
fn disc(size_mm: f64, fill: Option<String>, outline: Colour, outline_mm: f64) -> SymbolLayer {
    SymbolLayer {
        class: "SimpleMarker",
        properties: vec![
            ("name", "circle".to_owned()),
            ("color", fill.unwrap_or_else(|| rgba(PAPER, 0.0))),
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

/// The layer with one property set, replacing what it had.
fn with(mut layer: SymbolLayer, name: &'static str, value: &str) -> SymbolLayer {
    layer.properties.retain(|(other, _)| *other != name);
    layer.properties.push((name, value.to_owned()));
    layer
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
