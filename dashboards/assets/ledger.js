/* The ledger of one body in words: the twin of pipelines/scenarios/ledger.py, held to it by
   tests/unit/dashboards/test_tab_functions.py. Takes what `settle` of try.js returns; amounts are whole pence. */
(function (root) {
  "use strict";
  var write = typeof module !== "undefined" && module.exports ? require("./numbers.js") : root.evenhandNumbers;

  function percent(share) { return write.brief(100 * share) + "%"; }

  /* A year's amounts: [party, pence, why], zeros left out. */
  function entries(flow, about, terms) {
    var full = terms.bank_cap === null ? "" : " of " + percent(terms.bank_cap) + " of the ceiling";
    var unused = terms.bank_expiry ? "not used within " + terms.bank_expiry + " years" : "";
    var why = [unused, terms.bank_decay ? "lost to decay" : ""].filter(Boolean).join(" or ");
    var lapsed = [
      ["body", -flow.lapsed, "lapsed from the bank: " + why],
      ["centre", flow.lapsed, "to the centre from the bank: " + why]
    ];
    var settled = [
      ["body", flow.reinvested, "kept because it is spent now on approved projects"],
      ["body", flow.deposit, "kept because it earned a share: paid into the bank"],
      ["centre", flow.overflow, "to the centre because the bank has reached its cap" + full],
      ["centre", flow.returned, returned(flow, about, terms)],
      ["held", flow.escrow, "held for a year because the quality gate failed: paid if it passes next year"],
      ["held", -flow.released, "out of escrow because the gate is passed now"],
      ["held", -flow.escrow_lapsed, "out of escrow because the gate failed again"],
      ["centre", flow.escrow_lapsed, "to the centre because the gate failed again"],
      ["body", -flow.draw, "drawn from the bank because the overspend is met from own reserves first"],
      ["body", -flow.penalty, "paid because " + percent(terms.loss_rate) + " of an overspend is the body's"],
      ["centre", -flow.met, "met by the centre: the part of the overspend that terms leave with it"]
    ];
    return (flow.settled ? settled.concat(lapsed) : lapsed).filter(function (each) { return each[1] !== 0; });
  }

  function rateOf(flow) { return flow.below / flow.ceiling; }

  /* Whether a saving is too small for any share. */
  function unreached(rate, about, terms) {
    if (terms.start === "notch") return rate < about.threshold;
    return rate <= (terms.start === "ramp" ? about.threshold / 2 : about.threshold);
  }

  function returned(flow, about, terms) {
    if (about.sentinel) return "to the centre because a sentinel measure failed";
    if (flow.payment + flow.escrow > 0) return "to the centre as its share";
    if (unreached(rateOf(flow), about, terms)) return "to the centre because the saving is too small to be told from chance";
    if (terms.share === 0) return "to the centre because the terms leave the body no share";
    if (about.passed && (terms.gate === "veto" || about.percentile >= terms.sliding_from)) return "to the centre because a share of it is less than half a penny";
    return "to the centre because the quality gate failed";
  }

  /* The rule that decided a saving. */
  function saving(flow, about, terms, sign) {
    var rate = rateOf(flow), start = write.pounds(flow.below / 100, sign) + " below the ceiling (" + percent(rate) + ")";
    if (flow.below === 0) return "Spend equals the ceiling: nothing to share.";
    if (about.sentinel) return start + ": a sentinel measure failed, so nothing is paid.";
    if (unreached(rate, about, terms))
      return start + ": within " + percent(terms.start === "ramp" ? about.threshold / 2 : about.threshold) + ", which may be chance, so nothing is shared.";
    if (terms.gate === "sliding" && about.percentile < terms.sliding_from)
      return start + ": quality at percentile " + about.percentile + ", under " + terms.sliding_from + ", so nothing is paid.";
    if (!about.passed) return start + ": the quality gate failed, so the share " + (terms.escrow ? "is held for a year" : "is not paid") + ".";
    return start + ": " + share(flow, rate, about, terms) + ".";
  }

  function share(flow, rate, about, terms) {
    var part = terms.share * (terms.gate === "sliding" ? about.percentile / 100 : 1);
    if (terms.cap !== null && flow.payment >= Math.floor(terms.cap * flow.ceiling + 1e-3)) return "the share reaches its cap of " + percent(terms.cap) + " of the ceiling";
    if (terms.start === "ramp" && rate < about.threshold)
      return "the share rises to " + percent(part) + " at " + percent(about.threshold) + ", and is " + percent(flow.payment / flow.below) + " here";
    var slid = terms.gate === "sliding" ? " (" + percent(terms.share) + " at percentile " + about.percentile + ")" : "";
    return percent(part) + (terms.start === "above" ? " of what exceeds " + percent(about.threshold) : "") + " is earned" + slid;
  }

  /* The rule that decided an overspend. */
  function loss(flow, about, terms, sign) {
    var start = write.pounds(-flow.below / 100, sign) + " above the ceiling (" + percent(-rateOf(flow)) + ")", rule;
    if (about.year <= terms.loss_free_years) rule = "no penalty in the first " + terms.loss_free_years + " years";
    else if (terms.draw_rule === "balance" && flow.draw === -flow.below) rule = "the bank meets it all";
    else rule = overspend(flow, about, terms);
    return start + ": " + rule + ".";
  }

  /* What the body pays of what the bank leaves of an overspend, or why nothing. */
  function overspend(flow, about, terms) {
    var dead = terms.dead_band === null ? about.threshold : terms.dead_band, notch = terms.loss_start === "notch";
    var left = -flow.below - (terms.draw_rule === "balance" ? flow.draw : 0);
    if (notch ? left / flow.ceiling < dead : left <= dead * flow.ceiling)
      return (flow.draw ? "what is left is " : "") + "within " + percent(dead) + ", which may be chance, so there is no penalty";
    if (flow.penalty + (terms.draw_rule === "liability" ? flow.draw : 0) === 0)
      return terms.loss_rate === 0 || terms.floor === 0 ? "the terms ask nothing of an overspend" : "the body's part of it is less than a penny";
    return (dead && notch ? "from " + percent(dead) + " on " : "") + "the body pays " + percent(terms.loss_rate) +
      (notch ? "" : " of what exceeds " + percent(dead)) + (terms.floor === null ? "" : ", at most " + percent(terms.floor) + " of the ceiling");
  }

  function sum(listed, party) {
    return listed.reduce(function (whole, each) { return whole + (each[0] === party ? each[1] : 0); }, 0);
  }

  /* One line a year: ceiling, cost, below, kept, centre, held, bank in pence, and the explanation.
     grades: quality by year (a veto gate fails at 0). threshold: the least saving that counts. */
  function lines(flows, terms, threshold, grades, sign) {
    return flows.map(function (flow, place) {
      var passed = terms.gate === "sliding" || grades[place] > 0;
      var about = { year: place + 1, threshold: threshold, passed: passed, sentinel: false, percentile: grades[place] };
      var listed = entries(flow, about, terms), reason = "Not settled: ceiling, cost or quality is missing. Nothing is paid or asked.";
      if (flow.settled) reason = (flow.below >= 0 ? saving : loss)(flow, about, terms, sign);
      return {
        ceiling: flow.ceiling, cost: flow.cost, below: flow.below, bank: flow.bank,
        kept: sum(listed, "body"), centre: sum(listed, "centre"), held: sum(listed, "held"),
        explanation: [reason].concat(listed.map(function (each) {
          return write.pounds(Math.abs(each[1]) / 100, sign) + " " + each[2] + ".";
        })).join(" ")
      };
    });
  }

  /* -- what the terms mean for one body (pipelines/scenarios/meaning.py). about: name, base, last and first in pounds,
     year, prices, least; kept and taken: shares of a lasting saving's value under these terms, and where it is taken back -- */

  function apart(one, other, sign) {
    if (Math.abs(one - other) < 0.005) return "";
    return write.pounds(Math.abs(one - other), sign) + (one < other ? " below" : " above");
  }

  function start(about, sign) {
    var moved = apart(about.base, about.last, sign), taken = about.base - about.first;
    var why = moved ? "that is " + moved + " the last year, because the two years before it cost " + (about.base < about.last ? "less" : "more") : "that is what it cost";
    return "The first ceiling, for " + about.year + ", is " + write.pounds(about.first, sign) + ": " + (apart(about.first, about.last, sign) || "equal to") +
      " what the last year cost, " + write.pounds(about.last, sign) + ". It starts from the mean of three years’ cost, " + write.pounds(about.base, sign) +
      " in " + about.prices + " prices and at the last year’s volume; " + why + ". Closing the gap and ongoing efficiency " +
      (taken >= 0.005 ? "take " + write.pounds(taken, sign) + " off it" : "take nothing off it") + " in the first year.";
  }

  function pays(about, terms) {
    var dead = terms.dead_band === null ? about.least : terms.dead_band, free = terms.loss_free_years;
    if (terms.loss_rate === 0 || terms.floor === 0 || free >= terms.years) return about.name + " pays nothing, however far its cost is above the ceiling.";
    var reach = terms.loss_start === "above" ? "more than " + percent(dead) + " " : percent(dead) + " or more ";
    return about.name + " pays only in a year whose cost is " + (dead ? reach : "") + "above the ceiling" +
      (free > 1 ? ", and in none of the first " + free + " years" : free === 1 ? ", and not in the first year" : "") + ".";
  }

  function keeps(least, terms) {
    if (terms.share === 0 || terms.cap === 0) return "It keeps nothing of a saving.";
    if (least === 0) return "It keeps a share of every saving.";
    if (terms.start === "above") return "It keeps a share of what lies more than " + percent(least) + " below the ceiling.";
    if (terms.start === "notch") return "It keeps a share of a saving from " + percent(least) + " below the ceiling on.";
    return "It keeps part of its share from " + percent(least / 2) + " below the ceiling on, and all of it from " + percent(least) + " on.";
  }

  function why(least, terms) {
    if (least > terms.threshold)
      return "The limit is " + percent(least) + " and not the " + percent(terms.threshold) + " of the terms, because its figures " +
        "vary that much by chance: one year in ten would pass even this without any saving.";
    return least ? "The terms set this limit of " + percent(least) + ": less may be chance." : "";
  }

  function limit(about, terms) { return [pays(about, terms), keeps(about.least, terms), why(about.least, terms)].filter(Boolean).join(" "); }

  function whole(part) { return write.commas(100 * part, 0) + "%"; }

  function reward(terms, kept, taken) {
    var own = whole(kept), rate = whole(terms.share);
    var less = terms.rolling_years !== null ? ", because every saving is kept for " + terms.rolling_years + " years" :
      own !== rate ? ", not the " + rate + " of its share, because later ceilings start from the lower cost" : "";
    return "Where the limit is passed, a saving made in the first year and kept up for good leaves the body " + own +
      " of the saving’s whole value" + less + ". Where money that is not spent is taken back each year, it would be " + whole(taken) + ".";
  }

  /* What `keepsFrom` of try.js found, in one sentence (pipelines/scenarios/begins.py). */
  function begins(found, own, most) {
    function points(part) { return String(Math.round(part * 1e6) / 1e4); }
    if (found === null) return "No saving up to " + points(most) + "% a year would let it keep more than it pays, over all years.";
    if (found < own) return "It would keep more than it pays at a lower saving, " + points(found) + "% a year, over all years.";
    return "It would begin to keep more than it pays at a saving of " + points(found) + "% a year, over all years.";
  }

  var all = { lines: lines, percent: percent, start: start, limit: limit, reward: reward, begins: begins };
  if (typeof module !== "undefined" && module.exports) module.exports = all; else root.evenhandLedger = all;
})(typeof window === "undefined" ? this : window);
