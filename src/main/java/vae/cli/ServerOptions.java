package vae.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;
import vae.serve.ModelServer;
import vae.serve.Predictor;
import vae.storage.WriteException;

/** The options of the commands that answer over HTTP. */
final class ServerOptions {
  private static final long LOOK_MILLIS = 50;

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
   * Serves until the program is told to stop.
   *
   * @return an exit code
   * @throws WriteException if it can't listen there
   */
  int serve(String model, Predictor predictor, ModelServer.Pages pages, Listening listening)
      throws IOException {
    Set<String> allowed =
        names.stream()
            .map(name -> name.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
    try (var interruption = new Interruption();
        var server =
            new ModelServer(
                model, predictor, new InetSocketAddress(address, port), allowed, pages)) {
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

  private int start(ModelServer server) throws WriteException {
    try {
      return server.start();
    } catch (IOException e) {
      throw new WriteException(Path.of(address + ":" + port), e);
    }
  }

  private String shown() {
    return address.equals("127.0.0.1") || address.equals("0.0.0.0") ? "localhost" : address;
  }
}
