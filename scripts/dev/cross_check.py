"""Checks that Python reads a SavedModel of the Java program as the tutorial reads its own.

MODEL_DIR is the folder with saved_model.pb. VALUES_DIR holds CSV files, a row for an image or a z:
what Java fed (x, epsilon, noise) and what it computed (z_mean, z_std, recon with that epsilon fed,
generated from noise). Three loaders must accept the model and compute the same: TF1's
saved_model.loader, tf.saved_model.load and saved_model_cli.

Exit code: 0 all checks passed; 1 some failed; 2 usage; 3 MODEL_DIR or VALUES_DIR is incomplete.
"""
import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from checks import Checks, first_session, listing, read_csv, tf, tf1, variable_shapes

# Signature name: its inputs and its outputs.
SIGNATURES = {
    'serving_default': (['image'], ['recon']),
    'encode': (['image'], ['z_mean', 'z_std']),
    'generate': (['noise'], ['image']),
}


def read_values(folder):
    """Reads VALUES_DIR into arrays by name, and checks that their shapes agree."""
    values = {name: read_csv(folder / f'{name}.csv') for name in ('x', 'noise')}
    (images, pixels), (points, latent) = values['x'].shape, values['noise'].shape
    shapes = {'epsilon': (images, latent), 'z_mean': (images, latent), 'z_std': (images, latent),
              'recon': (images, pixels), 'generated': (points, pixels)}
    for name, shape in shapes.items():
        values[name] = read_csv(folder / f'{name}.csv')
        if values[name].shape != shape:
            raise ValueError(f'{folder / name}.csv: expected {shape[0]} rows of {shape[1]}, '
                             f'found {values[name].shape[0]} of {values[name].shape[1]}')
    return values


def check_tf1_loader(model, values, checks):
    """The tutorial's way: load into a session, look at the collections, rebuild the decoder."""
    with tf1.Graph().as_default() as graph, tf1.Session() as sess:
        meta_graph = tf1.saved_model.loader.load(sess, ['serve'], str(model))
        checks.equal('TF1 loader, collections',
                     ['recon', 'train_op', 'trainable_variables', 'variables'],
                     sorted(graph.get_all_collection_keys()))

        a = sess.run(graph.get_collection('trainable_variables'))
        pixels, hidden, latent = values['x'].shape[1], a[0].shape[-1], values['noise'].shape[1]
        shapes = variable_shapes(pixels, hidden, latent)
        trainable = listing(shapes, [''])
        every = trainable + listing(shapes, ['/RMSProp', '/RMSProp_1'])
        for key, expected in (('trainable_variables', trainable), ('variables', every)):
            for i in graph.get_collection(key):
                print(i)
            checks.equal(f'TF1 loader, {len(expected)} lines of {key}', expected,
                         [str(i) for i in graph.get_collection(key)])
        for i in a:
            print(i.shape)
        checks.equal('TF1 loader, shapes of the weights', shapes, [i.shape for i in a])

        noise_input = tf1.placeholder(tf.float32, shape=[None, latent])
        decoder = tf.matmul(noise_input, a[3]) + a[8]
        decoder = tf.nn.tanh(decoder)
        decoder = tf.matmul(decoder, a[4]) + a[9]
        decoder = tf.nn.sigmoid(decoder)
        generated = sess.run(decoder, feed_dict={noise_input: values['noise']})
        checks.close('TF1 loader, the tutorial\'s decoder', values['generated'], generated)

        recon = sess.run(graph.get_collection('recon')[0],
                         feed_dict={'X:0': values['x'], 'epsilon:0': values['epsilon']})
        checks.close('TF1 loader, recon with epsilon:0 fed', values['recon'], recon)

        def run(name, **inputs):
            signature = meta_graph.signature_def[name]
            outputs = {key: tensor.name for key, tensor in signature.outputs.items()}
            return sess.run(outputs, {signature.inputs[key].name: inputs[key] for key in inputs})
        encoded = run('encode', image=values['x'])
        checks.close('TF1 loader, encode z_mean', values['z_mean'], encoded['z_mean'])
        checks.close('TF1 loader, encode z_std', values['z_std'], encoded['z_std'])
        generated = run('generate', noise=values['noise'])
        checks.close('TF1 loader, generate image', values['generated'], generated['image'])


def check_tf2_load(model, values, checks):
    """TF2's way, eagerly: the signatures as functions."""
    signatures = tf.saved_model.load(str(model)).signatures
    checks.equal('tf.saved_model.load, signatures', sorted(SIGNATURES), sorted(signatures))
    encoded = signatures['encode'](image=tf.constant(values['x']))
    checks.close('tf.saved_model.load, encode z_mean', values['z_mean'], encoded['z_mean'].numpy())
    checks.close('tf.saved_model.load, encode z_std', values['z_std'], encoded['z_std'].numpy())
    generated = signatures['generate'](noise=tf.constant(values['noise']))
    checks.close('tf.saved_model.load, generate image',
                 values['generated'], generated['image'].numpy())
    recon = signatures['serving_default'](image=tf.constant(values['x']))['recon']  # its own noise
    checks.equal('tf.saved_model.load, shape of recon', values['x'].shape, tuple(recon.shape))


def check_command_line(model, values, checks):
    """saved_model_cli, as an operator would use it."""
    program = shutil.which('saved_model_cli', path=str(Path(sys.executable).parent))
    if program is None:
        raise FileNotFoundError(f'no saved_model_cli beside {sys.executable}')

    def run(*arguments):
        done = subprocess.run([program, *arguments], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, universal_newlines=True)
        if done.returncode != 0:
            last = (done.stderr.strip() or 'nothing on standard error').splitlines()[-1]
            raise RuntimeError(f'{arguments[0]} ended with exit code {done.returncode}: {last}')
        return done.stdout

    checks.equal('saved_model_cli, show', SIGNATURES,
                 shown_signatures(run('show', '--dir', str(model), '--all')))

    with tempfile.TemporaryDirectory() as folder:
        def compute(signature, key, array):
            given = Path(folder, f'{signature}-{key}.npy')
            np.save(given, array)
            run('run', '--dir', str(model), '--tag_set', 'serve', '--signature_def', signature,
                '--inputs', f'{key}={given}', '--outdir', folder, '--overwrite')
            _, outputs = SIGNATURES[signature]
            return {output: np.load(Path(folder, f'{output}.npy')) for output in outputs}
        encoded = compute('encode', 'image', values['x'])
        checks.close('saved_model_cli, encode z_mean', values['z_mean'], encoded['z_mean'])
        checks.close('saved_model_cli, encode z_std', values['z_std'], encoded['z_std'])
        generated = compute('generate', 'noise', values['noise'])
        checks.close('saved_model_cli, generate image', values['generated'], generated['image'])


def shown_signatures(text):
    """The signatures in what `saved_model_cli show --all` prints, in the form of SIGNATURES."""
    shown = {}
    for line in text.splitlines():
        signature = re.match(r"signature_def\['(\w+)'\]:", line.strip())
        tensor = re.match(r"(inputs|outputs)\['(\w+)'\] tensor_info:", line.strip())
        if signature:
            latest = shown[signature.group(1)] = ([], [])
        elif tensor:
            latest[tensor.group(1) == 'outputs'].append(tensor.group(2))
    return {name: (sorted(inputs), sorted(outputs)) for name, (inputs, outputs) in shown.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('model', type=Path, metavar='MODEL_DIR')
    parser.add_argument('values', type=Path, metavar='VALUES_DIR')
    parser.add_argument('--tolerance', type=float, default=1e-5, help='absolute (default: 1e-5)')
    args = parser.parse_args()

    if not (args.model / 'saved_model.pb').is_file():
        print(f'{args.model}: expected a folder with saved_model.pb, found none', file=sys.stderr)
        return 3
    try:
        values = read_values(args.values)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 3

    first_session()
    checks = Checks(args.tolerance)
    for name, check in (('TF1 loader', check_tf1_loader),
                        ('tf.saved_model.load', check_tf2_load),
                        ('saved_model_cli', check_command_line)):
        try:
            check(args.model, values, checks)
        except Exception as error:  # a loader that gives up is a finding; the others still run
            checks.error(name, error)
    return checks.exit_code()


if __name__ == '__main__':
    sys.exit(main())
