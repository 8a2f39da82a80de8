use super::*;
use layers::style::Stroke;

const RED: Colour = Colour::hex(0x00C0_392B);

fn property<'a>(layer: &'a SymbolLayer, name: &str) -> Option<&'a str> {
    layer
        .properties
        .iter()
        .find(|(other, _)| *other == name)
        .map(|(_, value)| value.as_str())
}

#[test]
fn colours_are_four_numbers() {
    assert_eq!(rgba(RED, 0.5), "192,57,43,128");
    assert_eq!(rgb(RED), "192,57,43,255");
}

#[test]
fn an_odd_dash_list_becomes_pairs() {
    let dashed = |dash_mm: Vec<f64>| {
        let stroke = Stroke {
            colour: RED,
            width_mm: 0.4,
            dash_mm,
        };
        symbol_layers(&Symbol::line(stroke), GeometryKind::Line).remove(1)
    };
    let layer = dashed(vec![2.0, 1.0, 0.5]);
    assert_eq!(property(&layer, "customdash"), Some("2;1;0.5;2;1;0.5"));
    assert_eq!(property(&layer, "use_custom_dash"), Some("1"));
    assert_eq!(property(&layer, "capstyle"), Some("flat"));
    let solid = dashed(Vec::new());
    assert_eq!(property(&solid, "use_custom_dash"), Some("0"));
    assert_eq!(property(&solid, "capstyle"), Some("round"));
}

#[test]
fn a_marker_on_an_area_stands_once_inside_it() {
    let layers = symbol_layers(&Symbol::Seat, GeometryKind::Polygon);
    let classes: Vec<_> = layers.iter().map(|layer| layer.class).collect();
    assert_eq!(classes, ["CentroidFill"]);
}
