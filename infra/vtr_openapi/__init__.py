"""The HTTP API's description, made from the types that the handlers read and return."""
