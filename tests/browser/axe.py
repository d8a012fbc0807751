"""axe-core on an open page; what axe leaves undecided about contrast is measured on the pixels."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

_MEASURE = Path(__file__).with_name("contrast.js").read_text("utf-8")
# Rules whose answer depends on colours: all that a change of the scheme can change.
COLOUR_RULES = ("color-contrast", "link-in-text-block")
_RUN = """
rules => axe.run(document, {resultTypes: ["violations", "incomplete"], ...(rules ? {runOnly: rules} : {})}).then(
  ({violations, incomplete}) => [violations, incomplete].map(found => found.flatMap(
    rule => rule.nodes.map(node => [rule.id, node.target.flat().join(" "), node.failureSummary]))))
"""
# The text is made invisible, not its box: what is seen then is what stands behind it.
_HIDE = """
element => {
  element.style.setProperty("-webkit-text-fill-color", "transparent", "important");
  element.style.setProperty("text-decoration", "none", "important");
}
"""
_WORST = """
async ({png, colour}) => {
  const image = new Image();
  image.src = "data:image/png;base64," + png;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), {width: image.width, height: image.height});
  const pen = canvas.getContext("2d");
  pen.drawImage(image, 0, 0);
  const channel = v => v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4;
  const luminance = (r, g, b) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const own = luminance(...colour);
  const seen = new Set();
  const data = pen.getImageData(0, 0, canvas.width, canvas.height).data;
  for (let at = 0; at < data.length; at += 4) seen.add(data[at] << 16 | data[at + 1] << 8 | data[at + 2]);
  return Math.min(...[...seen].map(rgb => {
    const behind = luminance(rgb >> 16, rgb >> 8 & 255, rgb & 255);
    return (Math.max(own, behind) + 0.05) / (Math.min(own, behind) + 0.05);
  }));
}
"""


def faults(page: Page, rules: Sequence[str] | None = None) -> Iterator[str]:
    """Violations of axe's rules (all, or ``rules``), and undecided contrasts that fall short when measured."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    violations, undecided = page.evaluate(_RUN, list(rules) if rules else None)
    for rule, target, summary in violations:
        yield f"{rule}: {target}: {summary}"
    unmeasured = [target for rule, target, _ in undecided if rule == "color-contrast"]
    for found in page.evaluate(_MEASURE, unmeasured):
        ratio = _worst(page, found) if found.get("picture") else found["ratio"]
        if ratio < found["needed"]:
            yield f"contrast {ratio:.2f} of {found['needed']}: {found['selector']}: {found['text']!r}"


def _worst(page: Page, found: dict[str, Any]) -> float:
    """The contrast of the text's colour with the least fitting pixel behind it; infinite where nothing is shown."""
    handle = page.query_selector(found["selector"])
    assert handle is not None
    before = handle.evaluate("element => element.getAttribute('style')")
    handle.evaluate(_HIDE)
    ratios = [_ratio(page, box, found["colour"][:3]) for box in found["boxes"] if box[2] >= 1 and box[3] >= 1]
    handle.evaluate(
        "(e, style) => style === null ? e.removeAttribute('style') : e.setAttribute('style', style)", before
    )
    return min(ratios, default=float("inf"))


def _ratio(page: Page, box: list[float], colour: list[float]) -> float:
    x, y, width, height = box
    picture = page.screenshot(full_page=True, clip={"x": x, "y": y, "width": width, "height": height})
    return float(page.evaluate(_WORST, {"png": base64.b64encode(picture).decode(), "colour": colour}))
