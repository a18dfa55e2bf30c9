"""All scores of a class as one table, in the format of whoever wants it."""
