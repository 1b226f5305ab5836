"""A Program as a picture: nodes and nested boxes, as HTML, SVG, DOT and Mermaid. Loaded when it is asked for."""

from runtime.picture.picture import Picture, format_of

__all__ = ["Picture", "format_of"]
