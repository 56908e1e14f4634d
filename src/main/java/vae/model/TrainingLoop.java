package vae.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.FunctionDefLibrary;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NameAttrList;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;
import vae.config.TrainingPlan;

/**
 * Many steps a call, on the variables of the tutorial's graph: they are read once, go through a
 * {@link LoopFunction}, and are assigned once. The images stay on the device, as bytes. See
 * docs/decisions/0022-many-steps-a-call.md.
 *
 * @param most steps that a call can take
 * @param images takes all images, once
 * @param load puts them on the device
 * @param inputs what a call is fed; of its {@code images} nothing
 * @param interpreted the loop as TensorFlow runs it, for any count of steps
 * @param compiled by XLA; nothing where it can't be
 */
public record TrainingLoop(
    int most,
    Operand<TUint8> images,
    Op load,
    LoopInputs inputs,
    Call interpreted,
    Optional<Compiled> compiled) {
  /** More gain nothing; Ctrl-C waits for a call. */
  private static final int MOST_STEPS = 500;

  /** Of all steps of a call, for a slow GPU's sake. */
  private static final int MOST_IMAGES = 1 << 17;

  /** Of what a call is fed, which is held three times: in the making, on its way, on the device. */
  private static final long MOST_BYTES = 1 << 26;

  private static final String SCOPE = "loop";
  private static final String COMPILE = "_XlaMustCompile";
  private static final String NOT_INLINED = "_noinline";

  /**
   * A call of the function.
   *
   * @param losses of each step before its update, [most], nats an image; 0 of those not taken
   * @param update of all variables
   */
  public record Call(Operand<TFloat32> losses, Op update) {}

  /**
   * The loop as XLA compiles it at its first call, which takes seconds. Each step computes the same
   * in both.
   *
   * @param from the first step that may be taken so
   * @param whole takes {@code most} steps, whatever the count
   * @param part takes as many as are counted, a little slower
   */
  public record Compiled(int from, Call whole, Call part) {}

  /** How many steps a call is to take. */
  static int most(TrainingPlan plan) {
    long anImage =
        Integer.BYTES
            + (long) Float.BYTES * plan.shape().latent()
            + (plan.binarised() ? plan.shape().input() : 0);
    long images = Math.min(MOST_IMAGES, MOST_BYTES / anImage);
    return Math.toIntExact(Math.max(1, Math.min(MOST_STEPS, images / plan.batchSize())));
  }

  /**
   * Adds it to a graph, once.
   *
   * @param images how many are trained on
   * @param most steps a call
   * @param compiledFrom the first step that is to be compiled; nothing where XLA can't be used
   */
  static TrainingLoop build(
      VaeGraph vae, TrainingPlan plan, int images, int most, OptionalInt compiledFrom) {
    Ops tf = Ops.create(vae.graph()).withSubScope(SCOPE);
    var inputs = LoopInputs.placeholders(tf, plan, images, most);
    Variable<TUint8> onDevice =
        tf.withName("images_on_device")
            .variable(Shape.of(images, plan.shape().input()), TUint8.class);
    Op load = tf.withName("load").assign(onDevice, inputs.images());

    var function = new LoopFunction(vae, plan, images, most);
    var given = inputs.withImages(tf.identity(onDevice));
    List<FunctionDef> counted = function.define(true);
    Optional<Compiled> compiled = Optional.empty();
    if (compiledFrom.isPresent()) {
      compiled =
          Optional.of(
              new Compiled(
                  compiledFrom.getAsInt(),
                  call(vae, given, "whole", function.define(false), true),
                  call(vae, given, "part", counted, true)));
    }
    return new TrainingLoop(
        most,
        inputs.images(),
        load,
        inputs,
        call(vae, given, "interpreted", counted, false),
        compiled);
  }

  private static Call call(
      VaeGraph vae, LoopInputs inputs, String name, List<FunctionDef> functions, boolean compile) {
    Ops tf = Ops.create(vae.graph()).withSubScope(SCOPE).withSubScope(name);
    FunctionDef loop = marked(functions.get(0), name, compile);
    vae.graph()
        .importGraphDef(
            GraphDef.newBuilder()
                .setLibrary(
                    FunctionDefLibrary.newBuilder()
                        .addFunction(loop)
                        .addAllFunction(functions.subList(1, functions.size())))
                .build());

    List<Output<?>> takes = new ArrayList<>();
    inputs.list().forEach(each -> takes.add(each.asOutput()));
    vae.variables().forEach(each -> takes.add(tf.identity(each).asOutput()));
    int gives = 1 + vae.variables().size();
    var call =
        vae.graph()
            .opBuilder("PartitionedCall", SCOPE + "_" + name, tf.scope())
            .addInputList(takes.toArray(Output<?>[]::new))
            .setAttr("Tin", takes.stream().map(Output::dataType).toArray(DataType[]::new))
            .setAttr("Tout", Collections.nCopies(gives, DataType.DT_FLOAT).toArray(DataType[]::new))
            .setAttr(
                "f",
                AttrValue.newBuilder()
                    .setFunc(NameAttrList.newBuilder().setName(loop.getSignature().getName()))
                    .build());
    Operation made = (compile ? call.setAttr(COMPILE, true) : call).build();

    List<Op> updates = new ArrayList<>();
    for (int i = 1; i < gives; i++) {
      updates.add(tf.assign(vae.variables().get(i - 1), made.<TFloat32>output(i)));
    }
    return new Call(
        tf.withName("losses").identity(made.<TFloat32>output(0)),
        tf.withName("update").withControlDependencies(updates).noOp());
  }

  /** A copy of the function under another name; XLA must compile it, or TensorFlow runs it. */
  private static FunctionDef marked(FunctionDef function, String name, boolean compile) {
    var copy = function.toBuilder();
    copy.getSignatureBuilder().setName(copy.getSignature().getName() + "_" + name);
    if (compile) {
      AttrValue yes = AttrValue.newBuilder().setB(true).build();
      copy.putAttr(COMPILE, yes).putAttr(NOT_INLINED, yes);
    }
    return copy.build();
  }
}
