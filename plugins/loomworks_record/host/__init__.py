"""The only rooms that know MkDocs: the plugin, its pages and its files."""
