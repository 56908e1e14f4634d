package vae.testing;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.condition.OS;

/** Runs a main class of ours in a JVM of its own, which a test may kill. */
public final class ChildJvm {
  private ChildJvm() {}

  /** Starts it in the project's folder; its output is added to {@code log}. */
  public static Process start(Path log, Class<?> mainClass, String... args) throws IOException {
    return start(log, List.of(), mainClass, args);
  }

  /** The same with more options for the JVM. */
  public static Process start(Path log, List<String> jvmOptions, Class<?> mainClass, String... args)
      throws IOException {
    List<String> command = command(mainClass, args);
    command.addAll(1, jvmOptions);
    return start(log, command);
  }

  /** The same where no file may grow beyond so many KiB: to a program, a full disk. */
  public static Process startLimited(int kibibytes, Path log, Class<?> mainClass, String... args)
      throws IOException {
    return startLimited(kibibytes, log, List.of(), mainClass, args);
  }

  /** The same with more options for the JVM. */
  public static Process startLimited(
      int kibibytes, Path log, List<String> jvmOptions, Class<?> mainClass, String... args)
      throws IOException {
    // Without -XX:-UsePerfData the JVM itself writes a file of its own.
    List<String> command = command(mainClass, args);
    command.add(1, "-XX:-UsePerfData");
    command.addAll(1, jvmOptions);
    return startByShell("ulimit -f " + kibibytes + "; exec \"$@\"", log, command);
  }

  /** The same by a line of bash, to which it is {@code "$@"}. */
  public static Process startByShell(String line, Path log, Class<?> mainClass, String... args)
      throws IOException {
    return startByShell(line, log, command(mainClass, args));
  }

  private static Process startByShell(String line, Path log, List<String> command)
      throws IOException {
    command.addAll(0, List.of("bash", "-c", line, "bash"));
    return start(log, command);
  }

  private static Process start(Path log, List<String> command) throws IOException {
    if (OS.LINUX.isCurrentOs()) {
      // A job in a shell's background, as CI may be, hands its children an ignored SIGINT.
      command.addAll(0, List.of("env", "--default-signal=INT"));
    }
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(log.toFile()));
    // A command run in this JVM before may have set it.
    builder.environment().remove("TF_CPP_MIN_LOG_LEVEL");
    return builder.start();
  }

  /** The command line that runs it. */
  public static List<String> command(Class<?> mainClass, String... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(System.getProperty("jvm.flags", "").split(" ", -1)));
    command.addAll(List.of("-cp", classPath(), mainClass.getName()));
    command.addAll(List.of(args));
    return command;
  }

  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }
}
