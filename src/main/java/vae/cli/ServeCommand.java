package vae.cli;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import vae.config.Device;
import vae.serve.Predictor;

/** {@code serve}: a model over HTTP, by TensorFlow Serving's REST API. */
@Command(
    name = "serve",
    description =
        "Answer over HTTP as TensorFlow Serving does: POST /v1/models/vae:predict, status, metadata,"
            + " Prometheus's metrics. A version published later is taken up on the way.")
final class ServeCommand implements Callable<Integer> {
  @Mixin private ModelOptions common;
  @Mixin private ServerOptions server;

  @Option(
      names = "--model-name",
      paramLabel = "NAME",
      defaultValue = "vae",
      description = "The model's name in the address (default: ${DEFAULT-VALUE}).")
  private String name;

  @Override
  public Integer call() throws IOException {
    if (!name.matches("[A-Za-z0-9_.-]+")) {
      throw new ParameterException(
          common.spec().commandLine(),
          "--model-name: expected letters, digits, '_', '.' or '-', found " + name);
    }
    server.check(common.spec());
    common.store().newest(); // Before TensorFlow's start: a wrong folder is told at once.
    Device device = common.startTensorFlow();
    try (var interruption = new Interruption(); // Closed last: until then the JVM does not end.
        var predictor = new Predictor(common.store(), folder -> common.load(folder, device))) {
      return server.serve(
          name,
          predictor,
          interruption,
          path -> Optional.empty(),
          url -> System.err.printf("%s/v1/models/%s:predict%n", url, name));
    }
  }
}
