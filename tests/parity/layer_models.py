"""Every layer that goes down the road, with every option that changes what it computes."""

from functools import partial

import numpy as np
from keras import initializers, regularizers
from keras import layers as kl
from parity.row import Row, floats, merged, one

_ids = np.array([[0, 1, 2, 0], [3, 0, 0, 0]], "int32")

ELEMENTWISE = [
    Row("relu_layer", one(kl.ReLU, 5), "stock"),
    Row("relu_max", one(partial(kl.ReLU, max_value=0.8), 5), "the only option that tfjs has"),
    Row("relu_max_6", one(partial(kl.ReLU, max_value=6), 5), "an integer in the config"),
    Row("relu_slope", one(partial(kl.ReLU, negative_slope=0.2), 5), "tfjs ignores it"),
    Row("relu_threshold", one(partial(kl.ReLU, threshold=0.3), 5), "tfjs ignores it"),
    Row(
        "relu_all",
        one(partial(kl.ReLU, max_value=1.0, negative_slope=0.1, threshold=0.3), 5),
        "the three options act on each other",
    ),
    Row(
        "relu_on_its_threshold",
        one(partial(kl.ReLU, threshold=0.5, negative_slope=0.1), 5),
        "which side the threshold itself is on",
        inputs=[floats([[0.5, -0.5, 0.0, 0.25, 1.0]])],
    ),
    Row("leaky_relu", one(kl.LeakyReLU, 5), "Keras's default slope"),
    Row("leaky_relu_slope", one(partial(kl.LeakyReLU, 0.05), 5), "tfjs calls the option alpha"),
    Row("leaky_relu_zero", one(partial(kl.LeakyReLU, 0.0), 5), "0 is falsy in JavaScript"),
    Row("prelu", one(kl.PReLU, 5), "a weight for each index"),
    Row("prelu_rank_3", one(kl.PReLU, 4, 5), "and for each place"),
    Row("prelu_shared", one(partial(kl.PReLU, shared_axes=[1]), 4, 5), "shared along an axis"),
    Row("prelu_shared_2", one(partial(kl.PReLU, shared_axes=[1, 2]), 3, 4, 2), "along two"),
    Row("prelu_shared_-1", one(partial(kl.PReLU, shared_axes=[-1]), 4, 5), "Keras: the last but 1"),
    Row("elu", one(kl.ELU, 5), "stock"),
    Row("elu_ints", one(kl.ELU, 5, dtype="int32"), "tfjs throws at integers"),
    Row("softplus_ints", one(partial(kl.Activation, "softplus"), 5, dtype="int32"), "or rounds"),
    Row("batch_norm_ints", one(kl.BatchNormalization, 5, dtype="int32"), "or truncates"),
    Row("elu_alpha", one(partial(kl.ELU, alpha=0.3), 5), "stock tfjs throws"),
    Row("softmax", one(kl.Softmax, 5), "stock"),
    Row("softmax_axis_1", one(partial(kl.Softmax, axis=1), 4, 5), "stock tfjs throws"),
    Row("softmax_axis_-2", one(partial(kl.Softmax, axis=-2), 3, 4, 5), "negative, not last"),
    Row("softmax_axes", one(partial(kl.Softmax, axis=[1, 2]), 4, 5), "over two axes at once"),
    Row("softmax_equal_sizes", one(partial(kl.Softmax, axis=1), 5, 5), "axes that look alike"),
    Row("softmax_last_named", one(partial(kl.Softmax, axis=2), 4, 5), "last, counted from 0"),
    Row("identity", one(kl.Identity, 5), "tfjs finds an initializer by that name"),
    Row("identity_rank_3", one(kl.Identity, 4, 5), "any rank"),
    Row("rescaling", one(partial(kl.Rescaling, 1 / 255.0, -0.5), 5), "the usual one"),
    Row("rescaling_integer", one(partial(kl.Rescaling, 2), 5), "an integer"),
    Row("rescaling_list", one(partial(kl.Rescaling, [1.0, 2, 3], [0, 1.0, 2]), 3), "per channel"),
    Row("rescaling_ints", one(partial(kl.Rescaling, 0.5), 5, dtype="int32"), "of int32"),
    Row("masking", one(kl.Masking, 4, 2), "masked steps become zeros"),
    Row(
        "masking_value",
        one(partial(kl.Masking, mask_value=7.0), 3, 2),
        "a step is masked only if all of it is the value",
        inputs=[floats([[[7, 7], [7, 1], [2, 3]]])],
    ),
]

TRAINING_ONLY = [
    Row("dropout", one(partial(kl.Dropout, 0.5), 5), "has a seed's state, which is no weight"),
    Row("dropout_seed", one(partial(kl.Dropout, 0.5, seed=3), 5), "a seed"),
    Row("dropout_0", one(partial(kl.Dropout, 0), 5), "an integer rate"),
    Row("dropout_noise", one(partial(kl.Dropout, 0.5, noise_shape=(None, 1)), 5), "noise_shape"),
    Row("spatial_dropout_1d", one(partial(kl.SpatialDropout1D, 0.5), 4, 5), "stock"),
    Row("spatial_dropout_2d", one(partial(kl.SpatialDropout2D, 0.5), 3, 4, 2), "tfjs has none"),
    Row("spatial_dropout_3d", one(partial(kl.SpatialDropout3D, 0.5), 2, 3, 4, 2), "nor this"),
    Row("activity_regularization", one(partial(kl.ActivityRegularization, 0.5), 5), "nor this"),
    Row("gaussian_noise", one(partial(kl.GaussianNoise, 0.5), 5), "stock"),
    Row("gaussian_dropout", one(partial(kl.GaussianDropout, 0.5), 5), "stock"),
    Row("alpha_dropout", one(partial(kl.AlphaDropout, 0.5), 5), "stock"),
]

SHAPES = [
    Row("flatten", one(kl.Flatten, 4, 5), "stock"),
    Row("flatten_rank_2", one(kl.Flatten, 5), "stock tfjs wants rank 3"),
    Row("flatten_rank_4", one(kl.Flatten, 2, 3, 4), "an image"),
    Row(
        "flatten_channels_first",
        one(partial(kl.Flatten, data_format="channels_first"), 3, 2, 4),
        "channels go last before flattening",
    ),
    Row("flatten_unknown", one(kl.Flatten, None, 5), "an unknown size"),
    Row("reshape", one(partial(kl.Reshape, (5, 4)), 4, 5), "stock"),
    Row("reshape_-1", one(partial(kl.Reshape, (-1, 2)), 4, 5), "a size to be found"),
    Row("reshape_scalar", one(partial(kl.Reshape, ()), 1), "to nothing but the batch"),
    Row("reshape_unknown", one(partial(kl.Reshape, (-1, 10)), None, 5), "of an unknown size"),
    Row("permute", one(partial(kl.Permute, (2, 1)), 4, 5), "stock"),
    Row("permute_3", one(partial(kl.Permute, (3, 1, 2)), 2, 3, 4), "a cycle"),
    Row("repeat_vector", one(partial(kl.RepeatVector, 3), 5), "stock"),
    Row("embedding", one(partial(kl.Embedding, 4, 3), 4, dtype="int32"), "integers in"),
    Row("embedding_float_ids", one(partial(kl.Embedding, 4, 3), 4), "floats in", inputs=[_ids]),
    Row(
        "embedding_mask",
        one(partial(kl.Embedding, 4, 3, mask_zero=True), 4, dtype="int32"),
        "a mask goes out",
        inputs=[_ids],
    ),
    Row("embedding_rank_3", one(partial(kl.Embedding, 4, 3), 2, 4, dtype="int32"), "of a matrix"),
]

NORMALIZATION = [
    Row("batch_norm", one(kl.BatchNormalization, 5), "stock"),
    Row("batch_norm_rank_3", one(kl.BatchNormalization, 4, 5), "stock"),
    Row("batch_norm_rank_4", one(kl.BatchNormalization, 2, 3, 4), "stock"),
    Row("batch_norm_rank_5", one(kl.BatchNormalization, 2, 3, 2, 4), "tfjs throws"),
    Row("batch_norm_axis_1", one(partial(kl.BatchNormalization, axis=1), 4, 5), "wrong in tfjs"),
    Row(
        "batch_norm_axis_equal",
        one(partial(kl.BatchNormalization, axis=1), 4, 4),
        "wrong in tfjs, and no shape tells",
    ),
    Row(
        "batch_norm_channels_first",
        one(partial(kl.BatchNormalization, axis=1), 3, 4, 5),
        "as after a channels_first convolution",
    ),
    Row("batch_norm_axis_-2", one(partial(kl.BatchNormalization, axis=-2), 4, 5), "negative"),
    Row("batch_norm_last_named", one(partial(kl.BatchNormalization, axis=2), 4, 5), "last, by 2"),
    Row("batch_norm_no_scale", one(partial(kl.BatchNormalization, scale=False), 5), "no gamma"),
    Row("batch_norm_no_center", one(partial(kl.BatchNormalization, center=False), 5), "no beta"),
    Row(
        "batch_norm_bare",
        one(partial(kl.BatchNormalization, center=False, scale=False), 5),
        "moving averages only",
    ),
    Row(
        "batch_norm_bare_axis_1",
        one(partial(kl.BatchNormalization, axis=1, center=False, scale=False), 4, 5),
        "the same for the twin",
    ),
    Row("batch_norm_epsilon", one(partial(kl.BatchNormalization, epsilon=0.5), 5), "epsilon"),
    Row(
        "batch_norm_momentum", one(partial(kl.BatchNormalization, momentum=0.5, axis=1), 4, 5), "m"
    ),
    Row("layer_norm", one(kl.LayerNormalization, 5), "stock"),
    Row("layer_norm_rank_4", one(kl.LayerNormalization, 2, 3, 4), "stock"),
    Row("layer_norm_axis_1", one(partial(kl.LayerNormalization, axis=1), 4, 5), "not last"),
    Row("layer_norm_axis_equal", one(partial(kl.LayerNormalization, axis=1), 4, 4), "looks alike"),
    Row("layer_norm_axes", one(partial(kl.LayerNormalization, axis=[1, 2]), 4, 5), "several"),
    Row("layer_norm_axes_-1", one(partial(kl.LayerNormalization, axis=[-2, -1]), 4, 5), "negative"),
    Row(
        "layer_norm_bare",
        one(partial(kl.LayerNormalization, center=False, scale=False), 5),
        "no weights",
    ),
    Row("layer_norm_no_scale", one(partial(kl.LayerNormalization, scale=False), 5), "no gamma"),
    Row("layer_norm_no_center", one(partial(kl.LayerNormalization, center=False), 5), "no beta"),
    Row("layer_norm_epsilon", one(partial(kl.LayerNormalization, epsilon=0.5), 5), "epsilon"),
]

_PAIR = ((4, 5), (4, 5))

MERGES = [
    *(
        Row(f"{layer.__name__.lower()}_{len(shapes)}", merged(layer, *shapes), "merge")
        for layer in (kl.Add, kl.Multiply, kl.Average, kl.Maximum, kl.Minimum)
        for shapes in (((5,), (5,)), ((5,), (5,), (5,)))
    ),
    *(
        Row(f"{layer.__name__.lower()}_broadcast", merged(layer, (4, 5), (1, 5)), "broadcast")
        for layer in (kl.Add, kl.Multiply, kl.Average, kl.Maximum, kl.Minimum, kl.Subtract)
    ),
    *(
        Row(f"{layer.__name__.lower()}_ranks", merged(layer, (4, 5), (5,)), "ranks differ")
        for layer in (kl.Add, kl.Multiply)
    ),
    *(
        Row(f"{layer.__name__.lower()}_of_one", merged(layer, (5,)), "Keras hands on a list of one")
        for layer in (kl.Add, kl.Average, kl.Concatenate)
    ),
    Row("subtract", merged(kl.Subtract, (5,), (5,)), "tfjs has none"),
    Row("concatenate", merged(kl.Concatenate, (4,), (5,), (1,)), "stock"),
    Row("concatenate_axis_1", merged(partial(kl.Concatenate, axis=1), (4, 5), (2, 5)), "axis"),
    Row("concatenate_axis_-2", merged(partial(kl.Concatenate, axis=-2), (4, 5), (2, 5)), "axis"),
    Row("dot", merged(partial(kl.Dot, axes=1), (5,), (5,)), "stock"),
    Row("dot_-1", merged(partial(kl.Dot, axes=-1), (5,), (5,)), "negative"),
    Row("dot_normalize", merged(partial(kl.Dot, axes=1, normalize=True), (5,), (5,)), "cosine"),
    Row("dot_matrices", merged(partial(kl.Dot, axes=(2, 1)), (4, 5), (5, 3)), "matrix product"),
    Row("dot_transposed", merged(partial(kl.Dot, axes=(2, 2)), (4, 5), (3, 5)), "attention scores"),
    Row("dot_axis_1", merged(partial(kl.Dot, axes=1), (4, 5), (4, 3)), "the first axis of both"),
    Row("dot_equal", merged(partial(kl.Dot, axes=(1, 2)), (4, 4), (4, 4)), "axes that look alike"),
    Row(
        "dot_matrices_normalize",
        merged(partial(kl.Dot, axes=(2, 2), normalize=True), (4, 5), (3, 5)),
        "cosines",
    ),
    Row("dot_ranks", merged(partial(kl.Dot, axes=(2, 1)), (4, 5), (5,)), "matrix times vector"),
    Row("dot_rank_4", merged(partial(kl.Dot, axes=(3, 1)), (2, 3, 4), (4, 5)), "tfjs wants <= 3"),
]

DENSE = [
    Row("dense", one(partial(kl.Dense, 4), 5), "stock"),
    Row("dense_rank_3", one(partial(kl.Dense, 4), 3, 5), "stock"),
    Row("dense_rank_4", one(partial(kl.Dense, 4), 2, 3, 5), "stock"),
    Row("dense_no_bias", one(partial(kl.Dense, 4, use_bias=False), 5), "stock"),
    Row("dense_unknown_steps", one(partial(kl.Dense, 4), None, 5), "an unknown size"),
    Row(
        "dense_initializers",
        one(partial(kl.Dense, 4, kernel_initializer="lecun_normal", bias_initializer="ones"), 5),
        "spelled LeCun in tfjs",
    ),
    Row(
        "dense_initializer_objects",
        one(
            partial(
                kl.Dense,
                4,
                kernel_initializer=initializers.RandomNormal(0.0, 0.1, seed=3),
                bias_initializer=initializers.Constant(0.5),
            ),
            5,
        ),
        "initializers with arguments",
    ),
    Row(
        "dense_variance_scaling",
        one(
            partial(
                kl.Dense,
                4,
                kernel_initializer=initializers.VarianceScaling(
                    2.0, "fan_avg", "untruncated_normal"
                ),
            ),
            5,
        ),
        "a distribution that tfjs does not know by that name",
    ),
    Row(
        "dense_orthogonal",
        one(partial(kl.Dense, 4, kernel_initializer="orthogonal", bias_initializer="he_normal"), 5),
        "called OrthogonalInitializer by Keras",
    ),
    *(
        Row(
            f"dense_{name}",
            one(partial(kl.Dense, 4, kernel_regularizer=kind), 5),
            "tfjs knows L1L2 only, and fills in 0.01",
        )
        for name, kind in {
            "l1": regularizers.L1(0.1),
            "l2": regularizers.L2(0.1),
            "l1_l2": regularizers.L1L2(0.1, 0.2),
        }.items()
    ),
    Row(
        "dense_constraint",
        one(partial(kl.Dense, 4, kernel_constraint="max_norm", bias_constraint="non_neg"), 5),
        "tfjs applies constraints to the weights it loads",
    ),
    Row(
        "dense_activity_regularizer",
        one(partial(kl.Dense, 4, activity_regularizer="l2"), 5),
        "tfjs refuses any",
    ),
    Row("dense_frozen", one(partial(kl.Dense, 4, trainable=False), 5), "trainable=False"),
]

CONVOLUTION = [
    Row("conv_1d", one(partial(kl.Conv1D, 4, 3), 8, 2), "stock"),
    Row("conv_1d_same", one(partial(kl.Conv1D, 4, 3, strides=2, padding="same"), 8, 2), "same"),
    Row("conv_1d_dilated", one(partial(kl.Conv1D, 4, 3, dilation_rate=2), 8, 2), "dilation"),
    Row("conv_2d", one(partial(kl.Conv2D, 4, 3), 5, 6, 2), "stock"),
    Row("conv_2d_same", one(partial(kl.Conv2D, 4, (3, 2), 2, "same"), 5, 6, 2), "strides"),
    Row("conv_2d_dilated", one(partial(kl.Conv2D, 4, 3, dilation_rate=2), 7, 6, 2), "dilation"),
    Row("conv_2d_no_bias", one(partial(kl.Conv2D, 4, 3, use_bias=False), 5, 6, 2), "no bias"),
    Row("conv_2d_silu", one(partial(kl.Conv2D, 4, 3, activation="silu"), 5, 6, 2), "activation"),
    Row(
        "conv_2d_hard_sigmoid",
        one(partial(kl.Conv2D, 4, 3, activation="hard_sigmoid"), 5, 6, 2),
        "an activation that tfjs has otherwise",
    ),
    Row("conv_2d_unknown", one(partial(kl.Conv2D, 4, 3), None, None, 2), "unknown sizes"),
    Row(
        "conv_2d_channels_first",
        one(partial(kl.Conv2D, 4, 3, data_format="channels_first"), 3, 3, 3),
        "axes that look alike",
    ),
    Row("depthwise_conv_2d", one(partial(kl.DepthwiseConv2D, 3), 5, 6, 2), "a renamed kernel"),
    Row(
        "depthwise_conv_2d_multiplied",
        one(partial(kl.DepthwiseConv2D, 3, 2, "same", depth_multiplier=3), 5, 6, 2),
        "the order of its channels",
    ),
    Row("zero_padding_2d", one(partial(kl.ZeroPadding2D, ((1, 2), (0, 3))), 3, 4, 2), "pairs"),
    Row("max_pooling_2d", one(partial(kl.MaxPooling2D), 5, 6, 2), "stock"),
    Row("max_pooling_2d_same", one(partial(kl.MaxPooling2D, 3, 2, "same"), 5, 6, 2), "same"),
    Row("average_pooling_2d", one(partial(kl.AveragePooling2D, (2, 3), 1), 5, 6, 2), "strides"),
    Row(
        "average_pooling_2d_same",
        one(partial(kl.AveragePooling2D, 3, 2, "same"), 5, 6, 2),
        "padding does not count in the mean",
    ),
    Row("global_average_pooling_2d", one(kl.GlobalAveragePooling2D, 3, 4, 2), "stock"),
    Row("global_max_pooling_2d", one(kl.GlobalMaxPooling2D, 3, 4, 2), "stock"),
    Row(
        "global_pooling_2d_keepdims",
        one(partial(kl.GlobalAveragePooling2D, keepdims=True), 3, 4, 2),
        "tfjs ignores keepdims",
    ),
    Row(
        "global_pooling_2d_channels_first",
        one(partial(kl.GlobalMaxPooling2D, keepdims=True, data_format="channels_first"), 2, 3, 4),
        "where the channels are",
    ),
]

ROWS = [*ELEMENTWISE, *TRAINING_ONLY, *SHAPES, *NORMALIZATION, *MERGES, *DENSE, *CONVOLUTION]
