"""The demo: a shop's own books, the play that tells them to the stack, and the count by hand."""
