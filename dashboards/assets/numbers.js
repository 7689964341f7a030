/* How numbers are written in the browser: the twin of dashboards/components/numbers.py, held to it by
   tests/unit/dashboards/test_tab_functions.py. A minus is a true one; halves go to the even digit, as Python's do. */
(function (root) {
  "use strict";

  /* Whole number nearest to x, halves to the even one. */
  function even(x) {
    var whole = Math.floor(x), part = x - whole;
    return part < 0.5 ? whole : part > 0.5 ? whole + 1 : whole % 2 === 0 ? whole : whole + 1;
  }

  /* A number of 0 or more with so many decimals. toFixed sends exact halves up; those with an even digit stay down. */
  function fixed(size, places) {
    var text = size.toFixed(places), rest = size.toFixed(Math.min(100, places + 40)).slice(places ? text.length : text.length + 1);
    if (!/^50*$/.test(rest)) return text;
    var down = size.toFixed(places + 1).slice(0, places ? -1 : -2);
    return Number(down.slice(-1)) % 2 === 0 ? down : text;
  }

  function commas(size, places) {
    var parts = fixed(size, places).split(".");
    return parts[0].replace(/\B(?=(\d{3})+$)/g, ",") + (parts[1] ? "." + parts[1] : "");
  }

  function signed(value, places, sign) {
    var text = commas(Math.abs(value), places);
    return (value < 0 && Number(text.replace(/,/g, "")) ? "−" : "") + (sign || "") + text;
  }

  /* £5.2m: two figures of the spread where one is given, else three of its own. */
  function headline(value, spread, sign) {
    var size = Math.abs(value), scale = size >= 1e9 ? 1e9 : size >= 1e6 ? 1e6 : 1;
    var step = spread ? Math.pow(10, Math.floor(Math.log10(spread)) - 1) : size ? Math.pow(10, Math.floor(Math.log10(size)) - 2) : 1;
    var places = scale > 1 ? Math.max(0, Math.min(2, even(Math.log10(scale)) - even(Math.log10(step)))) : 0;
    return signed(even(value / step) * step / scale, places, sign) + (scale === 1e9 ? "bn" : scale === 1e6 ? "m" : "");
  }

  /* A fraction of one as a share: 34%, 4.5%. */
  function share(fraction) {
    var size = Math.abs(fraction) * 100;
    return signed(fraction * 100, Number(fixed(size, 1)) >= 10 || size === 0 ? 0 : 1) + "%";
  }

  /* Three significant figures without trailing zeros, as Python's format ".3g" has them. */
  function brief(value) {
    if (value === 0) return "0";
    var size = Math.abs(value), power = Number(size.toExponential(2).split("e")[1]);
    if (power < -4 || power >= 3) return value.toExponential(2).replace(/\.?0+e/, "e").replace(/e([+-])(\d)$/, "e$10$2");
    var text = fixed(size, Math.max(0, 2 - power));
    return (value < 0 ? "-" : "") + (text.indexOf(".") < 0 ? text : text.replace(/\.?0+$/, ""));
  }

  /* An amount of 0 or more in prose: three figures from a thousand on, below it pence where there are any. */
  function pounds(amount, sign) {
    return amount < 1000 ? sign + commas(amount, 2).replace(/\.00$/, "") : headline(amount, 0, sign);
  }

  var all = { even: even, commas: commas, signed: signed, headline: headline, share: share, brief: brief, pounds: pounds };
  if (typeof module !== "undefined" && module.exports) module.exports = all; else root.evenhandNumbers = all;
})(typeof window === "undefined" ? this : window);
