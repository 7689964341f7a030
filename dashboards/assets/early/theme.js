/* The chosen appearance, before the first paint. */
(function () {
  var root = document.documentElement;
  root.classList.add("scripted-page");
  if (!root.dataset.theme) {
    try {
      var chosen = localStorage.getItem("evenhand-theme");
      if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;
    } catch (refused) { /* storage may be forbidden; the device's choice stands */ }
  }
})();
