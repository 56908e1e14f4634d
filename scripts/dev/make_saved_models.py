"""Writes SavedModels as Python's TensorFlow does, for the Java program to load.

usage: make_saved_models.py DIR

DIR/<name>/ holds a decoder from noise [batch, 2] to images [batch, 4]; `noise.csv` and `image.csv`
beside it, without a header, what Python computes with it:
  ref, resource   TF1's two kinds of variables
  renamed         a saver that calls a variable otherwise than the graph does
  init            an init op that doubles a variable once it is restored
  tf2             tf.saved_model.save: functions, and a saver made of them
"""

import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

tf1 = tf.compat.v1
NOISE = np.array([[0, 0], [1, -2], [0.5, 3]], np.float32)
WEIGHTS = np.array([[1, 2, 3, 4], [-1, 0.5, 0.25, 2]], np.float32)
BIAS = np.array([0.1, -0.2, 0.3, -0.4], np.float32)


def write_values(folder, image):
    np.savetxt(os.path.join(folder, "noise.csv"), NOISE, delimiter=",")
    np.savetxt(os.path.join(folder, "image.csv"), image, delimiter=",", fmt="%.9g")


def save_tf1(folder, resource, renamed=False, init=False):
    with tf.Graph().as_default(), tf1.Session() as session:
        noise = tf1.placeholder(tf.float32, [None, 2], "z")
        weights = tf1.Variable(WEIGHTS, name="weights", use_resource=resource)
        bias = tf1.Variable(BIAS, name="bias", use_resource=resource)
        image = tf.sigmoid(tf.matmul(noise, weights) + bias, name="decoded")
        session.run(tf1.global_variables_initializer())
        saver = tf1.train.Saver({"w": weights, "bias": bias} if renamed else None)
        main_op = tf1.assign(weights, weights * 2).op if init else None
        builder = tf1.saved_model.Builder(folder)
        builder.add_meta_graph_and_variables(
            session,
            [tf.saved_model.SERVING],
            signature_def_map={
                "generate": tf1.saved_model.predict_signature_def({"noise": noise}, {"image": image})
            },
            saver=saver,
            main_op=main_op,
        )
        builder.save()
        if init:
            session.run(main_op)
        write_values(folder, session.run(image, {noise: NOISE}))


def save_tf2(folder):
    module = tf.Module()
    module.weights = tf.Variable(WEIGHTS)

    @tf.function(input_signature=[tf.TensorSpec([None, 2], tf.float32)])
    def generate(noise):
        return {"image": tf.sigmoid(tf.matmul(noise, module.weights) + BIAS)}

    module.generate = generate
    tf.saved_model.save(module, folder, {"generate": generate})
    write_values(folder, generate(NOISE)["image"])


def main(folder):
    save_tf1(os.path.join(folder, "ref"), resource=False)
    save_tf1(os.path.join(folder, "resource"), resource=True)
    save_tf1(os.path.join(folder, "renamed"), resource=False, renamed=True)
    save_tf1(os.path.join(folder, "init"), resource=True, init=True)
    save_tf2(os.path.join(folder, "tf2"))


main(sys.argv[1])
