package vae.training;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.Summary;
import vae.files.WriteException;

/**
 * A file of events for TensorBoard, {@code events.out.tfevents.*}: TFRecords of protos, each with
 * its length and the masked CRC-32C of both. Each event is on the disk when its method returns, so
 * that TensorBoard can follow a training.
 */
final class EventFile implements AutoCloseable {
  private static final String VERSION = "brain.Event:2";
  private static final int MASK = 0xa282ead8;
  private static final double MILLIS = 1e3;

  private final Path file;
  private final OutputStream out;

  private EventFile(Path file, OutputStream out) {
    this.file = file;
    this.out = out;
  }

  /**
   * Begins a file in a folder, which it makes if need be.
   *
   * @throws WriteException if it can't be written
   */
  static EventFile in(Path folder) throws WriteException {
    long seconds = System.currentTimeMillis() / 1_000;
    Path file =
        folder.resolve(
            "events.out.tfevents.%010d.%d.vae".formatted(seconds, ProcessHandle.current().pid()));
    try {
      Files.createDirectories(folder);
      var events = new EventFile(file, Files.newOutputStream(file, StandardOpenOption.CREATE_NEW));
      events.write(Event.newBuilder().setFileVersion(VERSION));
      return events;
    } catch (IOException e) {
      throw WriteException.of(file, e);
    }
  }

  /**
   * Adds a number to the curve of its name.
   *
   * @throws WriteException if it can't be written
   */
  void scalar(String tag, int step, double value) throws WriteException {
    summary(step, Summary.Value.newBuilder().setTag(tag).setSimpleValue((float) value));
  }

  /**
   * Adds a picture.
   *
   * @param png a PNG file's bytes
   * @throws WriteException if it can't be written
   */
  void image(String tag, int step, byte[] png, int width, int height) throws WriteException {
    summary(
        step,
        Summary.Value.newBuilder()
            .setTag(tag)
            .setImage(
                Summary.Image.newBuilder()
                    .setColorspace(3)
                    .setWidth(width)
                    .setHeight(height)
                    .setEncodedImageString(ByteString.copyFrom(png))));
  }

  @Override
  public void close() throws WriteException {
    try {
      out.close();
    } catch (IOException e) {
      throw new WriteException(file, e);
    }
  }

  private void summary(int step, Summary.Value.Builder value) throws WriteException {
    write(Event.newBuilder().setStep(step).setSummary(Summary.newBuilder().addValue(value)));
  }

  private void write(Event.Builder event) throws WriteException {
    byte[] data = event.setWallTime(System.currentTimeMillis() / MILLIS).build().toByteArray();
    byte[] record = new byte[Long.BYTES + data.length + 2 * Integer.BYTES];
    ByteBuffer buffer = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putLong(data.length).putInt(maskedSum(Arrays.copyOf(record, Long.BYTES)));
    buffer.put(data).putInt(maskedSum(data));
    try {
      out.write(record);
    } catch (IOException e) {
      throw new WriteException(file, e);
    }
  }

  private static int maskedSum(byte[] bytes) {
    var sum = new CRC32C();
    sum.update(bytes);
    int crc = (int) sum.getValue();
    return Integer.rotateRight(crc, 15) + MASK;
  }
}
