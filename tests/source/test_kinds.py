"""Kinds: what sort of document a name stands for."""

from __future__ import annotations

import pytest
from loomworks_record.source.config import ConfigError, parse_config
from loomworks_record.source.document import read_document
from loomworks_record.source.kinds import KindTable
from loomworks_record.source.names import parse_name

KINDS = {
    "phases/p/phase-57-cr-marketing-engagement-creation-v0_4.md": "change-request",
    "phases/p/phase-49-cr-amendment-v0_2-v0_1.md": "change-request",
    "phases/p/loomworks-phase-57-scoping-note-v0_2.md": "scoping-note",
    "phases/p/loomworks-invitation-credit-referral-scoping-note-v0_7.md": "scoping-note",
    "phases/p/loomworks-phase-57-cr-amendment-scoping-note-v0_1.md": "amendment-scoping-note",
    "phases/p/loomworks-phase-57-cr-amendment-2-scoping-note-v0_1.md": "amendment-scoping-note",
    "phases/p/loomworks-phase-57-cr-amendment-handoff-v0_1.md": "amendment-handoff",
    "phases/p/loomworks-phase-57-cr-amendment-3-handoff-v0_1.md": "amendment-handoff",
    "phases/p/loomworks-phase-57-cr-drafting-handoff-v0_1.md": "cr-drafting-handoff",
    "phases/p/loomworks-phase-59-cr-redraft-handoff-v0_1.md": "cr-drafting-handoff",
    "phases/p/loomworks-phase-57-step-2b-live-halt-session-handoff-v0_1.md": "session-handoff",
    "session-handoffs/loomworks-session-handoff-2026-05-08-evening-v0_1.md": "session-handoff",
    "phases/p/loomworks-phase-55-scoping-handoff-v0_1.md": "handoff",
    "phases/p/phase-57-halt-surface-2026-05-12-step-2b-live-v0_1.md": "halt-surface",
    "phases/p/loomworks-phase-57-step-0-inspection-brief-v0_1.md": "inspection-brief",
    "phases/p/phase-57-step-2c-diagnostic-findings-v0_1.md": "findings",
    "phases/p/phase-58-implementation-notes-v0_2.md": "implementation-notes",
    "investigations/loomworks-agent-fabric-investigation-v0_1.md": "investigation",
    "investigations/loomworks-marketing-page-observation-cluster-v0_1.md": "investigation",
    "foray-reference/foray-protocol-deep-read-v0_1.html": "investigation",
    "current-status/current-status-manifest-v0_41.md": "manifest",
    "methodology/methodology-v0_21-consolidation-draft-material-v0_1.md": "methodology",
    "queued-directions/loomworks-queued-directions-and-deferred-work-v0_12.md": "queued-directions",
    "discovery/discovery-shape-as-specification-v0_4.md": "discovery",
    "standing-notes/loomworks-companion-expertise-note-v0_1.md": "standing-note",
    "protocols/ova/README.md": "specification",
    "docs/discovery/2026/README.md": "discovery",
    "methodology/standing-notes/README.md": "standing-note",
    "phases/p/phase-1-closing-note-v0_1.md": "closing-note",
    "phases/p/loomworks-phase-57-close-v0_1.md": "closing-note",
    "phases/p/phase-3-closing-report-2026-05-12-v0_1.md": "closing-note",
    "phases/p/phase-56-close-session-handoff-v0_1.md": "session-handoff",
    "phases/p/phase-12-cr-close-account-v0_2.md": "change-request",
    "phases/p/phase-12-closing-hours-v0_1.md": "note",
    "phases/p/enclosing-v0_1.md": "note",
    "examples/education-shape-loompa-structured-v0_1.md": "note",
}


@pytest.mark.parametrize(("path", "kind"), KINDS.items())
def test_kind(path: str, kind: str) -> None:
    assert KindTable().of(parse_name(path.rpartition("/")[2]), path) == kind


def test_rows_of_the_configuration_come_first_and_can_remove_ours() -> None:
    own = [{"kind": "minutes", "pattern": "minutes$", "sections": ["meetings"]}, {"kind": "manifest", "pattern": ""}]
    table = parse_config({"kinds": own}).kinds

    def of(path: str) -> str:
        return table.of(parse_name(path.rpartition("/")[2]), path)

    assert of("a/board-minutes-v0_1.md") == "minutes"
    assert of("meetings/x-v0_1.md") == "minutes"
    assert of("current-status/current-status-manifest-v0_41.md") == "note"
    assert table.label("minutes") == "Minutes"
    assert table.label("change-request") == "Change request"
    assert table.label("never-heard-of") == "Never heard of"


def test_what_a_row_does_not_say_comes_from_ours() -> None:
    table = parse_config({"kinds": [{"kind": "change-request", "pattern": "(^|-)rfc-"}]}).kinds
    row = table.row("change-request")
    assert (row.role, row.rank, row.label, row.verb) == ("request", 8, "Change request", "Filed")
    assert table.of(parse_name("phase-1-rfc-lamp-v0_1.md"), "x") == "change-request"
    assert table.of(parse_name("phase-1-cr-lamp-v0_1.md"), "x") == "note"


def test_a_new_kind_of_a_role_stands_where_that_role_does() -> None:
    own = [{"kind": "rfc", "pattern": "(^|-)rfc-", "role": "request", "words": ["RFC"], "number": r"RFC-\d{4}"}]
    table = parse_config({"kinds": own}).kinds
    assert (table.row("rfc").rank, table.row("rfc").lane) == (8, "RFC")
    assert table.lanes[-2:] == ("RFC", "CR")  # the rows of the configuration come first
    request = read_document("phases/p/phase-1-rfc-lamp-v0_1.md", b"# RFC-0012: Lamp\n", table)
    assert (request.role, request.cr_number, request.short_name) == ("request", "RFC-0012", "RFC lamp")
    amending = read_document("phases/p/phase-1-rfc-amendment-v0_1-v0_1.md", b"# Amendment\n", table)
    assert (amending.kind, amending.role) == ("rfc", "amending")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"role": "boss"}, "a row has the role 'boss'; expected one of request, scoping"),
        ({"role": "amending"}, "a row has the role 'amending'"),
        ({"rank": "first"}, "expected a whole number, got 'first'"),
        ({"broad": 1}, "expected true or false, got 1"),
        ({"number": "("}, "the number '(' is not a regular expression"),
        ({"lanes": "x"}, "a row has the unknown key 'lanes'"),
    ],
)
def test_a_wrong_row_is_one_line(row: dict[str, object], said: str) -> None:
    with pytest.raises(ConfigError) as wrong:
        parse_config({"kinds": [{"kind": "x", "pattern": "x$", **row}]})
    assert said in str(wrong.value)
    assert "\n" not in str(wrong.value)


@pytest.mark.parametrize(
    ("path", "short"),
    [
        ("RFC-012-v2.md", "RFC-012"), ("adr/ADR-0007-use-redis.md", "ADR-0007 use redis"), ("rates-v0_2.md", "Rates"),
        ("phases/phase-7-lamps/phase-7-amendment-2-handoff-v0_1.md", "Amendment 2 handoff"),
    ],
)  # fmt: skip
def test_an_identifier_in_a_name_is_shown_as_it_is_written(path: str, short: str) -> None:
    assert read_document(path, b"# T\n", parse_config({}).kinds).short_name == short
