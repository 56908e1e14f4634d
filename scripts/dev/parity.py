"""Compares training in Java with training in Python TF1, step by step: parity.sh runs it all.

  parity.py init WORK      writes WORK/init, a checkpoint of the tutorial's model with fresh values
  parity.py replay --from PREFIX --first-step N --steps K --inputs JAVA --out DIR
                           restores the checkpoint PREFIX in Python and takes steps N to N+K-1 with
                           the images and epsilon that Java took from step 1 on, JAVA/x.f32 and
                           JAVA/epsilon.f32; writes into DIR what Java's replay writes, less these
                           with --nudge every variable is first off by a rounding, about 1e-7
  parity.py judge WORK     compares and prints

WORK holds java/ and python/, 100 steps each from init, and the relay: relay-1/ (Java, steps 1 to
25, from init), relay-2/ (Python, to 50, from relay-1/model), relay-3/ (Java) and relay-4/ (Python).
Each has losses.csv (a step a line: the loss before the update), gradients/<variable>.f32 (raw
float32, of the first step), and two TF1 checkpoints, `first` after the first step and `model`
after the last; Java's have x.f32 and epsilon.f32 too (raw float32, [steps, 64, 784 or 2]).

nudged/ is python/ with --nudge, a control that is reported and not judged: how far roundings alone
take this training from itself. With six seeds the losses stayed within 1e-6 for thirty steps and
were 1e-3 to 0.1 off at step 100.

Differences are relative: of a loss to Python's, of an array to its largest entry.

Exit code: 0 done, or all checks passed; 1 some failed; 2 usage; 3 a folder is incomplete.
"""
import argparse
import sys
from pathlib import Path

import numpy as np

from checks import Checks, first_session, one_thread, read_csv, variable_shapes
from tutorial_tf1 import build_vae, positive, tf

NUM_INPUT, HIDDEN, LATENT, BATCH = 784, 512, 2, 64
LEARNING_RATE = 0.001
STEPS, LEG = 100, 25
SEED = 1  # of the initial variables
SHAPES = {f'Variable_{i}' if i else 'Variable': shape
          for i, shape in enumerate(variable_shapes(NUM_INPUT, HIDDEN, LATENT))}
KEYS = ['', '/RMSProp', '/RMSProp_1']  # a variable, its mean square, its momentum

FIRST_LOSSES, FIRST_LOSSES_TOLERANCE = 10, 2e-5
LOSSES_TOLERANCE = 1e-3
STEP_TOLERANCE = 1e-4  # of gradients, variables and slots at step 1


# Python's part of the training.

def write_init(work):
    work.mkdir(parents=True, exist_ok=True)
    tf.set_random_seed(SEED)
    build_vae(NUM_INPUT, HIDDEN, LATENT, LEARNING_RATE)
    with tf.Session(config=one_thread()) as sess:
        sess.run(tf.global_variables_initializer())
        tf.train.Saver().save(sess, str(work / 'init'))


def nudge(sess):
    """Moves every variable by a relative 1e-7 or so: float32 has no smaller steps."""
    random = np.random.default_rng(SEED)
    for variable in tf.global_variables():
        value = sess.run(variable)
        factor = 1 + 1e-7 * random.normal(size=value.shape)
        variable.load((value * factor).astype(np.float32), sess)


def replay(prefix, first_step, steps, inputs, out, nudged=False):
    """Trains from a checkpoint with given images and epsilon; writes what judge compares."""
    taken = slice(first_step - 1, first_step - 1 + steps)
    xs = read_raw(inputs / 'x.f32', [-1, BATCH, NUM_INPUT])[taken]
    epsilons = read_raw(inputs / 'epsilon.f32', [-1, BATCH, LATENT])[taken]
    for name, array in (('x.f32', xs), ('epsilon.f32', epsilons)):
        if len(array) != steps:  # a slice is silent where an array ends
            raise ValueError(f'{inputs / name}: expected steps {first_step} to '
                             f'{first_step + steps - 1}, found {len(array)} of them')
    if not Path(f'{prefix}.index').is_file():
        raise ValueError(f'{prefix}.index: expected a TF1 checkpoint, found no file')

    (out / 'gradients').mkdir(parents=True, exist_ok=True)
    vae = build_vae(NUM_INPUT, HIDDEN, LATENT, LEARNING_RATE)
    saver = tf.train.Saver()
    losses = []
    with tf.Session(config=one_thread()) as sess:
        saver.restore(sess, str(prefix))
        if nudged:
            nudge(sess)
        for step, (x, epsilon) in enumerate(zip(xs, epsilons)):
            feed = {vae.X: x, vae.epsilon: epsilon}
            if step == 0:
                for gradient, variable in vae.grads_and_vars:
                    path = out / 'gradients' / f'{variable.op.name}.f32'
                    sess.run(gradient, feed).astype('<f4').tofile(path)
            _, loss = sess.run([vae.train_op, vae.loss], feed)
            losses.append(loss)
            if step == 0:
                saver.save(sess, str(out / 'first'), write_meta_graph=False, write_state=False)
        saver.save(sess, str(out / 'model'))
    np.savetxt(out / 'losses.csv', losses, fmt='%.9g')
    print(f'Python: steps {first_step} to {first_step + steps - 1}, '
          f'loss {losses[0]:.4f} to {losses[-1]:.4f}', flush=True)


# What the two wrote.

def read_raw(path, shape):
    """Reads raw little-endian float32 of a shape, of which one size may be -1: as many as come."""
    if not path.is_file():
        raise ValueError(f'{path}: expected float32 values, found no file')
    array = np.fromfile(path, '<f4')
    try:
        return array.reshape(shape)
    except ValueError:
        raise ValueError(f'{path}: expected float32 values of shape {shape}, '
                         f'found {array.size}') from None


def read_losses(folder, steps):
    losses = read_csv(folder / 'losses.csv')
    if losses.shape != (steps, 1):
        raise ValueError(f'{folder / "losses.csv"}: expected {steps} lines of one loss, '
                         f'found {losses.shape[0]} of {losses.shape[1]}')
    return losses[:, 0]


def read_checkpoint(prefix):
    """Reads a TF1 checkpoint into arrays by variable name; none of ours may be missing."""
    try:
        reader = tf.train.load_checkpoint(str(prefix))
        arrays = {name: reader.get_tensor(name) for name in reader.get_variable_to_shape_map()}
    except (ValueError, tf.errors.OpError) as error:
        reason = str(error).splitlines()[0]
        raise ValueError(f'{prefix}: expected a TF1 checkpoint, found: {reason}') from None
    for variable, shape in SHAPES.items():
        for name in (variable + key for key in KEYS):
            found = arrays[name].shape if name in arrays else 'none'
            if found != shape:
                raise ValueError(f'{prefix}: expected {name} of shape {shape}, found {found}')
    return arrays


def read_gradients(folder):
    return {name: read_raw(folder / 'gradients' / f'{name}.f32', shape)
            for name, shape in SHAPES.items()}


# The comparison.

def difference(expected, found):
    """The largest difference, relative to the largest entry expected."""
    largest = np.max(np.abs(expected - found))
    return float(largest / (np.max(np.abs(expected)) or 1))


def losses_difference(expected, found):
    return float(np.max(np.abs(expected - found) / np.abs(expected)))


def steps_within(expected, found):
    """How many steps from the first on have losses within LOSSES_TOLERANCE."""
    within = np.abs(expected - found) / np.abs(expected) <= LOSSES_TOLERANCE
    return len(within) if np.all(within) else int(np.argmin(within))


def judge(work, checks):
    straight = {name: read_losses(work / name, STEPS) for name in ('java', 'python')}
    java, python = straight['java'], straight['python']
    nudged = read_losses(work / 'nudged', STEPS)
    print(f'{"step":>4} {"Java":>12} {"Python":>12} {"relative":>9} {"nudged":>9}')
    for i in (*range(FIRST_LOSSES), *range(19, STEPS, 10)):
        print(f'{i + 1:4} {java[i]:12.5f} {python[i]:12.5f} '
              f'{losses_difference(python[i], java[i]):9.1e} '
              f'{losses_difference(python[i], nudged[i]):9.1e}')
    print(f'       losses within {LOSSES_TOLERANCE:.0e} of Python\'s up to step: '
          f'Java\'s {steps_within(python, java)}, those of Python nudged '
          f'{steps_within(python, nudged)}')
    below(checks, f'losses of the first {FIRST_LOSSES} steps', FIRST_LOSSES_TOLERANCE,
          losses_difference(python[:FIRST_LOSSES], java[:FIRST_LOSSES]))
    below(checks, f'losses of all {STEPS} steps', LOSSES_TOLERANCE, losses_difference(python, java))
    judge_arrays(work, checks)
    judge_relay(work, straight, checks)


def judge_arrays(work, checks):
    """Gradients, variables and slots at step 1, and variables and slots at the end."""
    python, java = (read_checkpoint(work / name / 'first') for name in ('python', 'java'))
    checks.equal('names in the checkpoint', sorted(python), sorted(java))
    gradients = [read_gradients(work / name) for name in ('python', 'java')]
    ends = [read_checkpoint(work / name / 'model') for name in ('python', 'java')]

    print(f'{"":12} {"step 1":39} step {STEPS}')
    heads = ['gradient', *(2 * ['value', 'RMSProp', 'RMSProp_1'])]
    print(f'{"":12} ' + ' '.join(f'{head:>9}' for head in heads))
    table = np.array([
        [difference(gradients[0][name], gradients[1][name]),
         *(difference(python[name + key], java[name + key]) for key in KEYS),
         *(difference(ends[0][name + key], ends[1][name + key]) for key in KEYS)]
        for name in SHAPES])
    for name, row in zip(SHAPES, table):
        print(f'{name:12} ' + ' '.join(f'{figure:9.1e}' for figure in row))
    largest = np.max(table, axis=0)
    below(checks, 'gradients at step 1', STEP_TOLERANCE, largest[0])
    below(checks, 'variables after step 1', STEP_TOLERANCE, largest[1])
    below(checks, 'slots after step 1', STEP_TOLERANCE, np.max(largest[2:4]))
    print(f'       variables after step {STEPS}: largest difference {largest[4]:.1e} '
          f'(slots {np.max(largest[5:]):.1e}), reported only')


def judge_relay(work, straight, checks):
    """Each leg restored what the other language saved: its losses are those of one training."""
    for leg in range(STEPS // LEG):
        folder, steps = work / f'relay-{leg + 1}', slice(leg * LEG, (leg + 1) * LEG)
        name = f'relay, {"Python" if leg % 2 else "Java"}, steps {steps.start + 1} to {steps.stop}'
        if leg % 2 == 0:
            same = all(np.array_equal(read_raw(folder / file, shape),
                                      read_raw(work / 'java' / file, shape)[steps])
                       for file, shape in (('x.f32', [-1, BATCH, NUM_INPUT]),
                                           ('epsilon.f32', [-1, BATCH, LATENT])))
            checks.equal(f'{name}, images and epsilon equal to the bit', True, same)
        losses = read_losses(folder, LEG)
        for other in ('java', 'python'):
            below(checks, f'{name}, losses against {other.capitalize()}\'s', LOSSES_TOLERANCE,
                  losses_difference(straight[other][steps], losses))


def below(checks, name, limit, largest):
    checks.report(name, bool(largest <= limit), f'largest difference {largest:.1e} of {limit:.0e}')


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest='command', metavar='init|replay|judge', required=True)
    for name in ('init', 'judge'):
        commands.add_parser(name).add_argument('work', type=Path, metavar='WORK')
    command = commands.add_parser('replay')
    command.add_argument('--from', dest='prefix', type=Path, required=True, metavar='PREFIX')
    command.add_argument('--first-step', type=positive, required=True, metavar='N')
    command.add_argument('--steps', type=positive, required=True, metavar='K')
    command.add_argument('--inputs', type=Path, required=True, metavar='JAVA')
    command.add_argument('--nudge', action='store_true')
    command.add_argument('--out', type=Path, required=True, metavar='DIR')
    args = parser.parse_args()

    first_session()
    checks = Checks(STEP_TOLERANCE)
    try:
        if args.command == 'init':
            write_init(args.work)
        elif args.command == 'replay':
            replay(args.prefix, args.first_step, args.steps, args.inputs, args.out,
                   args.nudge)
        else:
            judge(args.work, checks)
            return checks.exit_code()
    except ValueError as error:
        print(error, file=sys.stderr)
        return 3
    return 0


if __name__ == '__main__':
    sys.exit(main())
