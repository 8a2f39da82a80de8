"""Reads a page of HTML with Python's parser: what is in it, and what must not be.

check_page.py PAGE.html -> JSON: counts by class, texts, problems.
"""
import base64
import collections
import hashlib
import html.parser
import json
import sys

VOID = {"meta", "input", "br", "link", "img"}


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.problems = [], []
        self.ids, self.counts = collections.Counter(), collections.Counter()
        self.policy, self.script, self.texts = "", "", collections.defaultdict(str)
        self.targets = []

    def handle_starttag(self, tag, attributes):
        at = dict(attributes)
        self.counts[tag] += 1
        for word in (at.get("class") or "").split():
            self.counts["." + word] += 1
        if "id" in at:
            self.ids[at["id"]] += 1
        for name, value in attributes:
            if name.startswith("on"):
                self.problems.append(f"a handler: {name}")
            if name in ("src", "href", "action", "data", "xlink:href"):
                if value.startswith("#"):
                    self.targets.append(value[1:])
                else:
                    self.problems.append(f"{tag} {name}={value}")
        if at.get("http-equiv") == "Content-Security-Policy":
            self.policy = at["content"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        self.handle_endtag(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag:
            self.problems.append(f"</{tag}> closes {self.open[-1:]}")
        elif tag not in VOID:
            self.open.pop()

    def handle_data(self, data):
        if self.open and self.open[-1] == "script":
            self.script += data
        for tag in ("main", "title", "aside", "style"):
            if tag in self.open:
                self.texts[tag] += data


page = Page()
text = open(sys.argv[1], encoding="utf-8").read()
page.feed(text)
page.close()
digest = base64.b64encode(hashlib.sha256(page.script.encode()).digest()).decode()
if f"script-src 'sha256-{digest}'" not in page.policy or "default-src 'none'" not in page.policy:
    page.problems.append(f"the policy does not allow the script and nothing else: sha256-{digest}: {page.policy}")
page.problems += [f"twice: {name}" for name, count in page.ids.items() if count > 1]
page.problems += [f"no target: {name}" for name in page.targets if name not in page.ids]
page.problems += [f"not closed: {tag}" for tag in page.open]
if "url(" in page.texts["style"] or "@import" in page.texts["style"]:
    page.problems.append("the style asks for a file")
json.dump({"problems": page.problems, "counts": page.counts, "main": page.texts["main"], "title": page.texts["title"],
           "lists": page.texts["aside"], "ids": sorted(page.ids), "bytes": len(text.encode())}, sys.stdout, ensure_ascii=False)
