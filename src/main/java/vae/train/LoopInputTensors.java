package vae.train;

import java.util.Optional;
import java.util.stream.IntStream;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.ByteDataBuffer;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;
import vae.config.Seed.Purpose;
import vae.config.TrainingPlan;
import vae.mnist.Images;
import vae.mnist.MiniBatches;
import vae.model.LoopInputs;
import vae.model.TrainingLoop;

/** What one call of a {@link TrainingLoop} is fed; its owner closes it. */
final class LoopInputTensors implements AutoCloseable {
  private final TInt32 count;
  private final TInt32 indices;
  private final TFloat32 epsilon;
  private final TFloat32 learningRates;
  private final Optional<TUint8> seen;

  private LoopInputTensors(TrainingLoop loop, TrainingPlan plan, int steps) {
    int most = loop.most();
    int batch = plan.batchSize();
    count = TInt32.scalarOf(steps);
    indices = TInt32.tensorOf(Shape.of(most, batch));
    epsilon = TFloat32.tensorOf(Shape.of(most, batch, plan.shape().latent()));
    learningRates = TFloat32.tensorOf(Shape.of(most));
    seen =
        loop.inputs().seen().isEmpty()
            ? Optional.empty()
            : Optional.of(TUint8.tensorOf(Shape.of(most, batch, plan.shape().input())));
  }

  /** For a call of which only its compiling is of interest. */
  static LoopInputTensors none(TrainingLoop loop, TrainingPlan plan) {
    var tensors = new LoopInputTensors(loop, plan, 0);
    tensors.indices.asRawTensor().data().asInts().write(new int[loop.most() * plan.batchSize()]);
    return tensors;
  }

  /** Draws those of some steps, each a function of the seed and its number, on all cores. */
  static LoopInputTensors of(
      TrainingLoop loop,
      TrainingPlan plan,
      Images images,
      MiniBatches batches,
      int first,
      int last) {
    var tensors = new LoopInputTensors(loop, plan, last - first + 1);
    int[][] chosen = new int[last - first + 1][];
    for (int i = 0; i < chosen.length; i++) {
      chosen[i] = batches.indices(first + i);
    }
    IntStream.range(0, chosen.length)
        .parallel()
        .forEach(i -> tensors.write(plan, images, i, first + i, chosen[i]));
    return tensors;
  }

  /** Feeds a call. */
  Session.Runner feed(Session.Runner runner, LoopInputs inputs) {
    runner
        .feed(inputs.count(), count)
        .feed(inputs.indices(), indices)
        .feed(inputs.epsilon(), epsilon)
        .feed(inputs.learningRates(), learningRates);
    return seen.isEmpty() ? runner : runner.feed(inputs.seen().orElseThrow(), seen.get());
  }

  @Override
  public void close() {
    count.close();
    indices.close();
    epsilon.close();
    learningRates.close();
    seen.ifPresent(Tensor::close);
  }

  private void write(TrainingPlan plan, Images images, int at, int step, int[] chosen) {
    float[] noise = new float[chosen.length * plan.shape().latent()];
    plan.seed().fillNormal(Purpose.TRAINING_NOISE, step, noise);
    indices.asRawTensor().data().asInts().offset((long) at * chosen.length).write(chosen);
    epsilon.asRawTensor().data().asFloats().offset((long) at * noise.length).write(noise);
    learningRates.setFloat(plan.learningRate(step), at);
    seen.ifPresent(
        all -> {
          byte[] drawn = Binarised.drawn(plan.seed(), step, images, chosen);
          ByteDataBuffer to = all.asRawTensor().data();
          to.offset((long) at * drawn.length).write(drawn);
        });
  }
}
