"""The artifact that runs on Lambda: one zip for all functions, and the templates that name it."""
