package vae.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Int64Value;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.proto.error.Code;
import vae.config.Device;
import vae.config.NetworkShape;
import vae.config.Seed;
import vae.serve.proto.ClassificationRequest;
import vae.serve.proto.GetModelMetadataRequest;
import vae.serve.proto.GetModelMetadataResponse;
import vae.serve.proto.GetModelStatusRequest;
import vae.serve.proto.InferenceTask;
import vae.serve.proto.ModelServiceGrpc;
import vae.serve.proto.ModelSpec;
import vae.serve.proto.ModelVersionStatus;
import vae.serve.proto.MultiInferenceRequest;
import vae.serve.proto.PredictRequest;
import vae.serve.proto.PredictResponse;
import vae.serve.proto.PredictionServiceGrpc;
import vae.serve.proto.RegressionRequest;
import vae.serve.proto.SignatureDefMap;
import vae.storage.LoadedModel;
import vae.storage.ModelStore;
import vae.tensor.ElementType;
import vae.tensor.Values;
import vae.testing.PythonTensorFlow;
import vae.testing.SmallModel;

/** The server as a Java client meets it that was generated from Serving's service names. */
class GrpcTest {
  private static final Values NOISE = Values.of(new float[][] {{0.5f, -1}, {2, 0.25f}});

  @TempDir private static Path models;
  private static Predictor predictor;
  private static ModelServer server;
  private static int port;
  private static ManagedChannel channel;

  @TempDir private Path work;

  @BeforeAll
  static void serve() throws IOException {
    KnownModel.publish(models);
    predictor =
        new Predictor(new ModelStore(models), folder -> LoadedModel.open(folder, Device.CPU));
    server = server();
    port = start(server);
    channel = channel("localhost");
  }

  @AfterAll
  static void stop() {
    channel.shutdownNow();
    server.close();
    predictor.close();
  }

  private static ModelServer server() {
    return new ModelServer(
        "vae",
        predictor,
        Set.of("known.test"),
        Set.of("http://page.test"),
        path -> Optional.empty());
  }

  private static int start(ModelServer server) throws IOException {
    return server
        .start(ModelServer.LOCALHOST, new ModelServer.Ports(0, OptionalInt.of(0)))
        .grpc()
        .orElseThrow();
  }

  private static ManagedChannel channel(String host) {
    return NettyChannelBuilder.forAddress(host, port).usePlaintext().build();
  }

  private static PredictionServiceGrpc.PredictionServiceBlockingStub stub() {
    return PredictionServiceGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  private static PredictRequest.Builder request(String signature) {
    return PredictRequest.newBuilder()
        .setModelSpec(ModelSpec.newBuilder().setName("vae").setSignatureName(signature));
  }

  private static PredictRequest generate() {
    return request("generate").putInputs("noise", ProtoTensor.write(NOISE, false)).build();
  }

  private static TensorProto.Builder tensor(DataType type, long... shape) {
    TensorShapeProto.Builder dims = TensorShapeProto.newBuilder();
    for (long size : shape) {
      dims.addDim(TensorShapeProto.Dim.newBuilder().setSize(size));
    }
    return TensorProto.newBuilder().setDtype(type).setTensorShape(dims);
  }

  @Test
  void predictsWhatThePredictorDoes() throws Exception {
    PredictResponse response = stub().predict(generate());
    assertThat(response.getModelSpec())
        .isEqualTo(
            ModelSpec.newBuilder()
                .setName("vae")
                .setSignatureName("generate")
                .setVersion(Int64Value.of(1))
                .build());
    assertThat(response.getOutputsMap().keySet()).containsExactly("image");
    assertThat(ProtoTensor.read("image", response.getOutputsOrThrow("image")))
        .isEqualTo(predictor.predict("generate", Map.of("noise", NOISE)).get("image"));
  }

  @Test
  void bytesAreTakenAsFloatsAre() {
    ByteBuffer bytes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : NOISE.floats()) {
      bytes.putFloat(value);
    }
    TensorProto noise =
        tensor(DataType.DT_FLOAT, 2, 2)
            .setTensorContent(ByteString.copyFrom(bytes.array()))
            .build();
    assertThat(stub().predict(request("generate").putInputs("noise", noise).build()))
        .isEqualTo(stub().predict(generate()));
  }

  @Test
  void theLastValueStandsForAllThatAreMissing() {
    TensorProto all = tensor(DataType.DT_FLOAT, 2, 2).addFloatVal(0.5f).build();
    TensorProto each =
        tensor(DataType.DT_FLOAT, 2, 2).addAllFloatVal(List.of(0.5f, 0.5f, 0.5f, 0.5f)).build();
    assertThat(stub().predict(request("generate").putInputs("noise", all).build()))
        .isEqualTo(stub().predict(request("generate").putInputs("noise", each).build()));
  }

  @Test
  void givesTheOutputsThatAreWanted() {
    PredictRequest.Builder both =
        request("both")
            .putInputs("noise", ProtoTensor.write(NOISE, false))
            .putInputs("image", tensor(DataType.DT_FLOAT, 2, 4).build());
    assertThat(stub().predict(both.build()).getOutputsMap().keySet())
        .containsExactlyInAnyOrder("generated", "z_mean");
    assertThat(stub().predict(both.addOutputFilter("z_mean").build()).getOutputsMap().keySet())
        .containsExactly("z_mean");
  }

  static Stream<Values> values() {
    return Stream.of(
        Values.of(new float[][] {{1, Float.NaN}, {-0f, Float.MAX_VALUE}}),
        Values.of(new double[] {1, Double.MIN_VALUE, Double.NEGATIVE_INFINITY}),
        Values.of(new int[][][] {{{1, -2}}, {{Integer.MIN_VALUE, 4}}}),
        Values.of(new long[] {Long.MAX_VALUE, -1}),
        Values.of(new byte[] {0, 127, -1}),
        Values.of(new boolean[][] {{true}, {false}}),
        Values.of(new String[] {"hello", "", "grüß"}),
        Values.of(7),
        Values.of("alone"));
  }

  @ParameterizedTest
  @MethodSource("values")
  void everyTypeComesBack(Values values) throws Exception {
    TensorProto sent = TensorProto.parseFrom(ProtoTensor.write(values, false).toByteArray());
    assertThat(ProtoTensor.read("x", sent)).isEqualTo(values);
  }

  static Stream<TensorProto> bad() {
    return Stream.of(
        tensor(DataType.DT_HALF, 1, 2).build(),
        tensor(DataType.DT_FLOAT, -1, 2).build(),
        tensor(DataType.DT_FLOAT, 1L << 40, 2).build(),
        tensor(DataType.DT_FLOAT, Long.MAX_VALUE, Long.MAX_VALUE).build(),
        tensor(DataType.DT_FLOAT, 0, Long.MAX_VALUE).build(),
        tensor(DataType.DT_FLOAT, 1, 2).setTensorContent(ByteString.copyFromUtf8("abc")).build(),
        tensor(DataType.DT_FLOAT, 1, 3).build(),
        tensor(DataType.DT_FLOAT, 2).build(),
        tensor(DataType.DT_INT32, 1, 2).build(),
        tensor(DataType.DT_STRING, 1, 2).build(),
        tensor(DataType.DT_STRING, 1 << 20)
            .addStringVal(ByteString.copyFrom(new byte[1000]))
            .build(),
        TensorProto.newBuilder()
            .setDtype(DataType.DT_FLOAT)
            .setTensorShape(TensorShapeProto.newBuilder().setUnknownRank(true))
            .build(),
        TensorProto.newBuilder().setDtypeValue(4711).build(),
        TensorProto.getDefaultInstance());
  }

  @ParameterizedTest
  @MethodSource("bad")
  void whatIsNoTensorOfTheModelsIsRefused(TensorProto tensor) {
    refused(
        () -> stub().predict(request("generate").putInputs("noise", tensor).build()),
        Status.Code.INVALID_ARGUMENT,
        "noise");
  }

  @Test
  void whatServingRefusesIsRefusedSo() {
    refused(
        () -> stub().predict(PredictRequest.getDefaultInstance()),
        Status.Code.INVALID_ARGUMENT,
        "Missing ModelSpec");
    refused(
        () ->
            stub()
                .predict(
                    PredictRequest.newBuilder()
                        .setModelSpec(ModelSpec.getDefaultInstance())
                        .build()),
        Status.Code.INVALID_ARGUMENT,
        "ModelSpec has no name specified.");
    refused(
        () ->
            stub()
                .predict(
                    PredictRequest.newBuilder()
                        .setModelSpec(ModelSpec.newBuilder().setName("other"))
                        .build()),
        Status.Code.NOT_FOUND,
        "Servable not found for request: Latest(other)");
    ModelSpec.Builder version = ModelSpec.newBuilder().setName("vae").setVersion(Int64Value.of(7));
    refused(
        () -> stub().predict(PredictRequest.newBuilder().setModelSpec(version).build()),
        Status.Code.NOT_FOUND,
        "Servable not found for request: Specific(vae, 7)");
    ModelSpec.Builder label = ModelSpec.newBuilder().setName("vae").setVersionLabel("stable");
    refused(
        () -> stub().predict(PredictRequest.newBuilder().setModelSpec(label).build()),
        Status.Code.INVALID_ARGUMENT,
        "Unrecognized servable version label: stable");
    refused(
        () -> stub().predict(request("nothing").build()),
        Status.Code.FAILED_PRECONDITION,
        "Serving signature key \"nothing\" not found.");
    refused(
        () ->
            stub()
                .predict(
                    request("generate").putInputs("x", ProtoTensor.write(NOISE, false)).build()),
        Status.Code.INVALID_ARGUMENT,
        "input size does not match signature: 1!=1 len({x}) != len({noise}). Sent extra: {x}."
            + " Missing but required: {noise}.");
    refused(
        () -> stub().predict(generate().toBuilder().addOutputFilter("x").build()),
        Status.Code.INVALID_ARGUMENT,
        "output tensor alias not found in signature: x Outputs expected to be in the set {image}.");
    refused(
        () ->
            stub()
                .predict(
                    generate().toBuilder()
                        .addOutputFilter("image")
                        .addOutputFilter("image")
                        .build()),
        Status.Code.INVALID_ARGUMENT,
        "duplicate output tensor alias: image");
  }

  @Test
  void noSignatureTakesExamples() {
    ModelSpec.Builder spec = ModelSpec.newBuilder().setName("vae");
    refused(
        () -> stub().classify(ClassificationRequest.newBuilder().setModelSpec(spec).build()),
        Status.Code.INVALID_ARGUMENT,
        "Expected classification signature method_name to be tensorflow/serving/classify. Was:"
            + " tensorflow/serving/predict");
    refused(
        () -> stub().regress(RegressionRequest.newBuilder().setModelSpec(spec).build()),
        Status.Code.INVALID_ARGUMENT,
        "Expected regression signature method_name to be tensorflow/serving/regress. Was:"
            + " tensorflow/serving/predict");
    refused(
        () -> stub().multiInference(MultiInferenceRequest.getDefaultInstance()),
        Status.Code.INVALID_ARGUMENT,
        "ModelSpec has no name specified.");
    InferenceTask.Builder task = InferenceTask.newBuilder().setModelSpec(spec);
    refused(
        () -> stub().multiInference(MultiInferenceRequest.newBuilder().addTasks(task).build()),
        Status.Code.UNIMPLEMENTED,
        "Unsupported signature method_name: ");
    task.setMethodName("tensorflow/serving/regress");
    refused(
        () -> stub().multiInference(MultiInferenceRequest.newBuilder().addTasks(task).build()),
        Status.Code.INVALID_ARGUMENT,
        "Expected regression signature");
  }

  @Test
  void theMetadataAreTheSignatures() throws Exception {
    GetModelMetadataRequest.Builder request =
        GetModelMetadataRequest.newBuilder().setModelSpec(ModelSpec.newBuilder().setName("vae"));
    GetModelMetadataResponse response =
        stub().getModelMetadata(request.addMetadataField("signature_def").build());
    assertThat(response.getModelSpec().getVersion().getValue()).isEqualTo(1);
    Any any = response.getMetadataOrThrow("signature_def");
    SignatureDefMap signatures = any.unpack(SignatureDefMap.class);
    assertThat(signatures.getSignatureDefMap().keySet())
        .containsExactlyInAnyOrder("both", "encode", "generate", "serving_default");
    assertThat(
            signatures
                .getSignatureDefOrThrow("generate")
                .getInputsOrThrow("noise")
                .getTensorShape())
        .isEqualTo(tensor(DataType.DT_FLOAT, -1, 2).getTensorShape());
    refused(
        () -> stub().getModelMetadata(request.clearMetadataField().build()),
        Status.Code.INVALID_ARGUMENT,
        "GetModelMetadataRequest must specify at least one metadata_field");
    refused(
        () -> stub().getModelMetadata(request.addMetadataField("x").build()),
        Status.Code.INVALID_ARGUMENT,
        "Metadata field x is not supported");
  }

  @Test
  void tellsHowTheVersionsStand() {
    var service = ModelServiceGrpc.newBlockingStub(channel);
    ModelSpec.Builder spec = ModelSpec.newBuilder().setName("vae");
    ModelVersionStatus status =
        service
            .getModelStatus(GetModelStatusRequest.newBuilder().setModelSpec(spec).build())
            .getModelVersionStatus(0);
    assertThat(status.getVersion()).isEqualTo(1);
    assertThat(status.getState()).isEqualTo(ModelVersionStatus.State.AVAILABLE);
    assertThat(status.getStatus().getErrorCode()).isEqualTo(Code.OK);
    spec.setVersion(Int64Value.of(7));
    refused(
        () -> service.getModelStatus(GetModelStatusRequest.newBuilder().setModelSpec(spec).build()),
        Status.Code.NOT_FOUND,
        "Could not find version 7 of model vae");
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1", "localhost", "::1"})
  void listensOnBothLoopbackAddresses(String host) {
    ManagedChannel other = channel(host);
    try {
      assertThat(PredictionServiceGrpc.newBlockingStub(other).predict(generate()))
          .isEqualTo(stub().predict(generate()));
    } finally {
      other.shutdownNow();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "evil.test:8500, , PERMISSION_DENIED",
    "known.test:8500, , OK",
    "localhost:8500, http://evil.test, PERMISSION_DENIED",
    "localhost:8500, http://page.test, OK",
  })
  void strangersAreRefused(String authority, String origin, Status.Code code) {
    ManagedChannel other =
        NettyChannelBuilder.forAddress("localhost", port)
            .overrideAuthority(authority)
            .usePlaintext()
            .build();
    try {
      var stub = PredictionServiceGrpc.newBlockingStub(other);
      if (origin != null) {
        var headers = new Metadata();
        headers.put(Metadata.Key.of("origin", Metadata.ASCII_STRING_MARSHALLER), origin);
        stub = stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
      }
      Status.Code found = Status.Code.OK;
      try {
        assertThat(stub.predict(generate()).getOutputsMap()).isNotEmpty();
      } catch (StatusRuntimeException e) {
        found = e.getStatus().getCode();
      }
      assertThat(found).isEqualTo(code);
    } finally {
      other.shutdownNow();
    }
  }

  @Test
  void aMessageOverTheLimitIsRefusedThoughItIsSmallWhenCompressed() {
    TensorProto zeros =
        tensor(DataType.DT_FLOAT, 9 << 20)
            .setTensorContent(ByteString.copyFrom(new byte[36 << 20]))
            .build();
    PredictRequest large = request("generate").putInputs("noise", zeros).build();
    refused(() -> stub().predict(large), Status.Code.RESOURCE_EXHAUSTED, "maximum size");
    refused(
        () -> stub().withCompression("gzip").predict(large),
        Status.Code.RESOURCE_EXHAUSTED,
        "maximum size");
    assertThat(stub().withCompression("gzip").predict(generate()))
        .isEqualTo(stub().predict(generate()));
  }

  @Test
  void reflectionNamesTheServices() throws Exception {
    List<String> names = new ArrayList<>();
    var done = new CountDownLatch(1);
    StreamObserver<ServerReflectionRequest> asking =
        ServerReflectionGrpc.newStub(channel)
            .serverReflectionInfo(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ServerReflectionResponse response) {
                    response
                        .getListServicesResponse()
                        .getServiceList()
                        .forEach(service -> names.add(service.getName()));
                  }

                  @Override
                  public void onError(Throwable failure) {
                    done.countDown();
                  }

                  @Override
                  public void onCompleted() {
                    done.countDown();
                  }
                });
    asking.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
    asking.onCompleted();
    assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(names)
        .contains(
            "tensorflow.serving.PredictionService",
            "tensorflow.serving.ModelService",
            "grpc.health.v1.Health");
  }

  @Test
  void isHealthyUntilItIsToldToStop() throws Exception {
    ModelServer other = server();
    int at = start(other);
    ManagedChannel own = NettyChannelBuilder.forAddress("localhost", at).usePlaintext().build();
    try {
      var seen = new LinkedBlockingQueue<ServingStatus>();
      HealthGrpc.newStub(own)
          .watch(
              HealthCheckRequest.newBuilder()
                  .setService(PredictionServiceGrpc.SERVICE_NAME)
                  .build(),
              new StreamObserver<>() {
                @Override
                public void onNext(HealthCheckResponse response) {
                  seen.add(response.getStatus());
                }

                @Override
                public void onError(Throwable failure) {}

                @Override
                public void onCompleted() {}
              });
      assertThat(seen.poll(20, TimeUnit.SECONDS)).isEqualTo(ServingStatus.SERVING);
      long start = System.nanoTime();
      other.close();
      assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start)).isLessThan(6);
      assertThat(seen.poll(20, TimeUnit.SECONDS)).isEqualTo(ServingStatus.NOT_SERVING);
    } finally {
      own.shutdownNow();
      other.close();
    }
  }

  /** PyPI's tensorflow-serving-api, on a model whose numbers differ. */
  @Test
  void servingsOwnClientGetsWhatRestAndThePredictorGive() throws Exception {
    PythonTensorFlow.require();
    try (var small = new SmallModel(new NetworkShape(784, 16, 2), 5)) {
      small.publish(work.resolve("models"));
    }
    var store = new ModelStore(work.resolve("models"));
    try (var own = new Predictor(store, folder -> LoadedModel.open(folder, Device.CPU));
        var other = new ModelServer("vae", own, Set.of(), Set.of(), path -> Optional.empty())) {
      ModelServer.Ports ports =
          other.start(ModelServer.LOCALHOST, new ModelServer.Ports(0, OptionalInt.of(0)));
      float[] z = new float[600];
      new Seed(3).fillNormal(Seed.Purpose.PRIOR, 0, z);
      Values noise = Values.wrap(ElementType.FLOAT, z, 300, 2);
      write("noise.bin", noise);
      write(
          "image.bin",
          Objects.requireNonNull(own.predict("generate", Map.of("noise", noise)).get("image")));
      String report =
          PythonTensorFlow.run("check_grpc.py", ports.grpc().orElseThrow(), ports.http(), work);
      assertThat(report).contains("right: generate equals Predictor to the bit");
    }
  }

  private void write(String name, Values values) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.size()).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values.floats());
    Files.write(work.resolve(name), bytes.array());
  }

  private static void refused(Runnable call, Status.Code code, String message) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).as(e.toString()).isEqualTo(code);
              assertThat(e.getStatus().getDescription()).contains(message);
            });
  }
}
