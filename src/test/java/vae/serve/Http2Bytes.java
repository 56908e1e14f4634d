package vae.serve;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What a gRPC client sends, byte by byte: HTTP/2's frames, to be cut, stirred and sent slowly. */
final class Http2Bytes {
  private static final int SETTINGS = 4;
  private static final int HEADERS = 1;
  private static final int DATA = 0;
  private static final int END_HEADERS = 4;
  private static final int END_STREAM = 1;
  private static final int MOST_FRAME = 16_384;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** The beginning of a connection, and the headers of a call on its first stream. */
  Http2Bytes(String path) {
    bytes.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    frame(SETTINGS, 0, 0, new byte[0]);
    var block = new ByteArrayOutputStream();
    header(block, ":method", "POST");
    header(block, ":scheme", "http");
    header(block, ":path", path);
    header(block, ":authority", "localhost");
    header(block, "content-type", "application/grpc");
    header(block, "te", "trailers");
    frame(HEADERS, END_HEADERS, 1, block.toByteArray());
  }

  /** One message, which ends the stream. */
  Http2Bytes message(byte[] content) {
    ByteBuffer message = ByteBuffer.allocate(5 + content.length);
    message.put((byte) 0).putInt(content.length).put(content).flip();
    while (message.hasRemaining()) {
      byte[] part = new byte[Math.min(message.remaining(), MOST_FRAME)];
      message.get(part);
      frame(DATA, message.hasRemaining() ? 0 : END_STREAM, 1, part);
    }
    return this;
  }

  /** The beginning of a message that is never whole. */
  Http2Bytes promise(int length, byte[] beginning) {
    ByteBuffer message = ByteBuffer.allocate(5 + beginning.length);
    message.put((byte) 0).putInt(length).put(beginning);
    frame(DATA, 0, 1, message.array());
    return this;
  }

  byte[] bytes() {
    return bytes.toByteArray();
  }

  private void frame(int type, int flags, int stream, byte[] payload) {
    bytes.write(payload.length >> 16);
    bytes.write(payload.length >> 8);
    bytes.write(payload.length);
    bytes.write(type);
    bytes.write(flags);
    bytes.writeBytes(ByteBuffer.allocate(4).putInt(stream).array());
    bytes.writeBytes(payload);
  }

  /** A literal, not indexed, not Huffman-coded; shorter than 127 bytes. */
  private static void header(ByteArrayOutputStream block, String name, String value) {
    block.write(0);
    for (String text : new String[] {name, value}) {
      byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
      block.write(ascii.length);
      block.writeBytes(ascii);
    }
  }

  /** Sends bytes, and reads what comes until the server hangs up or says nothing for a while. */
  static byte[] send(int port, byte[] bytes, boolean hangsUp, int patienceMillis)
      throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(patienceMillis);
      var answer = new ByteArrayOutputStream();
      try {
        socket.getOutputStream().write(bytes);
        if (hangsUp) {
          socket.shutdownOutput();
        }
        socket.getInputStream().transferTo(answer);
      } catch (IOException e) {
        return answer.toByteArray(); // It may hang up in the middle, or wait for more.
      }
      return answer.toByteArray();
    }
  }
}
