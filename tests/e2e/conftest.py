from support.stack import real_stack

__all__ = ["real_stack"]
