package vae.files;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Graph;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.OpDef;
import org.tensorflow.proto.OpList;
import org.tensorflow.proto.SavedModel;
import vae.testing.FileBytes;
import vae.testing.SmallModel;

class FileKindTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<!DOCTYPE html><html> | a web page",
        "'\n  <html lang=\"en\">' | a web page",
        "<?xml version=\"1.0\"?><Error><Code>AccessDenied | an XML document",
        "'{\"message\": \"Not Found\"}' | JSON",
        "version https://git-lfs.github.com/spec/v1 | a pointer of Git LFS",
        "GIF89a | a GIF image",
        "RIFF1234WEBPVP8 | a WebP image",
        "1234ftypheic | a HEIC image",
        "%PDF-1.7 | a PDF document",
        "1234TFL3 | a TensorFlow Lite model",
        "'model_checkpoint_path: \"model-3\"' | the file that names a TF1 checkpoint",
        "'node {\n  name: \"x\"' | a graph in text form",
        "saved_model_schema_version: 1 | a SavedModel in text form",
      })
  void isKnownByItsBeginning(String head, String text) {
    assertThat(FileKind.of(head.getBytes(ISO_8859_1)))
        .hasValueSatisfying(kind -> assertThat(kind.text()).isEqualTo(text));
  }

  @ParameterizedTest
  @CsvSource({
    "x, a ZIP archive",
    "metadata.json, a Keras model (.keras)",
    "config.json, a Keras model (.keras)",
    "arr_0.npy, a NumPy archive (.npz)",
    "archive/data.pkl, a PyTorch file",
    "resnet18/data.pkl, a PyTorch file",
  })
  void zippedFilesAreKnownByTheFirst(String name, String text) throws IOException {
    var zip = new ByteArrayOutputStream();
    try (var out = new ZipOutputStream(zip)) {
      out.putNextEntry(new ZipEntry(name));
    }
    assertThat(FileKind.of(zip.toByteArray()).orElseThrow().text()).isEqualTo(text);
  }

  /** Written by the programs that write such files, but for ONNX, which has its first bytes. */
  @Test
  void protocolBuffersAreKnown() throws IOException {
    try (var graph = new Graph()) {
      GraphDef def = constant(graph);
      assertThat(FileKind.of(def.toByteArray())).contains(FileKind.GRAPH);
      MetaGraphDef meta =
          MetaGraphDef.newBuilder()
              .setMetaInfoDef(
                  MetaGraphDef.MetaInfoDef.newBuilder()
                      .setStrippedOpList(
                          OpList.newBuilder().addOp(OpDef.newBuilder().setName("Const"))))
              .setGraphDef(def)
              .build();
      assertThat(FileKind.of(meta.toByteArray()).orElseThrow().text())
          .isEqualTo("a TF1 meta graph");
      byte[] saved =
          SavedModel.newBuilder()
              .setSavedModelSchemaVersion(1)
              .addMetaGraphs(meta)
              .build()
              .toByteArray();
      assertThat(FileKind.of(saved).orElseThrow().text())
          .isEqualTo("a SavedModel's graph, saved_model.pb");
    }
    byte[] onnx = "\u0008\u0008\u0012\u0007pytorch\u001a\u00052.1.0:".getBytes(ISO_8859_1);
    assertThat(FileKind.of(onnx).orElseThrow().text()).isEqualTo("an ONNX model");
  }

  private static GraphDef constant(Graph graph) {
    Ops.create(graph).withName("encoder_x-1").constant(1f);
    return graph.toGraphDef();
  }

  @Test
  void partsOfACheckpointAreKnown(@TempDir Path folder) throws IOException {
    try (var model = new SmallModel(1)) {
      model.publish(folder);
    }
    Path variables = folder.resolve("1/variables");
    for (String name : List.of("variables.index", "variables.data-00000-of-00001")) {
      assertThat(FileKind.of(variables.resolve(name)).orElseThrow().text())
          .isEqualTo("a part of a TensorFlow checkpoint");
    }
  }

  @Test
  void archivesAreKnown() throws IOException {
    assertThat(FileKind.of(FileBytes.gzip(new byte[0])).orElseThrow().text())
        .isEqualTo("a gzip'ed file");
    byte[] tar = Arrays.copyOf("name".getBytes(StandardCharsets.US_ASCII), 512);
    System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 5);
    assertThat(FileKind.of(tar).orElseThrow().text()).isEqualTo("a tar archive");
  }

  @Test
  void nothingIsSaidOfWhatIsNotKnown() throws IOException {
    assertThat(FileKind.of(new byte[] {0, 0, 9, 3, 0, 0, 1, 0})).isEmpty();
    assertThat(FileKind.of("step,loss\n1,2\n".getBytes(StandardCharsets.US_ASCII))).isEmpty();
    assertThat(FileKind.of("[\0binary".getBytes(StandardCharsets.US_ASCII))).isEmpty();
    assertThat(FileKind.of(new byte[0]).orElseThrow().text()).isEqualTo("an empty file");
    assertThat(FileKind.of(Path.of("docs/images/atlas.png")).orElseThrow().toString())
        .isEqualTo("a PNG image");
  }
}
