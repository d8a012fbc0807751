"""The search: what of a document is searched, which index it falls into, and Pagefind's indexes as files."""
