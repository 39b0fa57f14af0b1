"""Compute per megawatt: what compute a grid connection carries, alone and with storage."""
