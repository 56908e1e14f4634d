"""Writes TF1 models of every kind, for the Java program to serve and to call.

usage: make_functions.py DIR

DIR/<name>/ holds one model, in the forms that its kind has:
  saved/               a SavedModel
  checkpoint/model.*   what tf.train.Saver leaves, with the state file `checkpoint`
  frozen.pb            the graph with its variables as constants
  case.json            its functions, and what Python computes of them (cases.py)
"""

import os
import sys

import numpy as np

import cases
from cases import described, tf, tf1

RANDOM = np.random.RandomState(1)
DENSE = {"kernel_initializer": tf1.initializers.random_normal(stddev=0.3, seed=1)}


class Model:
    """A graph that is being built. Functions are added to it, then it is written."""

    def __init__(self, folder, name, kind):
        self.folder = os.path.join(folder, name)
        os.makedirs(self.folder)
        self.case = {"name": name, "kind": kind, "functions": []}
        self.signatures = {}
        self.graph = tf.Graph()
        self.calls = []

    def __enter__(self):
        self.scope = self.graph.as_default()
        self.scope.__enter__()
        tf1.set_random_seed(1)
        return self

    def __exit__(self, *error):
        self.scope.__exit__(*error)

    def function(self, inputs, outputs, fed, key="serving_default", rows=True):
        self.calls.append((key, inputs, outputs, fed, rows))
        self.signatures[key] = tf1.saved_model.predict_signature_def(inputs, outputs)

    def write(self, saver=None, main_op=None, assets=None, frozen=False, checkpoint=True):
        with tf1.Session(graph=self.graph) as session:
            session.run([tf1.global_variables_initializer(), tf1.tables_initializer()])
            cases.randomise(session, RANDOM)
            for key, inputs, outputs, fed, rows in self.calls:
                values = session.run(outputs, {inputs[name]: value for name, value in fed.items()})
                self.case["functions"].append(
                    {
                        "signature": key,
                        "rows": rows,
                        "inputs": {
                            name: described(
                                inputs[name].name, np.asarray(value, inputs[name].dtype.as_numpy_dtype)
                            )
                            for name, value in fed.items()
                        },
                        "outputs": {name: described(outputs[name].name, values[name]) for name in outputs},
                    }
                )
            builder = tf1.saved_model.Builder(os.path.join(self.folder, "saved"))
            builder.add_meta_graph_and_variables(
                session,
                [tf.saved_model.SERVING],
                signature_def_map=self.signatures,
                main_op=main_op,
                assets_collection=assets,
                saver=saver,
            )
            builder.save()
            if checkpoint and tf1.global_variables():
                os.makedirs(os.path.join(self.folder, "checkpoint"))
                saver = saver or tf1.train.Saver()
                saver.save(session, os.path.join(self.folder, "checkpoint", "model"))
            if frozen:
                ends = [out.op.name for call in self.calls for out in call[2].values()]
                graph = tf1.graph_util.convert_variables_to_constants(
                    session, self.graph.as_graph_def(), ends
                )
                with open(os.path.join(self.folder, "frozen.pb"), "wb") as file:
                    file.write(graph.SerializeToString())
        cases.write(self.folder, self.case)


def normal(*shape):
    return RANDOM.normal(size=shape).astype(np.float32)


def weights(name, *shape):
    return tf1.get_variable(
        name, initializer=RANDOM.normal(scale=0.3, size=shape).astype(np.float32)
    )


def classifier(folder):
    with Model(folder, "classifier", "tf.layers.dense, softmax, argmax of int64") as model:
        x = tf1.placeholder(tf.float32, [None, 20], "x")
        hidden = tf1.layers.dense(x, 16, tf.nn.relu, **DENSE)
        probabilities = tf.nn.softmax(tf1.layers.dense(hidden, 5, **DENSE), name="probabilities")
        label = tf.argmax(probabilities, 1, name="label")
        model.function({"x": x}, {"probabilities": probabilities, "label": label}, {"x": normal(7, 20)})
        model.write(frozen=True)


def convnet(folder):
    with Model(folder, "convnet", "tf.layers.conv2d, batch norm, pooling; is_training has a default") as model:
        x = tf1.placeholder(tf.float32, [None, 12, 12, 1], "image")
        training = tf1.placeholder_with_default(False, [], "is_training")
        y = tf1.layers.conv2d(x, 4, 3, padding="same", **DENSE)
        y = tf.nn.relu(tf1.layers.batch_normalization(y, training=training))
        y = tf1.layers.max_pooling2d(y, 2, 2)
        y = tf1.layers.dense(tf1.layers.flatten(y), 3, **DENSE)
        model.function({"image": x}, {"scores": tf.identity(y, "scores")}, {"image": normal(4, 12, 12, 1)})
        model.write(frozen=True)


def handmade(folder):
    with Model(folder, "handmade", "conv2d by hand, ref variables") as model:
        x = tf1.placeholder(tf.float32, [None, 64], "flat")
        image = tf.reshape(x, [-1, 8, 8, 1])
        kernel = tf1.Variable(normal(3, 3, 1, 2), use_resource=False, name="kernel")
        bias = tf1.Variable(normal(2), use_resource=False, name="bias")
        y = tf.nn.relu(tf.nn.conv2d(image, kernel, [1, 2, 2, 1], "SAME") + bias)
        model.function({"flat": x}, {"features": tf.identity(y, "features")}, {"flat": normal(3, 64)})
        model.write()


def deconvolution(folder):
    with Model(folder, "deconvolution", "z [?, 8] to images [?, 28, 28, 1]") as model:
        z = tf1.placeholder(tf.float32, [None, 8], "z")
        y = tf1.layers.dense(z, 7 * 7 * 4, tf.nn.relu, **DENSE)
        y = tf.reshape(y, [-1, 7, 7, 4])
        y = tf1.layers.conv2d_transpose(y, 4, 3, 2, "same", activation=tf.nn.relu, **DENSE)
        y = tf1.layers.conv2d_transpose(y, 1, 3, 2, "same", activation=tf.nn.sigmoid, **DENSE)
        model.function({"z": z}, {"image": tf.identity(y, "decoded")}, {"z": normal(5, 8)})
        model.write(frozen=True)


def colour(folder):
    with Model(folder, "colour", "z [?, 8] to images [?, 32, 32, 3] by tanh, output shape by tf.shape") as model:
        z = tf1.placeholder(tf.float32, [None, 8], "z")
        y = tf.reshape(tf.matmul(z, weights("project", 8, 8 * 8 * 4)), tf.stack([tf.shape(z)[0], 8, 8, 4]))
        for i, (side, channels) in enumerate([(16, 4), (32, 3)]):
            filters = weights("deconv%d" % i, 4, 4, channels, 4)
            y = tf.nn.conv2d_transpose(
                tf.nn.relu(y), filters, tf.stack([tf.shape(z)[0], side, side, channels]), [1, 2, 2, 1]
            )
        model.function({"z": z}, {"generated": tf.tanh(y, "generated")}, {"z": normal(3, 8)})
        model.write()


def rnn(folder, name, cell):
    with Model(folder, name, "tf.nn.dynamic_rnn, each sequence of its own length") as model:
        x = tf1.placeholder(tf.float32, [None, 6, 3], "sequence")
        length = tf1.placeholder(tf.int32, [None], "length")
        with tf1.variable_scope("rnn", initializer=DENSE["kernel_initializer"], use_resource=name == "gru"):
            outputs, _ = tf1.nn.dynamic_rnn(cell(), x, length, dtype=tf.float32)
        last = tf.reduce_sum(outputs, 1)
        model.function(
            {"sequence": x, "length": length},
            {"outputs": tf.identity(outputs, "outputs"), "last": tf.identity(last, "last")},
            {"sequence": normal(4, 6, 3), "length": [6, 1, 3, 2]},
        )
        model.write()


def embeddings(folder):
    with Model(folder, "embeddings", "int64 words, embedding_lookup, mean") as model:
        words = tf1.placeholder(tf.int64, [None, 5], "words")
        table = weights("table", 50, 8)
        mean = tf.reduce_mean(tf.nn.embedding_lookup(table, words), 1, name="mean")
        model.function({"words": words}, {"mean": mean}, {"words": RANDOM.randint(0, 50, (6, 5))})
        model.write()


def siamese(folder):
    with Model(folder, "siamese", "two images through one convnet, their distance") as model:
        left = tf1.placeholder(tf.float32, [None, 10, 10, 1], "left")
        right = tf1.placeholder(tf.float32, [None, 10, 10, 1], "right")

        def tower(x):
            with tf1.variable_scope("tower", reuse=tf1.AUTO_REUSE):
                y = tf1.layers.conv2d(x, 3, 3, activation=tf.nn.relu, name="conv", **DENSE)
                return tf1.layers.dense(tf1.layers.flatten(y), 4, name="dense", **DENSE)

        distance = tf.sqrt(tf.reduce_sum(tf.square(tower(left) - tower(right)), 1) + 1e-6, "distance")
        model.function(
            {"left": left, "right": right},
            {"distance": distance},
            {"left": normal(3, 10, 10, 1), "right": normal(3, 10, 10, 1)},
        )
        model.write()


def words(folder):
    with Model(folder, "words", "strings through a table in the graph, and back") as model:
        word = tf1.placeholder(tf.string, [None], "word")
        known = ["zero", "one", "two", "naïve"]
        number = tf1.Variable(2, name="offset", dtype=tf.int64)
        to_index = tf.lookup.StaticHashTable(
            tf.lookup.KeyValueTensorInitializer(known, tf.constant([0, 1, 2, 3], tf.int64)), -1
        )
        index = to_index.lookup(word)
        to_word = tf.lookup.StaticHashTable(
            tf.lookup.KeyValueTensorInitializer(tf.constant([0, 1, 2, 3], tf.int64), known), "?"
        )
        model.function(
            {"word": word},
            {
                "index": tf.identity(index, "index"),
                "shifted": tf.add(index, number, "shifted"),
                "again_bytes": tf.identity(to_word.lookup(index), "again"),
            },
            {"word": ["one", "naïve", "nobody", ""]},
        )
        model.write(main_op=tf1.tables_initializer())


def vocabulary(folder):
    path = os.path.join(folder, "vocabulary.txt")
    with open(path, "w") as file:
        file.write("cat\ndog\nbird\n")
    with Model(folder, "vocabulary", "strings through a table that is read from a file, an asset") as model:
        word = tf1.placeholder(tf.string, [None, 2], "word")
        asset = tf.constant(path, name="vocabulary_file")
        tf1.add_to_collection(tf1.GraphKeys.ASSET_FILEPATHS, asset)
        table = tf.lookup.StaticHashTable(
            tf.lookup.TextFileInitializer(
                asset,
                tf.string,
                tf.lookup.TextFileIndex.WHOLE_LINE,
                tf.int64,
                tf.lookup.TextFileIndex.LINE_NUMBER,
            ),
            -1,
        )
        scores = tf.gather(weights("scores", 5, 2), table.lookup(word) + 1, name="scored")
        model.function({"word": word}, {"scores": scores}, {"word": [["dog", "cat"], ["bird", "fish"]]})
        model.write(
            main_op=tf1.tables_initializer(), assets=tf1.get_collection(tf1.GraphKeys.ASSET_FILEPATHS)
        )
    os.rename(path, os.path.join(folder, "vocabulary", "checkpoint", "vocabulary.txt"))


def texts(folder):
    with Model(folder, "texts", "string ops alone, no variables") as model:
        a = tf1.placeholder(tf.string, [None], "a")
        b = tf1.placeholder(tf.string, [None], "b")
        joined = tf.strings.join([tf.strings.lower(a), b], "-", name="joined")
        bucket = tf.strings.to_hash_bucket_fast(joined, 1000, name="bucket")
        model.function(
            {"a": a, "b": b},
            {"joined": joined, "bucket": bucket, "length": tf.strings.length(joined, name="length")},
            {"a": ["Ab", "C"], "b": ["x", "yz"]},
        )
        model.write(frozen=True)


def types(folder):
    with Model(folder, "two_types", "float32 and int32 in, their weighed sum out") as model:
        x = tf1.placeholder(tf.float32, [None, 3], "x")
        n = tf1.placeholder(tf.int32, [None, 3], "n")
        y = tf.add(x * weights("w", 3), tf.cast(n, tf.float32), "y")
        model.function({"x": x, "n": n}, {"y": y}, {"x": normal(2, 3), "n": [[1, -2, 3], [4, 5, 2**30]]})
        model.write()
    with Model(folder, "truth", "a truth value out, and one in") as model:
        x = tf1.placeholder(tf.float32, [None, 3], "x")
        flip = tf1.placeholder(tf.bool, [None, 3], "flip")
        y = tf1.logical_xor(x > weights("threshold", 3), flip, name="above")
        model.function(
            {"x": x, "flip": flip}, {"above": y}, {"x": normal(4, 3), "flip": normal(4, 3) > 0}
        )
        model.write()
    with Model(folder, "bytes", "uint8 images") as model:
        x = tf1.placeholder(tf.uint8, [None, 4, 4, 3], "x")
        grey = tf.reduce_mean(tf.cast(x, tf.float32) / 255.0, 3)
        y = tf.cast(tf.clip_by_value(grey * weights("gain", 4, 4) * 500.0, 0, 255), tf.uint8, name="y")
        model.function({"x": x}, {"y": y}, {"x": RANDOM.randint(0, 256, (3, 4, 4, 3))})
        model.write()
    with Model(folder, "float64", "a network of float64") as model:
        x = tf1.placeholder(tf.float64, [None, 3], "x")
        w = tf1.Variable(RANDOM.normal(size=(3, 2)), name="w")
        model.function({"x": x}, {"y": tf.tanh(tf.matmul(x, w), "y")}, {"x": RANDOM.normal(size=(4, 3))})
        model.write()
    with Model(folder, "integers", "int32 and int64 arithmetic") as model:
        x = tf1.placeholder(tf.int64, [None], "x")
        k = tf1.Variable(7, dtype=tf.int64, name="k")
        model.function(
            {"x": x},
            {"product": tf.multiply(x, k, "product"), "rest": tf.cast(x % 5, tf.int32, name="rest")},
            {"x": [1, -9, 2**53 + 1, 0]},
        )
        model.write()


def ranks(folder):
    with Model(folder, "rank0", "a number in, a number out") as model:
        x = tf1.placeholder(tf.float32, [], "x")
        model.function({"x": x}, {"y": tf.multiply(x, weights("w"), "y")}, {"x": np.float32(2.5)}, rows=False)
        model.write()
    with Model(folder, "rank1", "a number a row") as model:
        x = tf1.placeholder(tf.float32, [None], "x")
        model.function({"x": x}, {"y": tf.add(x, weights("w"), "y")}, {"x": normal(5)})
        model.write()
    with Model(folder, "rank3", "a sequence of vectors a row") as model:
        x = tf1.placeholder(tf.float32, [None, 4, 3], "x")
        y = tf.tensordot(x, weights("w", 3, 2), [[2], [0]])
        model.function({"x": x}, {"y": tf.identity(y, "y")}, {"x": normal(2, 4, 3)})
        model.write()
    with Model(folder, "rank5", "conv3d") as model:
        x = tf1.placeholder(tf.float32, [None, 4, 4, 4, 1], "x")
        y = tf.nn.conv3d(x, weights("w", 2, 2, 2, 1, 3), [1, 1, 1, 1, 1], "SAME", name="y")
        model.function({"x": x}, {"y": y}, {"x": normal(2, 4, 4, 4, 1)})
        model.write()
    with Model(folder, "unknown_rank", "a placeholder of no shape; the mean of all") as model:
        x = tf1.placeholder(tf.float32, None, "x")
        y = tf.multiply(tf.reduce_mean(x), weights("w"), "y")
        model.function({"x": x}, {"y": y}, {"x": normal(2, 3)}, rows=False)
        model.write()
    with Model(folder, "several_ranks", "outputs of ranks 0, 1 and 2: rows depend on each other") as model:
        x = tf1.placeholder(tf.float32, [None, 3], "x")
        centred = tf.subtract(x, tf.reduce_mean(x, 0), "centred")
        model.function(
            {"x": x},
            {"centred": centred, "sums": tf.reduce_sum(centred * weights("w", 3), 1, name="sums"),
             "most": tf.reduce_max(x, name="most")},
            {"x": normal(600, 3)},
            rows=False,
        )
        model.write()


def batches(folder):
    with Model(folder, "batch_of_100", "a graph of one batch size") as model:
        x = tf1.placeholder(tf.float32, [100, 4], "x")
        y = tf.nn.softmax(tf.reshape(tf.matmul(x, weights("w", 4, 6)), [100, 2, 3]), name="y")
        model.function({"x": x}, {"y": y}, {"x": normal(100, 4)})
        model.write()
    with Model(folder, "batch_of_1", "a graph of one image at a time") as model:
        x = tf1.placeholder(tf.float32, [1, 6, 6, 1], "x")
        y = tf.nn.conv2d(x, weights("w", 3, 3, 1, 2), [1, 1, 1, 1], "VALID", name="y")
        model.function({"x": x}, {"y": y}, {"x": normal(1, 6, 6, 1)})
        model.write()
    for name, kind, norm in [
        ("written_batch", "a batch of 16 written into its transposed convolutions alone", tf.identity),
        ("training_norm", "the same with batch normalisation as in training", over_batch),
    ]:
        with Model(folder, name, kind) as model:
            z = tf1.placeholder(tf.float32, [None, 8], "z")
            y = tf.reshape(norm(tf.matmul(z, weights("project", 8, 7 * 7 * 4))), [-1, 7, 7, 4])
            for i, (side, channels) in enumerate([(14, 4), (28, 1)]):
                filters = weights("deconv%d" % i, 5, 5, channels, 4)
                size = [16, side, side, channels]
                y = tf.nn.conv2d_transpose(tf.nn.relu(y), filters, size, [1, 2, 2, 1])
            model.function({"z": z}, {"image": tf.tanh(y, "image")}, {"z": normal(16, 8)})
            model.write()


def over_batch(y):
    mean, variance = tf.nn.moments(y, [0])
    return tf.nn.batch_normalization(y, mean, variance, None, None, 1e-5)


def three(folder):
    with Model(folder, "three", "three functions of one graph") as model:
        x = tf1.placeholder(tf.float32, [None, 6], "x")
        z = tf1.placeholder(tf.float32, [None, 2], "z")
        code = tf.tanh(tf.matmul(x, weights("encode", 6, 2)), "code")
        with tf1.variable_scope("decoder", reuse=tf1.AUTO_REUSE):
            decoded = tf.sigmoid(tf.matmul(z, weights("decode", 2, 6)), "decoded")
        with tf1.variable_scope("decoder", reuse=True):
            again = tf.sigmoid(tf.matmul(code, tf1.get_variable("decode")), "again")
        model.function({"x": x}, {"code": code}, {"x": normal(3, 6)}, "encode_only")
        model.function({"z": z}, {"decoded": decoded}, {"z": normal(4, 2)}, "decode")
        model.function({"x": x}, {"again": again}, {"x": normal(2, 6)})
        model.write()


def flow(folder):
    with Model(folder, "condition", "tf.cond on a number that is fed, control flow of TF1") as model:
        x = tf1.placeholder(tf.float32, [None, 2], "x")
        double = tf1.placeholder(tf.bool, [], "double")
        y = tf1.cond(double, lambda: x * 2.0, lambda: x + weights("w", 2))
        model.function(
            {"x": x, "double": double}, {"y": tf.identity(y, "y")}, {"x": normal(2, 2), "double": False}, rows=False
        )
        model.write()
    with Model(folder, "loop", "tf.while_loop") as model:
        x = tf1.placeholder(tf.float32, [None, 2], "x")
        w = weights("w", 2)
        y = tf1.while_loop(lambda i, v: i < 5, lambda i, v: (i + 1, tf.tanh(v * w + x)), [0, x])[1]
        model.function({"x": x}, {"y": tf.identity(y, "y")}, {"x": normal(3, 2)})
        model.write()
    tf1.enable_control_flow_v2()
    with Model(folder, "functional_flow", "tf.cond and tf.while_loop as functions") as model:
        x = tf1.placeholder(tf.float32, [None, 2], "x")
        w = weights("w", 2)
        y = tf1.while_loop(lambda i, v: i < 3, lambda i, v: (i + 1, tf.tanh(v * w)), [0, x])[1]
        y = tf1.cond(tf.reduce_mean(x) > 100.0, lambda: y, lambda: y + 1.0)
        model.function({"x": x}, {"y": tf.identity(y, "y")}, {"x": normal(3, 2)})
        model.write()
    tf1.disable_control_flow_v2()


def actor(folder):
    with Model(folder, "actor", "actor and critic beside an autoencoder; the saver has the actor alone") as model:
        state = tf1.placeholder(tf.float32, [None, 5], "state")
        with tf1.variable_scope("actor"):
            action = tf.tanh(tf1.layers.dense(state, 2, **DENSE), "action")
        with tf1.variable_scope("critic"):
            value = tf1.layers.dense(tf.concat([state, action], 1), 1, **DENSE)
        with tf1.variable_scope("autoencoder"):
            again = tf1.layers.dense(tf1.layers.dense(state, 2, **DENSE), 5, **DENSE)
        loss = tf.reduce_mean(tf.square(again - state)) - tf.reduce_mean(value)
        tf1.train.AdamOptimizer().minimize(loss)
        model.function({"state": state}, {"action": action}, {"state": normal(3, 5)})
        model.write(saver=tf1.train.Saver(tf1.global_variables("actor")))


def savers(folder):
    for name, kind, resource, options in [
        ("optimizer", "Adam's slots beside the variables", False, {}),
        ("resource", "resource variables, Adam too", True, {}),
        ("renamed", "a saver that calls a variable otherwise", False, {"renamed": True}),
        ("v1_checkpoint", "a checkpoint of the format V1", False, {"v1": True}),
    ]:
        with Model(folder, name, kind) as model:
            x = tf1.placeholder(tf.float32, [None, 4], "x")
            w = tf1.Variable(normal(4, 3), name="w", use_resource=resource)
            b = tf1.Variable(normal(3), name="b", use_resource=resource)
            y = tf.tanh(tf.matmul(x, w) + b, "y")
            tf1.train.AdamOptimizer().minimize(tf.reduce_mean(tf.square(y - 1.0)))
            saver = None
            if "renamed" in options:
                saver = tf1.train.Saver({"weights": w, "b": b})
            if "v1" in options:
                saver = tf1.train.Saver(write_version=tf1.train.SaverDef.V1)
            model.function({"x": x}, {"y": y}, {"x": normal(3, 4)})
            model.write(saver=saver)
    with Model(folder, "partitioned", "a variable in three parts") as model:
        x = tf1.placeholder(tf.float32, [None, 6], "x")
        with tf1.variable_scope("parts", partitioner=tf1.fixed_size_partitioner(3)):
            w = tf1.get_variable("w", [6, 2], initializer=DENSE["kernel_initializer"])
        y = tf.matmul(x, tf.convert_to_tensor(w), name="y")
        model.function({"x": x}, {"y": y}, {"x": normal(3, 6)})
        model.write()


def dropout(folder):
    with Model(folder, "dropout", "dropout whose keep_prob has a default") as model:
        x = tf1.placeholder(tf.float32, [None, 4], "x")
        keep = tf1.placeholder_with_default(1.0, [], "keep_prob")
        y = tf1.layers.dense(tf1.nn.dropout(x, rate=1 - keep, seed=1), 3, **DENSE)
        model.function({"x": x}, {"y": tf.identity(y, "y")}, {"x": normal(3, 4)})
        model.write()


def queued(folder):
    with Model(folder, "queued", "its images come out of a queue, in batches of 4") as model:
        images = tf1.train.input_producer(tf.constant(normal(40, 6)), shuffle=False).dequeue_many(4)
        y = tf.nn.softmax(tf.matmul(images, weights("w", 6, 3)), name="y")
        model.function({"x": images}, {"y": y}, {"x": normal(4, 6)})
        model.write()


def tf2(folder):
    """As tf.saved_model.save and Keras 3 write them: functions, and a saver made of them."""
    tf1.enable_v2_behavior()
    x = normal(4, 3)

    module = tf.Module()
    module.w = tf.Variable(normal(3, 2))
    module.b = tf.Variable(normal(2))
    module.f = tf.function(
        lambda x: {"y": tf.tanh(tf.matmul(x, module.w) + module.b)},
        input_signature=[tf.TensorSpec([None, 3], tf.float32, name="x")],
    )
    import keras

    network = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            keras.layers.Conv2D(4, 3, activation="relu"),
            keras.layers.BatchNormalization(),
            keras.layers.Flatten(),
            keras.layers.Dense(3, activation="softmax"),
        ]
    )
    network(normal(2, 8, 8, 1))
    for name, kind, save, fed in [
        ("tf2_module", "a tf.Module's function", lambda path: tf.saved_model.save(module, path, {"serving_default": module.f}), x),
        ("keras3", "what model.export of Keras 3 writes", lambda path: network.export(path, verbose=False), normal(2, 8, 8, 1)),
    ]:
        path = os.path.join(folder, name, "saved")
        save(path)
        function = tf.saved_model.load(path).signatures["serving_default"]
        key = list(function.structured_input_signature[1])[0]
        outputs = function(**{key: tf.constant(fed)})
        case = {
            "name": name,
            "kind": kind,
            "functions": [
                {
                    "signature": "serving_default",
                    "rows": True,
                    "inputs": {key: described(key, fed)},  # A function's tensors have no names in a graph.
                    "outputs": {k: described(k, v.numpy()) for k, v in outputs.items()},
                }
            ],
        }
        cases.write(os.path.join(folder, name), case)


def main(folder):
    tf1.disable_v2_behavior()
    tf1.logging.set_verbosity(tf1.logging.ERROR)
    for make in [
        classifier, convnet, handmade, deconvolution, colour, embeddings, siamese, words,
        vocabulary, texts, types, ranks, batches, three, flow, actor, savers, dropout, queued,
    ]:
        make(folder)
    rnn(folder, "lstm", lambda: tf1.nn.rnn_cell.LSTMCell(5))
    rnn(folder, "gru", lambda: tf1.nn.rnn_cell.GRUCell(5))
    tf2(folder)


main(sys.argv[1])
