package vae.files;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file of one protocol buffer: equal messages make equal bytes, and none too large is read. */
public final class ProtoFile {
  /** A thousand times the tutorial's graph, and room for constants. */
  private static final long MOST_BYTES = 256 << 20;

  /** Graphs nest less than ten messages. */
  private static final int MOST_DEPTH = 50;

  private ProtoFile() {}

  /** Writes a message, the entries of its maps in order. */
  public static void write(MessageLite message, Path file) throws IOException {
    byte[] bytes = new byte[message.getSerializedSize()];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.useDeterministicSerialization();
    message.writeTo(out);
    out.checkNoSpaceLeft();
    Files.write(file, bytes);
  }

  /**
   * Reads a message.
   *
   * @param kind what the file should be, such as {@code meta graph}
   * @throws ModelException if the file can't be read, or holds none, or one too large or too deep
   */
  public static <M extends MessageLite> M read(Path file, Parser<M> parser, String kind)
      throws ModelException {
    try {
      long size = Files.size(file);
      if (size > MOST_BYTES) {
        throw new InvalidProtocolBufferException(
            "%,d bytes, more than the %,d allowed".formatted(size, MOST_BYTES));
      }
      CodedInputStream in = CodedInputStream.newInstance(Files.readAllBytes(file));
      in.setRecursionLimit(MOST_DEPTH);
      M message = parser.parseFrom(in);
      in.checkLastTagWas(0);
      return message;
    } catch (InvalidProtocolBufferException e) {
      throw new ModelException(
          file, "expected a whole %s, found %s".formatted(kind, e.getMessage()), e);
    } catch (IOException e) {
      throw ModelException.unreadable(file, e);
    }
  }
}
