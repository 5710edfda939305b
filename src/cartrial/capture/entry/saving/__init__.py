"""From what a browser sent to entries: drafts, judged, saved in one transaction, or refused."""
