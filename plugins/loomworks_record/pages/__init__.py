"""What a page or a machine's file says, as plain values. No HTML, no Jinja, no host."""
