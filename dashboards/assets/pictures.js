/* A chart as a file: title, sentence, the chart in its light colours, citation. Made here; nothing is sent anywhere. */
(function () {
  "use strict";
  var WIDTH = 1000, EDGE = 32, LETTERS = "system-ui, 'Segoe UI', Arial, sans-serif";
  var SVG = "http://www.w3.org/2000/svg";

  function words(id) { var node = document.getElementById(id); return node ? node.textContent.trim() : ""; }

  /* Lines of a text that fit the picture, measured in the letters that it is drawn in. */
  function lines(text, font) {
    var pen = document.createElement("canvas").getContext("2d"), out = [], line = "";
    pen.font = font;
    text.split(/\s+/).forEach(function (word) {
      var longer = line ? line + " " + word : word;
      if (line && pen.measureText(longer).width > WIDTH - 2 * EDGE) { out.push(line); line = word; } else line = longer;
    });
    return line ? out.concat(line) : out;
  }

  function write(svg, text, size, weight, colour, top) {
    lines(text, weight + " " + size + "px " + LETTERS).forEach(function (line) {
      var node = document.createElementNS(SVG, "text");
      top += size * 1.4;
      [["x", EDGE], ["y", top], ["font-family", LETTERS], ["font-size", size], ["font-weight", weight], ["fill", colour]]
        .forEach(function (pair) { node.setAttribute(pair[0], pair[1]); });
      node.textContent = line;
      svg.appendChild(node);
    });
    return top;
  }

  function source(chart) {
    var light = window.evenhand.light(JSON.stringify(window.evenhand.wide(chart)));
    var both = JSON.parse(light), layout = both[1];
    layout.width = WIDTH - EDGE;
    layout.height = layout.height || Math.round(chart.getBoundingClientRect().height);
    layout.autosize = false;
    return window.Plotly.toImage({ data: both[0], layout: layout }, { format: "svg", width: layout.width, height: layout.height })
      .then(function (address) { return decodeURIComponent(address.slice(address.indexOf(",") + 1)); });
  }

  function picture(name, chart) {
    return source(chart).then(function (drawn) {
      var svg = document.createElementNS(SVG, "svg");
      var inner = new DOMParser().parseFromString(drawn, "image/svg+xml").documentElement;
      var ground = document.createElementNS(SVG, "rect");
      svg.appendChild(ground);
      var top = write(svg, words("title-" + name), 24, 700, "#0b0c0c", EDGE - 8);
      top = write(svg, words("sentence-" + name), 16, 400, "#505a5f", top + 6) + 16;
      inner.setAttribute("x", EDGE / 2);
      inner.setAttribute("y", top);
      svg.appendChild(document.importNode(inner, true));
      top += Number(inner.getAttribute("height")) + 4;
      top = write(svg, words("cite-as") + " " + location.pathname, 14, 400, "#505a5f", top) + EDGE;
      [["xmlns", SVG], ["width", WIDTH], ["height", Math.ceil(top)], ["viewBox", "0 0 " + WIDTH + " " + Math.ceil(top)], ["role", "img"]]
        .forEach(function (pair) { svg.setAttribute(pair[0], pair[1]); });
      [["width", "100%"], ["height", "100%"], ["fill", "#ffffff"]].forEach(function (pair) { ground.setAttribute(pair[0], pair[1]); });
      return svg;
    });
  }

  function png(text, width, height) {
    return new Promise(function (done, failed) {
      var image = new Image(), canvas = document.createElement("canvas");
      canvas.width = 2 * width;
      canvas.height = 2 * height;
      image.onload = function () {
        canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
        canvas.toBlob(function (blob) { if (blob) done(blob); else failed(new Error("no picture")); }, "image/png");
      };
      image.onerror = failed;
      image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(text);
    });
  }

  function save(blob, name) {
    var link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.dataset.full = "";
    document.body.appendChild(link);
    link.click();
    link.remove();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 10000);
  }

  /* What a button asks for: data-picture svg or png, data-chart the block, data-name the file. */
  window.evenhand.picture = function (button) {
    var kind = button.dataset.picture, name = button.dataset.chart;
    var frame = document.getElementById("chart-" + name);
    var chart = frame && (frame.querySelector(".js-plotly-plot") || frame);
    if (!window.Plotly || !chart || !chart.layout) return Promise.reject(new Error("no chart"));
    return picture(name, chart).then(function (svg) {
      var text = new XMLSerializer().serializeToString(svg);
      if (kind === "svg") return new Blob([text], { type: "image/svg+xml" });
      return png(text, WIDTH, Number(svg.getAttribute("height")));
    }).then(function (blob) { save(blob, button.dataset.name + "." + kind); });
  };
})();
