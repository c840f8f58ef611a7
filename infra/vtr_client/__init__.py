"""What speaks to the HTTP API and prints what it answers: the command line and the demo use it."""
