"""`record log compare` and `--last`: two observers of one log find out that it forked, however they compare."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import sealed
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from loomworks_record.bundle import merkle, paths
from loomworks_record.bundle.checks import Expectations
from loomworks_record.bundle.lineage import FORKED, GROWN, OTHER, SAME, SHRUNK, UNKNOWN, View, related
from loomworks_record.bundle.log import append_withdrawal
from loomworks_record.bundle.verify import verify_directory
from loomworks_record.cli.log import log
from loomworks_record.errors import UsageError

NOW = sealed.ISSUED + 60
FORMS = {"checkpoint": paths.CHECKPOINT, "note": paths.NOTE, "log": paths.LOG, "stamp": paths.STAMP, "site": ""}


@dataclass
class Fork:
    """The common past of 12 entries, and two sites that each withdraw another document in entry 12."""

    past: Path
    one: Path
    other: Path


@pytest.fixture(scope="module")
def fork(tmp_path_factory: pytest.TempPathFactory, key: Path) -> Fork:
    root = tmp_path_factory.mktemp("fork")
    past = sealed.make_project(root / "past")
    sealed.build(past, past.site, key=key)
    sites = []
    for number, path in enumerate(("phases/phase-01-é/archive/cr-v0_1.md", "phases/phase-02-x/archive/cr-v0_1.md")):
        project = sealed.make_project(root / str(number))
        project.write_log(append_withdrawal(project.log, path, "a secret"))
        (project.content / path).unlink()
        sealed.build(project, project.site, issued=sealed.ISSUED + number, key=key)
        sites.append(project.site)
    return Fork(past.site, *sites)


def compare(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(log, ["compare", *map(str, arguments)])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


@pytest.mark.parametrize("form", FORMS)
def test_each_way_of_comparing_names_the_entry(form: str, fork: Fork, serve: Callable[..., str]) -> None:
    one, other = fork.one / FORMS[form], fork.other / FORMS[form]
    status, said = compare(one, other)
    assert status == 4
    assert "forked at entry 12: " in said and "withdrawal phases/phase-02-x/archive/cr-v0_1.md" in said
    url = serve(fork.other, like_pages=True) + f"/{FORMS[form]}".rstrip("/")
    status, said = compare("--json", url, one)
    assert status == 4
    answer = json.loads(said)
    assert (answer["relation"], answer["entry"], answer["sizes"]) == ("forked", 12, [13, 13])


@pytest.mark.parametrize("form", FORMS)
def test_what_has_grown_and_what_is_the_same(form: str, fork: Fork) -> None:
    past, one = fork.past / FORMS[form], fork.one / FORMS[form]
    for arguments, words in (((past, one), "grown"), ((one, past), "older"), ((one, one), "the same")):
        status, said = compare(*arguments)
        assert status == 0 and said.startswith(words), said


def test_what_cannot_be_told_is_said(fork: Fork, tmp_path: Path) -> None:
    """Statements alone, with no log beside them."""
    places = {}
    for name, site in (("past", fork.past), ("one", fork.one), ("other", fork.other)):
        for form in (paths.CHECKPOINT, paths.STAMP):
            places[name, form] = tmp_path / f"{name}-{Path(form).name}"
            places[name, form].write_bytes((site / form).read_bytes())
    status, said = compare(places["one", paths.CHECKPOINT], places["other", paths.CHECKPOINT])
    assert status == 4 and "forked before entry 13" in said
    status, said = compare(places["past", paths.CHECKPOINT], places["one", paths.CHECKPOINT])
    assert status == 6 and "cannot be told" in said
    status, said = compare(places["one", paths.STAMP], places["other", paths.STAMP])
    assert status == 6 and "give one of them as a log" in said
    status, said = compare(places["one", paths.STAMP], fork.other)
    assert status == 4 and "forked" in said
    status, said = compare(places["past", paths.STAMP], fork.one)
    assert status == 0 and said.startswith("grown")
    status, said = compare(fork.past, places["one", paths.CHECKPOINT])
    assert status == 6 and "cannot be told" in said
    status, said = compare(places["one", paths.CHECKPOINT], fork.other / paths.LOG)
    assert status == 4 and "forked before entry 13" in said


def test_what_is_no_view_of_a_log(fork: Fork, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("a text\n")
    for place in (tmp_path / "text", tmp_path / "nowhere", tmp_path):
        with pytest.raises(UsageError):
            compare(fork.one, place)


def test_the_proof_that_a_log_has_grown(fork: Fork) -> None:
    done = CliRunner().invoke(log, ["prove", "12", str(fork.one)])
    assert done.exit_code == 0
    assert len(done.output.split()) == len(merkle.consistency_proof([b""] * 13, 12))
    with pytest.raises(UsageError):
        CliRunner().invoke(log, ["prove", "14", str(fork.one)], catch_exceptions=False)


def test_a_fork_is_found_from_either_side(fork: Fork) -> None:
    """What was accepted may be a stamp, a checkpoint, a note or a log; the order of the two sites does not matter."""

    def check(site: Path, accepted: str, of: Path) -> tuple[int, frozenset[str]]:
        found = verify_directory(site, Expectations(NOW, last=(of / accepted).read_bytes()))
        return found.exit_code, found.reasons

    for one, other in ((fork.one, fork.other), (fork.other, fork.one)):
        for form in (paths.CHECKPOINT, paths.NOTE, paths.LOG):
            assert check(one, form, other) == (4, {"log-forked"})
            assert check(one, form, fork.past) == (0, frozenset())
            assert check(fork.past, form, one) == (4, {"rollback"})
            assert check(one, form, one) == (0, frozenset())
    assert check(fork.other, paths.STAMP, fork.one) == (4, {"log-not-extended"})
    found = verify_directory(fork.one, Expectations(NOW, last=(fork.other / paths.STAMP).read_bytes()))
    assert found.reasons == {"rollback"} and "cannot be told" in found.faults[0].message


@given(st.lists(st.binary(max_size=3), max_size=40), st.lists(st.binary(max_size=3), max_size=12), st.data())
def test_relations(common: list[bytes], more: list[bytes], data: st.DataObject) -> None:
    """Whatever is known of two views, what is said of them is right, and never the opposite."""
    other = data.draw(st.one_of(st.just(common + more), st.lists(st.binary(max_size=3), max_size=40)))
    begins = other[: len(common)] == common
    truth = FORKED
    if begins:
        truth = SAME if len(other) == len(common) else GROWN
    elif common[: len(other)] == other:
        truth = SHRUNK

    def view(leaves: list[bytes], *, known: bool) -> View:
        return View("x", "o", len(leaves), merkle.root(leaves), leaves if known else None)

    for left in (True, False):
        for right in (True, False):
            found = related(view(common, known=left), view(other, known=right))
            assert found.kind in ({truth} if left and right else {truth, UNKNOWN}), (left, right)
    assert related(View("a", "o"), View("b", "p")).kind == OTHER
