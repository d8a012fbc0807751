"""Filing: from a download to its place in the record. Plans are values; ``incoming`` and ``apply`` touch files."""
