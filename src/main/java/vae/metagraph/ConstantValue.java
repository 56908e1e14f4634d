package vae.metagraph;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/** The values of constants, of which protos know two forms: lists, and packed bytes. */
public record ConstantValue(TensorProto tensor) {
  /** Axes, shapes and masks are short. */
  private static final int MOST_INTEGERS = 1_000;

  /** A single float32 or float64; NaN if it is something else. */
  public float scalar() {
    ByteBuffer packed =
        tensor.getTensorContent().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    boolean isFloat = tensor.getDtype() == DataType.DT_FLOAT;
    if (isFloat && tensor.getFloatValCount() == 1) {
      return tensor.getFloatVal(0);
    }
    if (isFloat && packed.remaining() == Float.BYTES) {
      return packed.getFloat();
    }
    if (tensor.getDtype() == DataType.DT_DOUBLE && tensor.getDoubleValCount() == 1) {
      return (float) tensor.getDoubleVal(0);
    }
    return tensor.getDtype() == DataType.DT_DOUBLE && packed.remaining() == Double.BYTES
        ? (float) packed.getDouble()
        : Float.NaN;
  }

  /** A single truth value; nothing if it is something else. */
  public Optional<Boolean> truth() {
    if (tensor.getDtype() != DataType.DT_BOOL || tensor.getTensorShape().getDimCount() > 0) {
      return Optional.empty();
    }
    ByteString packed = tensor.getTensorContent();
    return packed.isEmpty()
        ? Optional.of(tensor.getBoolValCount() > 0 && tensor.getBoolVal(0))
        : Optional.of(packed.byteAt(0) != 0);
  }

  /** Whole numbers, row-major; none if it is something else. A list may leave out equal ends. */
  public long[] integers() {
    DataType type = tensor.getDtype();
    if (type != DataType.DT_INT32 && type != DataType.DT_INT64) {
      return new long[0];
    }
    long count = count();
    if (count < 0 || count > MOST_INTEGERS) {
      return new long[0];
    }
    boolean isLong = type == DataType.DT_INT64;
    ByteBuffer packed =
        tensor.getTensorContent().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    List<? extends Number> listed = isLong ? tensor.getInt64ValList() : tensor.getIntValList();
    long[] values = new long[(int) count];
    for (int i = 0; i < values.length; i++) {
      if (packed.remaining() >= (isLong ? Long.BYTES : Integer.BYTES)) {
        values[i] = isLong ? packed.getLong() : packed.getInt();
      } else if (!listed.isEmpty()) {
        values[i] = listed.get(Math.min(i, listed.size() - 1)).longValue();
      }
    }
    return values;
  }

  private long count() {
    return tensor.getTensorShape().getDimList().stream()
        .mapToLong(TensorShapeProto.Dim::getSize)
        .reduce(1, (count, size) -> count * size);
  }

  /** Strings, fewer than there should be where the last one stands for all that follow. */
  List<String> strings() throws MetaGraphException {
    if (tensor.getDtype() != DataType.DT_STRING || tensor.getTensorContent().isEmpty()) {
      return tensor.getStringValList().stream().map(ByteString::toStringUtf8).toList();
    }
    long count = count();
    CodedInputStream packed = tensor.getTensorContent().newCodedInput();
    try {
      List<Integer> lengths = new ArrayList<>(); // They come first, then the bytes of all.
      for (long i = 0; i < count; i++) {
        lengths.add(packed.readRawVarint32());
      }
      List<String> strings = new ArrayList<>();
      for (int length : lengths) {
        strings.add(new String(packed.readRawBytes(length), StandardCharsets.UTF_8));
      }
      return strings;
    } catch (IOException e) {
      throw new MetaGraphException(
          "expected a constant of %d strings, found %s".formatted(count, e.getMessage()));
    }
  }
}
