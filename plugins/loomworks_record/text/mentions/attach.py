"""Attaching: which document a §, an identifier or a bare version belongs to, and where a text says it is held.

A § belongs to the document named directly before it (through a comma, a bracket or a line break), to the
document that the bracket it stands in follows, to the one whose entry in a list it annotates, or after "of";
otherwise to the document that it is written in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from loomworks_record import lazy
from loomworks_record.source.kinds import NOTE
from loomworks_record.text.flat import Flat
from loomworks_record.text.mentions.mention import Mention
from loomworks_record.text.mentions.others import follows_name, has_name, is_named_after, is_of_another
from loomworks_record.text.mentions.phrases import Phrases
from loomworks_record.text.mentions.places import Places

_DIRECT = lazy.regex(r"(?:['’]s)?\s*(?:,\s*(?:whose\s+)?|\(\s*)?")
_LISTED = lazy.regex(r"\s*(?:\([^()\x1a]{0,80}\)\s*)?(?:,|/|\+|&|·|~|–|-|and|or|to|through|,\s*and)\s*", re.DOTALL)
_OF = lazy.regex(r"\s+(?:of|in|from)\s+(?:the\s+)?")
_IDENTIFIED = lazy.regex(r"(?:['’]s)?\s+")
_NOTED = lazy.regex(r"[^.;:()\x1a—–]{0,40}(?:\([^()\x1a]*\))?\s*(?:[—–:]|-\s)\s")
_SENTENCE_END = lazy.regex(r"[.!?][\"”’)]?(?=\s+[A-Z“\"(§]|\s*$)")
_CLAUSE_END = lazy.regex(r"[.!?;](?=\s)")
_IN_VERSION = lazy.regex(r"\s+(?:in|of|at)\s+")
_FORMER = frozenset(("old", "former", "formerly", "previously", "was", "were"))
_HERE = lazy.regex(r"(?:(?:,|\s+and|\s+or|\s+to|–)\s*§?[\d.]+){0,4}\s*(?:above|below|of this|in this|here)\b")
_HERE_BEFORE = lazy.regex(r"\bhere\W*$")
_REACH = 600  # characters over which a bracket, a note to an entry or a place said of it may go
_OPEN_BRACKET = lazy.regex(r"[^.;()\x1a]{0,40}\($")


def attach(flat: Flat, found: Sequence[Mention], phrases: Phrases, places: Places) -> list[Mention]:
    """The mentions with ``owner``, ``antecedent`` and ``place`` filled in."""
    return _Attacher(flat, list(found), phrases, places).run()


class _Attacher:
    def __init__(self, flat: Flat, found: list[Mention], phrases: Phrases, places: Places) -> None:
        self.flat, self.text = flat, flat.text
        self.found = found
        self.phrases = phrases
        self.places = places
        self.following: list[int] = []
        self.bare = -1  # the last § that is said of nothing
        self.blocks = [flat.block_at(mention.start) for mention in found]

    def run(self) -> list[Mention]:
        document = -1  # the last mention that names a document, in this block
        for at, mention in enumerate(self.found):
            if at and self.blocks[at] != self.blocks[at - 1]:
                document = -1
            if mention.what == "section":
                self.found[at] = self._section(at, mention, document)
            elif mention.what == "identifier" and not mention.number:
                self.found[at] = self._identifier(at, mention)
            elif mention.what == "version" and document >= 0:
                self.found[at] = mention = replace(mention, antecedent=document)
            if mention.what == "version" and mention.version and mention.version.is_one_number:
                self.found[at] = replace(mention, foreign=self._is_anothers(at, mention))
            if mention.names_document:
                document = at
        self._placed()
        return self.found

    # Sections and identifiers

    def _section(self, at: int, mention: Mention, document: int) -> Mention:
        if _HERE.match(self.text, mention.end):
            return mention
        owner = self._listed_owner(at)
        if owner is None and at and self._follows_version(at, mention):
            owner = at - 1
        if owner is None and document >= 0:
            owner = self._owner(at, mention, document)
        if owner is not None:
            named = self.found[owner]
            if named.what == "version":
                after = is_named_after(self.text, mention.end, self.flat.bounds(self.blocks[at])[1])
                is_sure = named.version is not None and named.version.is_one_number  # told more strictly by itself
                foreign = named.foreign or after or (not is_sure and self._is_foreign(owner, named))
                self.found[owner] = replace(named, cue=named.cue or ("" if foreign else "section"))
                return replace(mention, owner=owner, foreign=foreign)
            return replace(mention, owner=owner)
        found = self._of(at, mention)
        if found is not mention:
            return found
        if self._lists_foreign(at) or self._is_foreign(at, mention):
            return replace(mention, foreign=True)
        return replace(mention, antecedent=self._first_of_sentence(at))

    def _is_anothers(self, at: int, mention: Mention) -> bool:
        """Whether a version of one number, of which nothing is said, may be that of something else: "API v1 and v2"."""
        before = self.found[at - 1] if at and self.blocks[at - 1] == self.blocks[at] else None
        if mention.cue or (before and before.names_document and self.text[before.end : mention.start].isspace()):
            return False
        if before and before.what == "version" and _LISTED.fullmatch(self.text, before.end, mention.start):
            return before.foreign
        low = self.flat.bounds(self.blocks[at])[0]
        if follows_name(self.text, low, mention.start):
            return True
        return mention.antecedent is None and has_name(self.text, low, mention.start)

    def _is_foreign(self, at: int, mention: Mention) -> bool:
        low, high = self.flat.bounds(self.blocks[at])
        if _is_former(self.text, low, mention.start):
            return True
        return is_of_another(self.text, low, mention.start, mention.end, high)

    def _first_of_sentence(self, at: int) -> int:
        before = self.bare
        same = before >= 0 and self.blocks[before] == self.blocks[at]
        ended = same and _CLAUSE_END.search(self.text, self.found[before].end, self.found[at].start)
        self.bare = at
        first = self.found[before].antecedent if same and not ended else None
        return at if first is None else first

    def _lists_foreign(self, at: int) -> bool:
        """Whether the § before it in a list is: "GDPR §17, §18"."""
        before = self.found[at - 1] if at and self.blocks[at - 1] == self.blocks[at] else None
        listed = before and _LISTED.fullmatch(self.text, before.end, self.found[at].start)
        return bool(before and listed and before.what == "section" and before.foreign)

    def _listed_owner(self, at: int) -> int | None:
        """That of the § before it in a list: "manifest v0.41 §1, §2 and §4"."""
        if not at or self.blocks[at - 1] != self.blocks[at]:
            return None
        before = self.found[at - 1]
        if not before.section or not _LISTED.fullmatch(self.text, before.end, self.found[at].start):
            return None
        return at - 1 if before.names_document else before.owner

    def _follows_version(self, at: int, mention: Mention) -> bool:
        """ "supersedes v0.1, whose §§1 to 3 …"."""
        before = self.found[at - 1]
        return (
            before.what == "version"
            and self.blocks[at - 1] == self.blocks[at]
            and bool(_DIRECT.fullmatch(self.text, before.end, mention.start))
        )

    def _owner(self, at: int, mention: Mention, document: int) -> int | None:
        named = self.found[document]
        in_bracket = self.text[named.start - 1 : named.start + 1] == "(v" and self.text[named.end] == ")"  # "(v2) §3"
        if document == at - 1 and _DIRECT.fullmatch(self.text, named.end + in_bracket, mention.start):
            return document
        bracketed = self._bracket_owner(mention, document)
        if bracketed is not None:
            return bracketed
        return document if self._annotates(named, mention) else None

    def _bracket_owner(self, mention: Mention, document: int) -> int | None:
        """The last document named in the bracket that we stand in, else the one that the bracket follows."""
        low = max(self.flat.bounds(self.blocks[document])[0], mention.start - _REACH)
        opened = self.text.rfind("(", low, mention.start)
        if opened < 0 or ")" in self.text[opened : mention.start]:
            return None
        named = self.found[document]
        if named.start > opened:
            return document
        return document if _OPEN_BRACKET.fullmatch(self.text, named.end, opened + 1) else None

    def _annotates(self, named: Mention, mention: Mention) -> bool:
        """ "X — what it is; the framing in §3": the note to an entry, up to the end of its sentence."""
        noted = _NOTED.match(self.text, named.end, mention.start)
        if noted is None or mention.start - named.end > _REACH:
            return False
        low = max(named.end, mention.start - 14)
        if _HERE_BEFORE.search(self.text, low, mention.start) or is_of_another(
            self.text, noted.end(), mention.start, mention.end, mention.end
        ):
            return False
        ends = [end.end() for end in _SENTENCE_END.finditer(self.text, noted.end(), mention.start)]
        if not ends:
            return True
        return not self.text[ends[0] : mention.start].strip() and len(ends) == 1

    def _of(self, at: int, mention: Mention) -> Mention:
        """ "§4 of the amendment handoff": with the document after it."""
        joined = _OF.match(self.text, mention.end)
        if joined is None:
            return mention
        following = self.found[at + 1] if at + 1 < len(self.found) else None
        if following and following.names_document and following.start == joined.end():
            return replace(mention, owner=at + 1)
        _, high = self.flat.bounds(self.blocks[at])
        after = self.phrases.after(self.text, joined.end(), high)
        if after is None or after[0].kinds[0] == NOTE.kind:
            return mention
        phrase, end = after
        own = self.text[joined.start() : joined.end() + 5].split()[1:2] == ["this"]
        return replace(mention, what="kind", end=end, phrase=phrase.name, kinds=phrase.kinds, own=own, weak=False)

    def _identifier(self, at: int, mention: Mention) -> Mention:
        """ "CR §10's Step 2c": a step of that document; "was Gate 7 in v0.1": a gate of that version."""
        following = self.found[at + 1] if at + 1 < len(self.found) else None
        if following and following.what == "version" and _IN_VERSION.fullmatch(self.text, mention.end, following.start):
            self.found[at + 1] = replace(following, cue=following.cue or "in")
            return replace(mention, owner=at + 1, weak=True)
        if following and following.names_document and _OF.fullmatch(self.text, mention.end, following.start):
            return replace(mention, owner=at + 1)
        if _is_former(self.text, 0, mention.start):
            return replace(mention, cue="former")
        if not at or self.blocks[at - 1] != self.blocks[at]:
            return mention
        before = self.found[at - 1]
        if not _IDENTIFIED.fullmatch(self.text, before.end, mention.start):
            return mention
        if before.names_document:
            return replace(mention, owner=at - 1)
        return replace(mention, owner=before.owner) if before.what == "section" else mention

    # Places

    def _placed(self) -> None:
        self.following = self._following()
        for at, mention in enumerate(self.found):
            if (mention.names_document and mention.what != "link") or mention.what == "version":
                place = self._place(at, mention)
                if place:
                    self.found[at] = replace(mention, place=place)

    def _place(self, at: int, mention: Mention) -> str:
        low, high = self.flat.bounds(self.blocks[at])
        limit, high = self.following[at], min(high, mention.end + _REACH)
        before = self.places.before(self.text, low, mention.start)
        if mention.folder:
            folder = mention.folder
            repo = before or self.places.after(self.text, mention.end, limit)
            return f"{repo.split('; ')[0].split(' docs/')[0]} {folder}" if repo and "/" not in repo[:4] else folder
        after = self.places.after(self.text, mention.end, limit)
        if after or before:
            return after or before
        end = _SENTENCE_END.search(self.text, mention.end, high)
        rest = self.text[mention.end : end.start() if end else high]
        opened, kept = rest.find("("), self.places.kept(rest)
        if kept and (opened < 0 or rest.find(kept.split(" docs/")[0]) < opened):
            return kept if not re.search(r"\.(?:md|html)\b", rest) else ""
        return ""

    def _following(self) -> list[int]:
        """For each mention, where the next document of its block is named: what is said after that is said of it."""
        following = [0] * len(self.found)
        block, place = -2, 0
        for at in range(len(self.found) - 1, -1, -1):
            if self.blocks[at] != block:
                block, place = self.blocks[at], self.flat.bounds(self.blocks[at])[1]
            following[at] = place
            if self.found[at].names_document:
                place = self.found[at].start
        return following


def _is_former(text: str, low: int, at: int) -> bool:
    """ "was §6.1", "the old Gate 3"."""
    *_, last = ["", *text[max(low, at - 14) : at].rsplit(None, 1)]
    return text[at - 1 : at].isspace() and last.lstrip("([\"'“‘*").casefold() in _FORMER
