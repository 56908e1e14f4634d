package vae.serve;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCall.Listener;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import vae.serve.Metrics.Entry;
import vae.serve.proto.PredictionServiceGrpc;

/** Who may call, and for whom there is room: the bounds that {@link HttpPort} keeps for HTTP. */
final class GrpcGate implements ServerInterceptor {
  private static final Metadata.Key<String> ORIGIN =
      Metadata.Key.of("origin", Metadata.ASCII_STRING_MARSHALLER);

  /** How the values of an answer are wanted; a name of ours, which Serving passes over. */
  private static final Metadata.Key<String> ANSWER =
      Metadata.Key.of("answer-in", Metadata.ASCII_STRING_MARSHALLER);

  private static final String IN_BYTES = "tensor_content";

  private final Metrics metrics;
  private final Admission admission;
  private final Gatekeeper gatekeeper;
  private final ScheduledExecutorService clock;

  GrpcGate(
      Metrics metrics, Admission admission, Gatekeeper gatekeeper, ScheduledExecutorService clock) {
    this.metrics = metrics;
    this.admission = admission;
    this.gatekeeper = gatekeeper;
    this.clock = clock;
  }

  @Override
  public <Q, A> Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    Optional<String> refusal = gatekeeper.refuses(call.getAuthority(), headers.get(ORIGIN), "", "");
    if (refusal.isPresent()) {
      call.close(Status.PERMISSION_DENIED.withDescription(refusal.get()), new Metadata());
      return new Listener<>() {};
    }
    Context context =
        Context.current()
            .withValue(PredictionService.IN_BYTES, IN_BYTES.equals(headers.get(ANSWER)));
    return new Arriving<>(call, Contexts.interceptCall(context, call, headers, next));
  }

  /** A call until its request is there; then a prediction takes a place. */
  private final class Arriving<Q, A> extends SimpleForwardingServerCallListener<Q> {
    private final ServerCall<Q, A> call;
    private final Future<?> timeout;

    /** Set by whoever answers first. */
    private final AtomicBoolean answered = new AtomicBoolean();

    Arriving(ServerCall<Q, A> call, Listener<Q> listener) {
      super(listener);
      this.call = call;
      ArrivingCall.onTooMuch(this::refuseTooMuch);
      this.timeout =
          clock.schedule(
              () ->
                  refuse(
                      Status.DEADLINE_EXCEEDED.withDescription(
                          "the request did not arrive within %d s"
                              .formatted(Admission.ARRIVAL_TIME.toSeconds())),
                      Duration.ZERO),
              Admission.ARRIVAL_TIME.toMillis(),
              TimeUnit.MILLISECONDS);
    }

    @Override
    public void onHalfClose() {
      timeout.cancel(false);
      boolean isPrediction =
          PredictionServiceGrpc.SERVICE_NAME.equals(call.getMethodDescriptor().getServiceName());
      if (!admission.enter(isPrediction)) {
        refuse(GrpcCalls.status(Admission.noPlace()), Admission.pause());
        return;
      }
      try {
        if (answered.compareAndSet(false, true)) {
          super.onHalfClose();
        }
      } finally {
        admission.leave(isPrediction);
      }
    }

    @Override
    public void onCancel() {
      timeout.cancel(false);
      super.onCancel();
    }

    @Override
    public void onComplete() {
      timeout.cancel(false);
      super.onComplete();
    }

    private void refuseTooMuch(Status status, boolean isOurs) {
      if (!isOurs) {
        refuse(status, Duration.ZERO);
      } else if (answered.compareAndSet(false, true)) {
        close(status);
      }
    }

    private void close(Status status) {
      metrics.count(Entry.GRPC, "", status.getCode().name(), 0);
      call.close(status, new Metadata());
    }

    private void refuse(Status status, Duration pause) {
      if (answered.compareAndSet(false, true)) {
        var unused = clock.schedule(() -> close(status), pause.toMillis(), TimeUnit.MILLISECONDS);
      }
    }
  }
}
