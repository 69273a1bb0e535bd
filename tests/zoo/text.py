"""Models of words, built as the examples of keras.io/examples/nlp build them."""

from typing import Any

import keras
import numpy as np
from keras import layers as kl
from keras import ops
from zoo.entry import entries

WORDS, STEPS, WIDTH = 20, 6, 8


def feed_forward(x: Any, width: int = 16) -> Any:
    """Two dense layers around an activation, as in each block of a transformer."""
    return kl.Dense(x.shape[-1])(kl.Dense(width, activation="relu")(x))


def encoder_block(x: Any, attention_mask: Any = None) -> Any:
    """A block of a transformer's encoder, normalized after each half."""
    attended = kl.MultiHeadAttention(2, 4, dropout=0.1)(x, x, attention_mask=attention_mask)
    x = kl.LayerNormalization(epsilon=1e-6)(x + kl.Dropout(0.1)(attended))
    return kl.LayerNormalization(epsilon=1e-6)(x + kl.Dropout(0.1)(feed_forward(x)))


def positions(tokens: Any) -> Any:
    """The place of each token, as an input of an Embedding."""
    return ops.zeros_like(tokens) + ops.arange(tokens.shape[1], dtype="int32")


def sinusoids(steps: int, width: int) -> Any:
    """The table of "Attention is all you need", of shape (1, steps, width)."""
    angles = np.arange(steps)[:, None] / 10000 ** (2 * (np.arange(width) // 2) / width)
    table = np.where(np.arange(width) % 2, np.cos(angles), np.sin(angles))
    return table[None].astype("float32")


def transformer_classifier() -> keras.Model:
    """text_classification_with_transformer."""
    tokens = keras.Input((STEPS,), dtype="int32")
    x = kl.Embedding(WORDS, WIDTH)(tokens) + kl.Embedding(STEPS, WIDTH)(positions(tokens))
    x = kl.GlobalAveragePooling1D()(encoder_block(x))
    x = kl.Dropout(0.1)(kl.Dense(20, activation="relu")(kl.Dropout(0.1)(x)))
    return keras.Model(tokens, kl.Dense(2, activation="softmax")(x))


def sinusoidal_transformer() -> keras.Model:
    """A transformer whose positions are a table of constants, its scores cut to a padding mask."""
    tokens = keras.Input((STEPS,), dtype="int32")
    x = kl.Embedding(WORDS, WIDTH)(tokens) * ops.sqrt(ops.cast(WIDTH, "float32"))
    x = x + ops.convert_to_tensor(sinusoids(STEPS, WIDTH))
    words = ops.not_equal(tokens, 0)
    x = encoder_block(x, words[:, None, :])
    weights = ops.expand_dims(ops.cast(words, "float32"), -1)
    x = ops.sum(x * weights, axis=1) / ops.maximum(ops.sum(weights, axis=1), 1.0)
    return keras.Model(tokens, kl.Dense(3)(x))


def miniature_gpt() -> keras.Model:
    """text_generation_with_miniature_gpt: a decoder that looks at what was before."""
    tokens = keras.Input((STEPS,), dtype="int32")
    x = kl.Embedding(WORDS, WIDTH)(tokens) + kl.Embedding(STEPS, WIDTH)(positions(tokens))
    for _ in range(2):
        attended = kl.MultiHeadAttention(2, 4)(x, x, use_causal_mask=True)
        x = kl.LayerNormalization(epsilon=1e-6)(x + kl.Dropout(0.1)(attended))
        x = kl.LayerNormalization(epsilon=1e-6)(x + kl.Dropout(0.1)(feed_forward(x)))
    return keras.Model(tokens, [kl.Dense(WORDS)(x), x])


def causal_mask_by_hand() -> keras.Model:
    """The causal mask of the first miniature GPT: made of comparisons, and given to the layer."""
    tokens = keras.Input((STEPS,), dtype="int32")
    x = kl.Embedding(WORDS, WIDTH)(tokens)
    places = positions(tokens)
    mask = ops.expand_dims(places, 2) >= ops.expand_dims(places, 1)
    x = kl.MultiHeadAttention(2, 4)(x, x, attention_mask=mask)
    return keras.Model(tokens, kl.Dense(WORDS)(x))


def translation_transformer() -> keras.Model:
    """neural_machine_translation_with_transformer: encoder and decoder, called as models."""
    source = keras.Input((None,), dtype="int32", name="encoder_inputs")
    x = kl.Embedding(WORDS, WIDTH)(source)
    encoder = keras.Model(source, encoder_block(x), name="encoder")

    target = keras.Input((None,), dtype="int32", name="decoder_inputs")
    encoded = keras.Input((None, WIDTH), name="encoded")
    x = kl.Embedding(WORDS, WIDTH)(target)
    seen = kl.MultiHeadAttention(2, 4)(query=x, value=x, key=x, use_causal_mask=True)
    x = kl.LayerNormalization()(x + seen)
    x = kl.LayerNormalization()(x + kl.MultiHeadAttention(2, 4)(query=x, value=encoded))
    x = kl.LayerNormalization()(x + feed_forward(x))
    words = kl.Dense(WORDS, activation="softmax")(kl.Dropout(0.5)(x))
    decoder = keras.Model([target, encoded], words, name="decoder")
    return keras.Model([source, target], decoder([target, encoder(source)]), name="transformer")


def bert_masked_words() -> keras.Model:
    """masked_language_modeling: words and their segments, GELU, one head on the first word."""
    tokens = keras.Input((STEPS,), dtype="int32", name="tokens")
    segments = keras.Input((STEPS,), dtype="int32", name="segments")
    x = kl.Embedding(WORDS, WIDTH)(tokens) + kl.Embedding(4, WIDTH)(segments)
    x = kl.LayerNormalization()(x + kl.Embedding(STEPS, WIDTH)(positions(tokens)))
    for _ in range(2):
        x = kl.LayerNormalization()(x + kl.MultiHeadAttention(2, 4)(x, x))
        hidden = ops.gelu(kl.Dense(16)(x), approximate=False)
        x = kl.LayerNormalization()(kl.Dense(WIDTH)(hidden) + x)
    pooled = ops.tanh(kl.Dense(WIDTH)(x[:, 0, :]))
    return keras.Model([tokens, segments], [kl.Dense(WORDS)(x), kl.Dense(2)(pooled)])


def text_cnn() -> keras.Model:
    """text_classification_from_scratch."""
    tokens = keras.Input((None,), dtype="int64")
    x = kl.Dropout(0.5)(kl.Embedding(WORDS, WIDTH)(tokens))
    x = kl.Conv1D(8, 3, padding="same", activation="relu", strides=3)(x)
    x = kl.Conv1D(8, 3, padding="same", activation="relu", strides=3)(x)
    x = kl.Dense(8, activation="relu")(kl.GlobalMaxPooling1D()(x))
    return keras.Model(tokens, kl.Dense(1, activation="sigmoid", name="predictions")(x))


def text_cnn_of_three_widths() -> keras.Model:
    """Kim's convolutions of several widths, each pooled by ops.max."""
    tokens = keras.Input((STEPS,), dtype="int32")
    x = kl.Embedding(WORDS, WIDTH)(tokens)
    pooled = [ops.max(kl.Conv1D(4, width)(x), axis=1) for width in (2, 3, 4)]
    x = ops.relu(ops.concatenate(pooled, axis=-1))
    return keras.Model(tokens, kl.Dense(2, activation="softmax")(x))


def bidirectional_lstm_imdb() -> keras.Model:
    """bidirectional_lstm_imdb."""
    tokens = keras.Input((None,), dtype="int32")
    x = kl.Embedding(WORDS, WIDTH)(tokens)
    x = kl.Bidirectional(kl.LSTM(6, return_sequences=True))(x)
    x = kl.Bidirectional(kl.LSTM(6))(x)
    return keras.Model(tokens, kl.Dense(1, activation="sigmoid")(x))


def gru_on_padded_words() -> keras.Model:
    """The guide on masking: zeros are padding."""
    tokens = keras.Input((STEPS,), dtype="int32")
    x = kl.Embedding(WORDS, WIDTH, mask_zero=True)(tokens)
    x = kl.GRU(6)(kl.GRU(6, return_sequences=True)(x))
    return keras.Model(tokens, kl.Dense(1)(x))


def seq2seq_lstm() -> keras.Model:
    """lstm_seq2seq: the model that is trained."""
    source = keras.Input((None, 7))
    _, *states = kl.LSTM(6, return_state=True)(source)
    target = keras.Input((None, 9))
    decoded, _, _ = kl.LSTM(6, return_sequences=True, return_state=True)(
        target, initial_state=states
    )
    return keras.Model([source, target], kl.Dense(9, activation="softmax")(decoded))


def seq2seq_decoder() -> keras.Model:
    """lstm_seq2seq: the decoder that samples, its states inputs and outputs."""
    target = keras.Input((None, 9))
    states = [keras.Input((6,), name="state_h"), keras.Input((6,), name="state_c")]
    lstm = kl.LSTM(6, return_sequences=True, return_state=True)
    decoded, *after = lstm(target, initial_state=states)
    return keras.Model([target, *states], [kl.Dense(9, activation="softmax")(decoded), *after])


def seq2seq_with_attention() -> keras.Model:
    """A decoder that looks back with layers.Attention (Luong)."""
    source = keras.Input((STEPS,), dtype="int32")
    encoded, state = kl.GRU(6, return_sequences=True, return_state=True)(
        kl.Embedding(WORDS, WIDTH)(source)
    )
    target = keras.Input((5,), dtype="int32")
    decoded = kl.GRU(6, return_sequences=True)(
        kl.Embedding(WORDS, WIDTH)(target), initial_state=state
    )
    context = kl.Attention()([decoded, encoded])
    both = kl.Concatenate()([decoded, context])
    return keras.Model([source, target], kl.Dense(WORDS)(kl.Dense(6, activation="tanh")(both)))


def seq2seq_with_additive_attention() -> keras.Model:
    """The same with layers.AdditiveAttention (Bahdanau), and scores by hand beside it."""
    source, target = keras.Input((STEPS, 5)), keras.Input((4, 5))
    encoded = kl.Bidirectional(kl.LSTM(3, return_sequences=True))(source)
    decoded = kl.LSTM(6, return_sequences=True)(target)
    context = kl.AdditiveAttention()([decoded, encoded])
    scores = ops.softmax(ops.matmul(decoded, ops.transpose(encoded, (0, 2, 1))) / 6**0.5, axis=-1)
    return keras.Model([source, target], ops.concatenate([context, scores @ encoded], axis=-1))


def memory_network() -> keras.Model:
    """babi_memnn: a story, a question, and an answer read off the story."""
    story, question = keras.Input((STEPS,), dtype="int32"), keras.Input((4,), dtype="int32")
    stored = kl.Dropout(0.3)(kl.Embedding(WORDS, WIDTH)(story))
    read = kl.Dropout(0.3)(kl.Embedding(WORDS, 4)(story))
    asked = kl.Dropout(0.3)(kl.Embedding(WORDS, WIDTH)(question))
    match = kl.Activation("softmax")(kl.Dot(axes=(2, 2))([stored, asked]))
    response = kl.Permute((2, 1))(kl.Add()([match, read]))
    answer = kl.LSTM(8)(kl.Concatenate()([response, asked]))
    return keras.Model(
        [story, question], kl.Activation("softmax")(kl.Dense(WORDS)(kl.Dropout(0.3)(answer)))
    )


def fnet() -> keras.Model:
    """fnet_classification_with_keras_hub: Fourier's transform as two products of matrices."""
    tokens = keras.Input((STEPS,), dtype="int32")
    x = kl.Embedding(WORDS, WIDTH)(tokens)
    steps = np.outer(np.arange(STEPS), np.arange(STEPS)) * 2 * np.pi / STEPS
    width = np.outer(np.arange(WIDTH), np.arange(WIDTH)) * 2 * np.pi / WIDTH
    for _ in range(2):
        real = ops.matmul(np.cos(steps).astype("float32"), x) @ np.cos(width).astype("float32")
        imaginary = ops.matmul(np.sin(steps).astype("float32"), x) @ np.sin(width).astype("float32")
        x = kl.LayerNormalization(epsilon=1e-6)(x + (real - imaginary))
        x = kl.LayerNormalization(epsilon=1e-6)(x + feed_forward(x))
    return keras.Model(tokens, kl.Dense(1, activation="sigmoid")(kl.GlobalAveragePooling1D()(x)))


def switched_experts() -> keras.Model:
    """text_classification_with_switch_transformer: experts weighed by a gate."""
    x = keras.Input((STEPS, WIDTH))
    gate = ops.softmax(kl.Dense(3)(x), axis=-1)
    made = ops.stack([feed_forward(x) for _ in range(3)], axis=2)  # (batch, steps, expert, width)
    mixed = ops.sum(made * ops.expand_dims(gate, -1), axis=2)
    chosen = ops.one_hot(ops.argmax(gate, axis=-1), 3)
    load = ops.mean(chosen, axis=1) * ops.mean(gate, axis=1)
    return keras.Model(x, [x + mixed, load])


def sentence_similarity() -> keras.Model:
    """Two sentences through one encoder, compared as in sentence embeddings."""
    tokens = keras.Input((STEPS,), dtype="int32")
    x = kl.Bidirectional(kl.GRU(4))(kl.Embedding(WORDS, WIDTH)(tokens))
    encoder = keras.Model(tokens, x, name="encoder")
    left, right = (keras.Input((STEPS,), dtype="int32", name=name) for name in ("left", "right"))
    a, b = encoder(left), encoder(right)
    compared = ops.concatenate([a, b, ops.abs(a - b), a * b], axis=-1)
    cosine = ops.sum(ops.normalize(a, axis=-1) * ops.normalize(b, axis=-1), axis=-1)
    return keras.Model([left, right], [kl.Dense(3, activation="softmax")(compared), cosine])


def character_lstm() -> keras.Model:
    """lstm_character_level_text_generation, a Sequential."""
    return keras.Sequential(
        [keras.Input((STEPS, 9)), kl.LSTM(8), kl.Dense(9, activation="softmax")]
    )


def functional_tickets() -> keras.Model:
    """The guide on the functional API: three inputs, two outputs."""
    title = keras.Input((None,), dtype="int32", name="title")
    body = keras.Input((None,), dtype="int32", name="body")
    tags = keras.Input((5,), name="tags")
    read = [
        kl.LSTM(8)(kl.Embedding(WORDS, WIDTH)(title)),
        kl.LSTM(4)(kl.Embedding(WORDS, WIDTH)(body)),
    ]
    x = kl.concatenate([*read, tags])
    outputs = {
        "priority": kl.Dense(1, name="priority")(x),
        "department": kl.Dense(4, name="department")(x),
    }
    return keras.Model([title, body, tags], outputs)


ENTRIES = entries(
    *(transformer_classifier, sinusoidal_transformer, miniature_gpt, causal_mask_by_hand),
    *(translation_transformer, bert_masked_words, text_cnn, text_cnn_of_three_widths),
    *(bidirectional_lstm_imdb, gru_on_padded_words, seq2seq_lstm, seq2seq_decoder),
    *(seq2seq_with_attention, seq2seq_with_additive_attention, memory_network, fnet),
    *(switched_experts, sentence_similarity, character_lstm, functional_tickets),
)
