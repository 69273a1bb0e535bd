"""Models of tables, recommendations and games: keras.io/examples/structured_data and /rl."""

from typing import Any

import keras
import numpy as np
from keras import layers as kl
from keras import ops
from zoo.entry import Entry, entries

CATEGORIES = 5


def features() -> tuple[list[Any], Any, Any]:
    """Inputs of numbers and of two categories; the numbers, and the categories' embeddings."""
    numbers = keras.Input((3,), name="numbers")
    named = [keras.Input((1,), dtype="int32", name=name) for name in ("work", "country")]
    embedded = [kl.Embedding(CATEGORIES, 4)(each) for each in named]
    return [numbers, *named], numbers, kl.Concatenate(axis=1)(embedded)


def wide_and_deep() -> keras.Model:
    """wide_deep_cross_networks, the second."""
    inputs, numbers, embedded = features()
    wide = kl.BatchNormalization()(kl.concatenate([numbers, kl.Flatten()(embedded)]))
    deep = kl.concatenate([numbers, kl.Flatten()(embedded)])
    for units in (8, 6):
        deep = kl.Dropout(0.1)(kl.ReLU()(kl.BatchNormalization()(kl.Dense(units)(deep))))
    return keras.Model(inputs, kl.Dense(2, activation="softmax")(kl.concatenate([wide, deep])))


def deep_and_cross() -> keras.Model:
    """wide_deep_cross_networks, the third: features times features."""
    inputs, numbers, embedded = features()
    x0 = kl.concatenate([numbers, kl.Flatten()(embedded)])
    cross = x0
    for _ in range(2):
        cross = x0 * kl.Dense(x0.shape[-1])(cross) + cross
    cross = kl.BatchNormalization()(cross)
    deep = kl.Dense(6, activation="relu")(x0)
    merged = kl.concatenate([cross, deep])
    return keras.Model(inputs, kl.Dense(1, activation="sigmoid")(merged))


def factorization_machine() -> keras.Model:
    """deepfm: pairs of features by the square of their sum."""
    inputs, numbers, embedded = features()
    summed = ops.square(ops.sum(embedded, axis=1))
    pairs = 0.5 * ops.sum(summed - ops.sum(ops.square(embedded), axis=1), axis=1, keepdims=True)
    return keras.Model(inputs, ops.sigmoid(kl.Dense(1)(numbers) + pairs))


def collaborative_filtering() -> keras.Model:
    """collaborative_filtering_for_movielens: users and films are columns of one input."""
    pair = keras.Input((2,), dtype="int32")
    user, film = pair[:, 0], pair[:, 1]
    match = ops.sum(kl.Embedding(6, 4)(user) * kl.Embedding(7, 4)(film), axis=1, keepdims=True)
    x = match + kl.Embedding(6, 1)(user) + kl.Embedding(7, 1)(film)
    return keras.Model(pair, ops.nn.sigmoid(x))


def neural_collaborative_filtering() -> keras.Model:
    """Two towers, joined by a Dot and by dense layers."""
    user = keras.Input((1,), dtype="int32", name="user")
    film = keras.Input((1,), dtype="int32", name="film")
    towers = [kl.Flatten()(kl.Embedding(7, 4)(each)) for each in (user, film)]
    match = kl.Dot(axes=1, normalize=True)(towers)
    deep = kl.Dense(4, activation="relu")(kl.Concatenate()(towers))
    return keras.Model([user, film], kl.Dense(1)(kl.concatenate([match, deep])) * 5.0)


def structured_data() -> keras.Model:
    """structured_data_classification_from_scratch: numbers normalized, categories encoded."""
    age, thal = keras.Input((1,), name="age"), keras.Input((1,), dtype="int32", name="thal")
    normalization = kl.Normalization()
    normalization.adapt(np.array([[1.0], [2.0], [4.5]], "float32"))
    encoded = kl.CategoryEncoding(num_tokens=CATEGORIES, output_mode="multi_hot")(thal)
    x = kl.Dense(8, activation="relu")(kl.concatenate([normalization(age), encoded]))
    return keras.Model([age, thal], kl.Dense(1, activation="sigmoid")(kl.Dropout(0.5)(x)))


def looked_up_integers() -> keras.Model:
    """The same with categories that are any integers, looked up."""
    kind, age = keras.Input((1,), dtype="int64", name="kind"), keras.Input((2,), name="age")
    lookup = kl.IntegerLookup(vocabulary=[1, 3, 2], output_mode="one_hot")
    buckets = kl.Discretization(bin_boundaries=[-0.5, 0.5], output_mode="one_hot")
    x = kl.concatenate([lookup(kind), kl.Flatten()(buckets(age))])
    return keras.Model([kind, age], kl.Dense(3)(x))


def tab_transformer() -> keras.Model:
    """tabtransformer: attention between categories, numbers normalized beside."""
    inputs, numbers, x = features()
    for _ in range(2):
        attended = kl.MultiHeadAttention(2, 4, dropout=0.1)(x, x)
        x = kl.LayerNormalization(epsilon=1e-6)(kl.Add()([attended, x]))
        made = kl.Dense(4)(kl.Dense(4, activation=keras.activations.gelu)(x))
        x = kl.LayerNormalization(epsilon=1e-6)(kl.Add()([made, x]))
    flat = kl.concatenate([kl.Flatten()(x), kl.LayerNormalization(epsilon=1e-6)(numbers)])
    flat = kl.Dense(8, activation=keras.activations.selu)(kl.BatchNormalization()(flat))
    return keras.Model(inputs, kl.Dense(1, activation="sigmoid")(flat))


def variable_selection() -> keras.Model:
    """classification_with_grn_and_vsn: gated residual networks weigh the features."""

    def gated(x: Any, units: int) -> Any:
        made = kl.Dense(units)(kl.Dense(units, activation="elu")(x))
        kept = x if x.shape[-1] == units else kl.Dense(units)(x)
        gate = kl.Dense(units)(made) * kl.Dense(units, activation="sigmoid")(made)
        return kl.LayerNormalization()(kept + gate)

    inputs, numbers, embedded = features()
    parts = [kl.Dense(4)(numbers), embedded[:, 0], embedded[:, 1]]
    weights = kl.Dense(3, activation="softmax")(gated(kl.concatenate(parts), 4))
    made = ops.stack([gated(part, 4) for part in parts], axis=1)  # (batch, 3, 4)
    x = ops.squeeze(ops.matmul(ops.expand_dims(weights, 1), made), axis=1)
    return keras.Model(inputs, kl.Dense(1, activation="sigmoid")(x))


def decision_tree() -> keras.Model:
    """deep_neural_decision_forests: the chance of each leaf, by left and right at each node."""
    depth, x = 3, keras.Input((4,))
    decisions = ops.expand_dims(kl.Dense(2**depth, activation="sigmoid")(x), axis=2)
    decisions = ops.concatenate([decisions, 1 - decisions], axis=2)
    chance, begin, end = ops.ones_like(decisions[:, :1, :1]), 1, 2
    for level in range(depth):
        chance = ops.tile(ops.reshape(chance, [-1, 2**level, 1]), (1, 1, 2))
        chance = chance * decisions[:, begin:end, :]
        begin, end = end, end + 2 ** (level + 1)
    leaves = np.random.default_rng(3).normal(size=(2**depth, 3)).astype("float32")
    return keras.Model(x, ops.matmul(ops.reshape(chance, [-1, 2**depth]), ops.softmax(leaves)))


def behaviour_transformer() -> keras.Model:
    """movielens_recommendations_transformers: films in order, each weighed by its rating."""
    films = keras.Input((4,), dtype="int32", name="films")
    ratings = keras.Input((4,), name="ratings")
    target = keras.Input((1,), dtype="int32", name="target")
    embedding, place = kl.Embedding(9, 6), kl.Embedding(4, 6)
    places = ops.zeros_like(films) + ops.arange(4)
    x = (embedding(films) + place(places)) * ops.expand_dims(ratings, -1)
    x = kl.concatenate([x, embedding(target)], axis=1)
    attended = kl.Add()([x, kl.MultiHeadAttention(2, 6, dropout=0.1)(x, x)])
    normal = kl.LayerNormalization()(attended)
    made = kl.Dense(6)(kl.LeakyReLU()(normal))
    x = kl.Flatten()(kl.LayerNormalization()(kl.Add()([normal, made])))
    return keras.Model([films, ratings, target], kl.Dense(1)(kl.LeakyReLU()(kl.Dense(8)(x))))


def dueling_dqn() -> keras.Model:
    """deep_q_network_breakout, its head in two: a value, and what each action adds to it."""
    frames = keras.Input((4, 16, 16))
    x = ops.transpose(frames, [0, 2, 3, 1])
    x = kl.Conv2D(4, 8, strides=4, activation="relu")(x)
    x = kl.Dense(8, activation="relu")(kl.Flatten()(kl.Conv2D(6, 2, activation="relu")(x)))
    value, advantage = kl.Dense(1)(x), kl.Dense(4)(x)
    return keras.Model(frames, value + (advantage - ops.mean(advantage, axis=1, keepdims=True)))


def actor_critic() -> keras.Model:
    """actor_critic_cartpole."""
    state = keras.Input((4,))
    common = kl.Dense(8, activation="relu")(state)
    return keras.Model(state, [kl.Dense(2, activation="softmax")(common), kl.Dense(1)(common)])


def policy_logarithms() -> keras.Model:
    """ppo_cartpole: the logarithms of the chances of actions that were taken."""
    state, action = keras.Input((4,)), keras.Input((1,), dtype="int32")
    logits = kl.Dense(3)(kl.Dense(8, activation="tanh")(state))
    logarithms = ops.log_softmax(logits)
    taken = ops.sum(ops.one_hot(action[:, 0], 3) * logarithms, axis=1)
    value = ops.squeeze(kl.Dense(1)(kl.Dense(8, activation="tanh")(state)), axis=1)
    return keras.Model([state, action], [taken, value, ops.argmax(logits, axis=-1)])


def ddpg_actor_and_critic() -> keras.Model:
    """ddpg_pendulum: an action within bounds, and what it is worth in a state."""
    state = keras.Input((3,))
    x = kl.Dense(8, activation="relu")(state)
    action = kl.Dense(1, activation="tanh")(x) * 2.0
    of_state = kl.Dense(6, activation="relu")(state)
    of_action = kl.Dense(4, activation="relu")(action)
    worth = kl.Dense(1)(kl.Dense(8, activation="relu")(kl.Concatenate()([of_state, of_action])))
    return keras.Model(state, [action, worth])


def quantiles() -> keras.Model:
    """A regression of several quantiles, kept in order by cumulative sums of softplus."""
    x = keras.Input((4,))
    hidden = kl.Dense(8, activation="swish")(x)
    lowest, steps = kl.Dense(1)(hidden), ops.softplus(kl.Dense(3)(hidden))
    return keras.Model(x, ops.concatenate([lowest, lowest + ops.cumsum(steps, axis=-1)], axis=-1))


ENTRIES = [
    *entries(
        *(wide_and_deep, deep_and_cross, factorization_machine, collaborative_filtering),
        *(neural_collaborative_filtering, structured_data, tab_transformer, variable_selection),
        *(decision_tree, behaviour_transformer, dueling_dqn, actor_critic, policy_logarithms),
        *(ddpg_actor_and_critic, quantiles),
    ),
    Entry("looked_up_integers", looked_up_integers, eager=True),
]
