"""The plan of a filing: what the record, its log and the incoming documents make of each other. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from msgspec import Struct, structs

from loomworks_record.bundle.archive import as_archived, as_filed
from loomworks_record.bundle.log import Log, append_filed, append_missing, time_of
from loomworks_record.errors import UsageError
from loomworks_record.filing import rules
from loomworks_record.filing.values import ArchiveMove, FiledDocument, FilingPlan, IncomingFile, Refusal
from loomworks_record.filing.versions import VersionMention, changed, version_places
from loomworks_record.filing.where import FilingFolders, Proposal, places
from loomworks_record.record.record import Record, sort_problems
from loomworks_record.record.whole import Whole
from loomworks_record.source.document import Document, document_problems, read_document
from loomworks_record.source.names import ARCHIVE, Name, parse_name
from loomworks_record.source.problem import Problem
from loomworks_record.source.version import version_key

Problems = tuple[Problem, ...]


class FixError(UsageError):
    """A place was named for a change that is not there, or that is never changed."""


class Settings(Struct, frozen=True):
    """What the caller asks for: a folder for new chains, the places to change, and the folders below phases/. ``now``:
    the time of the filing, in seconds since 1970 UTC."""

    to: str | None = None
    fixes: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    now: int = 0


class _Placed(Struct, frozen=True):
    """One incoming document with the folder that it gets."""

    incoming: IncomingFile
    name: Name
    proposal: Proposal

    @property
    def chain(self) -> str:
        return _joined(self.proposal.folder, self.name.subject)


def plan_filing(
    record: Record, log: Log, incoming: Sequence[IncomingFile], settings: Settings, refused: Sequence[Refusal] = ()
) -> FilingPlan:
    """The whole plan, with the problems that it would cause and settle.

    ``refused``: files that could not even be read. Raises FixError when ``settings.fixes`` names no place that may
    be changed. A plan with refusals says nothing of problems.
    """
    plan = decide(record, log, incoming, settings, refused)
    if plan.refusals:
        return plan
    caused, settled, notes = consequences(record, plan.filed, plan.moves)
    refusals, notes = tuple(_error_refusals(plan, caused)), plan.notes + notes
    return replace(plan, caused=caused, settled=settled, notes=notes, refusals=refusals)


def decide(
    record: Record, log: Log, incoming: Sequence[IncomingFile], settings: Settings, refused: Sequence[Refusal] = ()
) -> FilingPlan:
    """The plan without its consequences: what goes where, and what is refused."""
    refusals = list(refused)
    sound = _sound(record, incoming, refusals)
    kinds = record.config.kinds
    documents = [read_document(each.filename, each.data, kinds, record.config.notation) for each in sound]
    readable = [each for each, document in zip(sound, documents, strict=True) if not _texts(each, document, refusals)]
    where = places(record, settings.to, settings.folders, documents)
    placed = list(_placed(readable, where, refusals))
    refusals += _unused_folder(placed, settings.to)
    filed = [each for chain in _by_chain(placed) for each in _filed(record, chain, settings.fixes, len(incoming) > 1)]
    refusals += _judged(record, log, filed)
    moves = tuple(_moves(record, filed))
    refusals += _place_refusals(record, log, filed, moves)
    if not refusals:
        _check_fixes(filed, settings.fixes, several=len(incoming) > 1)
    return FilingPlan(
        filed=tuple(filed),
        moves=moves,
        new_folders=tuple(sorted({each.proposal.folder for each in placed} - _folders(record, settings.folders))),
        before=log,
        after=log if refusals else _extended(log, filed, moves, time_of(settings.now)),
        notes=tuple(note for each in filed for note in _notes(record, each, filed)),
        refusals=tuple(_one_each(refusals)),
    )


def _sound(record: Record, incoming: Sequence[IncomingFile], refusals: list[Refusal]) -> list[IncomingFile]:
    """Those whose name can be read, and that are not given twice."""
    found = list(rules.duplicate_refusals(incoming))
    notation, forms = record.config.notation, frozenset(document.name.form for document in record.documents)
    found += [refusal for each in incoming for refusal in rules.name_refusals(each, notation, forms)]
    refusals += found
    wrong = {refusal.given for refusal in found}
    return [each for each in incoming if each.given not in wrong]


def _texts(incoming: IncomingFile, document: Document, refusals: list[Refusal]) -> bool:
    found = list(rules.text_refusals(incoming, document))
    refusals += found
    return bool(found)


def _placed(incoming: Iterable[IncomingFile], where: FilingFolders, refusals: list[Refusal]) -> Iterator[_Placed]:
    for each in incoming:
        name = parse_name(each.filename)
        found = where.of(each, name)
        if isinstance(found, Proposal):
            yield _Placed(each, name, found)
        else:
            refusals.append(found)


def _unused_folder(placed: Sequence[_Placed], to: str | None) -> Iterator[Refusal]:
    """A folder that is named takes at least one of the documents: else a chain was meant that lives elsewhere."""
    if placed and to is not None and all(each.proposal.folder != to for each in placed):
        home = placed[0].proposal.folder
        message = f"its chain lives in '{home}', and in '{to}' a second one would begin; leave --to out"
        yield Refusal("fork", placed[0].incoming.given, message)


def _by_chain(placed: Iterable[_Placed]) -> list[list[_Placed]]:
    """The documents of each chain, oldest first, the ``.md`` before the ``.html``; chains in the order given."""
    grouped: dict[str, list[_Placed]] = {}
    for each in placed:
        grouped.setdefault(each.chain, []).append(each)
    return [sorted(chain, key=lambda each: _order(each.name)) for chain in grouped.values()]


def _filed(record: Record, chain: Sequence[_Placed], fixes: Collection[str], several: bool) -> Iterator[FiledDocument]:
    """Each document of one chain at its path: the newest in the chain's folder, the others in ``archive/``."""
    known = [document for document in _held(record, chain[0].chain) if document.version]
    newest = chain[-1].name.version
    for each in chain:
        archived = each.name.version != newest
        path = _joined(each.proposal.folder, *([ARCHIVE] if archived else []), each.incoming.filename)
        document = read_document(path, each.incoming.data, record.config.kinds, record.config.notation)
        previous = _previous(document, known)
        found = version_places(document, previous.version, record.config.kinds) if previous and previous.version else ()
        chosen = [place for place in found if place.instead and _names(fixes, each.incoming, place, several)]
        if chosen:
            document = read_document(
                path, changed(each.incoming.data, chosen), record.config.kinds, record.config.notation
            )
        known.append(document)
        keys = frozenset(place.key for place in chosen)
        yield FiledDocument(each.incoming.given, document, each.proposal.reason, previous, found, keys)


def _previous(document: Document, known: Iterable[Document]) -> Document | None:
    """The newest version before this one, in the same form where there is one."""
    earlier = [other for other in known if version_key(other.version) < version_key(document.version)]
    return max(earlier, key=lambda other: (version_key(other.version), other.form == document.form), default=None)


def _names(fixes: Collection[str], incoming: IncomingFile, place: VersionMention, several: bool) -> bool:
    """Whether the place was named: by its key where one file is given, else as ``<file name>:<key>``."""
    return f"{incoming.filename}:{place.key}" in fixes or (not several and place.key in fixes)


def _check_fixes(filed: Sequence[FiledDocument], fixes: Iterable[str], several: bool) -> None:
    """Every place that was named is there, and is one that may be changed."""
    known: dict[str, VersionMention] = {}
    for each in filed:
        known |= {f"{each.document.name}:{place.key}": place for place in each.places}
        known |= {} if several else {place.key: place for place in each.places}
    for fix in fixes:
        place = known.get(fix)
        if place is None:
            own = [key for key, each in known.items() if each.instead and (several or key == each.key)]
            expected = (
                f"expected one of {', '.join(own)}" if own else "no place may be changed here: leave the option out"
            )
            raise FixError(f"--fix {fix}: there is no such place; {expected}")
        if place.instead is None:
            raise FixError(f"--fix {fix}: a {place.family} is shown, never changed; edit the document if it is wrong")


def _judged(record: Record, log: Log, filed: Sequence[FiledDocument]) -> Iterator[Refusal]:
    subjects: dict[str, FiledDocument] = {}
    for each in filed:
        chain = rules.chained(record, log, each.document.chain)
        yield from rules.unreadable_refusals(each, record)
        yield from rules.header_refusals(each)
        yield from rules.version_refusals(each, chain)
        others = [other.document for other in filed if other is not each]
        yield from rules.identity_refusals(each, chain, (*record.documents, *others))
        own = [other for other in others if other.chain == chain.id]
        yield from rules.twin_refusals(each, [*chain.held, *own])
        yield from rules.sibling_refusals(each, subjects)


def _moves(record: Record, filed: Sequence[FiledDocument]) -> Iterator[ArchiveMove]:
    """Every held version of a chain that lies outside ``archive/`` and is superseded by what is filed."""
    newest = {each.document.chain: each.document.version for each in filed if not each.document.archived_by_folder}
    for chain, version in newest.items():
        for document in _held(record, chain):
            superseded = document.version and version_key(document.version) < version_key(version)
            if superseded and not document.archived_by_folder:
                folder, _, filename = document.path.rpartition("/")
                yield ArchiveMove(document, _joined(folder, ARCHIVE, filename))


def _place_refusals(
    record: Record, log: Log, filed: Sequence[FiledDocument], moves: Sequence[ArchiveMove]
) -> Iterator[Refusal]:
    taken = [document.path for document in record.documents] + [a.path for a in record.content.attachments]
    for each in filed:
        path = each.document.path
        if not any(held.name == each.document.name for held in _held(record, each.document.chain)):
            yield from rules.taken_refusals(each.given, path, taken)
        if each.document.archived_by_folder:
            yield from rules.archive_refusals(each.given, each.document, path, log)
    given = {each.document.chain: each.given for each in filed}
    for move in moves:
        yield from rules.taken_refusals(given[move.document.chain], move.target, taken)
        yield from rules.archive_refusals(given[move.document.chain], move.document, move.target, log)


def _held(record: Record, chain: str) -> tuple[Document, ...]:
    found = record.chain_by_id.get(chain)
    return found.versions if found else ()


def _extended(log: Log, filed: Sequence[FiledDocument], moves: Sequence[ArchiveMove], when: str) -> Log:
    """The log with an entry for each document that goes to ``archive/``, chain by chain, oldest first, and then with
    the time ``when`` each was filed."""
    archived = [replace(move.document, path=move.target) for move in moves]
    archived += [each.document for each in filed if each.document.archived_by_folder]
    chains = list(dict.fromkeys(document.chain for document in archived))
    archived.sort(key=lambda document: (chains.index(document.chain), _order(document.name)))
    for document in archived:
        log = append_missing(log, [as_archived(document)])
    return append_filed(log, [(as_filed(each.document), when, None) for each in filed])


def _notes(record: Record, filed: FiledDocument, others: Sequence[FiledDocument]) -> Iterator[str]:
    """What a careful person would want to be told, though nothing is wrong."""
    previous, document = filed.previous, filed.document
    if previous is None:
        return
    forms = {held.name.extension for held in _held(record, document.chain) if held.version == previous.version}
    own = {each.document.name.extension for each in others if each.document.version == document.version
           and each.document.chain == document.chain}  # fmt: skip
    own |= {held.name.extension for held in _held(record, document.chain) if held.version == document.version}
    if len(forms) > len(own):
        yield f"v{previous.version} is held as .md and .html; v{document.version} comes as {min(own)} only"
    if rules.unlike(document, previous):
        yield f"v{previous.version} had the title '{previous.title}', v{document.version} has '{document.title}'"


def _error_refusals(plan: FilingPlan, caused: Iterable[Problem]) -> Iterator[Refusal]:
    """No filing gives the record an error that it does not have."""
    given = {each.document.path: each.given for each in plan.filed}
    for problem in caused:
        if problem.severity == "error":
            whose = given.get(problem.path, plan.filed[0].given)
            message = f"the record would have an error: {problem.message} ('{problem.path}', {problem.code})"
            yield Refusal("causes-error", whose, f"{message}; mend the document first")


def _folders(record: Record, folders: Iterable[str]) -> set[str]:
    """Every folder that there is, with those above it."""
    paths = [document.path for document in record.documents] + [a.path for a in record.content.attachments]
    found = {"", *folders}
    for path in paths:
        parts = path.split("/")[:-1]
        found |= {"/".join(parts[:depth]) for depth in range(1, len(parts) + 1)}
    return found


def _one_each(refusals: Sequence[Refusal]) -> Iterator[Refusal]:
    """The first reason for each file: the others often follow from it."""
    told: set[str] = set()
    for refusal in refusals:
        if refusal.given not in told:
            told.add(refusal.given)
            yield refusal


def _order(name: Name) -> tuple[tuple[int, ...], bool]:
    return (version_key(name.version), name.extension != ".md")


def _joined(*parts: str) -> str:
    return "/".join(part for part in parts if part)


def consequences(
    record: Record, filed: Sequence[FiledDocument], moves: Sequence[ArchiveMove]
) -> tuple[Problems, Problems, tuple[str, ...]]:
    """(caused, settled, notes). A problem that only moves to ``archive/`` with its document is neither."""
    moved = {move.document.path: move.target for move in moves}
    names = _moved_names(record, moved)
    whole = Whole(record_after(record, filed, moves))
    # As each would be told after the move: what says the same before and after is neither.
    before = {_elsewhere(problem, moved, names): problem for problem in Whole(record).problems}
    after = {_elsewhere(problem, moved, names): problem for problem in whole.problems}
    notes = (*_lost_numbers(whole, filed, moved), *_lost_values(filed))
    caused = sort_problems(problem for key, problem in after.items() if key not in before)
    return caused, sort_problems(problem for key, problem in before.items() if key not in after), notes


def _lost_numbers(whole: Whole, filed: Sequence[FiledDocument], moved: Mapping[str, str]) -> Iterator[str]:
    """Of each document without any numbered section whose version before had several. Word and LibreOffice number
    headings themselves, and what makes Markdown of them leaves the numbers out."""
    for document, previous in ((each.document, each.previous) for each in filed if each.previous):
        had = _numbers(whole, moved.get(previous.path, previous.path)) if previous.form == document.form else []
        if len(had) > 2 and not _numbers(whole, document.path):
            gone = f"v{previous.version} has {len(had)} numbered sections, v{document.version} has none"
            yield f"{gone}: what cites 'v{document.version} §{had[-1]}' will find none; were they lost in a conversion?"


def _lost_values(filed: Sequence[FiledDocument]) -> Iterator[str]:
    """Of each label without a value that had one in the version before: what makes Markdown of Word files leaves out
    what stands in fields and content controls, and keeps the label."""
    for document, previous in ((each.document, each.previous) for each in filed if each.previous):
        said = {field.label.casefold(): field.value for field in previous.header.fields}
        for field in document.header.fields:
            value = " ".join(said.get(field.label.casefold(), "").split())
            if value and not field.value:
                empty = f"line {field.line}: '{field.label}' is empty, v{previous.version} says '{value[:60]}'"
                yield f"{empty}; was it lost in a conversion?"


def _numbers(whole: Whole, path: str) -> list[str]:
    return [each.number for each in whole.citations.sections(path) if each.number and each.kind == "heading"]


def record_after(record: Record, filed: Sequence[FiledDocument], moves: Sequence[ArchiveMove]) -> Record:
    """The record as it would be read once the filing is done."""
    moved = {move.document.path: move.target for move in moves}
    kept = [_moved(document, moved) for document in record.documents]
    new = [each.document for each in filed]
    documents = sorted([*kept, *new], key=lambda document: document.path.encode("utf-8", "surrogateescape"))
    names = _moved_names(record, moved)
    problems = [_elsewhere(problem, moved, names) for problem in record.content.problems]
    problems += [problem for document in new for problem in document_problems(document)]
    content = structs.replace(record.content, documents=tuple(documents), problems=sort_problems(problems))
    return Record(record.config, content)


def _moved(document: Document, moved: Mapping[str, str]) -> Document:
    target = moved.get(document.path)
    return replace(document, path=target, archived_by_folder=True) if target else document


def _moved_names(record: Record, moved: Mapping[str, str]) -> re.Pattern[str]:
    """Finds the paths that are moved, and whole the names that only end or begin with one ("Copy of plan-v0_1.md")."""
    held = {name for document in record.documents for name in (document.path, document.path.rpartition("/")[2])}
    longer = (name for name in held if name not in moved and any(path in name for path in moved))
    names = sorted((*moved, *longer), key=lambda name: (-len(name), name))
    return re.compile("|".join(rf"(?<![\w/.-]){re.escape(name)}(?![\w/-])" for name in names) or "(?!)")


def _elsewhere(problem: Problem, moved: Mapping[str, str], names: re.Pattern[str]) -> Problem:
    """The problem with the new paths, in its message too."""
    message = names.sub(lambda found: moved.get(found.group(), found.group()), problem.message)
    return structs.replace(problem, path=moved.get(problem.path, problem.path), message=message)
