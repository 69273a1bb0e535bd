"""The version that every model.json says it was written by."""

__version__ = "0.1.0"
