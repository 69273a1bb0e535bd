"""Models of images, built as the examples of keras.io/examples/vision build them."""

from typing import Any

import keras
from keras import layers as kl
from keras import ops
from zoo.entry import Entry, entries


def mnist_convnet() -> keras.Model:
    """mnist_convnet."""
    return keras.Sequential(
        [
            keras.Input((12, 12, 1)),
            kl.Conv2D(4, 3, activation="relu"),
            kl.MaxPooling2D(pool_size=(2, 2)),
            kl.Conv2D(6, 3, activation="relu"),
            kl.MaxPooling2D(pool_size=(2, 2)),
            kl.Flatten(),
            kl.Dropout(0.5),
            kl.Dense(5, activation="softmax"),
        ]
    )


def xception_from_scratch() -> keras.Model:
    """image_classification_from_scratch."""
    image = keras.Input((16, 16, 3))
    x = kl.Rescaling(1.0 / 2)(image)
    x = kl.Activation("relu")(kl.BatchNormalization()(kl.Conv2D(4, 3, 2, padding="same")(x)))
    before = x
    for size in (6, 8):
        for _ in range(2):
            x = kl.SeparableConv2D(size, 3, padding="same")(kl.Activation("relu")(x))
            x = kl.BatchNormalization()(x)
        x = kl.MaxPooling2D(3, strides=2, padding="same")(x)
        x = before = kl.add([x, kl.Conv2D(size, 1, strides=2, padding="same")(before)])
    x = kl.Dropout(0.25)(kl.GlobalAveragePooling2D()(x))
    return keras.Model(image, kl.Dense(1, activation=None)(x))


def xception_segmentation() -> keras.Model:
    """oxford_pets_image_segmentation: up again by Conv2DTranspose and UpSampling2D."""
    image = keras.Input((16, 16, 3))
    x = kl.Conv2D(4, 3, strides=2, padding="same")(image)
    x = before = kl.Activation("relu")(kl.BatchNormalization()(x))
    for filters in (6, 8):
        for _ in range(2):
            x = kl.SeparableConv2D(filters, 3, padding="same")(kl.Activation("relu")(x))
            x = kl.BatchNormalization()(x)
        x = kl.MaxPooling2D(3, strides=2, padding="same")(x)
        x = before = kl.add([x, kl.Conv2D(filters, 1, strides=2, padding="same")(before)])
    for filters in (8, 6, 4):
        for _ in range(2):
            x = kl.Conv2DTranspose(filters, 3, padding="same")(kl.Activation("relu")(x))
            x = kl.BatchNormalization()(x)
        x = kl.UpSampling2D(2)(x)
        beside = kl.Conv2D(filters, 1, padding="same")(kl.UpSampling2D(2)(before))
        x = before = kl.add([x, beside])
    return keras.Model(image, kl.Conv2D(3, 3, activation="softmax", padding="same")(x))


def unet() -> keras.Model:
    """U-Net: copies of the way down are joined to the way up."""

    def twice(x: Any, filters: int) -> Any:
        for _ in range(2):
            x = kl.Conv2D(filters, 3, padding="same", activation="relu")(x)
        return x

    image = keras.Input((16, 16, 1))
    copies, x = [], image
    for filters in (2, 4):
        x = twice(x, filters)
        copies.append(x)
        x = kl.Dropout(0.3)(kl.MaxPooling2D(2)(x))
    x = twice(x, 8)
    for filters, copied in zip((4, 2), reversed(copies), strict=True):
        x = kl.Conv2DTranspose(filters, 3, 2, padding="same")(x)
        x = twice(kl.Dropout(0.3)(kl.concatenate([x, copied])), filters)
    return keras.Model(image, kl.Conv2D(2, 1, padding="same", activation="softmax")(x))


def deeplab() -> keras.Model:
    """deeplabv3_plus: dilated convolutions beside each other, resized by bilinear UpSampling2D."""

    def block(x: Any, size: int = 3, rate: int = 1) -> Any:
        x = kl.Conv2D(4, size, dilation_rate=rate, padding="same", use_bias=False)(x)
        return ops.nn.relu(kl.BatchNormalization()(x))

    image = keras.Input((16, 16, 3))
    low = block(kl.MaxPooling2D(2)(image))
    x = block(kl.MaxPooling2D(2)(low))
    pooled = block(kl.AveragePooling2D(pool_size=(4, 4))(x), 1)
    pooled = kl.UpSampling2D((4, 4), interpolation="bilinear")(pooled)
    x = kl.Concatenate(axis=-1)([pooled, block(x, 1), *(block(x, rate=rate) for rate in (2, 3))])
    x = kl.UpSampling2D((2, 2), interpolation="bilinear")(block(x, 1))
    x = block(kl.Concatenate(axis=-1)([x, block(low, 1)]))
    x = kl.UpSampling2D((2, 2), interpolation="bilinear")(x)
    return keras.Model(image, kl.Conv2D(3, 1, padding="same")(x))


def siamese() -> keras.Model:
    """siamese_contrastive: the distance of what one network makes of two images."""
    image = keras.Input((12, 12, 1))
    x = kl.Conv2D(4, 5, activation="tanh")(kl.BatchNormalization()(image))
    x = kl.Conv2D(6, 3, activation="tanh")(kl.AveragePooling2D(pool_size=(2, 2))(x))
    x = kl.BatchNormalization()(kl.Flatten()(kl.AveragePooling2D(pool_size=(2, 2))(x)))
    embedding = keras.Model(image, kl.Dense(5, activation="tanh")(x))
    left, right = keras.Input((12, 12, 1)), keras.Input((12, 12, 1))
    difference = embedding(left) - embedding(right)
    squares = ops.sum(ops.square(difference), axis=1, keepdims=True)
    distance = ops.sqrt(ops.maximum(squares, keras.config.epsilon()))
    normal = kl.BatchNormalization()(distance)
    return keras.Model([left, right], kl.Dense(1, activation="sigmoid")(normal))


def triplet_distances() -> keras.Model:
    """siamese_network: the distances of an anchor to two images, stacked."""
    image = keras.Input((8,))
    embedding = keras.Model(image, kl.Dense(4)(image))
    ends = [keras.Input((8,), name=name) for name in ("anchor", "positive", "negative")]
    anchor, positive, negative = (embedding(end) for end in ends)
    near = ops.sum(ops.square(anchor - positive), -1)
    far = ops.sum(ops.square(anchor - negative), -1)
    return keras.Model(ends, [near, far, ops.maximum(near - far + 0.5, 0.0)])


def pointnet() -> keras.Model:
    """pointnet: a small network turns the points before they are looked at."""

    def conv(x: Any, filters: int) -> Any:
        return kl.Activation("relu")(kl.BatchNormalization(momentum=0.0)(kl.Conv1D(filters, 1)(x)))

    def turned(x: Any, features: int) -> Any:
        seen = kl.GlobalMaxPooling1D()(conv(conv(x, 4), 8))
        seen = kl.Activation("relu")(kl.BatchNormalization(momentum=0.0)(kl.Dense(6)(seen)))
        matrix = kl.Reshape((features, features))(kl.Dense(features * features)(seen))
        return kl.Dot(axes=(2, 1))([x, matrix])

    points = keras.Input((10, 3))
    x = conv(turned(points, 3), 4)
    x = kl.GlobalMaxPooling1D()(conv(turned(x, 4), 8))
    return keras.Model(points, kl.Dense(5, activation="softmax")(kl.Dropout(0.3)(x)))


def super_resolution() -> keras.Model:
    """super_resolution_sub_pixel: channels become pixels by reshaping and transposing."""
    image = keras.Input((4, 5, 1))
    x = kl.Conv2D(8, 5, padding="same", activation="relu")(image)
    x = kl.Conv2D(4, 3, padding="same", activation="relu")(x)
    x = kl.Conv2D(9, 3, padding="same")(x)
    x = ops.reshape(x, (-1, 4, 5, 3, 3, 1))
    x = ops.transpose(x, (0, 1, 3, 2, 4, 5))
    return keras.Model(image, ops.reshape(x, (-1, 12, 15, 1)))


def super_resolution_edsr() -> keras.Model:
    """edsr: scaled residual blocks, pixels shuffled by layers, the result clipped."""
    image = keras.Input((4, 4, 3))
    x = start = kl.Conv2D(4, 3, padding="same")(kl.Rescaling(1.0 / 2)(image))
    for _ in range(2):
        made = kl.Conv2D(4, 3, padding="same")(kl.ReLU()(kl.Conv2D(4, 3, padding="same")(x)))
        x = x + made * 0.1
    x = kl.Conv2D(16, 3, padding="same")(kl.Add()([start, x]))
    x = kl.Permute((1, 3, 2, 4, 5))(kl.Reshape((4, 4, 2, 2, 4))(x))
    x = kl.Conv2D(3, 3, padding="same")(kl.Reshape((8, 8, 4))(x))
    return keras.Model(image, ops.clip(x * 255.0, 0, 255))


def squeeze_and_excite() -> keras.Model:
    """A residual block whose channels are weighed, once by layers and once by operations."""
    image = keras.Input((6, 6, 3))
    x = kl.BatchNormalization()(kl.Conv2D(4, 3, padding="same", use_bias=False)(image))
    weights = kl.Dense(2, activation="relu")(kl.GlobalAveragePooling2D()(x))
    weights = kl.Reshape((1, 1, 4))(kl.Dense(4, activation="sigmoid")(weights))
    x = kl.Multiply()([x, weights]) + kl.Conv2D(4, 1)(image)
    squeezed = ops.mean(x, axis=(1, 2), keepdims=True)
    squeezed = kl.Conv2D(2, 1, activation="swish")(squeezed)
    x = x * ops.sigmoid(kl.Conv2D(4, 1)(squeezed))
    return keras.Model(image, kl.GlobalMaxPooling2D()(ops.silu(x)))


def capsules() -> keras.Model:
    """Capsules: lengths of vectors, and two rounds of agreement, without a weight in them."""

    def squashed(x: Any) -> Any:
        square = ops.sum(ops.square(x), axis=-1, keepdims=True)
        return square / (1 + square) * x / ops.sqrt(square + 1e-7)

    image = keras.Input((8, 8, 1))
    x = kl.Conv2D(8, 3, strides=2, activation="relu")(image)
    capsule = squashed(kl.Reshape((18, 4))(x))
    votes = kl.Reshape((18, 3, 5))(kl.EinsumDense("bic,cd->bid", (18, 15))(capsule))
    logits = ops.zeros_like(votes[..., 0])
    for _ in range(2):
        routes = ops.softmax(logits, axis=2)
        made = squashed(ops.einsum("bij,bijd->bjd", routes, votes))
        logits = logits + ops.sum(votes * ops.expand_dims(made, 1), axis=-1)
    return keras.Model(image, [ops.norm(made, axis=-1), logits])


def captcha_crnn() -> keras.Model:
    """captcha_ocr: columns of an image are the steps of a bidirectional LSTM."""
    image = keras.Input((16, 8, 1))
    x = kl.Conv2D(4, 3, activation="relu", kernel_initializer="he_normal", padding="same")(image)
    x = kl.MaxPooling2D((2, 2))(x)
    x = kl.MaxPooling2D((2, 2))(kl.Conv2D(6, 3, activation="relu", padding="same")(x))
    x = kl.Reshape(target_shape=(4, 2 * 6))(x)
    x = kl.Dropout(0.2)(kl.Dense(8, activation="relu")(x))
    x = kl.Bidirectional(kl.LSTM(6, return_sequences=True, dropout=0.25))(x)
    x = kl.Bidirectional(kl.LSTM(4, return_sequences=True, dropout=0.25))(x)
    return keras.Model(image, kl.Dense(7, activation="softmax")(x))


def next_frame() -> keras.Model:
    """conv_lstm: ConvLSTM2D, batch normalization, and a Conv3D."""
    frames = keras.Input((None, 6, 6, 1))
    x = kl.ConvLSTM2D(3, 5, padding="same", return_sequences=True, activation="relu")(frames)
    x = kl.ConvLSTM2D(3, 3, padding="same", return_sequences=True)(kl.BatchNormalization()(x))
    return keras.Model(frames, kl.Conv3D(1, 3, activation="sigmoid", padding="same")(x))


def volume_classifier() -> keras.Model:
    """3D_image_classification."""
    scan = keras.Input((12, 12, 8, 1))
    x = kl.BatchNormalization()(kl.MaxPooling3D(pool_size=2)(kl.Conv3D(3, 3)(scan)))
    x = kl.BatchNormalization()(kl.MaxPooling3D(2)(kl.Conv3D(4, 2, activation="relu")(x)))
    x = kl.Dense(6, activation="relu")(kl.GlobalAveragePooling3D()(x))
    return keras.Model(scan, kl.Dense(1, activation="sigmoid")(kl.Dropout(0.3)(x)))


def video_frames() -> keras.Model:
    """video_classification: a small network on every frame, then recurrent layers."""
    frame = keras.Input((8, 8, 3))
    x = kl.GlobalMaxPooling2D()(kl.Conv2D(4, 3, activation="relu")(frame))
    seen = keras.Model(frame, x, name="features")
    frames = keras.Input((5, 8, 8, 3))
    x = kl.GRU(4)(kl.GRU(6, return_sequences=True)(kl.TimeDistributed(seen)(frames)))
    return keras.Model(frames, kl.Dense(3, activation="softmax")(x))


def feature_pyramid() -> keras.Model:
    """retinanet: levels joined from above, one head on each, boxes side by side."""
    image = keras.Input((16, 16, 3))
    levels = [kl.Conv2D(4, 3, strides=2, padding="same", activation="relu")(image)]
    for _ in range(2):
        levels.append(kl.Conv2D(4, 3, strides=2, padding="same", activation="relu")(levels[-1]))
    levels = [kl.Conv2D(4, 1)(level) for level in levels]
    for at in (1, 0):
        levels[at] = levels[at] + kl.UpSampling2D(2)(levels[at + 1])
    head = keras.Sequential(
        [keras.Input((None, None, 4)), kl.Conv2D(4, 3, padding="same"), kl.ReLU()], name="head"
    )
    boxes, classes = kl.Conv2D(8, 3, padding="same"), kl.Conv2D(6, 3, padding="same")
    found = [head(level) for level in levels]
    sizes = [2 * each.shape[1] * each.shape[2] for each in found]
    all_boxes = [
        ops.reshape(boxes(each), (-1, size, 4)) for each, size in zip(found, sizes, strict=True)
    ]
    scores = [kl.Reshape((-1, 3))(classes(each)) for each in found]
    return keras.Model(image, [ops.concatenate(all_boxes, axis=1), kl.Concatenate(axis=1)(scores)])


def zero_dce() -> keras.Model:
    """zero_dce: a picture is lightened by curves, whose parameters are slices of an output."""
    image = keras.Input((8, 8, 3))
    one = kl.Conv2D(4, 3, activation="relu", padding="same")(image)
    two = kl.Conv2D(4, 3, activation="relu", padding="same")(one)
    both = kl.Concatenate(axis=-1)([one, two])
    curves = kl.Conv2D(12, 3, activation="tanh", padding="same")(both)
    x = ops.clip(image, 0.0, 1.0)
    for at in range(0, 12, 3):
        x = x + curves[:, :, :, at : at + 3] * (ops.square(x) - x)
    return keras.Model(image, x)


def neural_radiance_field() -> keras.Model:
    """nerf: sines of a place, and a way around four dense layers."""
    rays = keras.Input((7, 3))
    coded = [rays]
    for power in range(3):
        coded += [ops.sin(2.0**power * rays), ops.cos(2.0**power * rays)]
    encoded = x = ops.concatenate(coded, axis=-1)
    for at in range(4):
        x = kl.Dense(8, activation="relu")(x)
        if at == 2:
            x = kl.concatenate([x, encoded], axis=-1)
    x = kl.Dense(4)(x)
    colour, density = ops.sigmoid(x[..., :-1]), ops.relu(x[..., -1])
    alpha = 1.0 - ops.exp(-density * 0.5)
    through = ops.cumprod(1.0 - alpha + 1e-10, axis=-1)
    weights = alpha * through
    return keras.Model(rays, ops.sum(weights[..., None] * colour, axis=-2))


def learnable_resizer() -> keras.Model:
    """learnable_resizer: bilinear Resizing beside convolutions."""
    image = keras.Input((9, 7, 3))
    naive = kl.Resizing(6, 6, interpolation="bilinear")(image)
    x = kl.LeakyReLU(negative_slope=0.2)(kl.Conv2D(4, 5, padding="same")(image))
    x = kl.BatchNormalization()(kl.LeakyReLU(negative_slope=0.2)(kl.Conv2D(4, 1)(x)))
    bottleneck = kl.Resizing(6, 6, interpolation="bilinear")(x)
    x = bottleneck + kl.BatchNormalization()(kl.Conv2D(4, 3, padding="same")(bottleneck))
    return keras.Model(image, naive + kl.Conv2D(3, 5, padding="same")(x))


ENTRIES = [
    *entries(
        *(mnist_convnet, xception_from_scratch, xception_segmentation, unet, deeplab, siamese),
        *(triplet_distances, pointnet, super_resolution, squeeze_and_excite),
        *(capsules, captcha_crnn, next_frame, volume_classifier, video_frames, feature_pyramid),
        *(zero_dce, neural_radiance_field, learnable_resizer),
    )
]
ENTRIES.append(Entry("super_resolution_edsr", super_resolution_edsr, deep=True))  # 255 times more
