// Next and previous change by key: n or j, p or k. Without script the links do it.
"use strict";
(() => {
  const changes = [...document.querySelectorAll("[data-change]")];
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
