"""What `test_distribution.py` runs in a process of its own: devices are settled before the backend.

    python distributed_program.py WAY FOLDER

trains a model of every family of layers on the devices of the way, and writes to the folder what
came of it: `losses.npy`, `outputs.npy` and `trained.weights.h5`. If another way has been there
before, its weights are loaded and compared as well.
"""
