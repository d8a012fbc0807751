"""What a text names: the one grammar of mentions, for filed texts and for rendered pages."""
