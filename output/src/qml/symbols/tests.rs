use super::*;

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
    let layer = stroke(&Stroke {
        colour: RED,
        width_mm: 0.4,
        dash_mm: vec![2.0, 1.0, 0.5],
    });
    assert_eq!(property(&layer, "customdash"), Some("2;1;0.5;2;1;0.5"));
    assert_eq!(property(&layer, "use_custom_dash"), Some("1"));
    assert_eq!(
        property(&stroke(&Stroke::solid(RED, 0.4)), "use_custom_dash"),
        Some("0")
    );
}

#[test]
fn stripes_are_equal() {
    let symbol = Symbol::Fill {
        paint: Paint::Stripes {
            first: RED,
            second: INK,
        },
        outline: None,
    };
    let layers = symbol_layers(&symbol, SymbolKind::Fill);
    let classes: Vec<_> = layers.iter().map(|layer| layer.class).collect();
    assert_eq!(classes, ["SimpleFill", "LinePatternFill"]);
    assert_eq!(
        (
            property(&layers[1], "distance"),
            property(&layers[1], "line_width")
        ),
        (Some("2.4"), Some("1.2"))
    );
}

#[test]
fn only_markers_stand_at_points_whatever_the_symbol() {
    for symbol in [
        Symbol::RegionEdge,
        Symbol::River { rank: 9 },
        Symbol::Badge {
            number: 12,
            colour: RED,
        },
    ] {
        for layer in symbol_layers(&symbol, SymbolKind::Marker) {
            assert!(
                ["SimpleMarker", "FontMarker"].contains(&layer.class),
                "{layer:?}"
            );
        }
    }
}
