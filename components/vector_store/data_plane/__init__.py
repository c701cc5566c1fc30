"""Steps inside the database, run by one small function that is called as a resource."""
