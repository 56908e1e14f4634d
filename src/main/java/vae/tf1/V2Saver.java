package vae.tf1;

import static vae.tf1.Tf1Names.SAVER_FILENAME;
import static vae.tf1.Tf1Names.SAVER_RESTORE;
import static vae.tf1.Tf1Names.SAVER_SAVE;
import static vae.tf1.Tf1Names.SAVER_SCOPE;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.train.Restore;
import org.tensorflow.proto.SaverDef;
import org.tensorflow.types.TString;
import org.tensorflow.types.family.TType;

/**
 * {@code tf.train.Saver}: the ops that write variables to a checkpoint in TF1's V2 format and read
 * them back. {@code Session.save}, {@code SavedModelBundle.exporter} and Python all run these ops.
 */
public final class V2Saver {
  private V2Saver() {}

  /**
   * Adds the saver's ops to a graph, once.
   *
   * @param variables what is saved, each under its op's name
   * @return what the restore op reads from a checkpoint, a tensor a variable: fed, the restore op
   *     gives the variables these values instead
   */
  public static List<Output<?>> build(Ops graphOps, List<GraphVariable> variables) {
    Ops tf = graphOps.withSubScope(SAVER_SCOPE);
    var names = tf.array(variables.stream().map(GraphVariable::name).toArray(String[]::new));
    var wholeTensors = tf.array(variables.stream().map(variable -> "").toArray(String[]::new));

    Operand<TString> filename =
        tf.withName(SAVER_FILENAME).placeholderWithDefault(tf.constant("model"), Shape.scalar());
    List<Operand<?>> values = new ArrayList<>();
    List<Class<? extends TType>> types = new ArrayList<>();
    for (GraphVariable variable : variables) {
      values.add(variable.read(tf));
      types.add(variable.type());
    }
    Op save = tf.train.save(filename, names, wholeTensors, values);
    tf.withName(SAVER_SAVE).withControlDependencies(save).identity(filename);

    Restore restored = tf.train.restore(filename, names, wholeTensors, types);
    List<Op> assigned = new ArrayList<>();
    for (int i = 0; i < variables.size(); i++) {
      assigned.add(variables.get(i).assign(tf, restored.tensors().get(i)));
    }
    tf.withName(SAVER_RESTORE).withControlDependencies(assigned).noOp();
    return restored.tensors();
  }

  /** What tells other programs where the saver's ops are. */
  public static SaverDef saverDef() {
    return SaverDef.newBuilder()
        .setFilenameTensorName(Tf1Names.tensor(SAVER_SCOPE + "/" + SAVER_FILENAME))
        // With ":0": Python asks for a tensor here, TensorFlow-Java takes both.
        .setSaveTensorName(Tf1Names.tensor(SAVER_SCOPE + "/" + SAVER_SAVE))
        .setRestoreOpName(SAVER_SCOPE + "/" + SAVER_RESTORE)
        .setMaxToKeep(5)
        .setKeepCheckpointEveryNHours(10_000)
        .setVersion(SaverDef.CheckpointFormatVersion.V2)
        .build();
  }
}
