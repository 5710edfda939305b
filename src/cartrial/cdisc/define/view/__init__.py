"""The page that shows a define.xml to people."""
