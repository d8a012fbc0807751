"""A whole site into its folder: pages, files and the search of one plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial

from loomworks_record.build.folder import FILES, KeptFiles, SiteFolder
from loomworks_record.build.look import Look
from loomworks_record.build.pages import BuildCounts, Pages
from loomworks_record.build.search import Search, SearchFiles, search_of
from loomworks_record.build.site_state import SiteState, made_of
from loomworks_record.build.texts import Texts
from loomworks_record.build.why import Why
from loomworks_record.build.work import render_batch
from loomworks_record.build.workers import Workers
from loomworks_record.endings import say_step
from loomworks_record.kept.cache import Cache
from loomworks_record.kept.keys import digest, ground
from loomworks_record.kept.memo import Shelf
from loomworks_record.pages.plan import Plan
from loomworks_record.pages.plan_parts import PlannedFile, PlannedTogether
from loomworks_record.pages.site_files import filed_files
from loomworks_record.search.shards import FOLDER
from loomworks_record.source.document import Document
from loomworks_record.source.problem import Problem, all_read

_FEW = 4  # texts: so many may be made here, so that the search need not wait for the pages

Progress = Callable[[int, int], None]
Later = Callable[[Search], None]


def write_site(
    plan: Plan,
    look: Look,
    cache: Cache,
    folder: SiteFolder,
    workers: Workers,
    progress: Progress | None = None,
    later: Later | None = None,
    texts: Texts | None = None,
    finished: SiteState | None = None,
    edited: Sequence[Document] = (),
) -> BuildCounts:
    """Have every page and file of ``plan`` in ``folder``, which was begun. ``progress``: (pages done, pages in all).

    ``workers`` are let go when the pages are there. ``later`` takes over the search; without it, it is made here and
    now. ``texts`` are those that are known already. Problems that show only here stand in what was counted, and on
    pages. ``finished`` knows the site as it was left, and notes how it is left now. Somebody waits for the pages of
    ``edited``: they come first.
    """
    state, why = made_of(plan, look) if finished else b"", Why()
    if finished and (pages_there := finished.pages(state)):
        write_files((file for file in filed_files(plan.whole.record) if file.digest is None), folder)
        why.left(finished.files, "nothing that the site is made of has changed since it was finished")
        why.tell(pages_there, 0)
        return BuildCounts(pages_there)
    texts, look = texts or Texts(plan.whole, cache), _look_of(plan, look)
    pages = Pages(plan, look, cache, folder, texts, why)
    say_step("Rendering the pages")
    files: SearchFiles | None = None
    pages.show(edited, partial(map, render_batch))

    def found() -> tuple[Problem, ...]:
        return tuple(dict.fromkeys((*texts.problems, *pages.problems, *(files.problems if files else ()))))

    with ExitStack() as open_workers:
        open_workers.enter_context(workers)
        pages.find()
        if plan.site.search and later is None and texts.lacking(plan.whole.record.documents) <= _FEW:
            files = SearchFiles(search_of(plan.whole.record, texts), cache, workers.apart)
            files.begin(texts)
        counted = pages.run(partial(workers.results, render_batch), progress)
        if files is None:
            open_workers.close()  # much was made: they hold memory
        if plan.site.search:
            say_step("Indexing the search")
            if later:
                folder.keep_all(FOLDER)  # an older search is better than none
                later(search_of(plan.whole.record, texts))
            else:
                files = files or SearchFiles(search_of(plan.whole.record, texts), cache)
                files.begin(texts)
        telling = _told(plan, found(), pages, counted)
        if files:
            for _ in files.putting(folder, texts):
                pass
            telling = telling if found() == counted.problems else _told(plan, found(), pages, counted)
    why.tell(counted.pages, len(counted.rendered))
    if finished and all_read(telling.whole.problems):
        finished.keep(state, counted.pages)
    return counted


def _look_of(plan: Plan, look: Look) -> Look:
    return replace(look, search_example=plan.search_example, phases=bool(plan.whole.record.phases))


def _told(plan: Plan, found: tuple[Problem, ...], pages: Pages, counted: BuildCounts) -> Plan:
    """The plan with the problems that were ``found``: of ``pages``, those that tell of them are made again, and all
    other files are made."""
    counted.problems = found
    if found:
        plan = replace(plan, whole=plan.whole.with_problems(found))
        again = Pages(plan, pages.look, pages.cache, pages.folder, pages.texts, pages.why)
        again.find()
        counted.rendered += again.run(partial(map, render_batch)).rendered
    write_files(plan.files(), pages.folder)
    write_said(plan, pages.folder, pages.cache)
    return plan


def write_files(files: Iterable[PlannedFile], folder: SiteFolder) -> list[str]:
    """Have every file; one whose digest is known is not made to see whether it is there. Their addresses."""
    addresses = []
    for planned in files:
        addresses.append(planned.address)
        if planned.digest and folder.holds(planned.address, planned.digest):
            continue
        if planned.data is not None:
            folder.put(planned.address, planned.data(), planned.digest)
        elif planned.copy is not None:
            folder.put(planned.address, planned.copy.read_bytes())
    return addresses


def write_said(plan: Plan, folder: SiteFolder, cache: Cache) -> None:
    """Have the files that depend on what is said of the record; none is made where that is as it was."""
    shelf = Shelf(cache, FILES, KeptFiles)
    kept = shelf.get(plan.said) if plan.said else None
    if kept and folder.holds_all(kept.files):
        return
    addresses = [*write_files(plan.said_files(), folder), *_write_together(plan.names(), folder, shelf)]
    if plan.said:
        shelf.put_many({plan.said: folder.kept(addresses)})


def _write_together(planned: PlannedTogether, folder: SiteFolder, shelf: Shelf[KeptFiles]) -> Iterable[str]:
    """Have these files; they are made only where what they are made of has changed. Their addresses."""
    key = digest(ground(), planned.made_of)
    kept = shelf.get(key)
    if kept and folder.holds_all(kept.files):
        return kept.files
    made = planned.make()
    for address, data in made.items():
        folder.put(address, data)
    shelf.put_many({key: folder.kept(made)})
    return made
