"""A document's text without its markup: blocks, sections, identifiers, sentences."""
