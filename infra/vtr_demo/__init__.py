"""The demo: a shop's own books, the play that submits them, and an independent count."""
