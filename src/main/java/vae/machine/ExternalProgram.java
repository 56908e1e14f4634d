package vae.machine;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An executable of others, asked something. It gets no input and a time limit, and is killed, with
 * all that it has started, when that is over.
 */
record ExternalProgram(Path file) {
  private static final int MOST_BYTES = 1 << 16;
  private static final long POLL_MILLIS = 10;

  /** Finds a program in the folders of PATH, and runs it to its end; nothing if there is none. */
  static Optional<String> ask(String name, Duration limit, String... arguments) throws IOException {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    Optional<ExternalProgram> program = find(name, path);
    return program.isPresent()
        ? Optional.of(program.get().run(limit, arguments))
        : Optional.empty();
  }

  /**
   * Finds a program in the folders of a PATH. What is no folder in it is passed over, and so is
   * what depends on where the program was started: a file that lies about there is not run.
   */
  static Optional<ExternalProgram> find(String name, String path) {
    return Stream.of(path.split(Pattern.quote(File.pathSeparator), -1))
        .flatMap(folder -> candidates(folder, name))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst()
        .map(ExternalProgram::new);
  }

  private static Stream<Path> candidates(String folder, String name) {
    try {
      Path found = Path.of(folder);
      return found.isAbsolute()
          ? Stream.of("", ".exe", ".cmd").map(ending -> found.resolve(name + ending))
          : Stream.empty();
    } catch (InvalidPathException e) {
      return Stream.empty();
    }
  }

  /**
   * Runs it to its end.
   *
   * @return what it wrote on both its outputs, 64 KiB of it at most
   * @throws IOException if it can't be started, fails, or takes longer than the limit; the message
   *     is for a person
   */
  String run(Duration limit, String... arguments) throws IOException {
    Process process = start(arguments);
    try {
      process.getOutputStream().close();
      String text = read(process, System.nanoTime() + limit.toNanos());
      if (process.isAlive()) {
        throw new IOException("%s gave no answer in %d s".formatted(file, limit.toSeconds()));
      }
      if (process.exitValue() != 0) {
        throw new IOException(
            "%s failed with exit code %d: %s"
                .formatted(
                    file,
                    process.exitValue(),
                    text.lines().filter(line -> !line.isBlank()).findFirst().orElse("no word")));
      }
      return text;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(file + " was interrupted", e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(file.toString()));
    command.addAll(List.of(arguments));
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new IOException(file + " can't be started", e);
    }
  }

  /** Asks, and never blocks: what a program has started may hold its output open for good. */
  private static String read(Process process, long deadline)
      throws IOException, InterruptedException {
    InputStream output = process.getInputStream();
    var text = new ByteArrayOutputStream();
    while (System.nanoTime() - deadline < 0) {
      boolean ended = !process.isAlive();
      int available = output.available();
      if (available > 0) {
        byte[] bytes = output.readNBytes(available);
        text.write(bytes, 0, Math.min(bytes.length, MOST_BYTES - text.size()));
      } else if (ended) {
        break;
      } else {
        process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
      }
    }
    return text.toString(StandardCharsets.UTF_8);
  }
}
