"""What the scripts that write models for the Java tests share: case.json, which vae.serve.FunctionCase reads.

A case has `functions`. Each has a `signature`, whether it can be asked in `rows`, and its `inputs` and `outputs` by
name: the tensor, and a value, as Python fed or computed it.
"""
import base64
import json
import os

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')
os.environ['TF_USE_LEGACY_KERAS'] = '1'  # tf.layers and the RNN cells, as TF1 had them.

import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

tf1 = tf.compat.v1


def described(name, value):
    """A tensor's name and value, as JSON has it; texts in base64."""
    value = np.asarray(value)
    flat = value.reshape(-1).tolist()
    is_text = value.dtype.kind in 'SOU'
    if is_text:
        flat = [base64.b64encode(each if isinstance(each, bytes) else each.encode()).decode() for each in flat]
    return {'tensor': name, 'dtype': 'string' if is_text else value.dtype.name, 'shape': list(value.shape),
            'values': flat}


def value_of(tensor):
    """The value in what `described` gave."""
    if tensor['dtype'] == 'string':
        values = np.array([base64.b64decode(value) for value in tensor['values']], object)
    else:
        values = np.array(tensor['values'], tensor['dtype'])
    return values.reshape(tensor['shape'])


def write(folder, case):
    with open(os.path.join(folder, 'case.json'), 'w') as file:
        json.dump(case, file)


def read(folder):
    with open(os.path.join(folder, 'case.json')) as file:
        return json.load(file)


def randomise(session, random):
    """Changes biases, moving averages and their like, which start at 0 or 1: that would hide mistakes."""
    variables = [v for v in tf1.global_variables() if v.dtype.base_dtype in (tf.float32, tf.float64)]
    changed = {v: value + random.uniform(.1, .5, value.shape).astype(value.dtype)
               for v, value in zip(variables, session.run(variables)) if np.ptp(value) == 0}
    session.run([v.initializer for v in changed], {v.initializer.inputs[1]: value for v, value in changed.items()})
