package vae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;
import vae.testing.Output;
import vae.tf1.GraphCollections;

/** The tutorial's route: unpack, then train from the list. */
class TrainFromListTest {
  @TempDir private Path folder;
  private Path list;
  private Path models;

  @BeforeEach
  void unpack() {
    assertThat(Output.of("unpack", "--out", folder.toString(), "--count", "100").exitCode())
        .isZero();
    list = folder.resolve("train_labels.txt");
    models = folder.resolve("models");
  }

  @Test
  void trainsAndSavesAModelWithoutATraceOfTheList() throws IOException {
    Output output = train("--steps", "5", "--log-every", "5");
    assertThat(output.exitCode()).as(output.err()).isZero();
    assertThat(output.out())
        .matches(
            "step 1 ,loss \\d+\\.\\d{4}\\nstep 5 ,loss \\d+\\.\\d{4}\\noptimization finished\\n");
    assertThat(output.err()).contains("training 784-512-2-512-784 on 100 images, seed ");

    byte[] saved = Files.readAllBytes(models.resolve("1/saved_model.pb"));
    MetaGraphDef metaGraph = SavedModel.parseFrom(saved).getMetaGraphs(0);
    assertThat(GraphCollections.keys(metaGraph))
        .containsExactly("recon", "train_op", "trainable_variables", "variables");
    assertThat(metaGraph.getGraphDef().getNodeList())
        .extracting(NodeDef::getOp)
        .noneMatch(op -> op.contains("Queue") || op.contains("File") || op.contains("Decode"));
    assertThat(new String(saved, StandardCharsets.ISO_8859_1)).doesNotContain(".png");
    assertThat(Files.readString(models.resolve("1/assets.extra/manifest.json")))
        .contains("\"image_list\" : \"");
  }

  @Test
  void aBadLineIsOneLineAndNothingIsWritten() throws IOException {
    add("train/00000.png 200");
    Output output = train("--steps", "5");
    assertThat(output.exitCode()).isEqualTo(ExitCode.DATA);
    assertThat(output.err())
        .isEqualTo(
            "device: CPU\nerror: "
                + list
                + ": line 101: expected a label from 0 to 127, found '200'\n");
    assertThat(models).doesNotExist();
  }

  @Test
  void severalBadLinesAreALineEach() throws IOException {
    add("train/00000.png 200", "../a.png 1");
    assertThat(train("--steps", "5").err())
        .isEqualTo(
            "device: CPU\nerror: "
                + list
                + ": expected 102 good lines, found 2 bad ones\n"
                + "  line 101: expected a label from 0 to 127, found '200'\n"
                + "  line 102: expected a path within the list's folder, found '../a.png'\n");
  }

  @Test
  void imagesWithoutLabelsMakeAModelThatTellsNoClasses() throws IOException {
    Files.write(
        list, Files.readAllLines(list).stream().map(line -> line.replaceFirst(" .*", "")).toList());
    Output output = train("--steps", "5");
    assertThat(output.exitCode()).as(output.err()).isZero();
    assertThat(output.err())
        .contains("note: the images have no labels: the model will tell no classes");
    Path picture = folder.resolve("drawn.png");
    Output.ofSuccess("generate", "--saved-model", models, "--out", picture);
    assertThat(picture).exists();
    Output refused = Output.of("generate", "--digit", "3", "--saved-model", models.toString());
    assertThat(refused.exitCode()).isEqualTo(ExitCode.MODEL);
    Path codes = folder.resolve("codes.csv");
    Output.ofSuccess(
        "encode", "--saved-model", models, "--image-list", list, "--csv", codes, "--out", picture);
    assertThat(Files.readAllLines(codes)).hasSize(101).last().asString().endsWith(",");
    Files.writeString(folder.resolve("names.txt"), "odd\neven\n");
    assertThat(train("--class-names", folder.resolve("names.txt").toString()).err())
        .contains(list + ": expected labels for the class names, found images without any");
  }

  @Test
  void namesInAListAreTheModelsClasses() throws IOException {
    Files.write(
        list,
        Files.readAllLines(list).stream()
            .map(line -> line.split(" ", -1))
            .map(
                line ->
                    line[0] + "," + (Integer.parseInt(line[1]) % 2 == 0 ? "even" : "an odd one"))
            .toList());
    Output output = train("--steps", "5");
    assertThat(output.exitCode()).as(output.err()).isZero();
    assertThat(models.resolve("1/assets.extra/classes.txt")).hasContent("an odd one\neven");
    Path codes = folder.resolve("codes.csv");
    Output.ofSuccess(
        "encode",
        "--saved-model",
        models,
        "--image-list",
        list,
        "--csv",
        codes,
        "--out",
        folder.resolve("codes.png"));
    assertThat(Files.readAllLines(codes)).element(1).asString().endsWith(",an odd one"); // A five.
  }

  @Test
  void badLinesCanBeLeftOut() throws IOException {
    add("train/00000.png 200", "../a.png 1");
    Output output = train("--steps", "2", "--skip-bad");
    assertThat(output.exitCode()).isZero();
    assertThat(output.err())
        .contains(list + ": left out 2 bad lines\n")
        .contains(" on 100 images, ");
  }

  @Test
  void optionsThatExcludeEachOtherAreRefused() {
    assertThat(train("--mnist", "mnist").err())
        .startsWith("error: --image-list and --mnist: expected one of them, found both\n");
    Output output = Output.of("train", "--skip-bad");
    assertThat(output.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(output.err())
        .startsWith("error: --skip-bad: expected --image-list with it, found none\n");
  }

  private void add(String... lines) throws IOException {
    List<String> all = new ArrayList<>(Files.readAllLines(list));
    all.addAll(List.of(lines));
    Files.write(list, all);
  }

  private Output train(String... more) {
    return Output.of(
        Stream.concat(
                Stream.of(
                    "train", "--image-list", list.toString(), "--saved-model", models.toString()),
                Stream.of(more))
            .toArray(String[]::new));
  }
}
