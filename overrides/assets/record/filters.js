// On a phone the filters of a list fold behind one button, which says how many are on: what is listed comes first.
"use strict";
(() => {
  const form = document.querySelector("form.r-filters");
  const button = form.querySelector("[aria-expanded]");
  button.addEventListener("click", () => button.setAttribute("aria-expanded", button.getAttribute("aria-expanded") === "false"));
  // Whoever has filled the form from the address says so.
  form.addEventListener("filled", () => {
    const given = [...form.elements].filter((each) => each.matches("[name]:not([name=sort], [name=per], [type=search])") && each.value);
    button.textContent = given.length ? `Filters, ${given.length} on` : "Filters";
  });
})();
