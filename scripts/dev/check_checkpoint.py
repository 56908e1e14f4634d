"""Reads a training's newest checkpoint as TF1 programs do.

usage: check_checkpoint.py FOLDER
"""

import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import tensorflow as tf  # noqa: E402

tf1 = tf.compat.v1


def main(folder):
    newest = tf.train.latest_checkpoint(folder)
    assert newest is not None, f"{folder}: no checkpoint found"
    for name in tf.train.get_checkpoint_state(folder).all_model_checkpoint_paths:
        assert tf1.train.checkpoint_exists(name), f"{name}: named, but not there"
    with tf.Graph().as_default(), tf1.Session() as session:
        tf1.train.import_meta_graph(newest + ".meta").restore(session, newest)
        variables = tf1.global_variables()
        reader = tf.train.load_checkpoint(newest)
        for variable, value in zip(variables, session.run(variables)):
            assert (value == reader.get_tensor(variable.op.name)).all(), variable
    name = os.path.basename(newest)
    print(f"{name}: {len(variables)} variables, restored by tf.train.import_meta_graph")


main(sys.argv[1])
