package vae.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.Compressor;
import io.grpc.CompressorRegistry;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vae.config.Device;
import vae.serve.proto.ModelSpec;
import vae.serve.proto.PredictRequest;
import vae.serve.proto.PredictionServiceGrpc;
import vae.storage.LoadedModel;
import vae.storage.ModelStore;
import vae.tensor.Values;
import vae.testing.LocalPort;

/** The gRPC port under what no client should send; afterwards nothing is missing. */
class GrpcHostileTest {
  private static final String PREDICT = "/tensorflow.serving.PredictionService/Predict";
  private static final int SLOW = 500;
  private static final int BOMBS = 200;
  private static final int STIRRED = 2_000;

  @TempDir private static Path models;
  private static Predictor predictor;
  private static final Admission ADMISSION = new Admission();
  private static GrpcPort server;
  private static int port;
  private static ManagedChannel channel;

  @BeforeAll
  static void serve() throws IOException {
    KnownModel.publish(models);
    predictor =
        new Predictor(new ModelStore(models), folder -> LoadedModel.open(folder, Device.CPU));
    server =
        new GrpcPort(
            new ServedModel("vae", predictor), ADMISSION, new Gatekeeper(Set.of(), Set.of()));
    port = LocalPort.free();
    server.start(List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
    channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
  }

  @AfterAll
  static void stop() {
    channel.shutdownNow();
    server.stop();
    server.close();
    predictor.close();
  }

  @AfterEach
  void nothingIsMissing() throws InterruptedException {
    isAnswered();
    for (int i = 0; i < 200; i++) { // What has been hung up is noticed soon.
      if (ADMISSION.keep(Admission.ROOM)) {
        ADMISSION.giveBack(Admission.ROOM);
        break;
      }
      Thread.sleep(50);
    }
    assertThat(ADMISSION.keep(Admission.ROOM)).as("all room is given back").isTrue();
    ADMISSION.giveBack(Admission.ROOM);
    int entered = 0;
    for (int i = 0; i < 200 && entered < Admission.MOST_AT_ONCE; i++) { // Left after the answer.
      while (entered < Admission.MOST_AT_ONCE && ADMISSION.enter(true)) {
        entered++;
      }
      Thread.sleep(entered < Admission.MOST_AT_ONCE ? 50 : 0);
    }
    for (int i = 0; i < entered; i++) {
      ADMISSION.leave(true);
    }
    assertThat(entered).as("places that are given back").isEqualTo(Admission.MOST_AT_ONCE);
  }

  private static PredictRequest request() {
    return PredictRequest.newBuilder()
        .setModelSpec(ModelSpec.newBuilder().setName("vae").setSignatureName("generate"))
        .putInputs("noise", ProtoTensor.write(Values.of(new float[][] {{0.5f, -1}}), false))
        .build();
  }

  private static void isAnswered() {
    assertThat(
            PredictionServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(30, TimeUnit.SECONDS)
                .predict(request())
                .getOutputsMap())
        .containsKey("image");
  }

  @Test
  void whatIsSentByHandIsAnsweredIfItIsWhole() throws IOException {
    byte[] whole = new Http2Bytes(PREDICT).message(request().toByteArray()).bytes();
    String answer =
        new String(Http2Bytes.send(port, whole, false, 2_000), StandardCharsets.ISO_8859_1);
    assertThat(answer).contains("image");
  }

  @Test
  void whereThereIsNoRoomACallIsToldToTryAgain() {
    assertThat(ADMISSION.keep(Admission.ROOM)).isTrue();
    try {
      assertThatThrownBy(GrpcHostileTest::isAnswered)
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              e -> {
                assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
                assertThat(e.getStatus().getDescription()).contains("try again");
              });
    } finally {
      ADMISSION.giveBack(Admission.ROOM);
    }
  }

  @Test
  void stirredFramesHarmNobody() throws IOException {
    byte[] good = new Http2Bytes(PREDICT).message(request().toByteArray()).bytes();
    Random random = new Random(25);
    for (int i = 0; i < STIRRED; i++) {
      byte[] bytes = good.clone();
      if (random.nextInt(5) == 0) {
        random.nextBytes(bytes);
      }
      for (int change = random.nextInt(8); change >= 0; change--) {
        // The preface is left alone half of the time: beyond it is more to be hurt.
        int at =
            random.nextBoolean()
                ? random.nextInt(bytes.length)
                : 24 + random.nextInt(bytes.length - 24);
        bytes[at] =
            random.nextBoolean() ? good[random.nextInt(good.length)] : (byte) random.nextInt(256);
      }
      if (random.nextInt(4) == 0) {
        bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      }
      Http2Bytes.send(port, bytes, random.nextBoolean(), 10);
      if (i % 250 == 0) {
        isAnswered();
      }
    }
  }

  @Test
  void bombsEndWhereALargeMessageDoes() throws IOException {
    var zipped = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(zipped)) {
      ByteString zeros = ByteString.copyFrom(new byte[40 << 20]);
      request().toBuilder()
          .putInputs(
              "noise",
              ProtoTensor.write(Values.of(new float[][] {{0, 0}}), false).toBuilder()
                  .setTensorContent(zeros)
                  .build())
          .build()
          .writeTo(gzip);
    }
    assertThat(zipped.size()).isLessThan(60_000);
    var compressors = CompressorRegistry.newEmptyInstance();
    compressors.register(new Ready("gzip", zipped.toByteArray()));
    ManagedChannel bombing =
        NettyChannelBuilder.forAddress("127.0.0.1", port)
            .usePlaintext()
            .compressorRegistry(compressors)
            .build();
    try {
      var stub = PredictionServiceGrpc.newBlockingStub(bombing).withCompression("gzip");
      for (int i = 0; i < BOMBS; i++) {
        assertThatThrownBy(() -> stub.predict(request()))
            .isInstanceOfSatisfying(
                StatusRuntimeException.class,
                e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED));
      }
    } finally {
      bombing.shutdownNow();
    }
  }

  /** Sends what was compressed before, whatever it is given. */
  private record Ready(String encoding, byte[] compressed) implements Compressor {
    @Override
    public String getMessageEncoding() {
      return encoding;
    }

    @Override
    public OutputStream compress(OutputStream out) {
      return new FilterOutputStream(out) {
        @Override
        public void write(int each) {}

        @Override
        public void write(byte[] some, int from, int count) {}

        @Override
        public void close() throws IOException {
          out.write(compressed);
          out.close();
        }
      };
    }
  }

  @Test
  void slowSendersHoldUpNobody() throws Exception {
    byte[] slow = new Http2Bytes(PREDICT).promise(1 << 20, new byte[1_000]).bytes();
    List<Socket> senders = new ArrayList<>();
    try {
      for (int i = 0; i < SLOW; i++) {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        senders.add(socket);
        socket.getOutputStream().write(slow);
      }
      for (int i = 0; i < 200; i++) {
        isAnswered();
      }
    } finally {
      for (Socket socket : senders) {
        socket.close();
      }
    }
  }
}
