// Next and previous change by key: n or j, p or k (without script the links do it), and the second column.
"use strict";
(() => {
  const columns = document.getElementById("r-columns");

  // A changed block holds both sides once: beside it stands a copy, and the stylesheet shows one side of each.
  const sides = () => {
    for (const text of document.querySelectorAll(".r-pair:not(.r-pair--added, .r-pair--removed) > div:not(.r-copy, :has(+ .r-copy))")) {
      const copy = text.cloneNode(true);
      copy.className = "r-copy";
      for (const each of copy.querySelectorAll("[id]")) each.removeAttribute("id");
      for (const each of copy.querySelectorAll("[role=region]")) each.ariaLabel += ", new side";
      text.after(copy);
    }
  };

  if (columns) {
    columns.closest("label").hidden = false;
    columns.addEventListener("change", sides);
    if (columns.checked) sides(); // as a browser remembers it
  }

  const changes = [...document.querySelectorAll(".r-body > [tabindex]")];
  if (!changes.length) return;
  let here = -1;

  const go = (step) => {
    const near = changes.findIndex((change) => change.getBoundingClientRect().bottom > 80);
    const from = here >= 0 && document.activeElement === changes[here] ? here : step > 0 ? near - 1 : near;
    here = Math.min(changes.length - 1, Math.max(0, from + step));
    changes[here].focus({ preventScroll: true });
    changes[here].scrollIntoView({ block: "start" });
  };

  addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");
    if (event.altKey || event.ctrlKey || event.metaKey || typing) return;
    const step = { n: 1, j: 1, p: -1, k: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    go(step);
  });

  const hint = document.createElement("span");
  hint.className = "r-keys";
  hint.textContent = "Keys: n next change, p previous change";
  document.querySelector(".r-sum .r-legend")?.append(hint);
})();
