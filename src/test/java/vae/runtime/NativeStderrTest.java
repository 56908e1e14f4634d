package vae.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;
import vae.config.Device;
import vae.testing.ChildJvm;

/** Native lines are written by XLA for the CPU, which is as talkative as a GPU's. */
class NativeStderrTest {
  private static final String OURS = "from Java";
  private static final String ERROR = "E0000 00:00:1.0 1 some.cc:1] an error";
  private static final String PLAIN = "malloc(): corrupted top size";

  @TempDir private Path folder;

  @Test
  void onlyChatterIsKeptAway() throws Exception {
    assertThat(linesOf("filtered")).containsExactlyInAnyOrder(OURS, ERROR, PLAIN);
  }

  @Test
  void withoutTheFilterAllIsHeard() throws Exception {
    assertThat(linesOf("heard"))
        .contains(OURS, ERROR, PLAIN)
        .anyMatch(line -> line.startsWith("I0000") && line.contains("XLA service"));
  }

  private List<String> linesOf(String how) throws Exception {
    Path log = folder.resolve("log");
    assertThat(ChildJvm.start(log, Talkative.class, how).waitFor()).isZero();
    return Files.readAllLines(log);
  }

  /** Writes to standard error in all the ways that there are. */
  static final class Talkative {
    private Talkative() {}

    public static void main(String[] args) throws InterruptedException {
      TensorFlowStartup.run(Device.CPU, false);
      if (args[0].equals("filtered")) {
        NativeStderr.filter();
        NativeStderr.filter();
      }
      compile();
      System.err.println(OURS);
      for (String line : List.of(ERROR, PLAIN)) {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.US_ASCII);
        LibC.load().write(LibC.STDERR, bytes, bytes.length);
      }
      Thread.sleep(500);
    }

    private static void compile() {
      try (ConcreteFunction twice = ConcreteFunction.create(Talkative::twice);
          Graph graph = new Graph()) {
        Ops tf = Ops.create(graph);
        var x = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
        DataType[] type = {DataType.DT_FLOAT};
        var call =
            graph
                .opBuilder("PartitionedCall", "call", tf.scope())
                .addInputList(new Output<?>[] {x.asOutput()})
                .setAttr("Tin", type)
                .setAttr("Tout", type);
        call.setAttr("f", twice);
        call.setAttr("_XlaMustCompile", true);
        Output<TFloat32> two = call.build().output(0);
        try (Session session = new Session(graph, Sessions.config(Device.CPU));
            TFloat32 one = TFloat32.scalarOf(1)) {
          session.runner().feed(x, one).fetch(two).run().close();
        }
      }
    }

    private static Signature twice(Ops tf) {
      var x = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
      return Signature.builder().key("twice").input("x", x).output("y", tf.math.add(x, x)).build();
    }
  }
}
