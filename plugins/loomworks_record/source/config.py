"""The configuration of a record: one frozen value, made from the options under ``plugins: - record:``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from inspect import signature
from typing import Any, get_args
from urllib.parse import urlsplit

from loomworks_record.errors import UsageError
from loomworks_record.source.identifiers import (
    DEFAULT_IDENTIFIERS,
    DEFINED_BY_DOCUMENTS,
    DefinedBy,
    IdentifierKind,
    prefixed,
)
from loomworks_record.source.kinds import DEFAULT_KINDS, ROLES, Kind, KindTable
from loomworks_record.source.known_conventions import known_conventions, with_conventions
from loomworks_record.source.labels import FIELDS, field_of
from loomworks_record.source.names import ARCHIVE, ARCHIVE_FOLDERS, Notation, VersionForm
from loomworks_record.source.publishable import root_pattern_fault
from loomworks_record.source.statuses import DEFAULT_STATUSES, Means, StatusWord

HOSTS = ("none", "cloudflare-free", "cloudflare-paid", "github-pages", "plain")
FILED_HTML = ("sandboxed", "text")
_LISTS = ("prefix", "defined_by", "folders")  # of a row of identifiers


class ConfigError(UsageError):
    """An option has a value that it cannot have."""


class UnnamedError(UsageError):
    """Nothing names the record, and what is to be made has to name it."""


@dataclass(frozen=True, slots=True)
class RecordConfig:
    """All options, with defaults that name nobody. Documented for users in docs/configuration.md.

    Of a project, ``name``, ``line``, ``lede`` and ``origin`` are what its own settings say where no option does;
    ``origin`` is "" where neither says one.
    """

    name: str = "The record"
    line: str = ""
    lede: str = "Every version of every document, kept as it was filed."
    origin: str = ""
    organisation: str | None = None
    conventions: tuple[str, ...] = ()
    kinds: KindTable = field(default_factory=KindTable)
    versions: tuple[VersionForm, ...] = ()
    archive_folders: tuple[str, ...] = ARCHIVE_FOLDERS
    statuses: tuple[StatusWord, ...] = DEFAULT_STATUSES
    labels: tuple[tuple[str, str], ...] = ()
    identifiers: tuple[IdentifierKind, ...] = DEFAULT_IDENTIFIERS
    places: tuple[str, ...] = ()
    host: str = "none"
    filed_html: str = "sandboxed"
    redirects: tuple[tuple[str, str], ...] = ()
    signing_key: str | None = None
    stamp_days: int = 14
    keep_releases: int = 5
    witnesses: tuple[tuple[str, str], ...] = ()
    witness_quorum: int = 0
    search: bool = True
    baseline: str | None = None
    workers: int | str | None = None
    cache_size: int = 2000
    root_files: tuple[str, ...] = ()
    compare_all: int = 8

    @property
    def notation(self) -> Notation:
        """How this record writes names and headers."""
        return Notation(self.versions, self.archive_folders, self.labels)


def parse_config(options: Mapping[str, Any], settings: Mapping[str, Any] | None = None) -> RecordConfig:
    """Check options one by one; the message names the option, what was expected and what was given.

    ``settings`` are those of the generator: ``site_name``, ``site_description`` and ``site_url`` name the record where
    no option does.
    """
    known = {each.name for each in fields(RecordConfig)}
    values: dict[str, Any] = {}
    names = options.get("conventions")
    for name, given in (options if names is None else with_conventions(options, _conventions(names))).items():
        if name not in known:
            raise ConfigError(f"option '{name}' is not known: expected one of {', '.join(sorted(known))}")
        if given is not None:
            values[name] = _PARSERS.get(name, _plain)(name, given)
    return _named(RecordConfig(**values), settings or {})


def _named(config: RecordConfig, settings: Mapping[str, Any]) -> RecordConfig:
    name = _one_line(settings.get("site_name") or config.name)
    return replace(
        config,
        name=name,
        line=_one_line(config.line or name),
        lede=_one_line(settings.get("site_description") or config.lede),
        organisation=config.organisation and _one_line(config.organisation),
        origin=config.origin or _host_of(str(settings.get("site_url") or "")),
    )


def _one_line(given: object) -> str:
    return " ".join(str(given).split())  # it stands in lines of other formats: llms.txt, bag-info.txt, feeds


def _host_of(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def origin_of(config: RecordConfig) -> str:
    """The name of the record's log. Raises UnnamedError where nothing gives it one."""
    if not config.origin:
        raise UnnamedError(
            "nothing names this record's log: set site_url in mkdocs.yml to the address that it is published at "
            "(or origin: below the plugin)"
        )
    return config.origin


def _wrong(name: str, expected: str, given: object) -> ConfigError:
    return ConfigError(f"option '{name}': expected {expected}, got {given!r}")


def _plain(name: str, given: object) -> object:
    """A text, or one of the options of ``_PLAIN``."""
    is_right, expected = _PLAIN.get(name, (lambda value: isinstance(value, str), "text"))
    if not is_right(given):
        raise _wrong(name, expected, given)
    return given


def _texts(name: str, given: object) -> tuple[str, ...]:
    if not isinstance(given, list) or not all(isinstance(item, str) for item in given):
        raise _wrong(name, "a list of texts", given)
    return tuple(given)


def _root_files(name: str, given: object) -> tuple[str, ...]:
    patterns = _texts(name, given)
    for pattern in patterns:
        if wrong := root_pattern_fault(pattern):
            raise _wrong(name, wrong, pattern)
    return patterns


def _pairs(name: str, given: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(given, Mapping) or not all(isinstance(value, str) for value in given.values()):
        raise _wrong(name, "a mapping of old address to new address", given)
    return tuple((str(old), str(new)) for old, new in given.items())


def _witnesses(name: str, given: object) -> tuple[tuple[str, str], ...]:
    rows = _rows(name, given)
    if not all(row.keys() == {"url", "key"} and all(isinstance(value, str) for value in row.values()) for row in rows):
        raise _wrong(name, "rows of 'url' and 'key', both text", given)
    return tuple((row["url"], row["key"]) for row in rows)


def _conventions(given: object) -> tuple[str, ...]:
    names = _texts("conventions", given)
    for each in names:
        if each not in known_conventions():
            raise _wrong("conventions", f"some of {', '.join(known_conventions())}", each)
    return names


def _kinds(name: str, given: object) -> KindTable:
    """Rows of the user's come before the defaults; a row with ``kind: …, pattern: ''`` removes a default."""
    rows = tuple(_kind(name, row) for row in _rows(name, given))
    own = {row.kind for row in rows}
    return KindTable((*(row for row in rows if row.pattern), *(row for row in DEFAULT_KINDS if row.kind not in own)))


def _kind(name: str, given: Mapping[str, Any]) -> Kind:
    """What a row does not say is as in our row of that kind; rank and lane else as in our first row of its role."""
    row = {key: value for key, value in given.items() if value is not None}
    role = row.get("role", "")
    if role not in ROLES or role == "amending":
        roles = ", ".join(role for role in ROLES if role and role != "amending")
        raise ConfigError(f"option '{name}': a row has the role {role!r}; expected one of {roles}")
    same = next((ours for ours in DEFAULT_KINDS if ours.kind == row.get("kind")), None)
    like = next((ours for ours in DEFAULT_KINDS if role and ours.role == role), None)
    base = {each.name: getattr(same, each.name) for each in fields(Kind)} if same else {}
    if like and not (same and same.role == role):
        base |= {"rank": like.rank, "lane": like.lane if role != "request" else _lane_of(row)}
    made: Kind = _row(name, Kind, base | row)
    for key, shape, expected in (("rank", int, "a whole number"), ("broad", bool, "true or false")):
        if type(getattr(made, key)) is not shape:
            raise _wrong(f"{name}' with the key '{key}", expected, getattr(made, key))
    return made


def _lane_of(row: Mapping[str, Any]) -> str:
    """A request's lane is called as authors call it, in short."""
    words = row.get("words") or [str(row.get("label") or row.get("kind", "")).replace("-", " ").capitalize()]
    return min(map(str, words), key=len)


def _identifiers(name: str, given: object) -> tuple[IdentifierKind, ...]:
    rows = tuple(_identifier(name, row) for row in _rows(name, given))
    own = {row.kind for row in rows}
    kept = (row for row in DEFAULT_IDENTIFIERS if row.kind not in own)
    return (*(row for row in rows if row.pattern), *kept)


def _identifier(name: str, given: Mapping[str, Any]) -> IdentifierKind:
    """One with a prefix has its pattern from that; the pattern of any other is given."""
    texts = {key: [value] if isinstance(value, str) else value for key, value in given.items() if key in _LISTS}
    row: IdentifierKind = _row(name, IdentifierKind, {**given, **texts})
    for key in _LISTS:
        if not all(isinstance(value, str) and value.strip(" -_#") for value in getattr(row, key)):
            raise _wrong(f"{name}' with the key '{key}", "a text or a list of texts", given[key])
    for value in row.defined_by:
        if value not in get_args(DefinedBy):
            raise _wrong(f"{name}' with the key 'defined_by", f"some of {', '.join(get_args(DefinedBy))}", value)
    if row.prefix and row.pattern:
        raise _wrong(name, "a row with a 'prefix' to have no 'pattern'", row.pattern)
    if row.prefix:
        found = row.defined_by or DEFINED_BY_DOCUMENTS
        return replace(row, pattern=prefixed(row.words), defined_by=found)
    if "pattern" not in given:
        raise ConfigError(f"option '{name}': a row needs 'pattern' or 'prefix', got {dict(given)!r}")
    is_title = not (row.defined_by or row.local or " " in row.pattern)
    return replace(row, defined_by=("title",)) if is_title else row


def _versions(name: str, given: object) -> tuple[VersionForm, ...]:
    """Rows ``pattern`` and, for folders of snapshots, ``of: folder``; each pattern names the group of the version."""
    rows = tuple(_row(name, VersionForm, row) for row in _rows(name, given))
    for row in rows:
        if row.of not in ("name", "folder"):
            raise _wrong(name, "'of' to be name or folder", row.of)
        if not {"version", "number", "date"} & set(re.compile(row.pattern).groupindex):
            raise _wrong(name, "a pattern with a group (?P<version>…), (?P<number>…) or (?P<date>…)", row.pattern)
    return rows


def _archive_folders(name: str, given: object) -> tuple[str, ...]:
    """The folders named, in any case; ``archive`` always, as that is where filing puts what is superseded."""
    return tuple(dict.fromkeys((ARCHIVE, *(folder.lower() for folder in _texts(name, given)))))


def _statuses(name: str, given: object) -> tuple[StatusWord, ...]:
    """Rows of the user's before the defaults; the meaning of a word of theirs replaces that of a default."""
    rows = tuple(_row(name, StatusWord, row) for row in _rows(name, given))
    for row in rows:
        if row.means not in get_args(Means):
            raise _wrong(name, f"'means' to be one of {', '.join(get_args(Means))}", row.means)
    own = {row.word.casefold() for row in rows}
    return (*rows, *(row for row in DEFAULT_STATUSES if row.word not in own))


def _labels(name: str, given: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(given, Mapping) or not all(isinstance(value, str) for value in given.values()):
        raise _wrong(name, "a mapping of label to the usual label or field that it stands for", given)
    for value in given.values():
        if (field_of(value) or value) not in FIELDS:
            raise _wrong(name, f"a label to stand for one of {', '.join(FIELDS)}", value)
    return tuple((str(label).casefold(), field_of(value) or value) for label, value in given.items())


def _rows(name: str, given: object) -> list[Mapping[str, Any]]:
    if not isinstance(given, list) or not all(isinstance(row, Mapping) for row in given):
        raise _wrong(name, "a list of rows", given)
    return list(given)


def _row(name: str, shape: type[Any], row: Mapping[str, Any]) -> Any:
    taken = signature(shape).parameters
    allowed = set(taken)
    unknown = sorted(set(map(str, row)) - allowed)
    if unknown:
        raise ConfigError(
            f"option '{name}': a row has the unknown key '{unknown[0]}'; expected {', '.join(sorted(allowed))}"
        )
    values = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    label = str(values.get("kind", "")).replace("-", " ").capitalize()
    defaults = {"label": label, "plural": f"{values.get('label', label)}s", "slug": f"{values.get('kind', '')}s"}
    values = {key: value for key, value in defaults.items() if key in allowed} | values
    for key in ("pattern", "number"):
        try:
            re.compile(str(values.get(key, "")))
        except re.error as wrong:
            said = f"the {key} {values[key]!r} is not a regular expression: {wrong}"
            raise ConfigError(f"option '{name}': {said}") from None
    try:
        return shape(**values)
    except TypeError:
        required = (key for key, each in taken.items() if each.default is each.empty and key not in defaults)
        needed = " and ".join(f"'{key}'" for key in required)
        raise ConfigError(f"option '{name}': a row needs {needed}, got {dict(row)!r}") from None


def _is_count(value: Any) -> bool:
    return type(value) is int and value >= 0


def _is_workers(value: Any) -> bool:
    return (type(value) is int and value > 0) or (isinstance(value, str) and "://" in value)


# What else than a text an option is, and how that is told.
_PLAIN: dict[str, tuple[Callable[[Any], bool], str]] = {
    **dict.fromkeys(
        ("stamp_days", "keep_releases", "witness_quorum", "cache_size", "compare_all"),
        (_is_count, "a whole number from 0"),
    ),
    "search": (lambda value: isinstance(value, bool), "true or false"),
    "host": (HOSTS.__contains__, f"one of {', '.join(HOSTS)}"),
    "filed_html": (FILED_HTML.__contains__, f"one of {', '.join(FILED_HTML)}"),
    "workers": (_is_workers, "a number of processes from 1, or the address of a Dask scheduler (tcp://…)"),
}
_PARSERS: dict[str, Callable[[str, object], object]] = {
    "conventions": _texts,
    "kinds": _kinds,
    "identifiers": _identifiers,
    "versions": _versions,
    "archive_folders": _archive_folders,
    "statuses": _statuses,
    "labels": _labels,
    "places": _texts,
    "redirects": _pairs,
    "witnesses": _witnesses,
    "root_files": _root_files,
}
