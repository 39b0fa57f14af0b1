"""The arithmetic: no files, no spreadsheet, no terminal."""
