"""A browser that notices: what is run, asked, opened, or moved while a page is shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Route

# Nobody who runs script could leave these alone.
_TRIPWIRES = """
for (const name of ["alert", "confirm", "prompt", "print", "open"]) window[name] = () => canary(name);
"""
# The page around the body: what is there, in which order, and where. What a document cites may be told after it.
_AROUND = """
() => {
  const box = each => {
    const {x, y, width, height} = each.getBoundingClientRect();
    return [x, y, width, height].map(Math.round);
  };
  const path = each => each.nodeName + (each.className ? "." + each.className : "");
  const elements = ["main", "h1", "footer", "header", "form", "script", "style", "base", "aside",
    "button:not(.r-narrow)"]; // one opens the contents of a text that has sections
  const chrome = ["header.r-header", ".r-skip", "nav.r-side", ".r-crumbs", "footer.r-footer"];
  return {
    children: [...document.body.children].map(path),
    main: [...document.querySelector("article").children].map(path).filter(each => each !== "SECTION.r-after"),
    head: [...document.head.children].map(each => each.nodeName + (each.rel || each.name || each.type || "")),
    boxes: chrome.slice(0, 2).map(selector => box(document.querySelector(selector))),
    counts: Object.fromEntries([...chrome, ...elements].map(each => [each, document.querySelectorAll(each).length])),
    bodyAttributes: [...document.body.attributes].map(each => each.name),
  };
}
"""
# What of a body reaches out of it: boxes beside it that no region scrolls or clips, and things taken out of the flow.
_OUTSIDE = """
() => {
  const body = document.querySelector(".r-body");
  if (!body) return [];
  const found = [];
  const {left, right, top, bottom} = body.getBoundingClientRect();
  const kept = new WeakSet();
  for (const each of body.querySelectorAll("*")) {
    const {position} = getComputedStyle(each);
    if (position === "fixed" || position === "sticky" || (position === "absolute" && !each.matches(".secno"))) {
      found.push(`${position}: ${each.outerHTML.slice(0, 80)}`);
    }
    const holder = each.parentElement;
    const scrolls = holder !== body && /auto|scroll|hidden|clip/.test(getComputedStyle(holder).overflowX);
    if (scrolls || kept.has(holder)) {
      kept.add(each);
      continue;
    }
    const box = each.getBoundingClientRect();
    const beyond = [left - box.left, box.right - right, top - box.top, box.bottom - bottom].map(Math.round);
    if (box.width && Math.max(...beyond) > 1) found.push(`${beyond}: ${each.outerHTML.slice(0, 80)}`);
  }
  const wide = document.documentElement.scrollWidth;
  if (wide > innerWidth) found.push(`the page is ${wide} wide`);
  return found.slice(0, 5);
}
"""
# Elements and attributes that no body may hold, whatever wrote them.
_FORBIDDEN = """
() => {
  const names = "script style link meta base iframe frame object embed form button select textarea svg math template "
    + "video audio source dialog title nav header footer main aside h1";
  const elements = new Set(names.toUpperCase().split(" "));
  const attribute = new RegExp("^(on.*|style|srcset|srcdoc|ping|form.*|background|name|action|http-equiv|autofocus|"
    + "data-.*|target|contenteditable|popover.*)$");
  const scheme = /^[\\s\\x00-\\x1f]*(javascript|data|vbscript|blob|file|view-source|filesystem)/i;
  const wrong = (each, name, value) =>
    attribute.test(name)
    || ((name === "href" || name === "src") && scheme.test(value))
    || (name === "src" && new URL(value, location.href).host !== location.host)
    || (name === "tabindex" && value !== "0")
    || (name === "id" && value.startsWith("r-") && each.closest(".r-body"));
  const places = ".r-body *, header .r-facts *, h1 *, .r-side *, .r-toc *";
  return [...document.querySelectorAll(places)].flatMap(each => [
    ...(elements.has(each.nodeName.toUpperCase()) ? [each.nodeName] : []),
    ...[...each.attributes].filter(({name, value}) => wrong(each, name, value))
      .map(({name, value}) => `${each.nodeName} ${name}=${value}`),
  ]);
}
"""
_UNMARKED = """
() => [...document.querySelectorAll(".r-body a[href], header .r-facts a[href]")].filter(each =>
  each.host && each.protocol.startsWith("http") && each.host !== location.host
  && !(each.relList.contains("noopener") && each.relList.contains("noreferrer") && each.classList.contains("r-out"))
).map(each => each.outerHTML)
"""
# What stands at the middle of each link and field of the page's head is that link or field.
_COVERED = """
() => {
  scrollTo(0, 0);
  return [...document.querySelectorAll(".r-header a, .r-header input, .r-header button")].filter(each => {
    const {x, y, width, height} = each.getBoundingClientRect();
    return !each.contains(document.elementFromPoint(x + width / 2, y + height / 2));
  }).map(each => each.outerHTML.slice(0, 80));
}
"""


@dataclass(slots=True)
class Watch:
    """An open page and what was noticed since ``look``."""

    page: Page
    sung: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)

    def look(self, url: str) -> None:
        """Open ``url`` and wait until everything that it may do by itself has had its time."""
        for noticed in (self.sung, self.asked, self.complaints, self.opened):
            noticed.clear()
        self.page.goto(url)
        self.page.mouse.move(400, 500)
        self.page.wait_for_timeout(40)

    def hold_back(self, route: Route) -> None:
        """A request to elsewhere that the browser was about to send; what a policy stopped does not come here."""
        self.asked.append(route.request.url)
        route.abort()

    def alarms(self) -> list[str]:
        """What a document did that none may do."""
        return [
            *(f"ran: {name}" for name in self.sung),
            *(f"asked: {url}" for url in self.asked),
            *(f"opened: {url}" for url in self.opened),
            *(f"console: {said}" for said in self.complaints),
        ]

    def around(self) -> dict[str, Any]:
        return dict(self.page.evaluate(_AROUND))

    def faults(self) -> list[str]:
        """What of the document stands where it may not, or as it may not."""
        return [
            *(f"outside: {each}" for each in self.page.evaluate(_OUTSIDE)),
            *(f"forbidden: {each}" for each in self.page.evaluate(_FORBIDDEN)),
            *(f"unmarked: {each}" for each in self.page.evaluate(_UNMARKED)),
            *(f"covered: {each}" for each in self.page.evaluate(_COVERED)),
        ]


@contextmanager
def watch(running: Browser, *, width: int = 1366) -> Iterator[Watch]:
    """A page of its own, with a canary in every frame. No request leaves this machine."""
    context = running.new_context(viewport={"width": width, "height": 900})
    try:
        seen = Watch(context.new_page())
        context.expose_binding("canary", lambda source, *said: seen.sung.append(f"{said} in {source['frame'].url}"))
        context.add_init_script(_TRIPWIRES)
        context.on("page", lambda page: seen.opened.append(page.url))
        context.route(lambda url: urlsplit(url).hostname != "127.0.0.1", lambda route: seen.hold_back(route))
        seen.page.on("dialog", lambda dialog: (seen.sung.append(dialog.message), dialog.dismiss()))
        seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        seen.page.on("console", lambda line: seen.complaints.extend(_complaint(line)))
        yield seen
    finally:
        context.close()


def _complaint(line: ConsoleMessage) -> Iterator[str]:
    # Pictures that a document names and nobody filed are its own affair.
    if line.type in ("error", "warning") and "status of 404" not in line.text:
        yield line.text
