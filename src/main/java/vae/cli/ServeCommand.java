package vae.cli;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import vae.config.Device;
import vae.serve.Predictor;

/** {@code serve}: a model for TensorFlow Serving's clients, by REST and by gRPC. */
@Command(
    name = "serve",
    description =
        "Serve the model as TensorFlow Serving does, by REST (POST"
            + " /v1/models/vae:predict, status, metadata, metrics) and gRPC. It switches to a"
            + " new version when one is published.")
final class ServeCommand implements Callable<Integer> {
  @Mixin private ModelOptions common;
  @Mixin private ServerOptions server;

  @Option(
      names = "--model-name",
      paramLabel = "NAME",
      defaultValue = "vae",
      description = "The model's name in requests (default: ${DEFAULT-VALUE}).")
  private String name;

  @Option(
      names = "--grpc-port",
      paramLabel = "N",
      defaultValue = "8500",
      description = "The port for gRPC; 0 switches gRPC off (default: ${DEFAULT-VALUE}).")
  private int grpcPort;

  @Override
  public Integer call() throws IOException {
    if (!name.matches("[A-Za-z0-9_.-]+")) {
      throw common.refused(
          "--model-name: expected letters, digits, '_', '.' or '-', found " + name);
    }
    server.check();
    server.requirePort("--grpc-port", grpcPort);
    common.store().newest(); // Before TensorFlow's start: a wrong folder is told at once.
    Device device = common.startTensorFlow();
    try (var interruption = new Interruption(); // Closed last: until then the JVM does not end.
        var predictor = new Predictor(common.store(), folder -> common.load(folder, device))) {
      return server.serve(
          name,
          predictor,
          grpcPort == 0 ? OptionalInt.empty() : OptionalInt.of(grpcPort),
          interruption,
          path -> Optional.empty(),
          (url, grpc) ->
              System.err.printf(
                  "ready: %s/v1/models/%s:predict%s%n",
                  url, name, grpc.map(" and gRPC at "::concat).orElse("")));
    }
  }
}
