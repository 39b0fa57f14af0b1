"""Work on a whole portfolio, without files."""
