"""Footnotes of one text: numbered in the order in which they are referred to, and put at its end."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement


class Footnotes:
    """Definitions that nothing refers to come last: their words are words of the text too."""

    def __init__(self) -> None:
        self._references: dict[str, int] = {}  # label → how many; in the order of the first
        self._numbers: dict[str, int] = {}
        self._defined: list[tuple[str, Element]] = []

    def refer(self, parent: Element, label: str) -> None:
        """A reference in ``parent``."""
        name = _name(label)
        count = self._references[name] = self._references.get(name, 0) + 1
        sup = SubElement(parent, "sup", {"id": _id_of_reference(name, count)})
        link = SubElement(sup, "a", {"class": "footnote-ref", "href": f"#fn:{name}"})
        link.text = str(self._numbers.setdefault(name, len(self._references)))

    def define(self, label: str) -> Element:
        """The element of a definition; it stands in no tree yet."""
        element = Element("li")
        self._defined.append((_name(label), element))
        return element

    def append_to(self, root: Element) -> None:
        """Put all definitions at the end of ``root``."""
        if not self._defined:
            return
        by_number = sorted(self._defined, key=lambda each: self._numbers.get(each[0], len(self._numbers) + 1))
        section = SubElement(root, "div", {"class": "footnote"})
        SubElement(section, "hr")
        listed = SubElement(section, "ol")
        named: set[str] = set()
        for name, element in by_number:
            listed.append(element)
            if name in self._numbers and name not in named:
                named.add(name)
                element.set("id", f"fn:{name}")
                self._lead_back(element, name, self._numbers[name])

    def _lead_back(self, element: Element, name: str, number: int) -> None:
        last = element[-1] if len(element) else None
        holder = last if last is not None and last.tag == "p" else element if last is None else SubElement(element, "p")
        for count in range(1, self._references[name] + 1):
            title = f"Back to footnote {number} in the text"
            link = Element("a", {"class": "footnote-backref", "href": f"#{_id_of_reference(name, count)}"})
            link.set("title", title)
            link.text = "back"
            if len(holder):
                holder[-1].tail = f"{holder[-1].tail or ''}\u00a0"
            else:
                holder.text = f"{holder.text or ''}\u00a0"
            holder.append(link)


def _name(label: str) -> str:
    return "-".join(label.split())


def _id_of_reference(name: str, count: int) -> str:
    return f"fnref:{name}" if count == 1 else f"fnref{count}:{name}"
