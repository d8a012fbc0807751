"""Chromium, driven through Playwright: one browser for all tests, a context of its own for each visit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from support import programs

# The pages behind the address field, two of them for every window, cost as much as the page that is looked at. The
# others are Playwright's own list, in whose place this one stands.
_WITHOUT = (
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "TcpPortRandomizationWin",
    "ThirdPartyStoragePartitioning",
)
# No requests of the browser's own, and no sandbox: tests also run as root in containers.
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(_WITHOUT)}",
)


@dataclass(slots=True)
class Visit:
    """An open page, the addresses that it asked for, and what it complained about in the console."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def strangers(self) -> list[str]:
        """Requested addresses of other hosts than the page's own."""
        own = urlsplit(self.page.url).netloc
        return [
            url for url in self.requests if urlsplit(url).scheme in ("http", "https") and urlsplit(url).netloc != own
        ]


@contextmanager
def browser() -> Iterator[Browser]:
    """A running Chromium. Playwright gives it a new and empty profile folder and removes that at the end."""
    executable = programs.need(*programs.CHROMIUM, package="chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=executable, args=list(_FLAGS))
        try:
            yield started
        finally:
            started.close()


@contextmanager
def visit(
    running: Browser,
    url: str,
    *,
    width: int = 1366,
    height: int = 900,
    scheme: Literal["light", "dark"] = "light",
    javascript: bool = True,
) -> Iterator[Visit]:
    """The page at ``url``, loaded, in a window of ``width`` × ``height`` CSS pixels with nothing in its cache."""
    context = running.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, java_script_enabled=javascript
    )
    try:
        found = Visit(context.new_page())
        found.page.on("request", lambda request: found.requests.append(request.url))
        found.page.on("pageerror", lambda error: found.complaints.append(str(error)))
        found.page.on("console", lambda line: found.complaints.extend(_complaints(line)))
        found.page.goto(url)
        yield found
    finally:
        context.close()


def _complaints(line: ConsoleMessage) -> Iterator[str]:
    if line.type in ("error", "warning"):
        yield f"{line.text} {line.location['url']}"
