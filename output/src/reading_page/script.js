"use strict";
(function () {
  var all = function (what, from) { return Array.prototype.slice.call((from || document).querySelectorAll(what)); };
  var id = function (name) { return document.getElementById(name); };
  var map = id("map"), layer = id("structures"), tip = id("tip"), said = id("said");
  var names = all(".m"), buttons = all(".s"), rows = all(".p");
  var still = window.matchMedia && matchMedia("(prefers-reduced-motion: reduce)").matches;

  // What is picked: a structure or a place.
  function clear() {
    all(".on").forEach(function (e) { e.classList.remove("on"); e.removeAttribute("aria-pressed"); });
    layer.classList.remove("picked");
  }
  function show(e) { if (e) { e.scrollIntoView({ block: "center", behavior: still ? "auto" : "smooth" }); } }
  function mark(e) { if (e) { e.classList.add("on"); } }

  function structure(number, stay) {
    var button = buttons[number];
    clear();
    mark(button); button.setAttribute("aria-pressed", "true");
    mark(id("f" + number));
    if (id("f" + number)) { layer.classList.add("picked"); }
    var first = button.getAttribute("data-g"), last = button.getAttribute("data-h");
    if (first !== null) {
      for (var k = +first; k <= +last; k += 1) { mark(id("q" + k)); }
      if (stay !== "text") { show(id("q" + first)); }
    }
    if (stay !== "list") { button.closest("details").open = true; inList(button); }
    said.textContent = button.textContent;
  }
  // Scrolls the list alone: scrollIntoView would move the text too.
  function inList(e) {
    var list = e.closest(".lists"), box = e.getBoundingClientRect(), frame = list.getBoundingClientRect();
    if (box.top < frame.top || box.bottom > frame.bottom) { list.scrollTop += box.top - frame.top - frame.height / 3; }
  }
  function place(number, from) {
    clear();
    names.forEach(function (e) { if (e.getAttribute("data-p") === String(number)) { mark(e); } });
    mark(rows[number]); mark(id("c" + number));
    var point = id("c" + number);
    if (point) { point.parentNode.appendChild(point); bring(+point.getAttribute("cx"), +point.getAttribute("cy")); }
    if (from === "list" || from === "map") {
      show(document.querySelector('.m[data-p="' + number + '"]'));
    }
    if (from !== "list") { rows[number].closest("details").open = true; inList(rows[number]); }
    said.textContent = rows[number].textContent;
  }

  // Keys: one stop for all names; arrows move from name to name.
  var here = 0;
  function step(to, event) {
    if (to < 0 || to >= names.length) { return; }
    names[here].tabIndex = -1; here = to; names[here].tabIndex = 0; names[here].focus();
    event.preventDefault();
  }
  names.forEach(function (e, n) {
    e.title = "";
    e.addEventListener("click", function (event) { event.stopPropagation(); here = n; place(e.getAttribute("data-p"), "text"); });
    e.addEventListener("keydown", function (event) {
      if (event.key === "ArrowRight" || event.key === "ArrowDown") { step(n + 1, event); }
      if (event.key === "ArrowLeft" || event.key === "ArrowUp") { step(n - 1, event); }
      if (event.key === "Enter" || event.key === " ") { place(e.getAttribute("data-p"), "text"); event.preventDefault(); }
    });
    e.addEventListener("mouseenter", function () { tell(e); });
    e.addEventListener("focus", function () { tell(e); });
    e.addEventListener("mouseleave", hush);
    e.addEventListener("blur", hush);
  });
  function tell(e) {
    var row = rows[e.getAttribute("data-p")], box = e.getBoundingClientRect();
    tip.textContent = row.getAttribute("data-t") + " · 把握 " + e.getAttribute("data-c") + "%";
    tip.hidden = false;
    tip.style.left = Math.max(4, Math.min(box.left, innerWidth - tip.offsetWidth - 8)) + "px";
    tip.style.top = (box.bottom + tip.offsetHeight + 8 < innerHeight ? box.bottom + 4 : box.top - tip.offsetHeight - 4) + "px";
  }
  function hush() { tip.hidden = true; }

  buttons.forEach(function (e, n) { e.addEventListener("click", function () { structure(n, "list"); }); });
  rows.forEach(function (e, n) { e.addEventListener("click", function () { place(n, "list"); }); });
  all(".q").forEach(function (e) {
    e.addEventListener("click", function () {
      var k = +e.id.slice(1);
      for (var n = 0; n < buttons.length; n += 1) {
        var g = buttons[n].getAttribute("data-g");
        if (g !== null && +g <= k && k <= +buttons[n].getAttribute("data-h")) { structure(n, "text"); return; }
      }
    });
  });
  document.addEventListener("keydown", function (event) { if (event.key === "Escape") { clear(); hush(); } });

  all("[data-kind]").forEach(function (e) {
    e.addEventListener("change", function () {
      all(".k" + e.getAttribute("data-kind"), layer).forEach(function (f) { f.classList.toggle("off", !e.checked); });
    });
  });
  var points = id("show-places");
  points.addEventListener("change", function () { id("places").style.display = points.checked ? "" : "none"; });
  id("find").addEventListener("input", function () {
    var words = this.value.trim();
    [buttons, rows].forEach(function (list) {
      list.forEach(function (e) { e.parentNode.hidden = words !== "" && e.textContent.indexOf(words) < 0; });
    });
  });

  // The view: a box in the units of the drawing.
  var whole = map.getAttribute("viewBox").split(" ").map(Number), view = whole.slice();
  var dots = all("circle", map).concat(all("text", map));
  dots.forEach(function (e) { e.size = e.tagName === "text" ? "font-size" : "r"; e.whole = +e.getAttribute(e.size); });
  function set(next) {
    var least = whole[2] / 60, most = whole[2] * 1.6, w = Math.max(least, Math.min(most, next[2])), share = w / next[2];
    view = [next[0] + next[2] * (1 - share) / 2, next[1] + next[3] * (1 - share) / 2, w, next[3] * share];
    map.setAttribute("viewBox", view.join(" "));
    var scale = view[2] / whole[2];
    dots.forEach(function (e) { e.setAttribute(e.size, e.whole * scale); });
  }
  function zoom(by, x, y) {
    var fx = (x - view[0]) / view[2], fy = (y - view[1]) / view[3], w = view[2] * by, h = view[3] * by;
    if (w < whole[2] / 60 || w > whole[2] * 1.6) { return; }
    set([x - fx * w, y - fy * h, w, h]);
  }
  function bring(x, y) {
    var in_view = x > view[0] && x < view[0] + view[2] && y > view[1] && y < view[1] + view[3];
    if (!in_view) { set([x - view[2] / 2, y - view[3] / 2, view[2], view[3]]); }
  }
  function under(event) {
    var at = map.createSVGPoint(); at.x = event.clientX; at.y = event.clientY;
    return at.matrixTransform(map.getScreenCTM().inverse());
  }
  id("in").addEventListener("click", function () { zoom(0.6, view[0] + view[2] / 2, view[1] + view[3] / 2); });
  id("out").addEventListener("click", function () { zoom(1 / 0.6, view[0] + view[2] / 2, view[1] + view[3] / 2); });
  id("reset").addEventListener("click", function () { set(whole.slice()); });
  map.addEventListener("wheel", function (event) {
    var at = under(event); zoom(event.deltaY > 0 ? 1.2 : 1 / 1.2, at.x, at.y); event.preventDefault();
  }, { passive: false });
  var from = null, moved = false;
  map.addEventListener("pointerdown", function (event) { from = under(event); moved = false; });
  map.addEventListener("pointermove", function (event) {
    if (!from || event.buttons !== 1) { from = null; return; }
    var at = under(event), dx = at.x - from.x, dy = at.y - from.y;
    if (moved || Math.hypot(dx, dy) > view[2] / 200) { moved = true; set([view[0] - dx, view[1] - dy, view[2], view[3]]); }
  });
  window.addEventListener("pointerup", function () { from = null; });
  map.addEventListener("click", function (event) {
    if (moved) { return; }
    var e = event.target, point = e.closest(".c"), group = e.closest(".f");
    if (point) { place(+point.id.slice(1), "map"); } else if (group) { structure(+group.id.slice(1)); } else { clear(); }
  });
}());
