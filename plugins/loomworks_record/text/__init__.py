"""What a text says by itself, without a record: blocks, sections, identifiers, mentions, sentences."""
