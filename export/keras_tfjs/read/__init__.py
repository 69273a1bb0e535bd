"""A saved Keras model as data, without Keras: files in, `keras_tfjs.ir` out.

::

    opening.py    what kind of file it is, and the whole way through
    archive.py    .keras: a zip file, its entries bounded and checked
    hdf5.py       HDF5: groups and lazy weights, nothing that leads out of the file
    blocks.py     a weight's numbers, a block at a time
    config.py     the model's JSON, bounded
    graph.py      JSON -> layers and models
    calls.py      JSON -> who is called on what
    wiring.py     is it a graph at all?
    state.py      .keras: which weights are whose
    legacy.py     .h5: which weights are whose
    training.py   how the model was compiled
"""

from keras_tfjs.read.opening import opened

__all__ = ["opened"]
