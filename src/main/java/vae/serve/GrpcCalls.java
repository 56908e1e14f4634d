package vae.serve;

import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import vae.serve.Metrics.Entry;
import vae.serve.proto.ModelSpec;

/** What the services have in common: who asks, for which version, and how it is told of errors. */
record GrpcCalls(Metrics metrics) {
  @FunctionalInterface
  interface Answering<T> {
    T to(Caller caller) throws ServingException;
  }

  /** Sends an answer, or why there is none. */
  <T> void answer(String api, StreamObserver<T> observer, Answering<T> answering) {
    long start = System.nanoTime();
    String code = "OK";
    try {
      observer.onNext(answering.to(caller()));
      observer.onCompleted();
    } catch (ServingException e) {
      code = e.code().name();
      observer.onError(status(e).asRuntimeException());
    } catch (RuntimeException | OutOfMemoryError e) {
      code = Status.Code.INTERNAL.name();
      observer.onError(
          Status.INTERNAL.withDescription("internal error: " + e).asRuntimeException());
    } finally {
      metrics.count(Entry.GRPC, api, code, System.nanoTime() - start);
    }
  }

  static Status status(ServingException e) {
    return Status.fromCode(Status.Code.valueOf(e.code().name())).withDescription(e.getMessage());
  }

  private static Caller caller() {
    Context context = Context.current();
    Deadline deadline = context.getDeadline();
    long most = Admission.ANSWER_TIME.toNanos();
    long left =
        deadline == null ? most : Math.min(most, deadline.timeRemaining(TimeUnit.NANOSECONDS));
    return new Caller(System.nanoTime() + left, context::isCancelled);
  }

  /**
   * Which version is asked for; nothing for the newest.
   *
   * @throws ServingException if it is asked for by a label
   */
  static OptionalLong version(ModelSpec spec) throws ServingException {
    return switch (spec.getVersionChoiceCase()) {
      case VERSION -> OptionalLong.of(spec.getVersion().getValue());
      case VERSION_LABEL -> throw ServedModel.unknownLabel(spec.getVersionLabel());
      case VERSIONCHOICE_NOT_SET -> OptionalLong.empty();
    };
  }

  /** Refuses those who don't say which model. */
  static ModelSpec named(boolean there, ModelSpec spec) throws ServingException {
    if (!there) {
      throw ServingException.invalid("Missing ModelSpec");
    }
    if (spec.getName().isEmpty()) {
      throw ServingException.invalid("ModelSpec has no name specified.");
    }
    return spec;
  }
}
