/* The page "Try your own figures": reads what is typed, pasted or dropped, works it out with try.js, writes it into
   the page with numbers.js. It keeps everything in this closure: it asks for nothing, stores nothing, and touches no
   address. Whatever a reader gives is written as text, never as markup. */
(function () {
  "use strict";
  var LARGEST = 256 * 1024, MOST_LINES = 2000, MOST_ERRORS = 50, MOST = 1e15;
  var NUMBER = /^-?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?$/;
  var WHY = {
    missing: "a figure is missing", suppressed: "a published figure is suppressed", zero_den: "there is nothing to divide by",
    small: "too small to say", imputed: "a published figure is modelled", withheld: "a check withholds a published figure",
    quarantined: "a published figure failed a check"
  };
  var SAID = { lower: "Lower than peers", higher: "Higher than peers", same: "Cannot be told apart", withheld: "Withheld" };
  var MARK = { lower: "▼", higher: "▲", same: "=", withheld: "w" };
  var started = null; // the data now at work: a page that is replaced brings others

  function byId(id) { return document.getElementById(id); }
  function node(tag, words, name) {
    var made = document.createElement(tag);
    if (words !== undefined && words !== null) made.textContent = words;
    if (name) made.className = name;
    return made;
  }
  function write(id, parts) {
    var slot = byId(id);
    if (slot) slot.replaceChildren.apply(slot, [].concat(parts).filter(Boolean));
  }

  /* -- how numbers are written -- */
  var commas = window.evenhandNumbers.commas, signed = window.evenhandNumbers.signed, money = window.evenhandNumbers.headline;
  function decimals(measure, value) {
    var size = Math.abs(value), cents = Math.round(size * 100) / 100;
    if (measure.kind === "unit_cost" || measure.kind === "money") return cents >= 20 || size === 0 ? 0 : 2;
    if (measure.kind === "share") return Math.round(size * 10) / 10 >= 10 || size === 0 ? 0 : 1;
    if (measure.kind === "count") return size >= 10 || size === Math.floor(size) ? 0 : 1;
    return size === 0 || size >= 100 ? 0 : Math.min(Number(size.toFixed(2)) === size ? 2 : 3, Math.max(0, 2 - Math.floor(Math.log10(size))));
  }
  function shown(measure, value, places, sign) {
    if (places === undefined) places = decimals(measure, value);
    if (measure.kind === "unit_cost" || measure.kind === "money") return signed(value, places, sign);
    return signed(value, places) + (measure.kind === "share" ? "%" : "");
  }
  function interval(measure, lo, hi, value, sign) {
    var places = decimals(measure, value);
    while (places < 3 && lo !== hi && shown(measure, lo, places, sign) === shown(measure, hi, places, sign)) places++;
    return shown(measure, lo, places, sign) + " to " + shown(measure, hi, places, sign);
  }
  function exact(pence, sign) { return signed(pence / 100, pence % 100 ? 2 : 0, sign); }
  function short(text) { return "“" + (text.length > 40 ? text.slice(0, 40) + "…" : text) + "”"; }

  /* -- what one cell holds: {value} or {error} -- */
  function read(text, sign, negative) {
    var bare = text.trim();
    if (!bare) return { value: null };
    if (bare.indexOf("\u0000") >= 0) return { error: "This holds a character that no figure has." };
    var digits = bare.replace(/^[−-]/, "-").replace(sign, "").replace(/\s*%$/, "").replace(/[\u00a0\u202f ](?=\d{3})/g, "");
    if (!NUMBER.test(digits)) {
      if (/^-?\d+,\d{1,2}$/.test(digits)) return { error: short(bare) + " is not a number: write decimals after a point." };
      return { error: short(bare) + " is not a number." };
    }
    var value = Number(digits.replace(/,/g, ""));
    if (Math.abs(value) > MOST) return { error: short(bare) + " is larger than any figure here can be." };
    if (value < 0 && !negative) return { error: short(bare) + " is below zero, which this figure cannot be." };
    return { value: value };
  }

  /* -- a CSV: rows of {line, cells}; raises an Error in words where it is none -- */
  function rowsOf(text) {
    if (text.indexOf("\u0000") >= 0) throw new Error("holds NUL characters, so it is no text");
    var first = text.split(/\r?\n/, 1)[0], mark = first.indexOf("\t") >= 0 ? "\t" : first.indexOf(";") >= 0 ? ";" : ",";
    var rows = [], cells = [], cell = "", quoted = false, line = 1, began = 1;
    function close() { cells.push(cell); cell = ""; }
    function end() {
      close();
      if (cells.length > 1 || cells[0].trim()) rows.push({ line: began, cells: cells });
      cells = [];
      if (rows.length > MOST_LINES + 1) throw new Error("has more than " + commas(MOST_LINES, 0) + " lines");
    }
    for (var i = 0; i < text.length; i++) {
      var letter = text[i];
      if (letter === "\n") line++;
      if (quoted) {
        if (letter === '"' && text[i + 1] === '"') { cell += '"'; i++; }
        else if (letter === '"') quoted = false;
        else cell += letter;
      } else if (letter === '"' && !cell) quoted = true;
      else if (letter === mark) close();
      else if (letter === "\n") { end(); began = line; }
      else if (letter !== "\r") cell += letter;
    }
    if (quoted) throw new Error("opens a quotation mark in line " + began + " that it never closes");
    if (cell || cells.length) end();
    if (rows.length && /^measure$/i.test(rows[0].cells[0].trim())) rows.shift();
    return rows;
  }

  /* The text of a file's bytes; raises an Error in words. */
  function textOf(bytes) {
    if (bytes[0] === 0x50 && bytes[1] === 0x4b) throw new Error("is a spreadsheet or an archive: save it as CSV first");
    var wide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
    if (!wide && bytes.indexOf(0) >= 0) throw new Error("holds NUL characters, so it is no text");
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    } catch (refused) {
      throw new Error("is not in UTF-8: save it as “CSV UTF-8”");
    }
  }

  function start(article, text) {
    var own = window.evenhandTry, data = JSON.parse(text), sign = data.sign;
    var typed = data.figures.map(function () { return { text: "", value: null, error: "" }; });
    var plan = data.settlement ? data.settlement.years.map(function () { return { text: "", value: null, error: "", passed: true }; }) : [];
    var names = {}; // name in small letters -> places of its figures, the newest last
    data.figures.forEach(function (figure) {
      [figure.id, figure.label].forEach(function (name) {
        var key = name.trim().toLowerCase();
        if (!Object.prototype.hasOwnProperty.call(names, key)) names[key] = [];
        if (names[key].indexOf(figure.place) < 0) names[key].push(figure.place);
      });
    });
    Object.keys(names).forEach(function (key) {
      names[key].sort(function (a, b) { return data.figures[a].period < data.figures[b].period ? -1 : 1; });
    });

    /* -- tables and cells -- */
    function table(title, heads, rows) {
      var region = node("div", null, "scroll"), made = node("table", null, "figures"), head = node("tr"), body = node("tbody"), top = node("thead");
      region.tabIndex = 0;
      region.setAttribute("role", "region");
      region.setAttribute("aria-label", title + ", table");
      heads.forEach(function (label) {
        var cell = node("th", label.replace("#", ""), label.charAt(0) === "#" ? "number" : "");
        cell.scope = "col";
        head.append(cell);
      });
      rows.forEach(function (cells) {
        var row = node("tr");
        cells.forEach(function (parts, place) {
          var cell = node(place ? "td" : "th", null, heads[place].charAt(0) === "#" ? "number" : "");
          if (!place) cell.scope = "row";
          cell.append.apply(cell, [].concat(parts));
          row.append(cell);
        });
        body.append(row);
      });
      top.append(head);
      made.append(node("caption", title, "unseen"), top, body);
      region.append(made);
      return region;
    }
    function slot(id) { var made = node("span"); made.id = id; return made; }
    function field(id, name) {
      var input = node("input"), fault = node("span", "", "fault");
      input.type = "text";
      input.id = id;
      input.autocomplete = "off";
      input.inputMode = "decimal";
      input.maxLength = 60;
      fault.id = id + "-fault";
      input.setAttribute(name.id ? "aria-labelledby" : "aria-label", name.id || name);
      return [input, fault];
    }
    function given(service, measures) {
      var used = [];
      measures.forEach(function (each) {
        [each.top, each.bottom].forEach(function (place) { if (place !== null && used.indexOf(place) < 0) used.push(place); });
      });
      return table(service.label + ": your figures", ["Figure", "#Your figure (trial)", "#Published"], used.map(function (place) {
        var figure = data.figures[place], name = node("span", figure.label, "strong"), note = node("span", null, "note");
        name.id = "own-name-" + service.id + "-" + place;
        note.append(node("code", figure.id), ", " + figure.when + (figure.unit ? ", in " + figure.unit : ""));
        var cells = field("own-figure-" + service.id + "-" + place, name);
        cells[0].dataset.place = place;
        return [[name, note], cells, figure.value === null ? "–" : signed(figure.value, figure.value % 1 ? 2 : 0)];
      }));
    }
    function results(service, measures) {
      var heads = ["Measure", "#Published", "#Trial", "#95% interval", "#Middle half of peers", "Position (each row from zero)", "Against peers, on trial"];
      return table(service.label + ": results on trial", heads, measures.map(function (each) {
        var place = data.measures.indexOf(each), at = function (part) { return slot("own-" + part + "-" + place); };
        return [[node("span", each.label, "strong"), node("span", each.note, "note")], [each.published, node("span", each.said, "note")],
          at("value"), at("interval"), each.half, at("strip"), at("verdict")];
      }));
    }
    byId("own-services").replaceChildren.apply(byId("own-services"), data.services.map(function (service) {
      var measures = data.measures.filter(function (each) { return each.service === service.id; });
      var fold = node("details"), inside = node("div", null, "own-fold"), line = node("p");
      line.id = "own-potential-" + service.id;
      fold.id = "own-service-" + service.id;
      fold.open = service.open;
      inside.append(given(service, measures), results(service, measures), line);
      fold.append(node("summary", service.label), inside);
      return fold;
    }));
    if (data.settlement) {
      var heads = ["Year", "#Ceiling", "#Your cost (trial)", "Quality gate passed", "#Below (+) or above (−) the ceiling", "#You keep (+) or pay (−)", "#To the centre (+) or borne by it (−)", "#Held for the gate", "#In your bank", "Why"];
      write("own-keep", table("What you would keep, year by year, on trial", heads, data.settlement.years.map(function (name, number) {
        var at = function (part) { return slot("own-" + part + "-" + number); }, box = node("input");
        var cells = field("own-plan-" + number, "Cost in " + name + ", in base-year prices");
        cells[0].dataset.year = number;
        box.type = "checkbox";
        box.checked = true;
        box.autocomplete = "off";
        box.dataset.gate = number;
        box.setAttribute("aria-label", "Quality gate passed in " + name);
        return [name, at("ceiling"), cells, box, at("below"), at("kept"), at("centre"), at("held"), at("bank"), at("why")];
      })));
    }
    bring();

    function bring() {
      var drop = node("div", null, "drop"), label = node("label", "Choose a CSV file, or drop it anywhere on this page");
      var file = node("input"), told = node("label", "Or paste lines here"), area = node("textarea"), buttons = node("div", null, "buttons");
      var take = node("button", "Read these lines"), clear = node("button", "Forget all my figures", "plain");
      label.htmlFor = file.id = "own-file";
      file.type = "file";
      file.accept = ".csv,.txt,text/csv,text/plain";
      told.htmlFor = area.id = "own-lines";
      area.rows = 4;
      area.tabIndex = 0;
      area.autocomplete = "off";
      area.spellcheck = false;
      take.type = clear.type = "button";
      take.id = "own-take";
      clear.id = "own-clear";
      buttons.append(take, clear);
      drop.append(label, file, told, area, buttons);
      write("own-bring", drop);
      file.addEventListener("change", function () { if (file.files[0]) open(file.files[0]); file.value = ""; });
      area.addEventListener("paste", function () { setTimeout(function () { takeText(area.value, "the pasted lines"); }, 0); });
      take.addEventListener("click", function () { takeText(area.value, "the pasted lines"); });
      clear.addEventListener("click", function () {
        area.value = "";
        typed.forEach(function (each, place) { set(place, ""); });
        plan.forEach(function (year, number) {
          year.text = byId("own-plan-" + number).value = year.error = "";
          year.value = null;
          year.passed = article.querySelector("[data-gate='" + number + "']").checked = true;
        });
        errors([]);
        reckon("All your figures are forgotten.");
      });
    }

    /* -- taking figures -- */
    function set(place, text, from) {
      var figure = data.figures[place], found = read(text, sign, figure.negative);
      typed[place] = { text: text, value: found.error ? null : found.value, error: found.error || "" };
      article.querySelectorAll("input[data-place='" + place + "']").forEach(function (input) {
        if (input !== from) input.value = text.slice(0, 60);
        blame(input, found.error);
      });
      return found.error;
    }
    function blame(input, error) {
      var fault = byId(input.id + "-fault");
      fault.textContent = error || "";
      if (error) {
        input.setAttribute("aria-invalid", "true");
        input.setAttribute("aria-describedby", fault.id);
      } else {
        input.removeAttribute("aria-invalid");
        input.removeAttribute("aria-describedby");
      }
    }
    function open(file) {
      if (file.size > LARGEST) return errors([file.name + " is larger than " + LARGEST / 1024 + " kB: nothing of it was read."], true);
      file.arrayBuffer().then(function (buffer) {
        if (started !== text) return;
        try { takeText(textOf(new Uint8Array(buffer)), file.name); } catch (fault) { errors([file.name + " " + fault.message + ". Nothing of it was read."], true); }
      }, function () { errors([file.name + " could not be opened."], true); });
    }
    function takeText(lines, source) {
      var rows, faults = [], seen = {}, taken = 0;
      if (lines.length > LARGEST) return errors([source + " is larger than " + LARGEST / 1024 + " kB: nothing of it was read."], true);
      try { rows = rowsOf(lines.replace(/^\ufeff/, "")); } catch (fault) { return errors([source + " " + fault.message + ". Nothing of it was read."], true); }
      if (!rows.length) return errors(["There is no line in " + source + "."], true);
      rows.forEach(function (row) {
        var fault = takeRow(row.cells, seen);
        if (fault) faults.push("Line " + row.line + ": " + fault); else taken++;
      });
      errors(faults);
      reckon(count(taken, "figure") + " taken from " + source + (faults.length ? "; " + count(faults.length, "line") + " not. " : ". "), true);
    }
    /* One line into its cell; what is wrong with it, or nothing. */
    function takeRow(cells, seen) {
      var name = cells[0].trim(), value = (cells[1] || "").trim(), period = (cells[2] || "").trim(), key = name.toLowerCase();
      if (cells.length < 2) return short(name) + " has no value beside it: write measure,value.";
      if (cells.length > 3 && cells.slice(3).join("").trim()) return "it has " + cells.length + " cells; a number with commas needs quotation marks.";
      if (!Object.prototype.hasOwnProperty.call(names, key)) return "measure " + short(name) + " is not one of this page’s" + instead(key) + ".";
      var places = names[key], place = places[places.length - 1];
      if (period) {
        var match = places.filter(function (each) { return data.figures[each].period === period || data.figures[each].when === period; });
        if (!match.length) return "period " + short(period) + " of " + data.figures[place].id + " is not on this page; it compares " +
          places.map(function (each) { return data.figures[each].period; }).join(" and ") + ". Leave the period out to set the figure beside it all the same.";
        place = match[0];
      }
      if (seen[place]) return data.figures[place].id + " stands in two lines; the first one counts.";
      seen[place] = true;
      var fault = set(place, value);
      return fault ? "value of " + data.figures[place].id + ": " + fault : "";
    }
    /* A result was named, not a figure: which figures it is worked out from. */
    function instead(key) {
      var found = data.measures.filter(function (each) { return each.id === key || each.label.toLowerCase() === key; })[0];
      if (!found) return "";
      var parts = [found.top, found.bottom].filter(function (each) { return each !== null; });
      return ", because it is worked out: give " + parts.map(function (each) { return data.figures[each].id; }).join(" and ");
    }
    function errors(list, alone) {
      var slot = byId("own-errors"), shownOnes = list.slice(0, MOST_ERRORS);
      slot.replaceChildren();
      if (!list.length) return;
      var box = node("ul", null, "faults");
      shownOnes.forEach(function (each) { box.append(node("li", each)); });
      slot.append(node("p", count(list.length, "thing") + " to put right", "strong"), box);
      if (list.length > shownOnes.length) slot.append(node("p", "and " + count(list.length - shownOnes.length, "more line", "more lines") + "."));
      if (alone) say(list[0]);
    }
    function count(number, one, many) { return commas(number, 0) + " " + (number === 1 ? one : many || one + "s"); }

    article.addEventListener("input", function (event) {
      var input = event.target;
      if (input.dataset.place !== undefined) { set(Number(input.dataset.place), input.value, input); reckon(""); }
      if (input.dataset.year !== undefined) {
        var found = read(input.value, sign, false), year = plan[Number(input.dataset.year)];
        year.value = found.error ? null : found.value;
        year.error = found.error || "";
        blame(input, found.error);
        reckon("", false, true);
      }
      if (input.dataset.gate !== undefined) { plan[Number(input.dataset.gate)].passed = input.checked; reckon("", false, true); }
    });
    article.addEventListener("own-drop", function (event) { open(event.detail); });

    /* -- working out -- */
    function part(place) {
      if (place === null) return { value: 1, own: false };
      var own = typed[place].value !== null;
      return { value: own ? typed[place].value : data.figures[place].value, own: own, bad: !!typed[place].error };
    }
    function worked(measure) {
      var top = part(measure.top), bottom = part(measure.bottom), found = { own: top.own || bottom.own, status: "missing", value: null };
      if (top.bad || bottom.bad) return { own: false, bad: true };
      if (!found.own) return found;
      if (measure.real && measure.index === null) return Object.assign(found, { why: "this release has no price index for the period" });
      if (top.value === null || bottom.value === null) return found;
      var amount = measure.real ? own.realTerms(top.value, 1, measure.index) : top.value;
      if (measure.interval === "proportion" && top.value > bottom.value)
        return Object.assign(found, { why: "a part cannot exceed its whole: " + data.figures[measure.top].label + " and " + data.figures[measure.bottom].label });
      var rate = own.ratio(amount, bottom.value, measure.k, measure.minimum), published = (top.own || measure.top === null) && (bottom.own || measure.bottom === null);
      found.value = rate.value;
      found.volume = bottom.value;
      found.status = rate.status !== "ok" || published || measure.status === "small" ? rate.status : measure.status;
      Object.assign(found, limits(measure, rate.value, amount, bottom.value));
      found.group = own.among(measure.peers);
      found.verdict = own.verdict(found.value, found.lo, found.hi, found.group.median, found.group.n, measure.alike ? found.status : "withheld");
      found.percentile = own.percentile(found.value, measure.peers, measure.direction);
      return found;
    }
    function limits(measure, value, top, bottom) {
      var both = null, k = measure.k;
      if (value === null) return { lo: null, hi: null };
      if (measure.interval === "history") both = own.logNormal(value, measure.se);
      else if (measure.interval === "proportion" && bottom > 0) { both = own.wilson(top, bottom); both = { lo: k * both.lo, hi: k * both.hi }; }
      else if (measure.interval === "count" && bottom > 0) { both = own.count(top); both = { lo: k * both.lo / bottom, hi: k * both.hi / bottom }; }
      return both || { lo: null, hi: null };
    }
    function reason(measure, found) {
      if (found.why) return found.why;
      if (!measure.alike) return "not like for like: another body pays part of the service";
      if (["ok", "provisional", "break"].indexOf(found.status) < 0) return WHY[found.status] || "the figure cannot be used";
      if (found.group.n < 5) return "too few comparable bodies (" + found.group.n + ") to compare";
      return "no interval can be given, so chance cannot be ruled out";
    }
    function words(measure, found) {
      if (found.verdict === undefined || found.verdict === "withheld") return "Withheld: " + reason(measure, found);
      var wanted = found.verdict === (measure.direction > 0 ? "higher" : measure.direction < 0 ? "lower" : "");
      var way = measure.direction === 0 || found.verdict === "same" ? "" : wanted ? ", the wanted direction" : ", not the wanted direction";
      return SAID[found.verdict] + way;
    }

    /* -- writing -- */
    function show(measure, place) {
      var found = worked(measure), at = function (part) { return "own-" + part + "-" + place; };
      if (!found.own) {
        ["interval", "strip", "verdict"].forEach(function (part) { write(at(part), []); });
        write(at("value"), found.bad ? node("span", "see the cell above", "note") : node("span", "–"));
        return found;
      }
      var known = found.value !== null;
      write(at("value"), known ? [node("b", shown(measure, found.value, undefined, sign)), node("span", "trial", "badge")] : node("span", "none"));
      write(at("interval"), node("span", known && found.lo !== null ? interval(measure, found.lo, found.hi, found.value, sign) : known ? "no interval" : "–"));
      write(at("strip"), known ? strip(found) : []);
      var verdict = found.verdict || "withheld", mark = node("span", MARK[verdict], "mark"), line = node("span", null, "verdict " + verdict), told = node("span", words(measure, found));
      mark.setAttribute("aria-hidden", "true");
      if ((verdict === "higher" || verdict === "lower") && found.percentile !== null)
        told.append(node("span", "Percentile " + Math.round(found.percentile) + " among " + found.group.n + " peers, 100 being the " +
          (measure.direction === 0 ? "highest" : "wanted end"), "note"));
      line.append(mark, told);
      write(at("verdict"), line);
      return found;
    }
    /* The same marks as components/strip.py. */
    function strip(found) {
      var group = found.group, present = [found.value, found.lo, found.hi, group.q25, group.q75, group.median].filter(function (x) { return x !== null; });
      var left = Math.min.apply(null, [0].concat(present)), right = Math.max.apply(null, [0].concat(present)) * 1.06 || 1;
      var box = node("div", null, "strip");
      box.setAttribute("aria-hidden", "true");
      function scale(value) { return (value - left) / (right - left) * 100; }
      function mark(name, from, to) {
        var span = node("span", null, name);
        if (from !== undefined) span.style.left = scale(from).toFixed(1) + "%";
        if (to !== undefined) span.style.width = Math.max(0.4, scale(to) - scale(from)).toFixed(1) + "%";
        box.append(span);
      }
      mark("line");
      if (group.q25 !== null) mark("half", group.q25, group.q75);
      if (group.median !== null) mark("median", group.median);
      if (found.lo !== null) mark(found.status === "small" ? "reach hatched" : "reach", found.lo, found.hi);
      mark("dot hollow", found.value);
      return box;
    }
    function showPotential(measure, found) {
      if (!measure.cost) return "";
      var slot = "own-potential-" + measure.service;
      if (!found.own || found.value === null) { write(slot, []); return ""; }
      var sum = found.group && measure.alike && found.verdict !== "withheld" ? own.potential(found.value, found.lo, found.hi, found.group.q25, found.volume) : null;
      var told = !sum ? "no amount: there are no 8 sound peers, no interval, or no like to compare with." :
        !(sum.lo > 0) ? "no amount, because the cost cannot be told apart from that of the best quarter of peers." :
          money(sum.lo, (sum.hi - sum.lo) / 3.3, sign) + " to " + money(sum.hi, (sum.hi - sum.lo) / 3.3, sign) + " a year, " + money(sum.value, (sum.hi - sum.lo) / 3.3, sign) +
          " at the figure itself (95% interval; the simple form), before the cost of getting there.";
      write(slot, [node("span", "trial", "badge"), node("b", " Potential: "), node("span", told)]);
      return sum && sum.lo > 0 ? told : "";
    }

    function keep() {
      var terms = data.settlement;
      if (!terms) return null;
      var cost = terms.costs.reduce(function (whole, each) {
        var given = typed[each.figure].value;
        return whole + (given === null ? each.published : own.realTerms(given, 1, each.index));
      }, 0);
      var costs = plan.map(function (year) { return year.error ? null : year.value === null ? cost : year.value; });
      var grades = plan.map(function (year) { return year.passed ? 100 : 0; });
      return { costs: costs, flows: own.settle(terms.ceiling, costs, terms.terms, { quality: grades, threshold: terms.threshold, reinvest: terms.ceiling }) };
    }
    function showKept() {
      var found = keep(), total = 0, scale = null;
      if (!found) return "";
      scale = Math.max.apply(null, data.settlement.ceiling) >= 1e6;
      function cell(pence) { return pence === null ? "–" : scale ? signed(pence / 1e8, 2, sign) + "m" : exact(pence, sign); }
      found.flows.forEach(function (flow, year) {
        byId("own-plan-" + year).placeholder = found.costs[year] === null ? "" : signed(Math.round(found.costs[year]), 0);
        ["ceiling", "below", "kept", "centre", "bank"].forEach(function (name) {
          write("own-" + name + "-" + year, node("span", cell(flow[name])));
        });
        write("own-held-" + year, node("span", cell(flow.escrow - flow.released - flow.escrow_lapsed)));
        write("own-why-" + year, node("span", why(flow, year), "note"));
        total += flow.kept;
      });
      var years = data.settlement.years.length, verb = total < 0 ? "pay " : "keep ";
      var line = "Over " + count(years, "year") + " you would " + verb + exact(Math.abs(total), sign) + ".";
      write("own-kept", [node("span", "trial", "badge"), node("b", " " + line)]);
      var kept = own.powerOf(data.settlement.terms), pennies = (100 * kept[0]).toFixed(0);
      write("own-power", node("span", "Of the value of every " + (sign === "£" ? "pound" : sign + "1") + " saved for good in the first year, " + pennies +
        "% stays with you, if threshold, gate and caps do not bind; in the last year it is " + (100 * kept[kept.length - 1]).toFixed(0) + "%."));
      return line;
    }
    function why(flow, year) {
      var terms = data.settlement.terms, least = data.settlement.threshold, dead = terms.dead_band === null ? least : terms.dead_band, share = flow.below / flow.ceiling;
      if (!flow.settled) return "Not settled: the cost is missing.";
      if (flow.below === 0) return "The cost equals the ceiling.";
      if (flow.below < 0) {
        if (year < terms.loss_free_years) return flow.draw ? "Over the ceiling: the bank meets what it can, no penalty yet." : "Over the ceiling: no penalty in the first " + terms.loss_free_years + " years.";
        return flow.penalty ? "Over the ceiling: you pay part of what the bank does not meet." : "Over the ceiling: met by the bank, or within " + (100 * dead).toFixed(1) + "%, which may be chance.";
      }
      var from = terms.start === "ramp" ? least / 2 : least;
      if (share <= from && share < least) return "Within " + (100 * from).toFixed(1) + "% of the ceiling, which may be chance: nothing is shared.";
      if (!plan[year].passed) return terms.escrow ? "The quality gate failed: your share waits a year." : "The quality gate failed: nothing is paid.";
      if (flow.overflow) return "Your share exceeds what the bank may hold; the rest goes to the centre.";
      return "You keep " + (100 * flow.payment / flow.below).toFixed(0) + "% of the saving.";
    }

    var waiting = null;
    function say(sentence) {
      clearTimeout(waiting);
      waiting = setTimeout(function () { if (started === text) byId("own-summary").textContent = sentence; }, 300);
    }
    function reckon(before, reveal, settlementOnly) {
      var told = [], results = 0;
      data.measures.forEach(function (measure, place) {
        var found = show(measure, place);
        showPotential(measure, found);
        if (!found.own || found.value === null) return;
        results++;
        if (reveal) byId("own-service-" + measure.service).open = true;
        if (told.length < 3) told.push(measure.label + ": " + shown(measure, found.value, undefined, sign) + " " + measure.unit + ", " + lower(words(measure, found)));
      });
      var line = showKept(), wrong = typed.filter(function (each) { return each.error; }).length + plan.filter(function (year) { return year.error; }).length;
      var more = results > told.length ? " And " + count(results - told.length, "more result") + "." : "";
      var faults = wrong ? " " + count(wrong, "cell") + " cannot be read." : "";
      if (settlementOnly) say("On trial. " + line + faults);
      else if (results || wrong || before) say((before + (results ? "On trial: " + told.join(". ") + "." + more + " " + line : "") + faults).trim());
      else say("");
    }
    function lower(said) { return said.charAt(0).toLowerCase() + said.slice(1); }

    reckon("");
  }

  /* -- when the page is there -- */
  function look() {
    var article = document.querySelector("#page #own"), holder = article && article.querySelector("#own-data");
    if (!article) { started = null; return; }
    if (!holder || holder.textContent === started || !window.evenhandTry) return;
    started = holder.textContent;
    start(article, started);
  }
  ["dragover", "drop"].forEach(function (kind) {
    document.addEventListener(kind, function (event) {
      var article = document.querySelector("#page #own"), files = event.dataTransfer && event.dataTransfer.files;
      if (!article || !event.dataTransfer || Array.from(event.dataTransfer.types).indexOf("Files") < 0) return;
      event.preventDefault();
      if (kind === "drop" && files.length) article.dispatchEvent(new CustomEvent("own-drop", { detail: files[0] }));
    });
  });
  new MutationObserver(look).observe(document.getElementById("main"), { childList: true, subtree: true });
  look();
})();
