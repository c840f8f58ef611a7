"""The API's responses, field by field. The API's description is made from these types."""
