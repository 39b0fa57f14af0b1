"""What a budget is made from."""
