"""Evidence per framework: which controls support which clause, what shows them, and what no control supports."""
