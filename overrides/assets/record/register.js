/* The filter of a register: rows that hold all the words. Without script the whole register stands there. */
(function () {
  "use strict";
  var line = document.querySelector(".r-filter");
  if (!line) return;
  var field = line.querySelector("input"), status = line.querySelector("[role=status]");
  var rows = [].slice.call(document.querySelectorAll("[data-group] tbody tr"));
  var texts = rows.map(function (row) { return row.textContent.toLowerCase(); });
  line.hidden = false;
  field.addEventListener("input", function () {
    var words = field.value.toLowerCase().split(/\s+/).filter(Boolean), shown = 0;
    rows.forEach(function (row, at) {
      row.hidden = !words.every(function (word) { return texts[at].indexOf(word) >= 0; });
      shown += row.hidden ? 0 : 1;
    });
    document.querySelectorAll("[data-group]").forEach(function (group) {
      group.hidden = !group.querySelector("tbody tr:not([hidden])");
      var gone = group.querySelector(".r-gone");
      if (gone) gone.open = words.length > 0 && !!gone.querySelector("tbody tr:not([hidden])");
    });
    status.textContent = words.length ? shown + " of " + rows.length + " rows" : "";
  });
})();
