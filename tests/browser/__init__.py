"""The pages in a real browser: read, searched, filtered, printed, by mouse, keyboard and without script."""
