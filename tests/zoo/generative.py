"""Models that make images and sounds, built as keras.io/examples/generative builds them."""

import math
from typing import Any

import keras
import numpy as np
from keras import layers as kl
from keras import ops
from zoo.entry import entries


def vae_encoder() -> keras.Model:
    """vae: of an image, the mean and the logarithm of the variance."""
    image = keras.Input((8, 8, 1))
    x = kl.Conv2D(4, 3, activation="relu", strides=2, padding="same")(image)
    x = kl.Conv2D(6, 3, activation="relu", strides=2, padding="same")(x)
    x = kl.Dense(8, activation="relu")(kl.Flatten()(x))
    ends = [kl.Dense(2, name="z_mean")(x), kl.Dense(2, name="z_log_var")(x)]
    return keras.Model(image, ends, name="encoder")


def vae_decoder() -> keras.Model:
    """vae: of a point, an image."""
    point = keras.Input((2,))
    x = kl.Reshape((2, 2, 6))(kl.Dense(2 * 2 * 6, activation="relu")(point))
    x = kl.Conv2DTranspose(6, 3, activation="relu", strides=2, padding="same")(x)
    x = kl.Conv2DTranspose(4, 3, activation="relu", strides=2, padding="same")(x)
    x = kl.Conv2DTranspose(1, 3, activation="sigmoid", padding="same")(x)
    return keras.Model(point, x, name="decoder")


def vae_with_given_noise() -> keras.Model:
    """vae: both, the sample drawn by noise that is an input, its divergence an output."""
    image, noise = keras.Input((8, 8, 1)), keras.Input((2,))
    mean, log_variance = vae_encoder()(image)
    point = mean + ops.exp(0.5 * log_variance) * noise
    divergence = -0.5 * (1 + log_variance - ops.square(mean) - ops.exp(log_variance))
    outputs = [vae_decoder()(point), ops.sum(divergence, axis=1)]
    return keras.Model([image, noise], outputs)


def vae_with_noise_layer() -> keras.Model:
    """vae: the noise of a layer, which is silent when the model predicts."""
    image = keras.Input((8, 8, 1))
    mean, log_variance = vae_encoder()(image)
    noise = kl.GaussianNoise(1.0)(ops.zeros_like(mean))
    point = mean + ops.exp(log_variance / 2) * noise
    return keras.Model(image, vae_decoder()(point))


def vq_vae() -> keras.Model:
    """vq_vae: the nearest entry of a code book, by a product and an argmin."""
    image = keras.Input((8, 8, 1))
    x = kl.Conv2D(4, 3, activation="relu", strides=2, padding="same")(image)
    x = kl.Conv2D(3, 1, padding="same")(x)
    book = np.random.default_rng(5).normal(size=(3, 7)).astype("float32")
    flat = ops.reshape(x, (-1, 16, 3))
    distances = (
        ops.sum(flat**2, axis=-1, keepdims=True)
        + ops.convert_to_tensor((book**2).sum(axis=0))
        - 2 * ops.matmul(flat, ops.convert_to_tensor(book))
    )
    chosen = ops.one_hot(ops.argmin(distances, axis=-1), 7)
    codes = ops.reshape(ops.matmul(chosen, ops.convert_to_tensor(book.T)), (-1, 4, 4, 3))
    codes = x + ops.stop_gradient(codes - x)
    return keras.Model(image, kl.Conv2DTranspose(1, 3, strides=2, padding="same")(codes))


def dcgan_generator() -> keras.Model:
    """dcgan_overriding_train_step: the generator."""
    return keras.Sequential(
        [
            keras.Input((5,)),
            kl.Dense(2 * 2 * 5),
            kl.Reshape((2, 2, 5)),
            kl.Conv2DTranspose(5, kernel_size=4, strides=2, padding="same"),
            kl.LeakyReLU(negative_slope=0.2),
            kl.Conv2DTranspose(6, kernel_size=4, strides=2, padding="same"),
            kl.LeakyReLU(negative_slope=0.2),
            kl.Conv2D(3, kernel_size=5, padding="same", activation="sigmoid"),
        ],
        name="generator",
    )


def dcgan_discriminator() -> keras.Model:
    """dcgan_overriding_train_step: the discriminator."""
    return keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            kl.Conv2D(4, kernel_size=4, strides=2, padding="same"),
            kl.LeakyReLU(negative_slope=0.2),
            kl.Conv2D(6, kernel_size=4, strides=2, padding="same"),
            kl.LeakyReLU(negative_slope=0.2),
            kl.Flatten(),
            kl.Dropout(0.2),
            kl.Dense(1, activation="sigmoid"),
        ],
        name="discriminator",
    )


def conditional_gan() -> keras.Model:
    """conditional_gan: classes become channels of an image, repeated over its places."""
    image, label = keras.Input((8, 8, 1)), keras.Input((1,), dtype="int32")
    channels = ops.one_hot(label, 5)[:, :, None]
    channels = ops.repeat(ops.repeat(channels, 8, axis=1), 8, axis=2)
    x = ops.concatenate([image, channels], -1)
    x = kl.LeakyReLU(negative_slope=0.2)(kl.Conv2D(4, 3, strides=2, padding="same")(x))
    return keras.Model([image, label], kl.Dense(1)(kl.GlobalMaxPooling2D()(x)))


def wgan_generator() -> keras.Model:
    """wgan_gp: UpSampling2D, batch normalization, and an edge cut off."""
    noise = keras.Input((5,))
    x = kl.BatchNormalization()(kl.Dense(4 * 4 * 4, use_bias=False)(noise))
    x = kl.Reshape((4, 4, 4))(kl.LeakyReLU(0.2)(x))
    for filters in (4, 1):
        x = kl.UpSampling2D((2, 2))(x)
        x = kl.Conv2D(filters, 3, padding="same", use_bias=False)(x)
        x = kl.BatchNormalization()(x)
        x = kl.Activation("tanh")(x) if filters == 1 else kl.LeakyReLU(0.2)(x)
    return keras.Model(noise, kl.Cropping2D((2, 2))(x))


def cyclegan_generator() -> keras.Model:
    """cyclegan: edges reflected, each image normalized by itself, residual blocks."""

    def reflected(x: Any) -> Any:
        return ops.pad(x, [[0, 0], [1, 1], [1, 1], [0, 0]], mode="reflect")

    def normal(x: Any) -> Any:
        return kl.GroupNormalization(groups=-1)(x)

    image = keras.Input((8, 8, 3))
    x = ops.relu(normal(kl.Conv2D(4, 3, use_bias=False)(reflected(image))))
    x = ops.relu(normal(kl.Conv2D(6, 3, strides=2, padding="same", use_bias=False)(x)))
    for _ in range(2):
        made = ops.relu(normal(kl.Conv2D(6, 3, use_bias=False)(reflected(x))))
        x = kl.add([x, normal(kl.Conv2D(6, 3, use_bias=False)(reflected(made)))])
    x = normal(kl.Conv2DTranspose(4, 3, strides=2, padding="same", use_bias=False)(x))
    return keras.Model(image, ops.tanh(kl.Conv2D(3, 3)(reflected(ops.relu(x)))))


def adain_style() -> keras.Model:
    """adain: the content takes the style's mean and deviation."""

    def moments(x: Any) -> tuple[Any, Any]:
        mean, variance = ops.moments(x, axes=[1, 2], keepdims=True)
        return mean, ops.sqrt(variance + 1e-5)

    content, style = keras.Input((6, 6, 3)), keras.Input((6, 6, 3))
    encoder = kl.Conv2D(4, 3, activation="relu")
    of_content, of_style = encoder(content), encoder(style)
    (mean, deviation), (new_mean, new_deviation) = moments(of_content), moments(of_style)
    x = new_deviation * (of_content - mean) / deviation + new_mean
    x = x * 0.8 + of_content * (1 - 0.8)
    x = kl.Conv2D(3, 3, padding="same")(kl.UpSampling2D(2)(x))
    return keras.Model([content, style], [x, ops.var(x, axis=(1, 2)), ops.std(x, axis=-1)])


def diffusion_unet() -> keras.Model:
    """ddim: a U-Net that is told the noise as sines, with residual blocks and skips."""

    def residual(x: Any, width: int) -> Any:
        kept = x if x.shape[3] == width else kl.Conv2D(width, kernel_size=1)(x)
        x = kl.BatchNormalization(center=False, scale=False)(x)
        x = kl.Conv2D(width, 3, padding="same", activation=keras.activations.swish)(x)
        return kl.Add()([kl.Conv2D(width, 3, padding="same")(x), kept])

    noisy, variance = keras.Input((8, 8, 3)), keras.Input((1, 1, 1))
    frequencies = ops.exp(ops.linspace(ops.log(1.0), ops.log(100.0), 4))
    angles = ops.cast(2.0 * math.pi * frequencies, "float32") * variance
    told = ops.concatenate([ops.sin(angles), ops.cos(angles)], axis=3)
    told = kl.UpSampling2D(size=8, interpolation="nearest")(told)
    x = kl.Concatenate()([kl.Conv2D(4, kernel_size=1)(noisy), told])
    skips = []
    for width in (4, 6):
        x = residual(x, width)
        skips.append(x)
        x = kl.AveragePooling2D(pool_size=2)(x)
    x = residual(x, 8)
    for width in (6, 4):
        x = kl.UpSampling2D(size=2, interpolation="bilinear")(x)
        x = residual(kl.Concatenate()([x, skips.pop()]), width)
    x = kl.Conv2D(3, kernel_size=1, kernel_initializer="zeros")(x)
    return keras.Model([noisy, variance], x)


def diffusion_attention() -> keras.Model:
    """ddpm: groups normalized, time added, attention over an image by einsums."""
    image, time = keras.Input((4, 4, 8)), keras.Input((8,))
    normal = kl.GroupNormalization(groups=4)(image)
    q, k, v = (kl.Dense(8)(normal) for _ in range(3))
    scores = ops.einsum("bhwc,bijc->bhwij", q, k) * 8**-0.5
    scores = ops.reshape(ops.softmax(ops.reshape(scores, (-1, 4, 4, 16)), -1), (-1, 4, 4, 4, 4))
    x = image + kl.Dense(8)(ops.einsum("bhwij,bijc->bhwc", scores, v))
    told = kl.Dense(8)(keras.activations.swish(time))[:, None, None, :]
    x = kl.GroupNormalization(groups=2)(x + told)
    return keras.Model([image, time], kl.Conv2D(3, 3, padding="same")(keras.activations.swish(x)))


def real_nvp_coupling() -> keras.Model:
    """real_nvp: half of the numbers says how the others are scaled and moved."""
    point = keras.Input((4,))
    x, log_determinant = point, ops.zeros_like(point[:, 0])
    for keep in ([1.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 1.0]):
        mask = ops.convert_to_tensor([keep])
        kept = x * mask
        scale = kl.Dense(4, activation="tanh")(kl.Dense(6, activation="relu")(kept)) * (1 - mask)
        move = kl.Dense(4)(kl.Dense(6, activation="relu")(kept)) * (1 - mask)
        x = (x * ops.exp(-scale) - move * ops.exp(-scale)) * (1 - mask) + kept
        log_determinant = log_determinant - ops.sum(scale, axis=1)
    return keras.Model(point, [x, log_determinant])


def wavenet() -> keras.Model:
    """WaveNet: causal, dilated, gated, the residual and the skip added up."""
    sound = keras.Input((12, 1))
    x = kl.Conv1D(4, 2, padding="causal")(sound)
    skips = []
    for rate in (1, 2, 4):
        gate = kl.Conv1D(4, 2, padding="causal", dilation_rate=rate, activation="sigmoid")(x)
        tone = kl.Conv1D(4, 2, padding="causal", dilation_rate=rate, activation="tanh")(x)
        made = tone * gate
        skips.append(kl.Conv1D(3, 1)(made))
        x = x + kl.Conv1D(4, 1)(made)
    x = ops.relu(kl.Add()(skips))
    return keras.Model(sound, kl.Conv1D(6, 1, activation="softmax")(kl.Conv1D(5, 1)(x)))


def denoising_autoencoder() -> keras.Model:
    """Keras's autoencoder, of convolutions."""
    image = keras.Input((8, 8, 1))
    x = kl.Conv2D(4, 3, activation="relu", padding="same")(image)
    x = kl.MaxPooling2D((2, 2), padding="same")(x)
    x = kl.Conv2D(4, 3, activation="relu", padding="same")(x)
    x = kl.MaxPooling2D((2, 2), padding="same")(x)
    x = kl.Conv2DTranspose(4, 3, strides=2, activation="relu", padding="same")(x)
    x = kl.Conv2DTranspose(4, 3, strides=2, activation="relu", padding="same")(x)
    return keras.Model(image, kl.Conv2D(1, 3, activation="sigmoid", padding="same")(x))


ENTRIES = entries(
    *(vae_encoder, vae_decoder, vae_with_given_noise, vae_with_noise_layer, vq_vae),
    *(dcgan_generator, dcgan_discriminator, conditional_gan, wgan_generator, cyclegan_generator),
    *(adain_style, diffusion_unet, diffusion_attention, real_nvp_coupling, wavenet),
    denoising_autoencoder,
)
