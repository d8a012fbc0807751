"""Pages as MkDocs builds them: made from the plan, at the plan's addresses, their HTML made by the record."""

from __future__ import annotations

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import TableOfContents

from loomworks_record.pages.plan import PlannedPage

VERBATIM = "record/verbatim.html"  # the template that writes what it is given


class RecordPage(Page):
    """A page whose HTML the record makes: MkDocs reads and renders no Markdown for it."""

    def __init__(self, file: File, config: MkDocsConfig, planned: PlannedPage) -> None:
        self.planned = planned
        super().__init__(None, file, config)

    def read_source(self, config: MkDocsConfig) -> None:
        self.markdown = ""
        self.meta = {"template": VERBATIM, "title": self.planned.address}

    def render(self, config: MkDocsConfig, files: Files) -> None:
        self.content = ""
        self.toc = TableOfContents([])


def page_file(config: MkDocsConfig, planned: PlannedPage) -> File:
    """The MkDocs file of a planned page. Its source name ends in .md, or MkDocs would count no page."""
    file = File(
        f"record/{planned.address}.md",
        src_dir=None,
        dest_dir=config.site_dir,
        use_directory_urls=True,
        dest_uri=planned.address,
        inclusion=InclusionLevel.NOT_IN_NAV,
    )
    file.generated_by = "record"
    file.page = RecordPage(file, config, planned)
    return file
