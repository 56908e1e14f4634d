package vae.serve;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnsafeByteOperations;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;
import vae.tensor.ElementType;
import vae.tensor.Values;

/**
 * A tensor as gRPC brings it: its values as bytes, {@code tensor_content}, or one by one in the
 * field of their type, where the last stands for all that are missing. It goes back one by one, as
 * TensorFlow Serving sends it, since clients read {@code float_val}; or as bytes, for those who ask
 * for them.
 */
final class ProtoTensor {
  private ProtoTensor() {}

  /**
   * Reads one.
   *
   * @throws ServingException if its shape and its values don't agree, it is too large, or it is of
   *     a type that no {@link Values} hold
   */
  static Values read(String name, TensorProto proto) throws ServingException {
    ElementType type =
        ElementType.of(proto.getDtype().name())
            .orElseThrow(
                () ->
                    ServingException.invalid(
                        "input %s: tensors of %s can't be served"
                            .formatted(name, proto.getDtype())));
    int[] shape = shape(name, proto.getTensorShape(), type);
    requireShort(name, proto, shape);
    Values values = Values.empty(type, shape);
    ByteString content = proto.getTensorContent();
    if (content.isEmpty() || type == ElementType.STRING) {
      fill(values, proto);
    } else if (content.size() == (long) bytes(type) * values.size()) {
      copy(content.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN), values);
    } else {
      throw ServingException.invalid(
          "input %s: %s takes %,d bytes, found %,d in tensor_content"
              .formatted(name, values, (long) bytes(type) * values.size(), content.size()));
    }
    return values;
  }

  private static int[] shape(String name, TensorShapeProto proto, ElementType type)
      throws ServingException {
    long[] dims = proto.getDimList().stream().mapToLong(TensorShapeProto.Dim::getSize).toArray();
    long most = Admission.MOST_BYTES / bytes(type);
    long size = 1;
    for (long dim : dims) {
      if (proto.getUnknownRank() || dim < 0 || (dim > 0 && size > most / dim)) {
        throw ServingException.invalid(
            "input %s: a tensor of shape %s can't be taken"
                .formatted(name, LongStream.of(dims).boxed().toList()));
      }
      size *= dim;
    }
    return LongStream.of(dims).mapToInt(dim -> (int) Math.min(dim, Integer.MAX_VALUE)).toArray();
  }

  /** The last of some strings may stand for many. */
  private static void requireShort(String name, TensorProto proto, int[] shape)
      throws ServingException {
    int count = proto.getStringValCount();
    long missing = Arrays.stream(shape).asLongStream().reduce(1, (a, b) -> a * b) - count;
    if (count > 0 && missing * proto.getStringVal(count - 1).size() > Admission.MOST_BYTES) {
      throw ServingException.invalid(
          "input %s: %,d strings like the last can't be taken".formatted(name, missing));
    }
  }

  /** What a value takes; of a string's bytes, the reference to them. */
  private static int bytes(ElementType type) {
    return switch (type) {
      case DOUBLE, INT64, STRING -> Long.BYTES;
      case FLOAT, INT32 -> Integer.BYTES;
      case BOOL, UINT8 -> 1;
    };
  }

  private static void copy(ByteBuffer from, Values to) {
    switch (to.type()) {
      case FLOAT -> from.asFloatBuffer().get(to.floats());
      case DOUBLE -> from.asDoubleBuffer().get(to.doubles());
      case INT32 -> from.asIntBuffer().get(to.ints());
      case INT64 -> from.asLongBuffer().get(to.longs());
      case UINT8 -> from.get(to.bytes());
      case BOOL -> {
        for (int i = 0; i < to.size(); i++) {
          to.booleans()[i] = from.get(i) != 0;
        }
      }
      case STRING -> throw new IllegalArgumentException("strings have no such content");
    }
  }

  /** All that are there; then the last again and again. Where there are none, zeros stay. */
  private static void fill(Values to, TensorProto from) {
    List<?> given =
        switch (to.type()) {
          case FLOAT -> from.getFloatValList();
          case DOUBLE -> from.getDoubleValList();
          case INT32 -> from.getIntValList();
          case INT64 -> from.getInt64ValList();
          case UINT8 -> from.getIntValList().stream().map(Integer::byteValue).toList();
          case BOOL -> from.getBoolValList();
          case STRING -> from.getStringValList().stream().map(ByteString::toByteArray).toList();
        };
    int last = given.size() - 1;
    if (last < 0 && to.type() == ElementType.STRING) {
      Arrays.fill(to.strings(), new byte[0]);
    }
    if (to.type() == ElementType.FLOAT) { // Of which there may be a million.
      float[] floats = to.floats();
      for (int i = 0; last >= 0 && i < floats.length; i++) {
        floats[i] = from.getFloatVal(Math.min(i, last));
      }
      return;
    }
    for (int i = 0; last >= 0 && i < to.size(); i++) {
      Array.set(to.data(), i, given.get(Math.min(i, last)));
    }
  }

  /**
   * Writes one. Floats, of which there may be a million, are written as the bytes that their packed
   * field is on the wire, which costs no call a number: whoever asks this object itself for its
   * {@code float_val} finds them unknown.
   *
   * @param inBytes whether floats go into {@code tensor_content} instead
   */
  static TensorProto write(Values values, boolean inBytes) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (int size : values.shape()) {
      shape.addDim(TensorShapeProto.Dim.newBuilder().setSize(size));
    }
    TensorProto.Builder proto =
        TensorProto.newBuilder()
            .setDtype(DataType.valueOf(values.type().dataType()))
            .setTensorShape(shape);
    switch (values.type()) {
      case FLOAT -> {
        float[] floats = values.floats();
        ByteBuffer packed =
            ByteBuffer.allocate(Float.BYTES * floats.length).order(ByteOrder.LITTLE_ENDIAN);
        packed.asFloatBuffer().put(floats);
        ByteString bytes = UnsafeByteOperations.unsafeWrap(packed);
        if (inBytes) {
          proto.setTensorContent(bytes);
        } else {
          proto.setUnknownFields(
              UnknownFieldSet.newBuilder()
                  .addField(
                      TensorProto.FLOAT_VAL_FIELD_NUMBER,
                      UnknownFieldSet.Field.newBuilder().addLengthDelimited(bytes).build())
                  .build());
        }
      }
      case DOUBLE -> DoubleStream.of(values.doubles()).forEach(proto::addDoubleVal);
      case INT32 -> IntStream.of(values.ints()).forEach(proto::addIntVal);
      case INT64 -> LongStream.of(values.longs()).forEach(proto::addInt64Val);
      case UINT8 -> {
        for (byte value : values.bytes()) {
          proto.addIntVal(value & 0xff);
        }
      }
      case BOOL -> {
        for (boolean value : values.booleans()) {
          proto.addBoolVal(value);
        }
      }
      case STRING ->
          Stream.of(values.strings())
              .map(UnsafeByteOperations::unsafeWrap)
              .forEach(proto::addStringVal);
    }
    return proto.build();
  }
}
