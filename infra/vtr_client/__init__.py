"""A client of the HTTP API, and terminal output; shared by the command line and the demo."""
