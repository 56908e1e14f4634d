package vae.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.MetaGraphDef;
import vae.files.WriteException;
import vae.functions.ModelInSession;

/** Nothing that is there is lost to an export that fails. */
class Tf1ExportTest {
  @TempDir private Path folder;

  @Test
  void aModelWithoutVariablesReplacesNothing() throws IOException {
    List<String> names = List.of("m.meta", "m.index", "m.data-00000-of-00001");
    for (String name : names) {
      Files.writeString(folder.resolve(name), "older");
    }
    try (Graph graph = new Graph()) {
      Ops.create(graph).constant(1f);
      var metaGraph = MetaGraphDef.newBuilder().setGraphDef(graph.toGraphDef()).build();
      try (Session session = new Session(graph)) {
        var model = new ModelInSession(session, metaGraph);
        assertThatThrownBy(() -> Tf1Export.write(model, folder.resolve("m")))
            .isInstanceOf(WriteException.class)
            .hasMessageContaining("expected a model with variables, found none to save");
      }
    }
    for (String name : names) {
      assertThat(folder.resolve(name)).hasContent("older");
    }
  }
}
