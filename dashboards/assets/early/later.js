/* Scripts run after the page has been seen: the server paints it whole, so nothing in it waits for them. */
(function () {
  function run() {
    var waiting = Array.from(document.querySelectorAll('script[type="text/later"]'));
    var files = waiting.filter(function (each) { return each.src; });
    var last = files[files.length - 1];
    function start(each) {
      var script = document.createElement("script");
      if (each.src) script.src = each.src; else script.textContent = each.textContent;
      script.id = each.id;
      script.async = false;
      if (each === last) script.onload = function () { waiting.filter(function (one) { return !one.src; }).forEach(start); };
      each.replaceWith(script);
    }
    files.forEach(start);
  }
  document.addEventListener("DOMContentLoaded", function () {
    if (document.hidden) run(); else requestAnimationFrame(function () { setTimeout(run, 0); });
  });
})();
