package vae.tf1;

import java.util.Set;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.internal.types.registry.TensorTypeRegistry;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.op.core.Variable;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.family.TType;

/**
 * A variable in a graph, of either kind that TF1 has: one that gives out a reference to its buffer
 * ({@code float32_ref}), or one that gives out a handle of a resource.
 *
 * @param op of type VariableV2, Variable or VarHandleOp
 */
public record GraphVariable(GraphOperation op) {
  private static final Set<String> TYPES =
      Set.of(Variable.OP_NAME, "Variable", VarHandleOp.OP_NAME);

  /** Refuses an op of another type. */
  public GraphVariable {
    if (!isVariable(op.type())) {
      throw new IllegalArgumentException(
          "expected one of %s, found %s, a %s".formatted(TYPES, op.name(), op.type()));
    }
  }

  /** Whether ops of this type are variables. */
  public static boolean isVariable(String opType) {
    return TYPES.contains(opType);
  }

  /** The op's name, which is the variable's in a checkpoint. */
  public String name() {
    return op.name();
  }

  /** The type of its values, as protos name it. */
  public DataType dataType() {
    return op.attributes().getAttrType("dtype");
  }

  /** The type of its values, as TensorFlow-Java names it. */
  public Class<? extends TType> type() {
    return TensorTypeRegistry.find(dataType()).type();
  }

  /** The shape of its values. */
  public Shape shape() {
    return op.attributes().getAttrShape("shape");
  }

  /** Its value; for a resource this adds an op. */
  public Operand<? extends TType> read(Ops tf) {
    return isResource() ? tf.readVariableOp(output(), type()) : output();
  }

  /** Adds an op that gives it a value. */
  public Op assign(Ops tf, Output<?> value) {
    return isResource() ? tf.assignVariableOp(output(), typed(value)) : assignReference(tf, value);
  }

  @SuppressWarnings("unchecked") // TensorFlow checks the types of both when it adds the op.
  private <T extends TType> Op assignReference(Ops tf, Output<?> value) {
    return tf.assign((Output<T>) output(), (Output<T>) value);
  }

  private boolean isResource() {
    return op.type().equals(VarHandleOp.OP_NAME);
  }

  private Output<? extends TType> output() {
    return typed(op.output(0));
  }

  @SuppressWarnings("unchecked") // Each tensor's type is some TType.
  private static Output<? extends TType> typed(Output<?> output) {
    return (Output<? extends TType>) output;
  }
}
