package vae.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import vae.serve.ModelServer;
import vae.serve.Predictor;

/** The options of the commands that answer over HTTP. */
final class ServerOptions {
  private static final long LOOK_MILLIS = 50;
  private static final int MOST_PORT = 65_535;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8501",
      description = "Where to listen; 0 for any port that is free (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description =
          "The address to listen on; 0.0.0.0 for all of this machine's. There is no password: see"
              + " SECURITY.md (default: ${DEFAULT-VALUE}).")
  private String address;

  @Option(
      names = "--allow-host",
      paramLabel = "NAME",
      description =
          "A name by which this server may be asked, besides localhost and addresses; may be"
              + " repeated.")
  private List<String> names = List.of();

  /** What is done once the server listens, given its address. */
  @FunctionalInterface
  interface Listening {
    /** Does it. */
    void at(String url) throws IOException;
  }

  /**
   * Refuses a port that is none, before a model is loaded.
   *
   * @throws ParameterException if it is none
   */
  void check(CommandSpec command) {
    if (port < 0 || port > MOST_PORT) {
      throw new ParameterException(
          command.commandLine(), "--port: expected 0 to %d, found %d".formatted(MOST_PORT, port));
    }
  }

  /**
   * Serves until the program is told to stop.
   *
   * @return an exit code
   * @throws ListenException if it can't listen there
   */
  int serve(
      String model,
      Predictor predictor,
      Interruption interruption,
      ModelServer.Pages pages,
      Listening listening)
      throws IOException {
    // Whom it was told to bind as it may be asked for, too.
    Set<String> allowed =
        Stream.concat(names.stream(), Stream.of(address))
            .map(name -> name.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
    try (var server =
        new ModelServer(model, predictor, new InetSocketAddress(address, port), allowed, pages)) {
      listening.at("http://%s:%d".formatted(shown(), start(server)));
      while (!interruption.requested()) {
        Thread.sleep(LOOK_MILLIS);
      }
      System.err.println("stopping");
      return ExitCode.INTERRUPTED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitCode.INTERRUPTED;
    }
  }

  private int start(ModelServer server) throws ListenException {
    try {
      return server.start();
    } catch (IOException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause(); // Jetty names the address again.
      throw new ListenException(
          "%s:%d: can't listen (%s)".formatted(bracketed(), port, reason.getMessage()), e);
    }
  }

  private String shown() {
    return Set.of("127.0.0.1", "0.0.0.0", "::").contains(address) ? "localhost" : bracketed();
  }

  private String bracketed() {
    return address.contains(":") ? "[" + address + "]" : address;
  }
}
