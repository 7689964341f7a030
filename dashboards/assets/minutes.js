/* From minutes saved to cash, and what may be invested for it, as the reader types. Two pure functions, twins of
   pipelines/scenarios/capacity.py and invest.py (tests/unit/dashboards/test_tab_functions.py), and the panel that they
   fill (dashboards/blocks/minutes_block.py). It asks for nothing, stores nothing and touches no address. */
(function (root) {
  "use strict";
  var SHARES = [["adoption", 0], ["persistence", 0], ["attribution", 0], ["rework", 1], ["convertibility", 0], ["cashable", 0], ["optimism", 1]];
  var HOURS_PER_POST = 1600, RATE = 0.035;

  /* Hours and worth after every step; shares are fractions of 1. Throws where a quantity is not above 0. */
  function cascade(given) {
    if (!(Math.min(given.staff, given.minutes, given.days, given.rate) > 0)) throw new RangeError("people, minutes, days and hourly cost are above 0");
    var hours = given.staff * given.minutes / 60 * given.days, worth = hours * given.rate;
    var steps = [{ hours: hours, worth: worth }];
    SHARES.forEach(function (pair) {
      var share = given[pair[0]];
      if (!(share >= 0 && share <= 1)) throw new RangeError("a share lies between 0 and 100");
      var left = pair[1] ? 1 - share : share;
      hours *= left;
      worth *= left;
      steps.push({ hours: hours, worth: worth });
    });
    return { steps: steps, posts: steps[5].hours / HOURS_PER_POST, cash: worth };
  }

  /* Cost with its overrun, worth today of the same cash in each of some years, and the year in which it is paid back. */
  function appraise(investment, cash, years, overrun) {
    if (!(investment > 0)) throw new RangeError("an investment is above 0");
    var cost = investment * (1 + overrun), worth = 0, sum = 0, back = null;
    for (var year = 1; year <= years; year++) {
      worth += cash * Math.pow(1 + RATE, -year);
      sum += cash;
      if (back === null && sum >= cost - 1e-12) back = year;
    }
    return { cost: cost, benefits: worth, npv: worth - cost, payback: back };
  }

  if (typeof module !== "undefined" && module.exports) { module.exports = { cascade: cascade, appraise: appraise }; return; }
  var write = root.evenhandNumbers;
  function byId(id) { return document.getElementById(id); }
  function data() { var holder = document.querySelector("#page #minutes-data"); return holder && JSON.parse(holder.textContent); }

  /* The numbers as typed; a cell that cannot be read is marked and leaves the answer as it was. */
  function typed(told) {
    var given = {}, sound = true;
    told.fields.forEach(function (name) {
      var cell = byId("minutes-" + name), fine = cell.value !== "" && cell.checkValidity();
      if (fine) cell.removeAttribute("aria-invalid"); else cell.setAttribute("aria-invalid", "true");
      sound = sound && fine;
      given[name] = Number(cell.value) / (SHARES.some(function (pair) { return pair[0] === name; }) ? 100 : 1);
    });
    return sound ? given : null;
  }

  function fill(row, cells) { cells.forEach(function (text, place) { var cell = row.cells[place + 1]; (cell.lastChild || cell.appendChild(document.createTextNode(""))).nodeValue = text; }); }

  function answer() {
    var told = data(), given = told && typed(told), said = byId("minutes-said");
    if (!told) return;
    if (!given) { said.textContent = "One of these numbers cannot be read; the figures below are those before it."; return; }
    var found = cascade(given), claim = found.steps[0].worth, tables = byId("minutes").closest(".panel").querySelectorAll("tbody");
    function money(amount) { return write.headline(amount, 0, told.sign); }
    found.steps.forEach(function (step, place) {
      var row = tables[0].rows[place], bar = row.querySelector(".part span");
      fill(row, [write.commas(step.hours, 0), money(step.worth), write.share(step.worth / claim)]);
      bar.style.width = Math.round(100 * step.worth / claim) + "%";
    });
    [0].concat(told.classes[byId("minutes-class").value]).forEach(function (overrun, place) {
      var worth = appraise(given.investment, found.cash, told.years, overrun);
      fill(tables[1].rows[place], [write.share(overrun), money(worth.cost), money(worth.benefits), money(worth.npv),
        worth.payback === null ? "not in " + told.years + " years" : "year " + worth.payback]);
    });
    said.textContent = "Of the " + money(claim) + " a year that the minutes claimed would be worth, " + money(found.cash) + " (" +
      write.share(found.cash / claim) + ") reaches the budget; " + write.commas(found.steps[5].hours, 0) + " hours (" +
      write.commas(found.posts, 1) + " posts) are freed, " + write.share(1 - given.cashable) + " of them for other work.";
  }

  ["input", "change"].forEach(function (kind) {
    document.addEventListener(kind, function (event) {
      if (event.target.id && event.target.id.indexOf("minutes-") === 0) answer();
    });
  });
})(typeof window === "undefined" ? this : window);
