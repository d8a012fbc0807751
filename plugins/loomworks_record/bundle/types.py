"""Which content type a file of a site has, by the end of its name: what nginx.conf declares and a check expects."""

from __future__ import annotations

TYPES = {
    "application/atom+xml": "atom",
    "application/json": "json map",
    "application/manifest+json": "webmanifest",
    "application/pdf": "pdf",
    "application/wasm": "wasm",
    "application/xml": "xml",
    "font/woff2": "woff2",
    "image/gif": "gif",
    "image/jpeg": "jpg jpeg",
    "image/png": "png",
    "image/svg+xml": "svg",
    "image/webp": "webp",
    "image/x-icon": "ico",
    "text/css": "css",
    "text/html": "html",
    "text/javascript": "js mjs",
    "text/plain": "txt md csv jsonl",
}
_OF_ENDING = {ending: kind for kind, endings in TYPES.items() for ending in endings.split()}
# Browsers obey the type of these; with "nosniff", which every site declares, they take no other.
_STRICT = frozenset({"text/css", "text/html", "text/javascript"})
_OTHER_NAMES = {
    "text/javascript": {"application/javascript", "application/x-javascript"},
    "application/atom+xml": {"application/xml", "text/xml"},
    "application/xml": {"text/xml"},
    "image/x-icon": {"image/vnd.microsoft.icon"},
    "font/woff2": {"application/font-woff2"},
    "text/plain": {"text/markdown", "text/x-markdown", "text/csv", "application/jsonl", "application/x-ndjson",
                   "application/jsonlines", "application/x-jsonlines"},
}  # fmt: skip
_TEXT = frozenset({"application/atom+xml", "application/json", "application/manifest+json", "application/xml"})
_ANY_BYTES = frozenset({"application/octet-stream", "binary/octet-stream"})
# A browser runs or draws these as pages: no other file may be served as one.
_ACTIVE = frozenset({"text/html", "application/xhtml+xml", "image/svg+xml", "text/xml", "application/xml",
                     "application/pdf", "text/xsl", "multipart/x-mixed-replace"})  # fmt: skip


def type_complaint(path: str, value: str | None) -> str | None:
    """What is wrong with the ``Content-Type`` that a server sends for a file; None if a browser shows it as meant."""
    essence, _, parameters = (value or "").lower().partition(";")
    essence = essence.strip()
    name = path.rpartition("/")[2]
    wanted = _OF_ENDING.get(name.rpartition(".")[2]) if "." in name else None
    if wanted is None:
        return f"expected a type of plain bytes or text, got {value!r}" if essence in _ACTIVE else None
    if wanted in _STRICT or (essence and essence not in _ANY_BYTES):
        allowed = {wanted} | _OTHER_NAMES.get(wanted, set()) | ({"text/plain"} if wanted in _TEXT else set())
        if essence not in allowed:
            return f"expected {wanted}, got {value!r}"
    charset = _charset(parameters)
    if charset not in (None, "utf-8", "utf8") and not wanted.startswith(("image/", "font/")):
        return f"expected charset utf-8, got {value!r}"
    return None


def _charset(parameters: str) -> str | None:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip() == "charset":
            return value.strip().strip("\"'")
    return None
