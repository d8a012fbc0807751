"""What lasts between runs, and between processes: a memo, the cache on the disk, the keys of both, spooled bytes."""
