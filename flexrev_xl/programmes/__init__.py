"""Dated, sourced programme terms."""
