package vae.serve;

import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * gRPC for one model: TensorFlow Serving's services, the standard health, and reflection. Healthy
 * are both from when it listens until it is told to stop.
 */
final class GrpcPort implements AutoCloseable {
  private static final int MOST_METADATA_BYTES = 16 << 10;
  private static final int MOST_CALLS_A_CONNECTION = 128;
  private static final Duration IDLE = Duration.ofSeconds(30);
  private static final Duration STOP_TIME = Duration.ofMillis(4_500);

  /**
   * It writes a stack trace for each call that is refused while it comes. Held: else it is lost.
   */
  private static final Logger LIBRARY = Logger.getLogger("io.grpc");

  private final Admission admission;
  private final GrpcGate gate;
  private final List<ServerServiceDefinition> services;
  private final HealthStatusManager health = new HealthStatusManager();
  private final ScheduledThreadPoolExecutor clock =
      new ScheduledThreadPoolExecutor(1, action -> daemon(action, "grpc clock"));
  private final ExecutorService threads;
  private Optional<Server> server = Optional.empty();

  GrpcPort(ServedModel served, Admission admission, Gatekeeper gatekeeper) {
    this.admission = admission;
    clock.setRemoveOnCancelPolicy(true); // Else each call is held as long as it might have taken.
    this.gate = new GrpcGate(served.metrics(), admission, gatekeeper, clock);
    this.services =
        List.of(
            new PredictionService(served).bindService(),
            new ModelStatusService(served).bindService());
    var number = new AtomicInteger();
    this.threads =
        Executors.newFixedThreadPool(
            Admission.MOST_AT_ONCE + 4,
            action -> daemon(action, "grpc-" + number.incrementAndGet()));
    LIBRARY.setLevel(Level.OFF);
    health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, ServingStatus.NOT_SERVING);
  }

  void start(List<InetSocketAddress> addresses) throws IOException {
    NettyServerBuilder builder = NettyServerBuilder.forAddress(addresses.get(0));
    addresses.stream().skip(1).forEach(builder::addListenAddress);
    services.forEach(builder::addService);
    Server started =
        builder
            .addService(health.getHealthService())
            .addService(ProtoReflectionServiceV1.newInstance())
            .intercept(gate)
            .addStreamTracerFactory(ArrivingCall.counting(admission))
            .executor(threads)
            // What is larger than it may be ArrivingCall tells sooner, also of what is inflated.
            .maxInboundMessageSize(Admission.MOST_BYTES + (64 << 10))
            .maxInboundMetadataSize(MOST_METADATA_BYTES)
            .maxConcurrentCallsPerConnection(MOST_CALLS_A_CONNECTION)
            .keepAliveTime(IDLE.toSeconds(), TimeUnit.SECONDS)
            .permitKeepAliveTime(IDLE.toSeconds() / 3, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .build();
    server = Optional.of(started.start());
    say(ServingStatus.SERVING);
  }

  private void say(ServingStatus status) {
    health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
    services.forEach(service -> health.setStatus(service.getServiceDescriptor().getName(), status));
  }

  /** Takes no more calls. */
  void stop() {
    health.enterTerminalState();
    server.ifPresent(Server::shutdown);
  }

  /** Ends the calls that have begun, within five seconds, after {@link #stop}. */
  @Override
  public void close() {
    server.ifPresent(GrpcPort::end);
    threads.shutdownNow();
    clock.shutdownNow();
  }

  private static void end(Server server) {
    try {
      if (!server.awaitTermination(STOP_TIME.toMillis(), TimeUnit.MILLISECONDS)) {
        server.shutdownNow();
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  private static Thread daemon(Runnable action, String name) {
    var thread = new Thread(action, name);
    thread.setDaemon(true);
    return thread;
  }
}
