"""The table of operations and the models that prove it hold together."""

from parity.operation_models import GROUPS, columns, of_two_samples

from keras_tfjs.translate.operation_table import OPERATIONS

# Their other names are made by keras.ops itself, or nobody can save a model with them.
BY_OTHER_NAMES = {"Abs", "Amax", "Amin", "Conj", "Conjugate", "Fabs", "Real", "TrueDivide"}


def test_every_operation_of_the_table_is_proved_in_some_model() -> None:
    models = [columns(cases, shape) for cases, shape, *_ in GROUPS.values()]
    proved = {
        type(operation).__name__
        for model in [*models, of_two_samples()]
        for operation in model.operations
    }

    assert sorted(set(OPERATIONS) - proved - BY_OTHER_NAMES) == []
