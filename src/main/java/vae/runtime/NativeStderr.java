package vae.runtime;

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Standard error of a process whose native code says too much. On a GPU TensorFlow tells of the
 * device at each new session, and XLA of its work; no environment variable stops that. So the
 * descriptor becomes a pipe, out of which a thread lets what is no such line; {@code System.err}
 * goes past it.
 */
final class NativeStderr {
  /** Abseil's and TensorFlow's lines below errors, and what Abseil says of itself. */
  private static final Pattern CHATTER =
      Pattern.compile(
          "[IW]\\d{4} .*"
              + "|\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d+: [IW] .*"
              + "|WARNING: All log messages before absl::InitializeLog.*");

  private static int descriptor = LibC.STDERR;

  private NativeStderr() {}

  /** The descriptor by which what is written gets to the user. */
  static synchronized int descriptor() {
    return descriptor;
  }

  /** Filters from now on; a second call does nothing. */
  static synchronized void filter() {
    if (descriptor != LibC.STDERR) {
      return;
    }
    LibC libc = LibC.load();
    int[] pipe = new int[2];
    int kept = libc.dup(LibC.STDERR);
    if (kept < 0 || libc.pipe(pipe) != 0) {
      return; // Then it is heard.
    }
    InputStream source;
    try { // Linux, for which alone there is a library for GPUs, has each descriptor as a file too.
      source = new FileInputStream("/proc/self/fd/" + pipe[0]);
    } catch (IOException e) {
      IntStream.of(kept, pipe[0], pipe[1]).forEach(libc::close);
      return;
    }
    libc.close(pipe[0]); // The stream has a descriptor of its own.
    libc.dup2(pipe[1], LibC.STDERR);
    libc.close(pipe[1]);
    descriptor = kept;
    var out = new PrintStream(new Descriptor(libc, kept), true, Charset.defaultCharset());
    System.setErr(out);
    Thread thread = new Thread(() -> pass(source, out), "native-stderr");
    thread.setDaemon(true);
    thread.start();
  }

  private static void pass(InputStream in, PrintStream out) {
    try (var lines = new BufferedReader(new InputStreamReader(in, Charset.defaultCharset()))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!CHATTER.matcher(line).matches()) {
          out.println(line);
        }
      }
    } catch (IOException e) {
      out.println("warning: no more of TensorFlow's messages: " + e.getMessage());
    }
  }

  /** Writes to a descriptor. */
  private static final class Descriptor extends OutputStream {
    private final LibC libc;
    private final int to;

    Descriptor(LibC libc, int to) {
      this.libc = libc;
      this.to = to;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      int done = 0;
      while (done < count) {
        byte[] rest = Arrays.copyOfRange(bytes, from + done, from + count);
        int written = libc.write(to, rest, rest.length);
        if (written < 0) {
          throw new IOException("standard error can't be written");
        }
        done += written;
      }
    }
  }
}
