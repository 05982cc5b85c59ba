"""migwiz: everything but pixels and file formats. Imports nothing heavy on purpose."""

__version__ = "0.1.0"
