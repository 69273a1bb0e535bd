"""The table of the contract: every layer of the package that carries a bias."""

from layers.contract import attention_rows, convolution_rows, dense_rows, recurrent_rows
from layers.contract.row import Row

ROWS: list[Row] = [
    *dense_rows.ROWS,
    *convolution_rows.ROWS,
    *recurrent_rows.ROWS,
    *attention_rows.ROWS,
]
