"""Templates: the one Jinja environment, and the filters that they may use. They get plain values only."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined, TemplateNotFound, TemplateSyntaxError, pass_context
from jinja2.bccache import Bucket, FileSystemBytecodeCache
from jinja2.runtime import Context
from markupsafe import Markup

from loomworks_record import __version__
from loomworks_record.errors import SystemRefusalError
from loomworks_record.source.dates import written
from loomworks_record.source.folding import without_invisible
from loomworks_record.source.project import files_below

# from one page's address to another address: the href to write
Relative = Callable[[str, str], str]


class TemplateError(SystemRefusalError):
    """A template cannot be read, or fails on a page."""


class _Compiled(FileSystemBytecodeCache):
    """Compiled templates, where Python keeps our compiled modules: they are run, as those are, and nothing is written
    where Python would not. Known by their text and by ``besides``, since Jinja calls filters of constants when it
    compiles."""

    def __init__(self, besides: str) -> None:
        super().__init__(str(Path(cache_from_source(__file__)).parent), "template-%s.pyc")
        self._besides = besides

    def get_source_checksum(self, source: str) -> str:
        return super().get_source_checksum(f"{self._besides}\n{source}")

    def load_bytecode(self, bucket: Bucket) -> None:
        with suppress(Exception):  # damaged: it is compiled again
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        if not sys.dont_write_bytecode:
            with suppress(OSError):
                super().dump_bytecode(bucket)


def templates_folder() -> Path:
    """The templates and assets that we ship: inside the installed package, or at the top of a checkout."""
    package = Path(__file__).resolve().parents[1]
    shipped = package / "overrides"
    return shipped if shipped.is_dir() else package.parents[1] / "overrides"


def sources(folders: Sequence[Path]) -> dict[str, str]:
    """The templates of several folders (a user's own first), as a template names them, with their text."""
    found: dict[str, str] = {}
    for folder in folders:
        for file in files_below(folder):
            name = file.relative_to(folder).as_posix()
            if not name.startswith("assets/") and name not in found:
                with suppress(UnicodeDecodeError):  # a picture is not a template
                    found[name] = file.read_text("utf-8")
    return found


def environment(templates: Mapping[str, str], relative: Relative, assets: Mapping[str, str]) -> Environment:
    """An environment of ``templates``, see ``sources``. Undefined names are errors, values are escaped.

    ``assets`` gives the published name of each asset; what it does not know keeps its name.
    """
    made = Environment(
        # with the name for a file's, which is how a line of a traceback names its template
        loader=FunctionLoader(lambda name: (templates[name], name, None) if name in templates else None),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=_Compiled(repr((__version__, Path(__file__).stat().st_mtime_ns, sorted(assets.items())))),
    )
    made.policies["json.dumps_kwargs"] = {"sort_keys": True, "separators": (",", ":")}
    made.filters["rel"] = _relative_filter(relative)
    made.filters["words"] = lambda day: written(day) if day else ""
    made.filters["html"] = lambda fragment: Markup(fragment)  # only for fragments that the renderer made safe
    made.filters["day"] = _day
    made.filters["asset"] = lambda address: assets.get(address, address)
    return made


def render_page(env: Environment, template: str, address: str, values: Mapping[str, Any]) -> str:
    """The page at ``address`` (relative to the site's root) as HTML. Raises TemplateError.

    Titles, labels and values come from filed texts as they are: what HTML forbids, and what nobody sees, is shown by
    visible signs here, once for every page.
    """
    try:
        return without_invisible(env.get_template(template).render(address=address, **values))
    except MemoryError:
        raise
    except Exception as wrong:
        if isinstance(wrong, OSError) and not isinstance(wrong, TemplateNotFound):  # the system refused
            raise
        place = _place(wrong, template)
        said = " ".join(str(wrong).split()) or type(wrong).__name__
        said = f"there is no template '{said}'" if isinstance(wrong, TemplateNotFound) else said
        raise TemplateError(f"{place}: {said}; so /{address} cannot be made; mend the template") from wrong


def _place(wrong: Exception, template: str) -> str:
    """The template and the line where it failed."""
    if isinstance(wrong, TemplateSyntaxError):
        return f"template '{wrong.name}', line {wrong.lineno}"
    # A template's name is relative; modules have absolute ones.
    lines = [line for line in traceback.extract_tb(wrong.__traceback__) if not Path(line.filename).is_absolute()]
    return f"template '{lines[-1].filename}', line {lines[-1].lineno}" if lines else f"template '{template}'"


def _relative_filter(relative: Relative) -> Callable[..., str]:
    @pass_context
    def rel(context: Context, target: str) -> str:
        return relative(target, str(context["address"]))

    return rel


def _day(value: date | None) -> Markup:
    """A date in words. Not as ``<time>``: trafilatura 2.3.1, Resiliparse 2.0.1 and Goose3 3.1.22, by which models
    read pages, drop that element with its words ("superseded by v0.3 on ."), and keep this one."""
    if value is None:
        return Markup("")
    return Markup('<span class="day">{}</span>').format(written(value))
