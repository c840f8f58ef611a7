"""What the API shows, made of what the use cases answer."""
