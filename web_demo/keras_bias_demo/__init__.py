"""The demo: trains five small networks, exports them, proves them, and serves the page.

`variants` says which, `train` trains, `road` exports and proves, `table` prints, `serve` serves.
"""
