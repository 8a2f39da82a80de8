//! The themes of an atlas: which kinds of structure lie on one sheet, and how each kind is drawn.

use crate::style::Colour;

/// What a kind is on a map, where its members allow it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// The area of its members.
    Area,
    /// A line through its members, in the order of the plan.
    Route,
    /// A line through its members, in the order in which they lie.
    Axis,
    /// Lines from its first member to each of the others.
    Link,
    /// A city among its members: its seat.
    City,
    /// A site in its members.
    Site,
}

/// A kind of structure.
#[derive(Debug)]
pub(super) struct Kind {
    /// One of [`plans::KINDS`].
    pub(super) id: &'static str,
    /// What legends call it.
    pub(super) title: &'static str,
    pub(super) form: Form,
    pub(super) colour: Colour,
}

/// Kinds that share a sheet.
#[derive(Debug)]
pub(super) struct Theme {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) summary: &'static str,
    pub(super) areas: TableName,
    pub(super) members: TableName,
    pub(super) lines: TableName,
    pub(super) points: TableName,
    pub(super) kinds: &'static [Kind],
}

/// Identifier and title of a table.
pub(super) type TableName = (&'static str, &'static str);

const BLUE: u32 = 0x002B_6CA3;
const RED: u32 = 0x00B2_3A2A;
const GREEN: u32 = 0x003E_7D4F;
const BROWN: u32 = 0x008A_5A2B;
const PURPLE: u32 = 0x006B_4C9A;
const OCHRE: u32 = 0x00C0_7A14;
const TEAL: u32 = 0x001F_7A78;
const SLATE: u32 = 0x0055_606B;
const MAGENTA: u32 = 0x00A8_4079;

const fn kind(id: &'static str, title: &'static str, form: Form, colour: u32) -> Kind {
    Kind {
        id,
        title,
        form,
        colour: Colour::hex(colour),
    }
}

macro_rules! theme {
    ($id:literal, $title:literal, $summary:literal, [$($kind:expr),+ $(,)?]) => {
        Theme {
            id: $id,
            title: $title,
            summary: $summary,
            areas: (concat!($id, "-areas"), concat!($title, "（面）")),
            members: (concat!($id, "-members"), concat!($title, "（成员）")),
            lines: (concat!($id, "-lines"), concat!($title, "（线）")),
            points: (concat!($id, "-points"), concat!($title, "（点）")),
            kinds: &[$($kind),+],
        }
    };
}

/// The themes, in the order of the atlas. Together they hold every kind once.
pub(super) static THEMES: [Theme; 13] = [
    theme!(
        "scopes-and-regions",
        "范围与区域",
        "都市圈、城市群、片区、平台与新区",
        [
            kind("metropolitan_area", "都市圈", Form::Area, RED),
            kind("city_cluster", "城市群", Form::Area, SLATE),
            kind("zone", "片区、试验区、示范区", Form::Area, TEAL),
            kind(
                "cross_border_platform",
                "毗邻地区合作平台",
                Form::Area,
                PURPLE
            ),
            kind("dense_town_area", "城镇密集区", Form::Area, OCHRE),
            kind("new_area", "新区", Form::Site, MAGENTA),
        ]
    ),
    theme!(
        "city-system",
        "城镇体系",
        "核心、区域中心与节点城市",
        [
            kind("core_city", "核心城市", Form::City, RED),
            kind("regional_center_city", "区域中心城市", Form::City, BLUE),
            kind("node_city", "节点城市", Form::City, TEAL),
        ]
    ),
    theme!(
        "axes-and-belts",
        "发展轴带",
        "发展轴、发展带与综合运输通道",
        [
            kind("development_axis", "发展轴", Form::Axis, RED),
            kind("development_belt", "发展带", Form::Axis, OCHRE),
            kind("transport_corridor", "综合运输通道", Form::Route, BLUE),
        ]
    ),
    theme!(
        "railways",
        "铁路",
        "铁路与车站",
        [
            kind("railway", "铁路", Form::Route, SLATE),
            kind("station", "车站、枢纽场站", Form::Site, RED),
        ]
    ),
    theme!(
        "roads",
        "公路",
        "高速公路与其他公路",
        [
            kind("expressway", "高速公路", Form::Route, BROWN),
            kind("road", "其他公路", Form::Route, OCHRE),
        ]
    ),
    theme!(
        "waterways-and-ports",
        "航道与港口",
        "航道与港口",
        [
            kind("waterway", "航道", Form::Route, BLUE),
            kind("port", "港口", Form::Site, TEAL),
        ]
    ),
    theme!(
        "airports-and-logistics",
        "机场与物流",
        "机场与物流枢纽",
        [
            kind("airport", "机场", Form::Site, PURPLE),
            kind("logistics_hub", "物流枢纽", Form::Site, BROWN),
        ]
    ),
    theme!(
        "energy-and-water",
        "能源与水利",
        "能源、油气、输电、水利、水库与灌区",
        [
            kind("energy_project", "能源项目", Form::Site, RED),
            kind("oil_gas", "油气", Form::Site, BROWN),
            kind("power_line", "输电", Form::Route, MAGENTA),
            kind("water_project", "水利工程", Form::Site, BLUE),
            kind("reservoir", "水库", Form::Site, TEAL),
            kind("irrigation_district", "灌区", Form::Site, GREEN),
        ]
    ),
    theme!(
        "industry-and-science",
        "产业与科创",
        "园区、科学城、金融、商圈与农业带",
        [
            kind("industrial_park", "产业园区与基地", Form::Site, BROWN),
            kind("science_city", "科学城与创新平台", Form::Site, PURPLE),
            kind("financial_center", "金融中心", Form::Site, MAGENTA),
            kind("consumer_district", "商圈与消费集聚区", Form::Site, RED),
            kind("agriculture_belt", "农业产业带", Form::Area, GREEN),
        ]
    ),
    theme!(
        "tourism",
        "文化旅游",
        "景区与旅游走廊",
        [
            kind("tourism_site", "景区与文化地标", Form::Site, MAGENTA),
            kind("tourism_corridor", "旅游走廊", Form::Axis, PURPLE),
        ]
    ),
    theme!(
        "ecology",
        "生态",
        "屏障、廊道、河流与自然公园",
        [
            kind("ecological_barrier", "生态屏障", Form::Area, GREEN),
            kind("ecological_corridor", "生态廊道", Form::Axis, TEAL),
            kind("river_corridor", "河流治理", Form::Route, BLUE),
            kind("nature_park", "自然公园", Form::Site, BROWN),
        ]
    ),
    theme!(
        "opening-and-links",
        "开放与协作",
        "开放通道、区域协作与贸易区",
        [
            kind("opening_channel", "开放通道", Form::Route, BLUE),
            kind("regional_link", "区域协作", Form::Link, PURPLE),
            kind("trade_zone", "贸易与保税区", Form::Site, RED),
        ]
    ),
    theme!(
        "other",
        "其他",
        "不属于其他各类的事项",
        [kind("other", "其他", Form::Site, SLATE)]
    ),
];

/// How a kind of structure is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KindLook {
    /// What legends call it.
    pub title: &'static str,
    /// The title of its theme.
    pub theme: &'static str,
    /// Its colour.
    pub colour: Colour,
}

/// How the kind of a structure is shown, whatever the output; `None` for a word that is no kind.
#[must_use]
pub fn kind_look(kind: &str) -> Option<KindLook> {
    let kinds = |theme: &'static Theme| theme.kinds.iter().map(move |kind| (theme, kind));
    let found = THEMES
        .iter()
        .flat_map(kinds)
        .find(|(_, known)| known.id == kind);
    found.map(|(theme, known)| KindLook {
        title: known.title,
        theme: theme.title,
        colour: known.colour,
    })
}

/// The Chinese word for the kind of a feature: of a structure as legends call it, of a member of one, of what only the
/// layers with a builder of their own have. `None` for a word that is no kind.
#[must_use]
pub fn kind_title(kind: &str) -> Option<String> {
    let own = match kind {
        "metropolitan_area_member" => Some("都市圈成员"),
        "seat" => Some("政府驻地"),
        _ => None,
    };
    if let Some(title) = own.or_else(|| kind_look(kind).map(|look| look.title)) {
        return Some(title.to_owned());
    }
    let whole = kind_look(kind.strip_suffix("_member")?)?;
    Some(format!("{}的成员", whole.title))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_kind_of_the_catalogue_is_in_one_theme() {
        let mut seen = BTreeSet::new();
        for kind in THEMES.iter().flat_map(|theme| theme.kinds) {
            assert!(seen.insert(kind.id), "{} is in two themes", kind.id);
        }
        assert_eq!(seen, plans::KINDS.into_iter().collect());
    }

    #[test]
    fn members_are_called_after_what_they_are_members_of() {
        let whole = kind_title("core_city").expect("a kind");
        assert_eq!(
            kind_title("core_city_member"),
            Some(format!("{whole}的成员"))
        );
        assert_eq!(kind_title("no_such_kind_member"), None);
        assert_eq!(kind_title("seat").as_deref(), Some("政府驻地"));
    }
}
