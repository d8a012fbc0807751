"""The record: versioned documents read, chained, cited, compared, published and verified."""

__version__ = "0.1.0"
