"""Calls SavedModels that the Java program published, and compares with what Python computed before.

usage: check_functions.py MODELS IMPORTED

IMPORTED/<name>/<number> was brought over from MODELS/<name>, which make_functions.py has written.
Each function is called by its signature's keys, as a client of TF1's loader would. A line a model;
exit code 1 if a value differs, or nothing is there.
"""

import os
import sys

import numpy as np

import cases
from cases import tf, tf1

TOLERANCE = 1e-5


def same(found, expected):
    if found.dtype != expected.dtype or found.shape != expected.shape:
        return False
    if found.dtype.kind == "f":
        return np.allclose(found, expected, TOLERANCE, TOLERANCE)
    return bool((found == expected).all())


def check(folder, case):
    with tf.Graph().as_default(), tf1.Session() as session:
        loaded = tf1.saved_model.load(session, [tf.saved_model.SERVING], folder)
        for function in case["functions"]:
            signature = loaded.signature_def[function["signature"]]
            fed = {
                signature.inputs[key].name: cases.value_of(value) for key, value in function["inputs"].items()
            }
            outputs = {key: signature.outputs[key].name for key in function["outputs"]}
            for key, found in session.run(outputs, fed).items():
                expected = cases.value_of(function["outputs"][key])
                if expected.dtype == object:
                    found = np.asarray(found, object)
                if not same(np.asarray(found), expected):
                    sys.exit("%s: %s: expected %s, found %s" % (folder, key, expected, found))
        prefix = os.path.join(folder, "variables", "variables")
        kept = [name for name, _ in tf.train.list_variables(prefix)] if os.path.exists(prefix + ".index") else []
        ops = {op.name for op in session.graph.get_operations()}
        if not set(kept) <= ops:
            sys.exit("%s: variables that the graph lacks: %s" % (folder, set(kept) - ops))
    return len(kept)


def main(models, imported):
    tf1.disable_v2_behavior()
    tf1.logging.set_verbosity(tf1.logging.ERROR)
    names = sorted(os.listdir(imported))
    if not names:
        sys.exit("%s: expected models, found none" % imported)
    for name in names:
        case = cases.read(os.path.join(models, name))
        number = max(int(n) for n in os.listdir(os.path.join(imported, name)) if n.isdigit())
        variables = check(os.path.join(imported, name, str(number)), case)
        print("%s: %d functions, %d variables, as Python computed them" % (name, len(case["functions"]), variables))


main(sys.argv[1], sys.argv[2])
