/* The settlement workbench: a moved slider is answered here, with try.js and ledger.js, and asks the server nothing.
   The address stays the state: what it says is what is shown, whoever works it out. The server's page of the same
   address says the same (tests/browser/test_workbench.py), so links, files and readers without scripts lose nothing. */
(function () {
  "use strict";
  var engine = window.evenhandTry, ledger = window.evenhandLedger, write = window.evenhandNumbers;
  var bench = null; // the data of the page in view, its place in the page, and whether its chart is behind

  function byId(id) { return document.getElementById(id); }

  /* -- the terms that an address asks for (dashboards/whatif.py); null where only the server can answer -- */
  function trial(query) {
    var data = bench.data, given = new URLSearchParams(query), tried = {}, refused = false, moved = [];
    if ((given.get("scheme") || "") !== data.asked) return null;
    given.delete("scheme");
    var plan = data.plans.filter(function (each) { return each.id === given.get("plan"); })[0] || data.plans[data.first];
    given.delete("plan");
    data.sliders.forEach(function (slider) {
      var text = given.get(slider.name), value = Number(text);
      given.delete(slider.name);
      if (!text) return;
      if (!(value >= slider.low && value <= slider.high)) refused = true;
      tried[slider.name] = Math.round(value * 1e4) / 1e6;
    });
    if (refused || Array.from(given.keys()).length) return null;
    var terms = Object.assign({}, data.terms), saving = "saving" in tried ? tried.saving : plan.saving;
    data.sliders.forEach(function (slider) {
      var name = slider.name, offered = name === "saving" ? plan.saving : data.terms[name];
      if (name in tried && tried[name] !== offered) moved.push(name);
      if (name !== "saving" && name in tried) terms[name] = tried[name];
    });
    return { terms: terms, plan: plan, saving: saving, moved: moved };
  }

  /* The lines by year, with what they rest on: ceilings in pounds, quality by year and the least saving that counts. */
  function settled(tried) {
    var data = bench.data, terms = tried.terms, path = engine.ceiling(data.base, data.gap, terms);
    var costs = engine.compounded(-tried.saving, terms.years).map(function (factor) { return data.last * factor; });
    var grades = path.map(function (_, year) { return tried.plan.fails.indexOf(year + 1) < 0 ? 100 : 0; });
    var least = data.threshold > data.terms.threshold ? Math.max(data.threshold, terms.threshold) : terms.threshold;
    var flows = engine.settle(path, costs, terms, { quality: grades, threshold: least, reinvest: path });
    return { lines: ledger.lines(flows, terms, least, grades, data.sign), path: path, grades: grades, least: least };
  }

  /* -- what is shown -- */
  function show(tried) {
    var found = settled(tried), lines = found.lines, on = tried.moved.length > 0;
    answer(found, tried);
    controls(tried);
    meaning(found, tried.terms);
    tables(lines);
    bench.lines = lines;
    soon();
    var said = byId("sentence-ledger");
    if (said && said.firstChild) said.firstChild.nodeValue = bench.data.said[on ? 1 : 0];
    document.querySelectorAll("#page [data-offered-only]").forEach(function (part) { part.hidden = on; });
    document.querySelectorAll("#page [data-trial-only]").forEach(function (part) { part.hidden = !on; });
  }

  function total(lines, name) { return lines.reduce(function (sum, line) { return sum + line[name] / 100; }, 0); }
  function money(amount) { return write.headline(amount, 0, bench.data.sign); }

  /* What all years come to: [what is kept or paid, of what] (dashboards/pages/settlement.py). */
  function outcome(kept, below, last) {
    var part = money(Math.abs(kept)), whole = money(Math.abs(below));
    var sign = ((kept > 0.005) - (kept < -0.005)) + "," + ((below > 0.005) - (below < -0.005));
    var told = {
      "1,1": ["keep " + part, " of the " + whole + " by which its cost to " + last + " stays below the ceiling"],
      "0,1": ["keep nothing", " of the " + whole + " by which its cost to " + last + " stays below the ceiling"],
      "0,-1": ["keep nothing", ": its cost to " + last + " is " + whole + " above the ceiling, which the centre bears"],
      "-1,-1": ["pay " + part, " of the " + whole + " by which its cost to " + last + " exceeds the ceiling; the centre bears the rest"],
      "0,0": ["keep nothing", ": its cost to " + last + " equals the ceiling"]
    };
    return told[sign] || [(kept > 0 ? "keep " : "pay ") + part, ", gains of some years set against losses of others; in all its cost to " +
      last + " is " + whole + (below > 0 ? " below" : " above") + " the ceiling"];
  }

  function answer(found, tried) {
    var data = bench.data, bold = document.createElement("b"), kept = total(found.lines, "kept"), more = "";
    var said = outcome(kept, total(found.lines, "below"), data.years[data.years.length - 1]);
    if (kept <= 0.005) {
      var from = engine.keepsFrom(found.path, data.last, tried.terms, data.savings, tried.saving, { quality: found.grades, threshold: found.least });
      more = " " + ledger.begins(from, tried.saving, data.savings[data.savings.length - 1]);
    }
    bold.textContent = said[0];
    byId("lede").replaceChildren(
      (tried.saving ? "Saving " + stated(tried.saving) + "% a year, " : "Spending what it spent last year, ") + data.name + " would ", bold,
      said[1] + "." + more);
  }

  /* What the terms mean for this body (dashboards/blocks/meaning_block.py). */
  function meaning(found, terms) {
    var data = bench.data, about = { name: data.name, base: data.base, last: data.last, first: found.lines[0].ceiling / 100,
      year: data.years[0], prices: data.prices, least: found.least };
    var told = { start: ledger.start(about, data.sign), limit: ledger.limit(about, terms),
      reward: ledger.reward(terms, engine.powerOf(terms)[0], data.taken) };
    Object.keys(told).forEach(function (name) {
      var place = byId("meaning-" + name);
      if (place) place.textContent = told[name];
    });
  }

  function stated(value) { return value === null ? "" : String(Math.round(value * 1e6) / 1e4); }

  function controls(tried) {
    var plan = byId("control-plan");
    if (plan) plan.value = tried.plan.id === bench.data.plans[bench.data.first].id ? "" : tried.plan.id;
    bench.data.sliders.forEach(function (slider) {
      var name = slider.name, range = byId("slider-" + name), typed = byId("typed-" + name), row = range && range.closest("[data-slider]");
      if (!row) return;
      var value = stated(name === "saving" ? tried.saving : tried.terms[name]);
      var offered = stated(name === "saving" ? tried.plan.saving : bench.data.terms[name]), moved = tried.moved.indexOf(name) >= 0;
      row.dataset.offered = offered;
      if (range.value !== value) range.value = value;
      if (typed && typed !== document.activeElement) typed.value = value;
      row.querySelector("b").textContent = value + "%";
      row.querySelector(".mark").textContent = moved ? "trial; offered " + offered + "%" : "offered";
      row.querySelector(".mark").classList.toggle("trial", moved);
    });
  }

  /* -- tables: the rows of dashboards/blocks/ledger_block.py -- */
  function millions(pence) { return write.signed(pence / 100 / 1e6, 2); }
  function part(line) {
    if (!line.ceiling) return "–";
    var share = line.below / line.ceiling;
    return (share < 0 ? "−" : "") + write.share(Math.abs(share));
  }
  function tables(lines) {
    var names = ["ceiling", "cost", "below", "kept", "centre", "held"], sum = {};
    names.forEach(function (name) { sum[name] = lines.reduce(function (whole, line) { return whole + line[name]; }, 0); });
    ["ledger", "ceiling"].forEach(function (id) {
      var title = byId("title-" + id), table = title && title.closest(".panel").querySelector("table");
      if (!table) return;
      Array.from(table.tBodies[0].rows).forEach(function (row, place) {
        var line = lines[place] || sum, told = [millions(line.ceiling), millions(line.cost), millions(line.below), part(line),
          millions(line.kept), millions(line.centre), millions(line.held), lines[place] ? millions(line.bank) : "–"];
        var note = row.cells[0].querySelector(".note");
        if (note) note.textContent = line.explanation || "";
        Array.from(row.cells).slice(1).forEach(function (cell, column) { cell.textContent = told[column]; });
      });
    });
  }

  /* Words and tables follow every step; the chart, which takes longest, rests between two drawings, and the last step counts. */
  var REST = 120, drawing = 0, rested = 0; // milliseconds; the next drawing, and from when on it may be
  function soon() {
    drawing = drawing || setTimeout(function () {
      requestAnimationFrame(function () {
        drawing = 0;
        if (bench && bench.lines) chart();
        rested = performance.now() + REST;
      });
    }, Math.max(0, rested - performance.now()));
  }

  /* -- the chart: the lines and labels of dashboards/components/ceilings.py -- */
  function chart() {
    var drawn = document.querySelector("#chart-ceiling .js-plotly-plot") || byId("chart-ceiling"), lines = bench.lines;
    bench.behind = !(drawn && drawn.data && window.Plotly && window.Plotly.update);
    if (bench.behind) return;
    var both = ["ceiling", "cost"].map(function (name) { return lines.map(function (line) { return line[name] / 100; }); });
    var last = bench.data.last, most = Math.max.apply(null, both[0].concat(both[1], last)), scale = most >= 1e9 ? 1e9 : most >= 2e6 ? 1e6 : 1;
    var ends = both.map(function (each) { return each[each.length - 1]; }), near = Math.abs(ends[0] - ends[1]) < 0.02 * Math.max(ends[0], ends[1]);
    var small = drawn.layout.meta && drawn.layout.meta.wide; // the form for narrow screens names ends above and below
    var layout = { "yaxis.ticksuffix": scale === 1e9 ? "bn" : scale === 1e6 ? "m" : "" };
    ends.forEach(function (end, place) {
      layout["annotations[" + place + "].text"] = "<b>" + ["Ceiling", "Plan"][place] + "</b> " + money(end);
      layout["annotations[" + place + "].y"] = end / scale;
      var upper = place ? end > ends[0] : end >= ends[1];
      if (small) layout["annotations[" + place + "].yanchor"] = upper ? "bottom" : "top";
      else layout["annotations[" + place + "].yshift"] = !near ? 0 : end >= Math.max(ends[0], ends[1]) ? 12 : -12;
    });
    var y = both.concat([[last]]).map(function (each) { return each.map(function (one) { return one / scale; }); });
    window.Plotly.update(drawn, { y: y }, layout);
  }

  /* -- links of the page carry the state too: the permanent one, and the files made from its tables -- */
  function links(query) {
    document.querySelectorAll("#page a[data-full]").forEach(function (link) {
      if (!link.pathname.endsWith(bench.path)) return;
      var kept = new URLSearchParams(query), own = new URLSearchParams(link.search);
      ["csv", "xlsx"].forEach(function (name) { if (own.has(name)) kept.set(name, own.get(name)); });
      link.search = kept.toString();
    });
  }

  /* Whether this page can show an address itself; it then does. */
  window.evenhand.stay = function (page) {
    var parts = page.split("?");
    if (!bench || parts[0] !== bench.whole) return false;
    var tried = trial(parts[1] || "");
    if (!tried) return false;
    show(tried);
    links(parts[1] || "");
    return true;
  };

  matchMedia("(max-width: 40rem)").addEventListener("change", function () { if (bench) soon(); });

  /* While a slider moves the address waits, the page does not. */
  var due = 0;
  document.addEventListener("input", function (event) {
    var form = event.target.closest && event.target.closest("form[data-state]");
    if (!bench || !form || event.target.type !== "range" || due) return;
    due = requestAnimationFrame(function () {
      due = 0;
      var tried = bench && trial(window.evenhand.stateOf(form).toString());
      if (tried) show(tried);
    });
  });

  function look() {
    var holder = document.querySelector("#page #workbench-data");
    if (!holder) { bench = null; return; }
    if (!bench || bench.holder !== holder || bench.text !== holder.textContent) {
      bench = { holder: holder, text: holder.textContent, data: JSON.parse(holder.textContent), whole: location.pathname, lines: null, behind: false };
      bench.path = location.pathname.slice(document.documentElement.dataset.prefix.length);
      var now = new URLSearchParams(location.search), tried;
      ["claim", "theme"].forEach(function (name) { now.delete(name); });
      tried = trial(now.toString());
      if (tried) show(tried);
    } else if (bench.behind) soon();
  }
  new MutationObserver(look).observe(byId("main"), { childList: true, subtree: true, characterData: true });
  look();
})();
