"""The local stack: the real template on an emulator embedded in this environment."""
