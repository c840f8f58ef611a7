"""``vtr``, the command line: the local stack and a client of the HTTP API."""
