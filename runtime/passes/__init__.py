"""Program → Program, one file a pass; each changes no result, error or effect.

Passes that `optimize` calls work on its own copy, in place; others leave their argument as it is.
"""
