package vae.checkpoint;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.tensorflow.internal.c_api.TF_CheckpointReader;
import org.tensorflow.internal.c_api.TF_Status;
import org.tensorflow.internal.c_api.global.tensorflow;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;

/**
 * What a checkpoint says that it holds, of either format. TensorFlow-Java has no class for
 * TensorFlow's reader, so its C functions are called.
 */
public final class CheckpointTable {
  /**
   * A tensor of a checkpoint.
   *
   * @param type of its values
   * @param shape its shape, whole where it is saved in slices
   */
  public record Entry(DataType type, Shape shape) {
    @Override
    public String toString() {
      return type + " " + shape;
    }
  }

  private CheckpointTable() {}

  /**
   * Reads the table.
   *
   * @param prefix the checkpoint's path without {@code .index}
   * @return the entries by name
   * @throws IllegalArgumentException if it can't be read; says TensorFlow's reason
   */
  @SuppressWarnings("try") // The scope frees what is allocated while it is open.
  static Map<String, Entry> read(String prefix) {
    try (PointerScope scope = new PointerScope();
        TF_Status status = TF_Status.newStatus()) {
      TF_CheckpointReader reader = tensorflow.TF_NewCheckpointReader(prefix, status);
      requireOk(status);
      try {
        Map<String, Entry> entries = new LinkedHashMap<>();
        int size = tensorflow.TF_CheckpointReaderSize(reader);
        for (int i = 0; i < size; i++) {
          String name = tensorflow.TF_CheckpointReaderGetVariable(reader, i).getString();
          long[] dims = new long[tensorflow.TF_CheckpointReaderGetVariableNumDims(reader, name)];
          tensorflow.TF_CheckpointReaderGetVariableShape(reader, name, dims, dims.length, status);
          requireOk(status);
          int type = tensorflow.TF_CheckpointReaderGetVariableDataType(reader, name);
          entries.put(name, new Entry(DataType.forNumber(type), Shape.of(dims)));
        }
        return entries;
      } finally {
        tensorflow.TF_DeleteCheckpointReader(reader);
      }
    }
  }

  private static void requireOk(TF_Status status) {
    if (tensorflow.TF_GetCode(status) != tensorflow.TF_OK) {
      throw new IllegalArgumentException(tensorflow.TF_Message(status).getString());
    }
  }
}
