// /filed/: what was filed since a day (?since=2026-05-12), and since this browser was here last. Nothing is sent.
"use strict";
(() => {
  const form = document.querySelector("[data-since]");
  if (!form) return;
  const said = form.querySelector("[data-since-said]");
  const since = new URLSearchParams(location.search).get("since") || "";
  if (/^\d{4}-\d{2}-\d{2}$/.test(since)) {
    form.elements.since.value = since;
    let shown = 0;
    for (const day of document.querySelectorAll("[data-day]")) {
      day.hidden = day.dataset.day < since;
      if (!day.hidden) shown += day.querySelectorAll("li").length;
    }
    const older = document.querySelector("[data-older]");
    const days = [...document.querySelectorAll("[data-day]")];
    const all = days.length === 0 || days[days.length - 1].dataset.day < since;
    if (older && all) older.parentElement.hidden = true;
    if (older && !all) older.search = `?since=${since}`;
    said.textContent = `${shown} filed since ${since}${older && !all ? ", and more on the next page" : ""}.`;
  }
  form.hidden = false;

  // The last entry of the log that this browser was shown; what it was before stays for the visit.
  const key = `record-filed:${document.body.dataset.root ? new URL(document.body.dataset.root, location.href).pathname : ""}`;
  const rows = [...document.querySelectorAll("[data-number]")];
  const newest = Math.max(-1, ...rows.map((row) => Number(row.dataset.number)));
  try {
    const visit = sessionStorage.getItem(key) ?? localStorage.getItem(key);
    if (visit !== null) {
      sessionStorage.setItem(key, visit);
      for (const row of rows) {
        if (Number(row.dataset.number) <= Number(visit)) continue;
        const mark = document.createElement("span");
        mark.className = "r-new";
        mark.textContent = "New since your last visit";
        row.querySelector(".t").append(mark);
      }
    } else if (newest >= 0) {
      sessionStorage.setItem(key, String(newest));
    }
    if (newest > Number(localStorage.getItem(key) ?? -1)) localStorage.setItem(key, String(newest));
  } catch { /* no storage: nothing is marked */ }
})();
