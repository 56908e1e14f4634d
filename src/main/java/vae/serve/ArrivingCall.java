package vae.serve;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.Optional;

/**
 * Counts what a call brings, while it comes and while it is inflated, and keeps room for it until
 * it ends.
 */
final class ArrivingCall extends ServerStreamTracer {
  private static final Context.Key<ArrivingCall> KEY = Context.key("arriving call");

  private final Admission admission;
  private int wire;
  private int inflated;
  private int kept;
  private boolean ended;
  private Optional<Refusal> refusal = Optional.empty();

  /** What the network's thread found before anybody could be told. */
  private Optional<Status> untold = Optional.empty();

  @FunctionalInterface
  interface Refusal {
    /**
     * Refuses it.
     *
     * @param isOurs whether this thread is the call's own; else it belongs to the network
     */
    void refuse(Status why, boolean isOurs);
  }

  private ArrivingCall(Admission admission) {
    this.admission = admission;
  }

  /** Makes one for each call. */
  static Factory counting(Admission admission) {
    return new Factory() {
      @Override
      public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
        return new ArrivingCall(admission);
      }
    };
  }

  /** Tells the call that comes what to do if it brings too much. */
  static void onTooMuch(Refusal refusal) {
    KEY.get().refuseBy(refusal);
  }

  private synchronized void refuseBy(Refusal whatToDo) {
    refusal = Optional.of(whatToDo);
    untold.ifPresent(why -> whatToDo.refuse(why, false));
  }

  @Override
  public Context filterContext(Context context) {
    return context.withValue(KEY, this);
  }

  @Override
  public synchronized void inboundWireSize(long bytes) {
    wire += (int) bytes;
    Optional<Status> tooMuch = keepRoom();
    tooMuch.ifPresent(why -> refuse(why, false));
  }

  @Override
  public synchronized void inboundUncompressedSize(long bytes) {
    inflated += (int) bytes;
    Optional<Status> tooMuch = keepRoom();
    // The call's own thread inflates, and has to stop. What came plain the network's thread tells
    // once more, and must go on.
    if (tooMuch.isPresent() && inflated > wire) {
      refuse(tooMuch.get(), true);
      throw tooMuch.get().asRuntimeException();
    }
  }

  private void refuse(Status why, boolean isOurs) {
    if (refusal.isEmpty()) {
      untold = Optional.of(why);
    } else {
      refusal.get().refuse(why, isOurs);
    }
  }

  /** Keeps room for what is more than was known; what is inflated was also on the wire. */
  private Optional<Status> keepRoom() {
    int size = Math.max(wire, inflated);
    if (size <= kept) {
      return Optional.empty();
    }
    if (size > Admission.MOST_BYTES) {
      return Optional.of(
          Status.RESOURCE_EXHAUSTED.withDescription(
              "gRPC message exceeds maximum size " + Admission.MOST_BYTES));
    }
    if (ended || !admission.keep(size - kept)) {
      return Optional.of(GrpcCalls.status(Admission.noRoom()));
    }
    kept = size;
    return Optional.empty();
  }

  @Override
  public synchronized void streamClosed(Status status) {
    ended = true;
    admission.giveBack(kept);
    kept = 0;
  }
}
