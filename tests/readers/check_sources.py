"""Compares where the program says airports are with PyPI `airportsdata`, and prints what came out as one JSON object.

    python check_sources.py YUTU AIRPORTS.csv EXCEPTIONS.csv

Needs the packages of requirements.txt. AIRPORTS.csv says which airports there are: each with a code and a position is
asked for by name (`yutu places NAME --class airport --json`), and the answer must be within 3 km of the point that
airportsdata has for its IATA code, with the same ICAO code. A row `airport` of EXCEPTIONS.csv lets an airport (its `id`
there is the identifier of the place) be farther, as far as the row says; a row that no longer applies is a problem too.

Exit status: 0 nothing is wrong; 1 something is (listed under "problems").
"""

import csv
import json
import subprocess
import sys

import airportsdata
from geographiclib.geodesic import Geodesic

NEAR_KM = 3.0
SAME_KM = 0.5  # how exactly an exception must say the distance


def rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def main(yutu, table, exceptions):
    known = airportsdata.load("IATA")
    excepted = {row["id"]: row for row in rows(exceptions) if row["what"] == "airport"}
    used, problems, near, compared = set(), [], 0, 0
    for row in rows(table):
        if not (row["code"] and row["lon"]):
            continue
        name, iata, icao = row["name"], *row["code"].split("/")
        found = subprocess.run(
            [yutu, "places", name, "--class", "airport", "--json"],
            capture_output=True, check=True, encoding="utf-8",
        )
        answers = [place for place in json.loads(found.stdout) if place["id"] == row["id"]]
        if not answers or answers[0]["code"] != row["code"]:
            problems.append(f"{name}: the program answers {found.stdout}")
            continue
        theirs = known.get(iata)
        if theirs is None or theirs["icao"] != icao:
            problems.append(f"{name}: airportsdata has for {iata}: {theirs}")
            continue
        compared += 1
        own = answers[0]
        km = Geodesic.WGS84.Inverse(own["lat"], own["lon"], theirs["lat"], theirs["lon"])["s12"] / 1000
        exception = excepted.get(row["id"])
        if km <= NEAR_KM:
            near += 1
        elif exception is None:
            problems.append(f"{name} ({iata}): {km:.1f} km from airportsdata")
        elif abs(km - float(exception["distance_km"])) > SAME_KM or not exception["reason"]:
            problems.append(f"{name} ({iata}): {km:.1f} km from airportsdata, exceptions.csv says {exception}")
        else:
            used.add(row["id"])
    problems += [f"exceptions.csv: {id} is no exception any more" for id in sorted(set(excepted) - used)]
    sys.stdout.reconfigure(encoding="utf-8")
    seen = {"compared": compared, "near": near, "excepted": len(used), "problems": problems}
    print(json.dumps(seen, ensure_ascii=False))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
