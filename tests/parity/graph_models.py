"""Every way in which Keras wires layers, and every trap that tfjs has for it."""

import keras
import numpy as np
from keras import layers as kl
from parity.row import Row, floats, one

from keras_bias import layers as bias_layers


def sequential() -> keras.Model:
    return keras.Sequential(
        [keras.Input((3,)), kl.Dense(4, activation="relu"), kl.Dropout(0.5), kl.Dense(2)]
    )


def functional() -> keras.Model:
    inputs = keras.Input((3,))
    hidden = kl.Dense(4, activation="tanh")(inputs)
    return keras.Model(inputs, kl.Dense(2)(hidden))


def residual() -> keras.Model:
    inputs = keras.Input((4,))
    hidden = kl.Dense(4)(inputs)
    return keras.Model(inputs, kl.Add()([inputs, kl.Dense(4)(hidden), hidden]))


def several() -> keras.Model:
    left, right = keras.Input((3,), name="left"), keras.Input((4,), name="right")
    both = kl.Concatenate()([kl.Dense(2)(right), kl.Dense(2)(left)])
    return keras.Model([right, left], [kl.Dense(1)(both), kl.Dense(2)(left)])


def dict_io() -> keras.Model:
    # Sorted otherwise than given, so that an order that comes from nowhere shows.
    inputs = {"b": keras.Input((3,), name="b"), "a": keras.Input((4,), name="a")}
    outputs = {"z": kl.Dense(2)(inputs["b"]), "c": kl.Dense(5)(inputs["a"])}
    return keras.Model(inputs, outputs)


def nested_io() -> keras.Model:
    inputs = [keras.Input((2,)), {"q": keras.Input((3,)), "p": [keras.Input((4,))]}]
    p, q = inputs[1]["p"][0], inputs[1]["q"]
    outputs = {"second": [kl.Dense(1)(p), kl.Dense(2)(q)], "first": kl.Dense(3)(inputs[0])}
    return keras.Model(inputs, outputs)


def list_of_one() -> keras.Model:
    inputs = keras.Input((3,))
    return keras.Model([inputs], [kl.Dense(2)(inputs)])


def fixed_batch() -> keras.Model:
    inputs = keras.Input(batch_shape=(2, 3))
    return keras.Model(inputs, kl.Dense(2)(inputs))


def fixed_batch_sequential() -> keras.Model:
    return keras.Sequential([keras.Input(batch_shape=(2, 3)), kl.Dense(2)])


def unknown_sizes() -> keras.Model:
    inputs = keras.Input((None, None, 3))
    return keras.Model(inputs, kl.Dense(2)(inputs))


def integer_input() -> keras.Model:
    words, number = keras.Input((4,), dtype="int32"), keras.Input((3,))
    embedded = kl.Flatten()(kl.Embedding(5, 2)(words))
    return keras.Model([words, number], kl.Dense(2)(kl.Concatenate()([embedded, number])))


def uint8_input() -> keras.Model:
    words = keras.Input((4,), dtype="uint8")
    return keras.Model(words, kl.Embedding(5, 2)(words))


def float16_input() -> keras.Model:
    inputs = keras.Input((4,), dtype="float16")
    return keras.Model(inputs, kl.Dense(2)(inputs))


def input_is_output() -> keras.Model:
    inputs = keras.Input((3,))
    return keras.Model(inputs, [kl.Dense(2)(inputs), inputs])


def only_an_input() -> keras.Model:
    inputs = keras.Input((3,))
    return keras.Model(inputs, inputs)


def same_output_twice() -> keras.Model:
    inputs = keras.Input((3,))
    output = kl.Dense(2)(inputs)
    return keras.Model(inputs, [output, output])


def output_feeds_a_layer() -> keras.Model:
    inputs = keras.Input((3,))
    hidden = kl.Dense(4)(inputs)
    return keras.Model(inputs, [hidden, kl.Dense(2)(hidden)])


def same_tensor_twice() -> keras.Model:
    inputs = keras.Input((3,))
    hidden = kl.Dense(4)(inputs)
    return keras.Model(inputs, [kl.Multiply()([hidden, hidden]), kl.Dense(2)(hidden)])


def same_tensor_thrice() -> keras.Model:
    inputs = keras.Input((3,))
    hidden = kl.Dense(4)(inputs)
    product = kl.Multiply()([hidden, hidden, hidden])
    return keras.Model(inputs, kl.Concatenate()([product, hidden, product]))


def same_input_twice() -> keras.Model:
    inputs = keras.Input((3,))
    return keras.Model(inputs, kl.Multiply()([inputs, inputs]))


def shared() -> keras.Model:
    left, right = keras.Input((3,)), keras.Input((3,))
    dense = kl.Dense(2)
    return keras.Model([left, right], kl.Subtract()([dense(left), dense(right)]))


def shared_before_its_producer() -> keras.Model:
    # tfjs queues a node that is not ready behind the layer's others and so swaps the outputs.
    inputs = keras.Input((2,))
    layer, producer = kl.Dense(2, name="a_shared"), kl.Dense(2, name="z_producer")
    late = layer(producer(inputs))
    early = layer(inputs)
    return keras.Model(inputs, [late, early])


def shared_in_a_chain() -> keras.Model:
    inputs = keras.Input((3,))
    dense = kl.Dense(3, activation="tanh")
    return keras.Model(inputs, dense(dense(dense(inputs))))


def shared_and_crossed() -> keras.Model:
    # Each layer's second call needs the other's first: no order of whole layers will do.
    inputs = keras.Input((3,))
    one, two = kl.Dense(3), kl.Dense(3, activation="tanh")
    first, second = one(inputs), two(inputs)
    return keras.Model(inputs, [two(first), one(second), two(one(first)), one(two(second))])


def shared_with_a_call_outside() -> keras.Model:
    # Calls that are not part of the model are counted by Keras.
    inputs, elsewhere = keras.Input((3,)), keras.Input((3,))
    dense = kl.Dense(2)
    dense(elsewhere)
    return keras.Model(inputs, dense(inputs))


def part_of_another() -> keras.Model:
    inputs = keras.Input((3,))
    hidden = kl.Dense(4, name="hidden")(inputs)
    whole = keras.Model(inputs, kl.Dense(2)(hidden))
    return keras.Model(whole.inputs, whole.get_layer("hidden").output)


def from_the_middle() -> keras.Model:
    inputs = keras.Input((3,))
    hidden = kl.Dense(4)(inputs)
    return keras.Model(hidden, kl.Dense(2)(hidden))


def _functional(size_in: int, size_out: int, name: str) -> keras.Model:
    inputs = keras.Input((size_in,))
    return keras.Model(inputs, kl.Dense(size_out, activation="tanh")(inputs), name=name)


def _sequential(size_in: int, size_out: int, name: str) -> keras.Model:
    layers = [keras.Input((size_in,)), kl.Dense(size_out, activation="tanh")]
    return keras.Sequential(layers, name=name)


def functional_in_functional() -> keras.Model:
    inputs = keras.Input((3,))
    return keras.Model(inputs, kl.Dense(2)(_functional(3, 4, "inner")(inputs)))


def sequential_in_functional() -> keras.Model:
    inputs = keras.Input((3,))
    return keras.Model(inputs, kl.Dense(2)(_sequential(3, 4, "inner")(inputs)))


def functional_in_sequential() -> keras.Model:
    return keras.Sequential([keras.Input((3,)), _functional(3, 4, "inner"), kl.Dense(2)])


def sequential_in_sequential() -> keras.Model:
    return keras.Sequential([keras.Input((3,)), _sequential(3, 4, "inner"), kl.Dense(2)])


def begins_with_a_model() -> keras.Model:
    return keras.Sequential([_functional(3, 4, "inner"), kl.Dense(2)])


def nested_is_the_output() -> keras.Model:
    inputs = keras.Input((3,))
    functional_out = _functional(3, 4, "f")(inputs)
    return keras.Model(inputs, [functional_out, _sequential(4, 2, "s")(functional_out)])


def three_levels() -> keras.Model:
    innermost = keras.Sequential([keras.Input((4,)), _functional(4, 3, "c"), kl.Dense(4)], name="b")
    middle_in = keras.Input((3,))
    middle = keras.Model(middle_in, innermost(kl.Dense(4)(middle_in)), name="a")
    return keras.Sequential([keras.Input((3,)), middle, kl.Dense(2)])


def three_levels_functional() -> keras.Model:
    c = _functional(4, 3, "c")
    b_in = keras.Input((4,))
    b = keras.Model(b_in, [c(b_in), kl.Dense(2)(c(b_in))], name="b")
    a_in = keras.Input((4,))
    first, second = b(kl.Dense(4)(a_in))
    return keras.Model(a_in, [second, kl.Dense(1)(first)])


def nested_called_twice() -> keras.Model:
    left, right = keras.Input((3,)), keras.Input((3,))
    inner = _functional(3, 4, "inner")
    return keras.Model([left, right], kl.Subtract()([inner(left), inner(right)]))


def nested_sequential_called_twice() -> keras.Model:
    left, right = keras.Input((3,)), keras.Input((3,))
    inner = _sequential(3, 3, "inner")
    return keras.Model([left, right], [inner(inner(left)), inner(right)])


def nested_with_several_outputs() -> keras.Model:
    inner = several()
    left, right = keras.Input((3,)), keras.Input((4,))
    first, second = inner([right, left])
    return keras.Model([left, right], [second, kl.Dense(2)(first)])


def nested_with_dicts() -> keras.Model:
    inner = dict_io()
    left, right = keras.Input((3,)), keras.Input((4,))
    outputs = inner({"a": right, "b": left})
    return keras.Model([left, right], kl.Concatenate()([outputs["z"], outputs["c"]]))


def nested_layers_share_names() -> keras.Model:
    # Keras allows it; tfjs finds weights by layer name alone.
    inner = keras.Sequential([keras.Input((3,)), kl.Dense(4, name="same")], name="inner")
    inputs = keras.Input((3,))
    return keras.Model(inputs, kl.Dense(2, name="same")(inner(inputs)))


def shared_between_nested() -> keras.Model:
    # One layer object in two nested models becomes two layers in tfjs.
    dense = kl.Dense(3, name="both")
    one = keras.Sequential([keras.Input((3,)), dense], name="one")
    two = keras.Sequential([keras.Input((3,)), dense, kl.Dense(3)], name="two")
    inputs = keras.Input((3,))
    return keras.Model(inputs, kl.Add()([one(inputs), two(inputs)]))


def shared_inside_and_outside() -> keras.Model:
    dense = kl.Dense(3)
    inner = keras.Sequential([keras.Input((3,)), dense, kl.ReLU()])
    inputs = keras.Input((3,))
    return keras.Model(inputs, [dense(inputs), inner(inputs)])


def odd_names() -> keras.Model:
    inputs = keras.Input((3,), name="my input")
    hidden = kl.Dense(4, name="9 to 5: größe")(inputs)
    other = kl.Dense(4, name="my_layer")(hidden)
    return keras.Model(inputs, kl.Dense(2, name="my layer")(other), name="a model")


def underscore_names() -> keras.Model:
    return keras.Sequential(
        [keras.Input((3,)), kl.Dense(4, name="_private"), kl.Dense(2, name="private")]
    )


def names_that_are_numbers() -> keras.Model:
    # A weight whose name ends in a number switches tfjs to another way of finding weights.
    return keras.Sequential([keras.Input((3,)), kl.Dense(4, name="0"), kl.Dense(2, name="1")])


def names_that_clash_once_mended() -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((3,)),
            kl.Dense(4, name="a_b"),
            kl.Dense(3, name="a b"),
            kl.Dense(2, name="a:b"),
        ]
    )


def camel_names() -> keras.Model:
    # tfjs camel-cases strings all over the file, and names must survive it.
    inputs = keras.Input((3,), name="the_first_input")
    inner = keras.Sequential([keras.Input((3,)), kl.Dense(4, name="in_side")], name="in_ner_model")
    return keras.Model(inputs, kl.Dense(2, name="the_last_layer_")(inner(inputs)))


def created_in_another_order() -> keras.Model:
    # The weights' groups in the file are numbered by class in the model's order, not by name.
    last, first = kl.Dense(3, name="dense"), kl.Dense(3, name="dense_1")
    return keras.Sequential([keras.Input((3,)), first, kl.Dense(3, name="dense_2"), last])


def frozen() -> keras.Model:
    model = sequential()
    model.trainable = False
    return model


def numbers_as_inputs() -> keras.Model:
    user, age = keras.Input((), dtype="int32", name="user"), keras.Input((), name="age")
    known = kl.Embedding(5, 4)(user)
    x = kl.Concatenate()([known, keras.ops.expand_dims(age, -1)])
    return keras.Model({"age": age, "user": user}, kl.Dense(2)(x))


def numbers_into_sequentials() -> keras.Model:
    inner = keras.Sequential([keras.Input(()), kl.Rescaling(2.0), kl.Reshape((1,))])
    inputs = keras.Input(batch_shape=(3,))
    return keras.Model(inputs, keras.Sequential([keras.Input(()), inner, kl.Dense(2)])(inputs))


def told_to_train() -> keras.Model:
    inputs, inner = keras.Input((3,)), keras.Sequential(
        [keras.Input((3,)), kl.BatchNormalization(), kl.GaussianNoise(1.0)]
    )  # fmt: skip
    x = kl.BatchNormalization()(inputs, training=True)
    return keras.Model(inputs, kl.Dropout(0.5)(inner(x, training=True), training=True))


def told_not_to_train() -> keras.Model:
    inputs, inner = keras.Input((3,)), keras.Sequential([keras.Input((3,)), kl.Dropout(0.5)])
    x = kl.BatchNormalization()(inner(inputs, training=False), training=False)
    return keras.Model(inputs, kl.Dense(2)(x))


def compiled_and_trained() -> keras.Model:
    model = sequential()
    model.compile("adam", "mse", metrics=["mae"])
    model.fit(np.ones((4, 3)), np.ones((4, 2)), verbose=0)
    return model


def mixed_precision() -> keras.Model:
    policy = keras.DTypePolicy("mixed_bfloat16")
    return keras.Sequential([keras.Input((3,)), kl.Dense(4, dtype=policy), kl.Dense(2)])


def masks_pass_through() -> keras.Model:
    words = keras.Input((4,), dtype="int32")
    embedded = kl.Embedding(5, 3, mask_zero=True)(words)
    return keras.Model(words, kl.Dense(2)(kl.Activation("tanh")(embedded)))


def masks_into_nested() -> keras.Model:
    steps = keras.Input((4, 3))
    inner = keras.Model(steps, kl.Flatten()(kl.Dense(2)(steps)))
    words = keras.Input((4,), dtype="int32")
    return keras.Model(words, inner(kl.Embedding(5, 3, mask_zero=True)(words)))


def masks_into_batch_norm() -> keras.Model:
    words = keras.Input((4,), dtype="int32")
    embedded = kl.Embedding(5, 3, mask_zero=True)(words)
    return keras.Model(words, kl.BatchNormalization()(embedded))


def masks_of_some() -> keras.Model:
    words = keras.Input((4,), dtype="int32")
    one, two = kl.Embedding(5, 3, mask_zero=True)(words), kl.Embedding(5, 3)(words)
    both = kl.Concatenate()([two, one])
    return keras.Model(words, [kl.Add()([two, one]), kl.Subtract()([one, two]), both])


def _on_several_shapes(layer: kl.Layer, *shapes: tuple[int | None, ...]) -> keras.Model:
    inputs = [keras.Input(shape) for shape in shapes]
    return keras.Model(inputs, [layer(each) for each in inputs])


def flatten_on_several_shapes() -> keras.Model:
    return _on_several_shapes(kl.Flatten(), (4,), (2, 3), (None, 3), (3, 2))


def reshape_on_several_shapes() -> keras.Model:
    return _on_several_shapes(kl.Reshape((-1, 2)), (4,), (2, 3))


def softmax_on_several_shapes() -> keras.Model:
    return _on_several_shapes(kl.Softmax(axis=1), (4,), (2, 3))


def layer_norm_on_several_shapes() -> keras.Model:
    layer, inputs = kl.LayerNormalization(), [keras.Input((3,)), keras.Input((2, 3))]
    return keras.Model(inputs, [layer(inputs[0]), kl.Flatten()(layer(inputs[1]))])


def pooling_on_several_shapes() -> keras.Model:
    layer = kl.GlobalAveragePooling2D(keepdims=True)
    return _on_several_shapes(layer, (4, 4, 3), (5, 5, 2))


def concatenate_on_several_shapes() -> keras.Model:
    layer = kl.Concatenate(axis=-2)
    inputs = [keras.Input(shape) for shape in ((4, 3), (2, 3), (2, 2, 3), (2, 4, 3))]
    return keras.Model(inputs, [layer(inputs[:2]), layer(inputs[2:])])


def add_on_one_and_two() -> keras.Model:
    layer, inputs = kl.Add(), [keras.Input((3,)), keras.Input((3,))]
    return keras.Model(inputs, [layer(inputs[:1]), layer(inputs)])


def integers_and_floats() -> keras.Model:
    words, number = keras.Input((4,), dtype="int32"), keras.Input((4,))
    return keras.Model([words, number], [kl.Concatenate()([words, number]), words])


def nothing_but_a_shared_layer() -> keras.Model:
    # The inner model has a group in the file, and nothing in it.
    dense = kl.Dense(3)
    inner = keras.Sequential([keras.Input((3,)), dense])
    return keras.Sequential([keras.Input((3,)), dense, kl.ReLU(), inner])


def called_with_keywords() -> keras.Model:
    inputs = keras.Input((3,))
    return keras.Model(inputs, kl.Dense(2)(kl.Dropout(0.5)(inputs=inputs, training=False)))


def called_with_inputs() -> keras.Model:
    # Layers whose form in tfjs depends on the shape of what they are called on.
    inputs = keras.Input((2, 3))
    flat = kl.Flatten()(inputs=kl.Flatten()(inputs=inputs))
    return keras.Model(inputs, kl.LayerNormalization()(inputs=flat))


def twins_in_twins() -> keras.Model:
    inner_in = keras.Input((3,))
    shared_bias = bias_layers.Bias("scalar")
    hidden = shared_bias(bias_layers.Dense(4, bias_shape="scalar", activation="tanh")(inner_in))
    inner = keras.Model(inner_in, shared_bias(hidden), name="inner")
    inputs = keras.Input((3,))
    output = bias_layers.Dense(2, bias_shape="scalar", name="last")(inner(inputs))
    return keras.Model(inputs, kl.BatchNormalization()(output))


def deep() -> keras.Model:
    inputs = tensor = keras.Input((8,))
    for _ in range(30):
        tensor = kl.Add()([tensor, kl.Dense(8, activation="tanh")(tensor)])
    return keras.Model(inputs, tensor)


WHY = {
    sequential: "the simplest",
    functional: "flat input and output references",
    residual: "a tensor that feeds several layers",
    several: "the order of inputs is the user's, not the layers'",
    dict_io: "dicts are flattened by sorted key",
    nested_io: "lists in dicts in lists",
    list_of_one: "a list is no tensor",
    fixed_batch: "the batch size is in the input's shape",
    fixed_batch_sequential: "the same in a Sequential",
    unknown_sizes: "None stays null",
    integer_input: "int32 beside float32",
    uint8_input: "tfjs cannot be fed bytes",
    input_is_output: "no layer makes this output",
    only_an_input: "a model that does nothing",
    same_output_twice: "tfjs predicts no tensor twice",
    output_feeds_a_layer: "an output that is used on",
    same_tensor_twice: "tfjs frees the tensor too early",
    same_tensor_thrice: "and earlier still",
    same_input_twice: "inputs are not freed",
    shared: "two nodes",
    shared_before_its_producer: "tfjs would swap the outputs",
    shared_in_a_chain: "a layer fed by itself",
    shared_and_crossed: "node order that no order of layers gives",
    shared_with_a_call_outside: "node indices that begin at 1",
    part_of_another: "a model cut out of a larger one",
    from_the_middle: "an input that is no InputLayer of the user's",
    functional_in_functional: "node indices are off by one",
    sequential_in_functional: "and otherwise for Sequential",
    functional_in_sequential: "no node at all",
    sequential_in_sequential: "two first layers",
    begins_with_a_model: "no InputLayer of its own",
    nested_is_the_output: "Keras counts differently in output_layers",
    three_levels: "alternating",
    three_levels_functional: "with a call twice, inside",
    nested_called_twice: "two nodes of a nested Functional",
    nested_sequential_called_twice: "of a nested Sequential, one fed by itself",
    nested_with_several_outputs: "tensor indices of a nested model",
    nested_with_dicts: "dicts inside",
    nested_layers_share_names: "two layers of one name in tfjs's flat space",
    shared_between_nested: "one object, two layers",
    shared_inside_and_outside: "one object, two layers, two levels",
    odd_names: "tfjs refuses them as tensor names",
    underscore_names: "a leading underscore, and what it clashes with",
    names_that_are_numbers: "tfjs takes them for indices",
    names_that_clash_once_mended: "mended names must stay different",
    camel_names: "underscores survive in names",
    created_in_another_order: "a repair by name would swap weights in silence",
    frozen: "trainable=False on the model",
    numbers_as_inputs: "tfjs is fed two axes at least",
    numbers_into_sequentials: "nested models are not fed",
    told_to_train: "predict does not listen",
    told_not_to_train: "nor does fit",
    compiled_and_trained: "optimizer and metrics are in the file",
    masks_pass_through: "a mask that nobody uses",
    masks_into_nested: "the mask stands among the call's arguments",
    masks_into_batch_norm: "and with it the operations that make it",
    masks_of_some: "tfjs makes masks of masks that are not there",
    flatten_on_several_shapes: "three different layers in tfjs",
    reshape_on_several_shapes: "the -1 differs",
    softmax_on_several_shapes: "the last axis or not",
    layer_norm_on_several_shapes: "one weight for two ranks",
    pooling_on_several_shapes: "the number of channels differs",
    concatenate_on_several_shapes: "-2 is another axis from the front",
    add_on_one_and_two: "tfjs wants two",
    integers_and_floats: "tfjs joins bits, not numbers",
    nothing_but_a_shared_layer: "weights filed elsewhere, all of them",
    called_with_keywords: "inputs and training by keyword",
    called_with_inputs: "shapes are followed through keywords",
    twins_in_twins: "twins shared and nested",
}

ROWS = [
    *(Row(build.__name__, build, why) for build, why in WHY.items()),
    Row("mixed_precision", mixed_precision, "bfloat16 rounds to 8 bits", tolerance=2e-2),
    Row(
        "float16_input",
        float16_input,
        "tfjs cannot be fed float16",
        inputs=[floats([[0.5, -1.25, 2, 0], [1, 0.125, -3, 4]])],  # no rounding on the way in
    ),
    Row(
        "numbers_as_outputs",
        one(lambda: kl.Activation("tanh")),
        "tfjs has no targets of one axis",
        trains=False,
    ),
    Row("deep", deep, "errors add up over 30 layers", tolerance=1e-4),
]
