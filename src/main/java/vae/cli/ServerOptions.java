package vae.cli;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Option;
import vae.serve.ModelServer;
import vae.serve.Predictor;

/** The options of the commands that answer over HTTP. */
final class ServerOptions extends OptionGroup {
  private static final long LOOK_MILLIS = 50;
  private static final int MOST_PORT = 65_535;
  private static final Set<String> ANYWHERE = Set.of("127.0.0.1", "::1", "0.0.0.0", "::");
  private static final Pattern ORIGIN =
      Pattern.compile("https?://(\\[[0-9A-Fa-f:.]+\\]|[^:/\\[\\]@?#]+)(:\\d+)?");

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8501",
      description = "The port for HTTP; 0 takes any free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      defaultValue = ModelServer.LOCALHOST,
      description =
          "The address to listen on; localhost for both loopback addresses, 0.0.0.0 for all of this"
              + " machine's. There is no password: see SECURITY.md (default: ${DEFAULT-VALUE}).")
  private String address;

  @Option(
      names = "--allow-host",
      paramLabel = "NAME",
      description =
          "Accept requests under this host name too, besides localhost and addresses. May"
              + " be repeated.")
  private List<String> names = List.of();

  @Option(
      names = "--allow-origin",
      paramLabel = "URL",
      description = "Accept requests of this site's pages too, http://host:port. May be repeated.")
  private List<String> origins = List.of();

  /** The address is taken, or not this machine's; the message names it. */
  static final class ListenException extends IOException {
    ListenException(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  /** Refuses ports and origins that are none, before a model is loaded. */
  void check() {
    requirePort("--port", port);
    for (String origin : origins) {
      if (!ORIGIN.matcher(origin).matches()) {
        throw refused(
            "--allow-origin: expected a page's origin, such as http://localhost:3000, found "
                + origin);
      }
    }
  }

  /** Refuses a port that is none. */
  void requirePort(String option, int port) {
    if (port < 0 || port > MOST_PORT) {
      throw refused("%s: expected 0 to %d, found %d".formatted(option, MOST_PORT, port));
    }
  }

  /**
   * Serves until the program is told to stop.
   *
   * @param listening is told, once the server listens, the URL of its pages, and host and port of
   *     gRPC, if it listens for it
   * @return an exit code
   * @throws ListenException if it can't listen there
   */
  int serve(
      String model,
      Predictor predictor,
      OptionalInt grpcPort,
      Interruption interruption,
      ModelServer.Pages pages,
      BiConsumer<String, Optional<String>> listening)
      throws IOException {
    // Whom it was told to bind as it may be asked for, too.
    Set<String> allowed =
        Stream.concat(names.stream(), Stream.of(address))
            .map(name -> name.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
    try (var server = new ModelServer(model, predictor, allowed, Set.copyOf(origins), pages)) {
      ModelServer.Ports ports = start(server, grpcPort);
      listening.accept(
          "http://%s:%d".formatted(shown(), ports.http()),
          ports.grpc().stream().mapToObj(each -> "%s:%d".formatted(shown(), each)).findFirst());
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

  private ModelServer.Ports start(ModelServer server, OptionalInt grpcPort) throws ListenException {
    try {
      return server.start(address, new ModelServer.Ports(port, grpcPort));
    } catch (IOException e) {
      throw new ListenException(e);
    }
  }

  private String shown() {
    return ANYWHERE.contains(address)
        ? ModelServer.LOCALHOST
        : address.contains(":") ? "[" + address + "]" : address;
  }
}
