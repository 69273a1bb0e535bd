"""Models that cut an image into patches: transformers and mixers of keras.io/examples/vision."""

from typing import Any

import keras
from keras import layers as kl
from keras import ops
from zoo.entry import entries

WIDTH = 8


def cut(image: Any, size: int) -> Any:
    """The patches of an image by reshaping, of shape (batch, patches, size * size * channels)."""
    _, height, width, channels = image.shape
    rows, columns = height // size, width // size
    x = ops.reshape(image, (-1, rows, size, columns, size, channels))
    x = ops.transpose(x, (0, 1, 3, 2, 4, 5))
    return ops.reshape(x, (-1, rows * columns, size * size * channels))


def dense_gelu(x: Any, *sizes: int) -> Any:
    """Dense layers with GELU, as in each block of a vision transformer."""
    for size in sizes:
        x = kl.Dropout(0.1)(kl.Dense(size, activation=keras.activations.gelu)(x))
    return x


def vision_transformer() -> keras.Model:
    """image_classification_with_vision_transformer: patches by ops, places by an Embedding."""
    image = keras.Input((8, 8, 3))
    patches = cut(image, 2)
    places = ops.cast(ops.cumsum(ops.ones_like(patches[:, :, 0]), axis=1) - 1, "int32")
    x = kl.Dense(WIDTH)(patches) + kl.Embedding(16, WIDTH)(places)
    for _ in range(2):
        normal = kl.LayerNormalization(epsilon=1e-6)(x)
        x = kl.Add()([kl.MultiHeadAttention(2, WIDTH, dropout=0.1)(normal, normal), x])
        normal = kl.LayerNormalization(epsilon=1e-6)(x)
        x = kl.Add()([dense_gelu(normal, 16, WIDTH), x])
    x = kl.Dropout(0.5)(kl.Flatten()(kl.LayerNormalization(epsilon=1e-6)(x)))
    return keras.Model(image, kl.Dense(5)(dense_gelu(x, 12)))


def vision_transformer_with_class_token() -> keras.Model:
    """Patches by a convolution, a token before them, and the answer read off the token."""
    image = keras.Input((8, 8, 3))
    x = kl.Reshape((4, WIDTH))(kl.Conv2D(WIDTH, 4, strides=4, padding="valid")(image))
    token = kl.Dense(WIDTH)(ops.zeros_like(x[:, :1, :]))
    x = ops.concatenate([token, x], axis=1)
    places = ops.cast(ops.cumsum(ops.ones_like(x[..., 0]), axis=1), "int32")
    x = x + kl.Embedding(6, WIDTH)(places)
    normal = kl.LayerNormalization()(x)
    x = x + kl.MultiHeadAttention(2, 4)(normal, normal)
    return keras.Model(image, kl.Dense(3)(kl.LayerNormalization()(x)[:, 0]))


def compact_convolutional_transformer() -> keras.Model:
    """cct: convolutions make the tokens, attention pools them."""
    image = keras.Input((8, 8, 3))
    x = kl.Conv2D(WIDTH, 3, padding="valid", use_bias=False, activation="relu")(image)
    x = kl.MaxPooling2D(3, 2, "same")(kl.ZeroPadding2D(1)(x))
    x = ops.reshape(x, (-1, x.shape[1] * x.shape[2], WIDTH))
    normal = kl.LayerNormalization(epsilon=1e-5)(x)
    x = kl.Add()([kl.MultiHeadAttention(2, WIDTH)(normal, normal), x])
    x = kl.Add()([dense_gelu(kl.LayerNormalization(epsilon=1e-5)(x), WIDTH, WIDTH), x])
    x = kl.LayerNormalization(epsilon=1e-5)(x)
    weights = ops.softmax(kl.Dense(1)(x), axis=1)
    pooled = ops.squeeze(ops.matmul(ops.transpose(weights, axes=(0, 2, 1)), x), axis=-2)
    return keras.Model(image, kl.Dense(3)(pooled))


def shifted_windows() -> keras.Model:
    """swin_transformers: attention inside windows, of the image and of the image rolled."""
    image = keras.Input((8, 8, 3))
    x = kl.Conv2D(WIDTH, 2, strides=2)(image)  # (batch, 4, 4, WIDTH)
    for shift in (0, 1):
        kept, x = x, kl.LayerNormalization(epsilon=1e-5)(x)
        x = ops.roll(x, (-shift, -shift), axis=(1, 2)) if shift else x
        x = ops.transpose(ops.reshape(x, (-1, 2, 2, 2, 2, WIDTH)), (0, 1, 3, 2, 4, 5))
        x = ops.reshape(x, (-1, 4, 4, WIDTH))  # (batch, window, inside, WIDTH)
        joined = kl.Dense(3 * WIDTH)(x)
        heads = ops.reshape(joined, (-1, 4, 4, 3, 2, WIDTH // 2))
        q, k, v = (ops.transpose(heads[:, :, :, at], (0, 1, 3, 2, 4)) for at in range(3))
        scores = ops.softmax((q * 0.5) @ ops.transpose(k, (0, 1, 2, 4, 3)), axis=-1)
        x = ops.reshape(ops.transpose(scores @ v, (0, 1, 3, 2, 4)), (-1, 2, 2, 2, 2, WIDTH))
        x = ops.reshape(ops.transpose(x, (0, 1, 3, 2, 4, 5)), (-1, 4, 4, WIDTH))
        x = kept + (ops.roll(x, (shift, shift), axis=(1, 2)) if shift else x)
    merged = ops.concatenate(
        [x[:, 0::2, 0::2], x[:, 1::2, 0::2], x[:, 0::2, 1::2], x[:, 1::2, 1::2]], axis=-1
    )
    return keras.Model(image, kl.GlobalAveragePooling2D()(kl.Dense(WIDTH, use_bias=False)(merged)))


def mlp_mixer() -> keras.Model:
    """mlp_image_classification, the mixer: axes are exchanged by Permute."""
    image = keras.Input((8, 8, 3))
    x = kl.Dense(WIDTH)(kl.Reshape((16, 12))(image))
    for _ in range(2):
        channels = kl.Permute((2, 1))(kl.LayerNormalization(epsilon=1e-6)(x))
        mixed = kl.Dense(16)(kl.Dense(16, activation="gelu")(channels))
        x = kl.Add()([x, kl.Permute((2, 1))(mixed)])
        inner = kl.Dense(WIDTH, activation="gelu")(kl.LayerNormalization(epsilon=1e-6)(x))
        x = kl.Add()([x, kl.Dropout(0.2)(kl.Dense(WIDTH)(inner))])
    x = kl.Dropout(0.2)(kl.GlobalAveragePooling1D()(x))
    return keras.Model(image, kl.Dense(5, activation="softmax")(x))


def extracted_patches() -> keras.Model:
    """The same example's Patches, by ops.image.extract_patches."""
    image = keras.Input((8, 8, 3))
    patches = ops.image.extract_patches(image, size=4)
    x = ops.reshape(patches, (-1, 4, 48))
    return keras.Model(image, kl.GlobalAveragePooling1D()(kl.Dense(WIDTH)(x)))


def gmlp() -> keras.Model:
    """mlp_image_classification, gMLP: one half gates the other along the patches."""
    image = keras.Input((8, 8, 3))
    x = kl.Dense(WIDTH)(cut(image, 2))
    for _ in range(2):
        made = kl.Dense(2 * WIDTH, activation="gelu")(kl.LayerNormalization(epsilon=1e-6)(x))
        u, v = ops.split(made, indices_or_sections=2, axis=2)
        v = ops.transpose(kl.LayerNormalization(epsilon=1e-6)(v), axes=(0, 2, 1))
        v = ops.transpose(kl.Dense(16, bias_initializer="Ones")(v), axes=(0, 2, 1))
        x = x + kl.Dense(WIDTH)(u * v)
    return keras.Model(image, kl.Dense(5)(kl.GlobalAveragePooling1D()(x)))


def conv_mixer() -> keras.Model:
    """Patches by a convolution, mixed by others: convmixer."""

    def ended(x: Any) -> Any:
        return kl.BatchNormalization()(kl.Activation("gelu")(x))

    image = keras.Input((8, 8, 3))
    x = ended(kl.Conv2D(WIDTH, 2, strides=2)(kl.Rescaling(scale=1.0 / 2)(image)))
    for _ in range(3):
        x = kl.Add()([ended(kl.DepthwiseConv2D(3, padding="same")(x)), x])
        x = ended(kl.Conv2D(WIDTH, kernel_size=1)(x))
    return keras.Model(image, kl.Dense(5, activation="softmax")(kl.GlobalAvgPool2D()(x)))


def external_attention() -> keras.Model:
    """eanet: two dense layers as a memory, normalized along both axes."""
    x = start = keras.Input((6, WIDTH))
    x = kl.Dense(WIDTH * 2)(x)
    x = ops.transpose(ops.reshape(x, (-1, 6, 4, 4)), axes=(0, 2, 1, 3))
    attention = kl.Activation("softmax")(kl.Dense(5)(x))
    attention = attention / (1e-9 + ops.sum(attention, axis=-1, keepdims=True))
    x = ops.transpose(kl.Dense(4)(attention), axes=(0, 2, 1, 3))
    x = kl.Dense(WIDTH)(ops.reshape(x, (-1, 6, WIDTH * 2)))
    return keras.Model(start, x + start)


def mobile_vit() -> keras.Model:
    """mobilevit: unfolded for a transformer, folded again for convolutions."""
    image = keras.Input((8, 8, 3))
    local = kl.Conv2D(WIDTH, 3, strides=2, padding="same", activation="swish")(image)
    x = kl.Reshape((4, 4, WIDTH))(kl.Conv2D(WIDTH, 1, activation="swish")(local))
    normal = kl.LayerNormalization()(x)
    attended = kl.Add()([kl.MultiHeadAttention(2, 4, attention_axes=(2,))(normal, normal), x])
    folded = kl.Conv2D(WIDTH, 1, activation="swish")(kl.Reshape((4, 4, WIDTH))(attended))
    x = kl.Conv2D(WIDTH, 3, padding="same")(kl.Concatenate(axis=-1)([local, folded]))
    return keras.Model(image, kl.Dense(3)(kl.GlobalAvgPool2D()(ops.swish(x))))


ENTRIES = entries(
    *(vision_transformer, vision_transformer_with_class_token, compact_convolutional_transformer),
    *(shifted_windows, mlp_mixer, extracted_patches, gmlp, conv_mixer, external_attention),
    mobile_vit,
)
