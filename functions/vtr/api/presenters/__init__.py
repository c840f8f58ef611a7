"""Build the API's responses from the use cases' results."""
