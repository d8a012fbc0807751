"""A record of corner cases: everything that Markdown has, and documents that are hardly there."""

from __future__ import annotations

_EVERYTHING = """\
# Everything that Markdown has

**Version.** {version}
**Date.** {date}
**Status.** A document to look at.
**Authoritative inputs.** {inputs}

Text before the first section, with `code`, *emphasis*, **strong words**, ~~struck words~~, a footnote[^1], a link
[to outside](https://example.org/a?b=c), one to [a neighbour](lonely-v0_1.md), one to [nothing](nothing-v0_9.md), and
https://example.org/bare as text. See lonely-v0_1.md, everything v0.1 and nothing-v0_9.md.

## §1 Lists

1. First
2. Second, with
    - a point below it, and code in it:

        ```python
        def a_rather_long_name_for_a_function(with_one_argument, and_another, and_yet_another_beside_it): ...
        ```

    - another
        1. and deeper
            - and deeper still

- [x] done
- [ ] not done

Term
:   What it means

> [!NOTE]
> Something to know, with `code` and [a link](https://example.org).

> [!TIP]
> Something that helps.

> [!IMPORTANT]
> Something that must be known.

> [!WARNING]
> Something that may go wrong.

> [!CAUTION]
> Something that cannot be undone.

## §2 Tables

| Number | Name | Right | A column with a long heading that does not wrap well |
|---|---|--:|---|
| 1 | `code in a cell` | 1,234 | {row} |
| 2 | [a link](https://example.org) | 5 | {word} |

<table><caption>Written as HTML</caption><tr><th>One</th><th>Two</th></tr><tr><td>1</td><td>2</td></tr></table>

### §2.1 Code

```python
# A comment that has to be read
def answer(question: str = "what") -> int:
    \"\"\"Why.\"\"\"
    return 42 if question else None
```

    indented code

```
plain text without a language
```

#### A heading without a number

##### Five deep

###### Six deep

> A quotation, and in it
>
> > another one.

---

![A picture](picture.svg "its title")

![From elsewhere](https://example.org/picture.png)

<details><summary>Folded by its author</summary><p>What was folded.</p></details>

## §3 Last

{last}

[^1]: The note at the foot.
"""
_PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><rect width="40" height="20" fill="#0b5359"/></svg>'
)
_LONG = "a-name-in-a-long-list-v0_1.md; " * 20


def _everything(version: str, date: str, row: str, last: str) -> str:
    return _EVERYTHING.format(version=version, date=date, row=row, last=last, inputs=_LONG, word="a" * 120)


CONTENT: dict[str, str | bytes] = {
    "notes/everything-v0_2.md": _everything("0.2", "2026-05-12", "a row", "The end, rewritten."),
    "notes/archive/everything-v0_1.md": _everything("0.1", "2026-05-11", "a raw", "The end."),
    "notes/archive/lonely-v0_1.md": "# Lonely\n\n**Version.** 0.1 **Date.** 2026-05-10\n\nIt stands alone.\n",
    "notes/archive/secret-v0_1.md": "# Secret\n\n**Version.** 0.1 **Date.** 2026-05-10\n\nAn address.\n",
    "notes/empty-v0_1.md": "",
    "notes/unreadable-v0_1.md": bytes(range(256)) * 4,
    "notes/picture.svg": _PICTURE,
    "notes/archive/picture.svg": _PICTURE,
}
CONFIG = {"site_url": "https://corners.example.org/"}
