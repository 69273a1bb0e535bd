"""What pytest is not to import here."""

# It runs in the official package's own environment.
collect_ignore = ["official_predict.py"]
