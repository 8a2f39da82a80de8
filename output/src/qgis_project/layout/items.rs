//! What lies on a page, in the words of QGIS. Places are mm on A4; a larger paper has everything larger.

use std::io;

use super::super::crs::PlaneBox;
use super::super::{ProjectLayer, tree};
use crate::xml::Xml;

/// A box on A4, in mm from the top left corner.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// How a text is set.
#[derive(Debug, Clone, Copy)]
pub(super) enum Face {
    Title,
    Subtitle,
    Fine,
}

/// A text on the page.
pub(super) struct Words<'t> {
    pub(super) text: &'t str,
    pub(super) face: Face,
    pub(super) size_pt: f64,
}

/// A colour as red, green, blue.
type Rgb = (u8, u8, u8);
const INK: Rgb = (0x1E, 0x22, 0x27);
const INK2: Rgb = (0x4B, 0x51, 0x57);
const INK3: Rgb = (0x66, 0x6C, 0x73);
const RULE: Rgb = (0xC9, 0xCC, 0xD0);
const FRAME: Rgb = (0x3A, 0x3F, 0x45);
const ACCENT: Rgb = (0xB2, 0x3A, 0x2A);
const PAPER: Rgb = (255, 255, 255);
const SANS: &str = "Noto Sans CJK SC";
const SERIF: &str = "Noto Serif CJK SC";

/// Numbers by which a layout tells its items apart (`QgsLayoutItemRegistry::ItemType`).
const PAGE_ITEM: &str = "65638";
const MAP_ITEM: &str = "65639";
const PICTURE_ITEM: &str = "65640";
const LABEL_ITEM: &str = "65641";
const LEGEND_ITEM: &str = "65642";
const SHAPE_ITEM: &str = "65643";
const SCALE_BAR_ITEM: &str = "65646";

/// Writes the items of one page, each lying over those before.
pub(super) struct Items<'x> {
    xml: &'x mut Xml,
    page: usize,
    scale: f64,
    written: usize,
}

type Attributes = Vec<(&'static str, String)>;

impl<'x> Items<'x> {
    pub(super) fn new(xml: &'x mut Xml, page: usize, scale: f64) -> Self {
        Self {
            xml,
            page,
            scale,
            written: 0,
        }
    }

    fn mm(&self, on_a4: f64) -> String {
        format!("{:.3}", on_a4 * self.scale)
    }

    fn font(&self, family: &str, size_pt: f64, bold: bool) -> String {
        let weight = if bold { 75 } else { 50 };
        let size = (size_pt * self.scale * 100.0).round() / 100.0;
        format!("{family},{size},-1,5,{weight},0,0,0,0,0")
    }

    fn uuid(&self, item: usize) -> String {
        format!("{{00000000-0000-4000-8000-{:06}{item:06}}}", self.page + 1)
    }

    /// What every item has, and its identifier.
    fn common(
        &mut self,
        kind: &str,
        place: Place,
        framed: bool,
        filled: bool,
    ) -> (Attributes, String) {
        let uuid = self.uuid(self.written);
        let position = format!("{},{},mm", self.mm(place.left), self.mm(place.top));
        let size = format!("{},{},mm", self.mm(place.width), self.mm(place.height));
        let attributes = vec![
            ("type", kind.to_owned()),
            ("uuid", uuid.clone()),
            ("templateUuid", uuid.clone()),
            ("position", position.clone()),
            ("positionOnPage", position),
            ("size", size),
            ("referencePoint", "0".to_owned()),
            ("zValue", self.written.to_string()),
            ("opacity", "1".to_owned()),
            ("visibility", "1".to_owned()),
            ("blendMode", "0".to_owned()),
            ("itemRotation", "0".to_owned()),
            ("frame", framed.to_string()),
            ("background", filled.to_string()),
            ("outlineWidthM", format!("{},mm", self.mm(0.25))),
            ("frameJoinStyle", "miter".to_owned()),
        ];
        self.written += 1;
        (attributes, uuid)
    }

    fn item(
        &mut self,
        attributes: &Attributes,
        content: impl FnOnce(&mut Xml) -> io::Result<()>,
    ) -> io::Result<()> {
        let attributes: Vec<(&str, &str)> = attributes
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        self.xml.element("LayoutItem", &attributes, |xml| {
            colour("FrameColor", FRAME, xml)?;
            colour("BackgroundColor", PAPER, xml)?;
            content(xml)
        })
    }

    /// The sheet itself.
    pub(super) fn paper(&mut self, width: f64, height: f64) -> io::Result<()> {
        let place = Place {
            left: 0.0,
            top: 0.0,
            width,
            height,
        };
        let (attributes, _) = self.common(PAGE_ITEM, place, false, true);
        let attributes: Vec<(&str, &str)> = attributes
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        self.xml.element("PageCollection", &[], |xml| {
            flat_symbol("", PAPER, xml)?;
            xml.element("LayoutItem", &attributes, |xml| flat_symbol("", PAPER, xml))
        })
    }

    /// The map, which follows a theme, and a framed word on it, which no name of the map meets. The map's identifier.
    pub(super) fn map_under_tag(
        &mut self,
        place: Place,
        extent: PlaneBox,
        theme: &str,
        (tag, word): (Place, &str),
    ) -> io::Result<String> {
        let (mut attributes, uuid) = self.common(MAP_ITEM, place, true, true);
        attributes.extend([
            ("id", "地图".to_owned()),
            ("followPreset", "true".to_owned()),
            ("followPresetName", theme.to_owned()),
            ("keepLayerSet", "false".to_owned()),
            ("drawCanvasItems", "false".to_owned()),
            ("mapRotation", "0".to_owned()),
            ("mapFlags", "0".to_owned()),
            ("labelMargin", "1,mm".to_owned()),
        ]);
        let tag_uuid = self.uuid(self.written);
        self.item(&attributes, |xml| {
            let corners = [
                ("xmin", extent.west.to_string()),
                ("ymin", extent.south.to_string()),
                ("xmax", extent.east.to_string()),
                ("ymax", extent.north.to_string()),
            ];
            let corners = corners
                .each_ref()
                .map(|(name, value)| (*name, value.as_str()));
            xml.empty("Extent", &corners)?;
            xml.element("labelBlockingItems", &[], |xml| {
                xml.empty("item", &[("uuid", &tag_uuid)])
            })
        })?;
        self.tag(tag, word)?;
        Ok(uuid)
    }

    /// A text in a box.
    pub(super) fn words(&mut self, words: &Words<'_>, place: Place) -> io::Result<()> {
        let (attributes, _) = self.common(LABEL_ITEM, place, false, false);
        self.label(attributes, words, "1", "32")
    }

    /// A framed word in the middle of a box.
    fn tag(&mut self, place: Place, text: &str) -> io::Result<()> {
        let (attributes, _) = self.common(LABEL_ITEM, place, true, true);
        let words = Words {
            text,
            face: Face::Fine,
            size_pt: 7.0,
        };
        self.label(attributes, &words, "4", "128")
    }

    /// `halign` and `valign` are flags of Qt: 1 left, 4 centre; 32 top, 128 middle.
    fn label(
        &mut self,
        mut attributes: Attributes,
        words: &Words<'_>,
        halign: &str,
        valign: &str,
    ) -> io::Result<()> {
        attributes.extend([
            ("labelText", words.text.to_owned()),
            ("htmlState", "0".to_owned()),
            ("halign", halign.to_owned()),
            ("valign", valign.to_owned()),
            ("marginX", "0".to_owned()),
            ("marginY", "0".to_owned()),
        ]);
        let (family, bold, ink) = match words.face {
            Face::Title => (SERIF, true, INK),
            Face::Subtitle => (SANS, false, INK2),
            Face::Fine => (SANS, false, INK3),
        };
        let font = self.font(family, words.size_pt, bold);
        self.item(&attributes, |xml| {
            xml.empty("LabelFont", &[("description", &font), ("style", "")])?;
            colour("FontColor", ink, xml)
        })
    }

    /// The bar above the title.
    pub(super) fn bar(&mut self, place: Place) -> io::Result<()> {
        self.shape(place, ACCENT)
    }

    /// A thin line.
    pub(super) fn rule(&mut self, place: Place) -> io::Result<()> {
        self.shape(place, RULE)
    }

    fn shape(&mut self, place: Place, fill: Rgb) -> io::Result<()> {
        let (mut attributes, _) = self.common(SHAPE_ITEM, place, false, false);
        // 1 is a rectangle.
        attributes.extend([
            ("shapeType", "1".to_owned()),
            ("cornerRadiusMeasure", "0,mm".to_owned()),
        ]);
        self.item(&attributes, |xml| flat_symbol("", fill, xml))
    }

    /// The legend of the layers, from a corner downwards.
    pub(super) fn legend(
        &mut self,
        (left, top): (f64, f64),
        width: f64,
        layers: &[&ProjectLayer<'_>],
        map: &str,
    ) -> io::Result<()> {
        let place = Place {
            left,
            top,
            width,
            height: 60.0,
        };
        let (mut attributes, _) = self.common(LEGEND_ITEM, place, false, false);
        attributes.extend([
            ("map_uuid", map.to_owned()),
            ("title", String::new()),
            ("resizeToContents", "1".to_owned()),
            ("legendFilterByMap", "1".to_owned()),
            ("legendFilterByAtlas", "0".to_owned()),
            ("columnCount", "1".to_owned()),
            ("splitLayer", "0".to_owned()),
            ("symbolWidth", self.mm(8.0)),
            ("symbolHeight", self.mm(3.4)),
            ("minSymbolSize", "0".to_owned()),
            ("maxSymbolSize", "0".to_owned()),
            ("symbolAlignment", "1".to_owned()),
            ("titleAlignment", "1".to_owned()),
            ("boxSpace", "0".to_owned()),
            ("columnSpace", "2".to_owned()),
            ("lineSpacing", self.mm(0.8)),
            ("wmsLegendWidth", "50".to_owned()),
            ("wmsLegendHeight", "25".to_owned()),
            ("rasterBorder", "0".to_owned()),
            ("fontColor", "#1e2227".to_owned()),
            ("wrapChar", String::new()),
        ]);
        let heading = self.font(SANS, 6.6, true);
        let name = self.font(SANS, 7.0, false);
        let (above_layer, above_row) = (self.mm(2.2), self.mm(1.1));
        let layers: Vec<&ProjectLayer<'_>> = layers.to_vec();
        self.item(&attributes, |xml| {
            xml.element("styles", &[], |xml| {
                for (style, font, above) in [
                    ("title", &heading, &above_layer),
                    ("group", &heading, &above_layer),
                    ("subgroup", &heading, &above_layer),
                    ("symbol", &name, &above_row),
                    ("symbolLabel", &name, &above_row),
                ] {
                    let attributes = [
                        ("name", style),
                        ("alignment", "1"),
                        ("indent", "0"),
                        ("marginTop", above),
                        ("marginLeft", if style == "symbolLabel" { "2" } else { "0" }),
                    ];
                    xml.element("style", &attributes, |xml| {
                        xml.empty("styleFont", &[("description", font), ("style", "")])
                    })?;
                }
                Ok(())
            })?;
            xml.element("layer-tree-group", &[], |xml| {
                layers
                    .iter()
                    .try_for_each(|one| tree::layer(one, true, xml))
            })
        })
    }

    /// Two parts of a round length.
    pub(super) fn scale_bar(
        &mut self,
        (left, top): (f64, f64),
        part_km: f64,
        map: &str,
    ) -> io::Result<()> {
        let place = Place {
            left,
            top,
            width: 48.0,
            height: 9.0,
        };
        let (mut attributes, _) = self.common(SCALE_BAR_ITEM, place, false, false);
        attributes.extend([
            ("mapUuid", map.to_owned()),
            ("style", "Single Box".to_owned()),
            ("unitType", "km".to_owned()),
            ("unitLabel", "km".to_owned()),
            ("numMapUnitsPerScaleBarUnit", "1".to_owned()),
            ("numUnitsPerSegment", part_km.to_string()),
            ("numSegments", "2".to_owned()),
            ("numSegmentsLeft", "0".to_owned()),
            ("segmentSizeMode", "0".to_owned()),
            ("minBarWidth", "20".to_owned()),
            ("maxBarWidth", "60".to_owned()),
            ("height", self.mm(1.0)),
            ("outlineWidth", self.mm(0.14)),
            ("boxContentSpace", "0".to_owned()),
            ("labelBarSpace", self.mm(1.0)),
            ("labelVerticalPlacement", "0".to_owned()),
            ("labelHorizontalPlacement", "0".to_owned()),
            ("alignment", "0".to_owned()),
        ]);
        let size = (5.6 * self.scale).to_string();
        let stroke_mm = self.mm(0.14);
        self.item(&attributes, |xml| {
            let text = [
                ("fontFamily", SANS),
                ("fontSize", &size),
                ("fontSizeUnit", "Point"),
                ("fontWeight", "50"),
                ("textColor", "75,81,87,255"),
                ("textOpacity", "1"),
                ("multilineHeight", "1"),
            ];
            xml.element("text-style", &text, |xml| xml.empty("families", &[]))?;
            for (element, fill) in [("fillSymbol1", INK), ("fillSymbol2", PAPER)] {
                xml.element(element, &[], |xml| flat_symbol("", fill, xml))?;
            }
            for element in ["lineSymbol", "divisionLineSymbol", "subdivisionLineSymbol"] {
                xml.element(element, &[], |xml| line_symbol(INK, &stroke_mm, xml))?;
            }
            Ok(())
        })
    }

    /// An arrow of QGIS's own to the north of the map's middle.
    pub(super) fn north(&mut self, place: Place, map: &str) -> io::Result<()> {
        let (mut attributes, _) = self.common(PICTURE_ITEM, place, false, false);
        attributes.extend([
            (
                "file",
                ":/images/north_arrows/layout_default_north_arrow.svg".to_owned(),
            ),
            ("mapUuid", map.to_owned()),
            // True north, not that of the grid; zoomed to the box; SVG.
            ("northMode", "1".to_owned()),
            ("northOffset", "0".to_owned()),
            ("pictureRotation", "0".to_owned()),
            ("resizeMode", "0".to_owned()),
            ("anchorPoint", "4".to_owned()),
            ("mode", "2".to_owned()),
            ("svgFillColor", "255,255,255,255".to_owned()),
            ("svgBorderColor", "30,34,39,255".to_owned()),
            ("svgBorderWidth", "0.2".to_owned()),
        ]);
        self.item(&attributes, |_| Ok(()))
    }
}

fn colour(element: &str, (red, green, blue): Rgb, xml: &mut Xml) -> io::Result<()> {
    xml.empty(
        element,
        &[
            ("red", &red.to_string()),
            ("green", &green.to_string()),
            ("blue", &blue.to_string()),
            ("alpha", "255"),
        ],
    )
}

/// A symbol of one flat fill without outline.
fn flat_symbol(name: &str, (red, green, blue): Rgb, xml: &mut Xml) -> io::Result<()> {
    let fill = format!("{red},{green},{blue},255");
    let options = [
        ("color", fill.as_str()),
        ("style", "solid"),
        ("outline_style", "no"),
    ];
    simple_symbol("fill", name, "SimpleFill", &options, xml)
}

/// A symbol of one line.
fn line_symbol((red, green, blue): Rgb, width_mm: &str, xml: &mut Xml) -> io::Result<()> {
    let line = format!("{red},{green},{blue},255");
    let options = [
        ("line_color", line.as_str()),
        ("line_width", width_mm),
        ("line_width_unit", "MM"),
        ("line_style", "solid"),
        ("joinstyle", "miter"),
        ("capstyle", "square"),
    ];
    simple_symbol("line", "", "SimpleLine", &options, xml)
}

fn simple_symbol(
    kind: &str,
    name: &str,
    class: &str,
    options: &[(&str, &str)],
    xml: &mut Xml,
) -> io::Result<()> {
    let attributes = [
        ("type", kind),
        ("name", name),
        ("alpha", "1"),
        ("clip_to_extent", "1"),
    ];
    xml.element("symbol", &attributes, |xml| {
        let attributes = [
            ("class", class),
            ("enabled", "1"),
            ("locked", "0"),
            ("pass", "0"),
        ];
        xml.element("layer", &attributes, |xml| {
            xml.element("Option", &[("type", "Map")], |xml| {
                options.iter().try_for_each(|(name, value)| {
                    xml.empty(
                        "Option",
                        &[("type", "QString"), ("name", name), ("value", value)],
                    )
                })
            })
        })
    })
}
