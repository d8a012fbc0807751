"""Text in, safe HTML out: Markdown, anchors, linking, sanitising, comparison, templates."""
