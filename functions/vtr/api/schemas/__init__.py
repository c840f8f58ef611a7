"""What the API answers, field by field. The API's description is made from these types."""
