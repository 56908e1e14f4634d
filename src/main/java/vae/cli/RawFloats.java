package vae.cli;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Numbers as bytes: float32, little-endian, one after another, as NumPy's {@code fromfile} reads.
 */
final class RawFloats {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  RawFloats add(float[] values) {
    ByteBuffer buffer =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asFloatBuffer().put(values);
    bytes.writeBytes(buffer.array());
    return this;
  }

  byte[] toBytes() {
    return bytes.toByteArray();
  }
}
