/* The address is the state. This script moves between addresses, keeps the focus, opens the claim drawer,
   and gives charts the colours of the page. Nothing here computes a figure. */
(function () {
  "use strict";
  var root = document.documentElement;
  var pending = null;      // what the next change of the page is due to: {kind, id}
  var opener = null;       // id of the link that opened the drawer
  var ready = false;
  var sliding = null;      // id of the slider whose last position the address holds

  window.evenhand = { stateOf: stateOf };
  function byId(id) { return id ? document.getElementById(id) : null; }

  /* One slider moved again and again is one step of the history: Back undoes the whole move. */
  function go(target, why) {
    var again = why && why.slider && why.id === sliding;
    sliding = why && why.slider ? why.id : null;
    pending = why;
    history[again ? "replaceState" : "pushState"]({}, "", target);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  }

  /* -- the address, split into what the page shows and what the drawer shows -- */
  function split(pathname, search) {
    var query = new URLSearchParams(search || "");
    var claim = query.get("claim") || "";
    query.delete("claim");
    query.delete("theme");
    var rest = query.toString();
    var page = (pathname || "/") + (rest ? "?" + rest : "");
    var same = split.page === page;
    var drawn = (split.claim || "") === claim && (same || !claim);
    split.page = page;
    split.claim = claim;
    var keep = window.dash_clientside.no_update, stays = !same && stay(page);
    return [same || stays ? keep : page, drawn ? keep : [page, claim]];
  }
  /* A page that computes may show another of its own addresses by itself. */
  function stay(page) {
    if (!window.evenhand.stay || !window.evenhand.stay(page)) return false;
    var heading = document.querySelector("#page h1");
    if (pending && pending.kind !== "control" && heading) heading.focus({ preventScroll: true });
    pending = null;
    say();
    return true;
  }
  window.dash_clientside = Object.assign({}, window.dash_clientside, { evenhand: { split: split } });

  /* -- links and forms -- */
  function inside(link) {
    var prefix = root.dataset.prefix;
    if (link.origin !== location.origin || link.target || "full" in link.dataset || !prefix || !ready) return false;
    if (link.pathname === location.pathname && link.search === location.search && link.hash) return false;
    var rest = link.pathname.slice(prefix.length);
    return link.pathname.indexOf(prefix) === 0 && /^(\/|$)/.test(rest) && !/^\/[0-9a-f]{12}(\/|$)/.test(rest);
  }

  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    if (!inside(link)) return;
    event.preventDefault();
    if (link.dataset.drawer && !link.closest("dialog")) {
      var query = new URLSearchParams(location.search);
      query.set("claim", link.dataset.drawer);
      opener = link.id;
      if (byId("claim")) delete byId("claim").dataset.shown;
      go(location.pathname + "?" + query.toString().replace(/%7E/g, "~"), { kind: "drawer" });
    } else {
      go(link.pathname + link.search + link.hash, { kind: "page" });
    }
  });

  document.addEventListener("change", function (event) {
    if (event.target.id === "appearance") return choose(event.target.value);
    var form = event.target.closest("form[data-state]"), twin = byId(event.target.id.replace(/^typed-/, "slider-"));
    if (!form || !ready) return;
    if (twin && twin !== event.target) { // a range brings what is typed within its limits; nothing typed is what is offered
      twin.value = event.target.value || twin.closest("[data-slider]").dataset.offered;
      event.target.value = twin.value;
    } else if (event.target.type === "number" && event.target.value) { // a number without a slider has its limits itself
      event.target.value = Math.min(Math.max(event.target.value, event.target.min), event.target.max);
    }
    var rest = stateOf(form).toString();
    go(new URL(form.action).pathname + (rest ? "?" + rest : ""), { kind: "control", id: event.target.id, slider: event.target.type === "range" });
  });

  /* What the controls of a form ask for; what is offered leaves the address. */
  function stateOf(form) {
    var query = new URLSearchParams();
    new FormData(form).forEach(function (value, name) {
      var offered = form.querySelector('[data-slider="' + name + '"]');
      if (value && !(offered && offered.dataset.offered === value)) query.set(name, value);
    });
    return query;
  }

  document.addEventListener("input", function (event) {
    var row = event.target.type === "range" && event.target.closest("[data-slider]");
    if (row) row.querySelector("b").textContent = event.target.value + ("unit" in row.dataset ? row.dataset.unit : "%");
  });

  document.addEventListener("close", function (event) {
    if (event.target.id !== "claim") return;
    var query = new URLSearchParams(location.search);
    if (query.has("claim")) {
      query.delete("claim");
      var rest = query.toString();
      go(location.pathname + (rest ? "?" + rest : ""), null);
    }
    var link = byId(opener);
    if (link) link.focus();
  }, true);

  window.addEventListener("popstate", function () {
    sliding = null;
    var query = new URLSearchParams(location.search);
    query.delete("claim");
    query.delete("theme");
    var rest = query.toString();
    if (location.pathname + (rest ? "?" + rest : "") !== split.page) pending = { kind: "back" };
    else if (byId("claim") && !new URLSearchParams(location.search).has("claim")) byId("claim").close();
  });

  /* -- after the page was replaced -- */
  function settle() {
    var painted = byId("painted");
    var heading = document.querySelector("#page h1");
    if (!heading) return;
    if (painted) {
      var place = focusables(painted).indexOf(document.activeElement);
      painted.remove();
      ready = true;
      root.classList.add("ready");
      if (place >= 0) { var same = focusables(byId("page"))[place]; if (same) same.focus({ preventScroll: true }); }
      return mark(heading);
    }
    if (!pending) return;
    var why = pending;
    pending = null;
    mark(heading);
    if (why.kind === "control") {
      var control = byId(why.id);
      if (control) control.focus({ preventScroll: true });
      say();
    } else if (why.kind === "page") {
      var goal = location.hash && byId(location.hash.slice(1));
      if (goal) goal.scrollIntoView(); else window.scrollTo(0, 0);
      heading.focus({ preventScroll: true });
    } else if (why.kind === "back") {
      heading.focus({ preventScroll: true });
    }
  }

  function inPage(change) {
    var page = byId("page");
    return page && page.contains(change.target);
  }

  /* -- tables: one text each, escaped by the server, put in place here because Dash mounts cells one by one -- */
  function fill(changes) {
    changes.forEach(function (change) { if (change.target.filled && !change.target.dataset.markup) empty(change.target); });
    document.querySelectorAll("#page [data-markup], #drawer [data-markup]").forEach(function (frame) {
      if (frame.filled && frame.filled.markup === frame.dataset.markup) return;
      empty(frame);
      var made = document.createElement("template");
      made.innerHTML = frame.dataset.markup;
      frame.filled = { markup: frame.dataset.markup, nodes: Array.from(made.content.childNodes) };
      frame.append(made.content);
    });
  }

  function empty(frame) {
    if (frame.filled) frame.filled.nodes.forEach(function (node) { node.remove(); });
    frame.filled = null;
  }

  function focusables(part) { return Array.from(part.querySelectorAll("a[href], button, select, input, summary, [tabindex='0']")); }

  function mark(heading) {
    document.title = heading.textContent + " · Evenhand";
    document.querySelectorAll("header nav a[data-section]").forEach(function (link) {
      if (link.dataset.section === heading.dataset.section) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    });
  }

  function say() {
    var lede = byId("lede");
    byId("live").textContent = "";
    if (lede) setTimeout(function () { byId("live").textContent = lede.textContent; }, 50);
  }

  function drawer() {
    var dialog = byId("claim");
    if (dialog && dialog.tagName === "DIALOG" && !dialog.open && !dialog.dataset.shown) {
      dialog.dataset.shown = "once"; // a closed one stays in the page for a moment and must not open again
      dialog.showModal();
      var title = byId("claim-title");
      if (title) title.focus();
    }
  }

  /* -- charts: their library is fetched when a chart first waits for it, which Dash does for whatever window.Plotly
     resolves to; a page whose charts are still to come has it fetched while other scripts start -- */
  var library = root.dataset.charts, drawing = null;
  if (library && !window.Plotly) {
    window.Plotly = { then: function (done, failed) {
      drawing = drawing || new Promise(function (loaded, refused) {
        var script = document.createElement("script");
        script.src = library;
        script.onload = function () { loaded(window.Plotly); };
        script.onerror = refused;
        document.head.appendChild(script);
      });
      drawing.then(done, failed);
    } };
    if (document.querySelector("#painted .waiting")) {
      fetch(library, { priority: "low" }).then(function (answer) { return answer.blob(); }).catch(function () { /* asked for again, and said, by the first chart */ });
    }
  }

  /* -- colours -- */
  var DARK = {
    "#12436d": "#8ab8e6", "#28a197": "#5ccabf", "#1b746c": "#5ccabe", "#801650": "#e58fbc", "#5b6770": "#b8c1ca",
    "#3d3d3d": "#b8c1c9", "#0b0c0c": "#f2f4f5", "#c9ced3": "#3a454e", "#d3d9dd": "#33404a", "#ffffff": "#10161c",
    "#a285d1": "#c3ade7", "#6a46a8": "#c3ade6", "#e4dcf2": "#3b3150"
  };
  var LIGHT = {};
  Object.keys(DARK).forEach(function (light) { if (!(DARK[light] in LIGHT)) LIGHT[DARK[light]] = light; });
  var device = matchMedia("(prefers-color-scheme: dark)");
  var paper = matchMedia("print");
  var forced = matchMedia("(forced-colors: active)");
  var narrow = matchMedia("(max-width: 40rem)");

  function dark() {
    if (printing || forced.matches) return false;
    return root.dataset.theme ? root.dataset.theme === "dark" : device.matches;
  }

  /* A chart as a narrow screen has room for it, or as wide ones have: [data, layout]. Each carries the other's part. */
  function fitted(chart, small) {
    var meta = chart.layout.meta, other = meta && (small ? meta.narrow : meta.wide);
    if (!other) return [chart.data, chart.layout];
    var back = { layout: {} };
    Object.keys(other.layout).forEach(function (name) { back.layout[name] = chart.layout[name]; });
    // a chart that was resized has forgotten its height, which its frame still knows
    if (other.layout.height) back.layout.height = parseFloat(getComputedStyle(chart).getPropertyValue(small ? "--height" : "--narrow"));
    if (other.data) back.data = chart.data;
    var layout = Object.assign({}, chart.layout, other.layout, { meta: small ? { wide: back } : { narrow: back } });
    return [other.data || chart.data, layout];
  }
  window.evenhand.wide = function (chart) { return fitted(chart, false); };

  function tint(chart) {
    if (!window.Plotly || !chart.data || !chart.layout) return;
    var wanted = dark(), small = !printing && narrow.matches, done = chart.tinted;
    if (done && done.data === chart.data && done.dark === wanted && done.small === small) return;
    var map = wanted ? DARK : LIGHT;
    var now = JSON.stringify([chart.data, chart.layout]);
    var then = JSON.stringify(fitted(chart, small)).replace(/#[0-9a-f]{6}/gi, function (found) { return map[found.toLowerCase()] || found; });
    if (then !== now) {
      var both = JSON.parse(then);
      window.Plotly.react(chart, both[0], both[1], { displayModeBar: false, responsive: true });
    }
    chart.tinted = { data: chart.data, dark: wanted, small: small };
  }

  /* A figure's text in its light colours, for pictures that leave the page. */
  function light(text) {
    return text.replace(/#[0-9a-f]{6}/gi, function (found) { return LIGHT[found.toLowerCase()] || found; });
  }
  window.evenhand.light = light;

  /* -- a chart as a file: the script that makes it is fetched when somebody first asks -- */
  var maker = null;
  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("button[data-picture]");
    if (!button) return;
    maker = maker || new Promise(function (done, failed) {
      var script = document.createElement("script");
      script.src = "/assets/pictures.js";
      script.onload = done;
      script.onerror = failed;
      document.head.appendChild(script);
    });
    maker.then(function () { return window.evenhand.picture(button); }).catch(function () {
      byId("live").textContent = "The picture could not be made.";
    });
  });

  /* -- a part of a page that computes names the script it needs, which is fetched once -- */
  var fetched = {};
  function fetchNeeds() {
    document.querySelectorAll("#page [data-needs]").forEach(function (part) {
      var address = part.dataset.needs;
      if (fetched[address] || address.indexOf("/assets/") !== 0) return;
      fetched[address] = true;
      var script = document.createElement("script");
      script.src = address;
      document.head.appendChild(script);
    });
  }

  function tintAll() { document.querySelectorAll(".js-plotly-plot").forEach(tint); }

  function choose(theme) {
    if (theme) root.dataset.theme = theme; else delete root.dataset.theme;
    try { localStorage.setItem("evenhand-theme", theme); } catch (refused) { /* it then lasts as long as the page */ }
    tintAll();
  }

  /* Paper is narrower than any screen: charts get the width of an A4 sheet's text, and their light colours. */
  var printing = false;
  function press(on) {
    printing = on;
    tintAll();
    document.querySelectorAll(".js-plotly-plot").forEach(function (chart) {
      if (window.Plotly && chart.layout) window.Plotly.relayout(chart, on ? { width: 660, autosize: false } : { width: null, autosize: true });
    });
  }

  [device, forced, narrow].forEach(function (query) { query.addEventListener("change", tintAll); });
  window.addEventListener("beforeprint", function () { press(true); });
  window.addEventListener("afterprint", function () { press(false); });
  paper.addEventListener("change", function (event) { if (event.matches !== printing) press(event.matches); });

  function watch() {
    var select = byId("appearance");
    if (select) select.value = root.dataset.theme || "";
    new MutationObserver(function (changes) {
      fill(changes);
      if (changes.some(inPage)) settle();
      drawer();
      tintAll();
      fetchNeeds();
    }).observe(byId("main"), { childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ["data-markup"] });
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", watch); else watch();
})();
