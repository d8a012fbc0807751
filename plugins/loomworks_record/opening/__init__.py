"""Opening a record: its content, its log and its baseline in one, for whoever builds it and whoever asks about it."""
