"""Everything about .xlsx files."""
