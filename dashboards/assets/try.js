/* What own figures, or terms on trial, come to, computed in this tab. Pure functions: numbers in, numbers out, no page, no request.
   Each is the twin of a Python function named beside it and is held to the same golden values
   (tests/unit/dashboards/test_try_functions.py). Absent numbers are null. Amounts of a settlement are whole pence. */
(function (root) {
  "use strict";
  var Z = 1.959963984540054;           // 97.5 % of a normal distribution
  var FULL = 8, SMALL = 5;             // peers for quartiles, peers for a median (methods.md M3.1)
  var STEPS = 1 + 4 * Number.EPSILON, SLACK = 1e-6; // pipelines/scenarios/money.py
  var JUDGED = ["ok", "provisional", "break"];

  function known(x) { return typeof x === "number" && isFinite(x); }

  /* -- figures (pipelines/methods/indicators.py, quantiles.py, position.py, intervals.py) -- */

  /* k N/D with its status; a denominator under `minimum` is too small to say anything. */
  function ratio(numerator, denominator, k, minimum) {
    if (!known(numerator) || !known(denominator)) return { value: null, status: "missing" };
    if (denominator < 0) throw new RangeError("a denominator is negative");
    if (denominator === 0) return { value: null, status: "zero_den" };
    return { value: k * (numerator / denominator), status: denominator < minimum ? "small" : "ok" };
  }

  /* Money of a period at the prices of the base period. */
  function realTerms(cost, index, base) {
    if (!(index > 0) || !(base > 0)) throw new RangeError("a deflator is zero or negative");
    return cost * (base / index);
  }

  /* Quantile of type 7, absent values left out; null of nothing. */
  function quantile(values, share) {
    var sorted = values.filter(known).sort(function (a, b) { return a - b; });
    if (!sorted.length) return null;
    var place = (sorted.length - 1) * share, below = Math.floor(place);
    var above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }

  /* The group of peers: count, and median and quartiles where it is large enough for them. */
  function among(peers) {
    var n = peers.filter(known).length;
    return {
      n: n,
      median: n >= SMALL ? quantile(peers, 0.5) : null,
      q25: n >= FULL ? quantile(peers, 0.25) : null,
      q75: n >= FULL ? quantile(peers, 0.75) : null
    };
  }

  /* Mid-rank percentile among peers, 100 the wanted end (direction 0: the highest); null under 8 peers. */
  function percentile(own, peers, direction) {
    var group = peers.filter(known);
    if (group.length < FULL || !known(own)) return null;
    var below = group.filter(function (x) { return x < own; }).length;
    var equal = group.filter(function (x) { return x === own; }).length;
    var worse = direction < 0 ? group.length - below - equal : below;
    return 100 * (worse + (direction === 0 ? 0 : 0.5) * equal) / group.length;
  }

  /* Limits of a unit cost whose log has this standard error; null where there is none. */
  function logNormal(value, se) {
    if (!(value > 0) || !known(se)) return null;
    var reach = Math.exp(Z * se);
    return { lo: value / reach, hi: value * reach };
  }

  /* Wilson's limits of x of n, as fractions. */
  function wilson(x, n) {
    if (x < 0 || x > n) throw new RangeError("more events than cases");
    if (n === 0) return null;
    var share = x / n, root = Z * Math.sqrt(Z * Z + 4 * x * Math.max(1 - share, 0)), whole = 2 * (n + Z * Z);
    return {
      lo: share === 0 ? 0 : (2 * x + Z * Z - root) / whole,
      hi: share === 1 ? 1 : (2 * x + Z * Z + root) / whole
    };
  }

  /* Limits of a count: Byar from 10, exact below. */
  function count(x) {
    if (x < 0) throw new RangeError("count holds a negative value");
    if (x < 10) return { lo: x === 0 ? 0 : poissonMean(x, 0.025), hi: poissonMean(x + 1, 0.975) };
    function byar(c, z) { return c * Math.pow(1 - 1 / (9 * c) + z / (3 * Math.sqrt(c)), 3); }
    return { lo: byar(x, -Z), hi: byar(x + 1, Z) };
  }

  /* The mean m at which the lower incomplete gamma function of shape a is p, by halving. */
  function poissonMean(a, p) {
    var low = 0, high = 60;
    for (var step = 0; step < 200; step++) {
      var middle = (low + high) / 2;
      if (lowerGamma(a, middle) < p) low = middle; else high = middle;
    }
    return (low + high) / 2;
  }

  function lowerGamma(a, x) {
    if (x <= 0) return 0;
    var term = 1 / a, sum = term;
    for (var n = 1; n < 1000 && term > sum * 1e-17; n++) { term *= x / (a + n); sum += term; }
    return sum * Math.exp(a * Math.log(x) - x - logGamma(a));
  }

  /* Stirling's series at a + 10, brought back down: exact to 1e-14 for shapes above 0. */
  function logGamma(a) {
    var back = 0;
    for (var i = 0; i < 10; i++) back += Math.log(a + i);
    var z = a + 10, y = 1 / (z * z);
    var series = (1 / 12 - y * (1 / 360 - y * (1 / 1260 - y * (1 / 1680 - y / 1188)))) / z;
    return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series - back;
  }

  /* lower, higher, same or withheld, as the whole interval lies against the peers' median. */
  function verdict(value, lo, hi, median, peers, status) {
    var shown = [value, lo, hi, median].every(known) && peers >= SMALL && JUDGED.indexOf(status || "ok") >= 0;
    if (!shown) return "withheld";
    if (lo > value || hi < value) throw new RangeError("an interval does not contain its own value");
    return hi < median ? "lower" : lo > median ? "higher" : "same";
  }

  /* The simple form of route P: (own - best quarter of peers) x volume, at the value and at both ends of its interval.
     The release's own potential shrinks and redraws every figure; this does neither, so it is larger and rougher. */
  function potential(own, lo, hi, quarter, volume) {
    if (![own, quarter, volume].every(known)) return null;
    function at(x) { return known(x) ? Math.max(0, x - quarter) * volume : null; }
    return { value: at(own), lo: at(lo), hi: at(hi) };
  }

  /* -- one body's settlement (pipelines/scenarios/settlement.py, sharing.py, bank.py, money.py) -- */

  function nearest(amount) { return Math.floor(amount * STEPS + (0.5 + SLACK)); }
  function down(limit) { return Math.floor(limit * STEPS + SLACK); }

  /* Pounds in whole pence, halves to the even one. */
  function pence(pounds) {
    if (!known(pounds)) return null;
    var x = pounds * 100, whole = Math.floor(x), part = x - whole;
    return part < 0.5 ? whole : part > 0.5 ? whole + 1 : whole % 2 === 0 ? whole : whole + 1;
  }

  function shared(ceiling, gain, threshold, start) {
    if (start === "above") return Math.max(gain - threshold * ceiling, 0);
    var rate = gain / ceiling;
    if (start === "notch") return rate >= threshold ? gain : 0;
    var rising = threshold > 0 ? rate * 2 / threshold - 1 : 1;
    return gain * Math.min(Math.max(rising, 0), 1);
  }

  function entitlement(ceiling, gain, rate, threshold, terms) {
    var amount = nearest(rate * shared(ceiling, gain, threshold, terms.start));
    return terms.cap === null ? amount : Math.min(amount, down(terms.cap * ceiling));
  }

  function penalty(ceiling, excess, dead, terms) {
    var counted = terms.loss_start === "notch" ? (excess / ceiling >= dead ? excess : 0) : Math.max(excess - dead * ceiling, 0);
    var amount = nearest(terms.loss_rate * counted);
    return terms.floor === null ? amount : Math.min(amount, down(terms.floor * ceiling));
  }

  function sum(amounts) { return amounts.reduce(function (a, b) { return a + b; }, 0); }

  /* (draw, penalty, met by the centre) of an overspend. */
  function overspent(year, ceiling, excess, bank, dead, terms) {
    var free = year < terms.loss_free_years, draw, fine;
    if (terms.draw_rule === "balance") {
      draw = Math.min(bank, excess);
      fine = free ? 0 : penalty(ceiling, excess - draw, dead, terms);
      return { draw: draw, penalty: fine, met: excess - draw - fine };
    }
    fine = free ? 0 : penalty(ceiling, excess, dead, terms);
    draw = Math.min(bank, fine);
    return { draw: draw, penalty: fine - draw, met: excess - fine };
  }

  /* The sharing rate after the gate, whether the gate is passed, and whether quality is known. */
  function gated(grade, terms) {
    if (!known(grade)) return { rate: 0, passed: false, known: false };
    if (terms.gate === "veto") return { rate: terms.share, passed: grade > 0, known: true };
    if (grade < 0 || grade > 100) throw new RangeError("a sliding gate takes percentiles from 0 to 100");
    return { rate: terms.share * (grade >= terms.sliding_from ? grade / 100 : 0), passed: true, known: true };
  }

  /* Factor of a yearly rate after 1, 2 ... years, by multiplication. */
  function compounded(rate, years) {
    for (var factor = 1, path = []; path.length < years;) path.push(factor *= 1 + rate);
    return path;
  }

  /* Ceilings by year in base-year prices, volumes as they are: the gap closed in equal parts, ongoing efficiency
     compounded, no year steeper than the collar (pipelines/scenarios/ceiling.py). */
  function ceiling(base, gap, terms) {
    if (!(base > 0) || !(gap >= 0) || gap >= 1) throw new RangeError("a ceiling needs a base above 0 and a gap from 0 to below 1");
    var collared = terms.collar_down !== null && terms.collar_up !== null, before = 1, path = [];
    var shift = compounded(-terms.frontier_shift, terms.years);
    for (var year = 1; year <= terms.years; year++) {
      var wanted = (1 - terms.catch_up * gap * Math.min(year / terms.catch_up_years, 1)) * shift[year - 1];
      if (collared) wanted = Math.min(Math.max(wanted, (1 - terms.collar_down) * before), (1 + terms.collar_up) * before);
      before = wanted;
      path.push(base * wanted);
    }
    return path;
  }

  function atYear(list, year, absent) { return Array.isArray(list) ? list[year] : list === undefined ? absent : list; }

  /* Year by year, in whole pence. ceiling, cost: pounds by year. terms: every term by its name, as releases state them.
     more: quality, sentinel, reinvest, bank_spend (one or by year), threshold, opening. */
  function settle(ceiling, cost, terms, more) {
    more = more || {};
    var least = known(more.threshold) ? more.threshold : terms.threshold;
    var dead = terms.dead_band === null ? least : terms.dead_band;
    var lasting = terms.bank_expiry === null || (terms.bank_expiry >= ceiling.length && terms.bank_decay === 0);
    var bank = [];
    for (var i = 0; !lasting && i < (terms.bank_expiry || 0); i++) bank.push(0);
    bank.push(pence(more.opening || 0));
    var escrow = 0;
    return ceiling.map(function (money, year) {
      var A = pence(money), C = pence(cost[year]), gate = gated(atYear(more.quality, year, 100), terms);
      if (A !== null && A <= 0) throw new RangeError("a settlement needs ceilings above 0");
      var settled = A !== null && C !== null && gate.known, failed = terms.sentinel && !!atYear(more.sentinel, year, false);
      var a = settled ? A : 100, below = settled ? A - C : 0, gain = Math.max(below, 0), lapsed = 0;
      if (!lasting) lapsed = bank.shift();
      if (terms.bank_decay !== 0) bank = bank.map(function (tranche) {
        var lost = nearest(terms.bank_decay * tranche);
        lapsed += lost;
        return tranche - lost;
      });
      var opening = sum(bank);
      var loss = overspent(year, a, gain - below, opening, dead, terms);
      var spent = Math.min(settled ? pence(atYear(more.bank_spend, year, 0)) : 0, opening - loss.draw);
      var earned = settled ? entitlement(a, gain, gate.rate, least, terms) : 0;
      var payment = gate.passed && !failed ? earned : 0;
      var held = !gate.passed && !failed && terms.escrow ? earned : 0;
      var decided = settled ? escrow : 0, released = gate.passed && !failed ? decided : 0;
      escrow = escrow - decided + held;
      var due = payment + released;
      var reinvested = Math.min(pence(atYear(more.reinvest, year, 0)), down(terms.reinvest * due));
      var left = due - reinvested;
      var deposit = terms.bank_cap === null ? left : Math.min(left, Math.max(down(terms.bank_cap * a) - opening, 0));
      bank = taken(bank, loss.draw + spent);
      if (lasting) bank[0] += deposit; else bank.push(deposit);
      var returned = gain - payment - held, forfeited = decided - released, overflow = left - deposit;
      return {
        ceiling: A, cost: C, below: below, payment: payment, returned: returned, escrow: held, released: released,
        escrow_lapsed: forfeited, reinvested: reinvested, deposit: deposit, overflow: overflow, draw: loss.draw,
        bank_spent: spent, penalty: loss.penalty, met: loss.met, lapsed: lapsed, bank: sum(bank), escrow_open: escrow,
        centre: returned + overflow + lapsed + forfeited - loss.met,
        kept: reinvested + deposit - loss.draw - lapsed - loss.penalty, settled: settled
      };
    });
  }

  /* The saving nearest to a plan's own at which all years together leave something: the first above it, else the last
     below it, else null (pipelines/scenarios/begins.py). savings: tried, ascending; more: as for settle. */
  function keepsFrom(path, last, terms, savings, own, more) {
    var asked = Object.assign({ reinvest: path }, more), below = null;
    for (var place = 0; place < savings.length; place++) {
      var saving = savings[place], cost = compounded(-saving, path.length).map(function (factor) { return last * factor; });
      if (saving === own || sum(settle(path, cost, terms, asked).map(function (flow) { return flow.kept; })) <= 0) continue;
      if (saving > own) return saving;
      below = saving;
    }
    return below;
  }

  /* The bank after taking an amount from its oldest tranches. */
  function taken(bank, amount) {
    return bank.map(function (tranche) {
      var used = Math.min(tranche, amount);
      amount -= used;
      return tranche - used;
    });
  }

  /* Share of a permanent saving's value that the body keeps, by the year in which it is made
     (pipelines/scenarios/power.py). */
  function power(share, years, more) {
    more = more || {};
    var weight = known(more.own_weight) ? more.own_weight : 1, discount = known(more.discount) ? more.discount : 0.035;
    var width = more.rebase === "last_year" ? 1 : 3, credibility = known(more.credibility) ? more.credibility : 1;
    if (years < 1 || discount <= 0) throw new RangeError("power needs at least one year and a discount rate above 0");
    var factor = 1 / (1 + discount), honoured = share * credibility, later = 1 + Math.ceil((width - 1) / years), out = [];
    for (var left = years; left >= 1; left--) {
      if (known(more.rolling)) { out.push(honoured * (1 - Math.pow(factor, more.rolling))); continue; }
      var kept = 1 - Math.pow(factor, left);
      for (var j = 0; j < later; j++) {
        var begins = Math.pow(factor, left + j * years), last = j + 1 >= later;
        var seen = Math.min((left + j * years) / width, 1);
        kept += (1 - weight * seen) * (begins - (last ? 0 : begins * Math.pow(factor, years)));
      }
      out.push(honoured * kept);
    }
    return out;
  }

  function powerOf(terms) {
    return power(terms.share, terms.years, {
      own_weight: terms.own_weight, discount: terms.discount, rebase: terms.rebase,
      rolling: terms.rolling_years, credibility: terms.credibility
    });
  }

  var all = {
    ratio: ratio, realTerms: realTerms, quantile: quantile, among: among, percentile: percentile, logNormal: logNormal,
    wilson: wilson, count: count, verdict: verdict, potential: potential, pence: pence, compounded: compounded, ceiling: ceiling, settle: settle,
    keepsFrom: keepsFrom, power: power, powerOf: powerOf
  };
  if (typeof module !== "undefined" && module.exports) module.exports = all; else root.evenhandTry = all;
})(typeof window === "undefined" ? this : window);
