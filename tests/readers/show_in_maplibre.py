"""Draws a tile archive in MapLibre as a browser shows it: in headless Chromium, by range requests to a server of its own.

    python3 show_in_maplibre.py ARCHIVE.pmtiles --out FOLDER --at LON,LAT,ZOOM … [--label ATTRIBUTE | --style FILE [--map TITLE]]

Needs Chromium (Debian: chromium; or $CHROMIUM) and npm, which puts maplibre-gl and pmtiles into the folder of $MAPLIBRE, or
target/maplibre of the repository, once. Everything is served on the loopback address.

With --style the atlas is drawn as that file has it, and of its maps the one asked for. Else polygons are half transparent with a thin dark edge, so that a gap between neighbours is light, an overlap dark, and a
border that differs on its two sides is two lines. For each place there is a picture of 1024 × 768 pixels named by its zoom.
Prints, as one JSON object, the features that MapLibre drew of each layer, and its errors.

Exit status: 0 every picture was drawn without an error; 2 otherwise.
"""

import argparse
import base64
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
VERSIONS = ["maplibre-gl@6.17.0", "pmtiles@4.5.0"]
SECONDS = 240

PAGE = """<!doctype html><meta charset="utf-8"><title>tiles</title>
<link rel="stylesheet" href="/npm/maplibre-gl/dist/maplibre-gl.css">
<style>body{margin:0}#map{width:1024px;height:768px}</style><div id="map"></div>
<script src="/npm/pmtiles/dist/pmtiles.js"></script>
<script type="module">
import * as maplibregl from "/npm/maplibre-gl/dist/maplibre-gl.mjs";
const wanted = %(wanted)s, errors = [];
const post = (path, body) => fetch(path, {method: "POST", body: JSON.stringify(body)});
window.addEventListener("error", (event) => errors.push(String(event.message)));
try {
  const protocol = new pmtiles.Protocol();
  maplibregl.addProtocol("pmtiles", protocol.tile);
  const url = location.origin + "/archive.pmtiles";
  const archive = new pmtiles.PMTiles(url);
  protocol.add(archive);
  const header = await archive.getHeader(), metadata = await archive.getMetadata();
  const names = metadata.vector_layers.map((layer) => layer.id);
  const of = (name, kind, type, paint, more) =>
    ({id: name + " " + kind, type, source: "tiles", "source-layer": name, paint, ...more});
  const only = (kind) => ({filter: ["in", ["geometry-type"], ["literal", [kind, "Multi" + kind]]]});
  const layers = [{id: "ground", type: "background", paint: {"background-color": "#fff"}}];
  for (const name of names) layers.push(
    of(name, "areas", "fill", {"fill-color": "#4682b4", "fill-opacity": 0.45, "fill-antialias": false}, only("Polygon")));
  for (const name of names) layers.push(
    of(name, "edges", "line", {"line-color": "#14283c", "line-width": 1}, only("Polygon")),
    of(name, "lines", "line", {"line-color": "#962828", "line-width": 1.2}, only("LineString")));
  for (const name of names) layers.push(
    of(name, "points", "circle", {"circle-color": "#e67814", "circle-radius": 2.5}, only("Point")));
  const named = names.filter((name) => name.endsWith("-labels"));
  if (wanted.label) for (const name of named.length ? named : names) layers.push(
    of(name, "names", "symbol", {"text-color": "#000", "text-halo-color": "#fff", "text-halo-width": 1.5},
      {layout: {"text-field": ["to-string", ["get", wanted.label]], "text-size": 13}}));
  const map = new maplibregl.Map({
    container: "map", fadeDuration: 0, attributionControl: false, interactive: false, maxPitch: 0,
    canvasContextAttributes: {preserveDrawingBuffer: true},
    localIdeographFontFamily: "'Noto Sans CJK SC', sans-serif",
    center: wanted.places[0].center, zoom: wanted.places[0].zoom,
    style: wanted.style
      ? {...wanted.style, sources: {atlas: {type: "vector", url: "pmtiles://" + url}}}
      : {version: 8, sources: {tiles: {type: "vector", url: "pmtiles://" + url}}, layers},
  });
  map.on("error", (event) => errors.push(String(event.error && event.error.message || event)));
  for (const place of wanted.places) {
    map.jumpTo({center: place.center, zoom: place.zoom});
    await new Promise((done) => { map.once("idle", done); map.triggerRepaint(); });
    const drawn = {};
    for (const feature of map.queryRenderedFeatures())
      drawn[feature.layer.id] = (drawn[feature.layer.id] || 0) + 1;
    await post("/picture", {name: place.name, png: map.getCanvas().toDataURL("image/png"), drawn});
  }
  await post("/end", {errors, zooms: [header.minZoom, header.maxZoom], layers: names});
} catch (error) {
  await post("/end", {errors: [...errors, String(error && error.stack || error)]});
}
</script>"""

TYPES = {".mjs": "text/javascript", ".js": "text/javascript", ".css": "text/css", ".html": "text/html; charset=utf-8"}


def packages():
    """The folder with the packages of npm."""
    folder = Path(os.environ.get("MAPLIBRE") or REPOSITORY / "target/maplibre")
    if not (folder / "node_modules/maplibre-gl").is_dir() or not (folder / "node_modules/pmtiles").is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "install", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund",
                        "--no-package-lock", "--silent", *VERSIONS], check=True, stdout=sys.stderr)
    return folder / "node_modules"


def server(archive, page, modules, out):
    ended, told = threading.Event(), {"pictures": [], "range_requests": 0}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def answer(self, status, body=b"", kind="application/octet-stream", headers=()):
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            for name, value in headers:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self):
            path = self.path.split("?")[0]
            if path == "/":
                return self.answer(200, page.encode(), TYPES[".html"])
            if path == "/archive.pmtiles":
                return self.part()
            file = (modules / path.removeprefix("/npm/")).resolve()
            if path.startswith("/npm/") and file.is_relative_to(modules.resolve()) and file.is_file():
                return self.answer(200, file.read_bytes(), TYPES.get(file.suffix, "application/octet-stream"))
            return self.answer(404)

        def part(self):
            size = archive.stat().st_size
            wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
            if not wanted:
                return self.answer(400, b"only ranges are served here")
            first, last = int(wanted[1]), min(int(wanted[2] or size - 1), size - 1)
            if first > last:
                return self.answer(416)
            told["range_requests"] += 1
            with open(archive, "rb") as file:
                file.seek(first)
                body = file.read(last - first + 1)
            return self.answer(206, body, headers=[("Content-Range", f"bytes {first}-{last}/{size}"), ("ETag", '"1"')])

        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.path == "/picture":
                path = out / body["name"]
                path.write_bytes(base64.b64decode(body["png"].split(",", 1)[1]))
                told["pictures"].append({"picture": str(path), "drawn": body["drawn"]})
            else:
                told.update(body)
                ended.set()
            self.answer(204)

    return ThreadingHTTPServer(("127.0.0.1", 0), Handler), ended, told


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("archive", type=Path)
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--at", action="append", required=True, metavar="LON,LAT,ZOOM")
    arguments.add_argument("--label", metavar="ATTRIBUTE")
    arguments.add_argument("--style", type=Path, metavar="FILE")
    arguments.add_argument("--map", metavar="TITLE")
    options = arguments.parse_args()
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not chromium:
        print("no chromium; name one in $CHROMIUM", file=sys.stderr)
        return 2
    options.out.mkdir(parents=True, exist_ok=True)
    places = []
    for place in options.at:
        lon, lat, zoom = (float(number) for number in place.split(","))
        places.append({"center": [lon, lat], "zoom": zoom, "name": f"maplibre-{zoom:g}.png"})
    style = json.loads(options.style.read_text()) if options.style else None
    if style and options.map:
        for layer in style["layers"]:
            of_map = layer.get("metadata", {}).get("yutu:map", options.map) == options.map
            layer.setdefault("layout", {})["visibility"] = "visible" if of_map else "none"
    page = PAGE % {"wanted": json.dumps({"places": places, "label": options.label, "style": style})}
    serving, ended, told = server(options.archive, page, packages(), options.out)
    threading.Thread(target=serving.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory(prefix="show-in-maplibre-") as profile:
        browser = subprocess.Popen(
            [chromium, "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--use-angle=swiftshader",
             "--enable-unsafe-swiftshader", "--hide-scrollbars", "--window-size=1024,900", "--disable-background-networking",
             "--no-first-run", f"--user-data-dir={profile}", f"http://127.0.0.1:{serving.server_port}/"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            if not ended.wait(SECONDS):
                told["errors"] = [f"no answer in {SECONDS} s"]
        finally:
            browser.terminate()
            browser.wait()
            serving.shutdown()
    print(json.dumps(told, ensure_ascii=False))
    return 0 if not told.get("errors") and len(told["pictures"]) == len(places) else 2


sys.exit(main())
