package vae.serve;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.thread.Invocable;

/**
 * A request's body, read without a thread that waits for it. Its bounds are kept while it grows, as
 * it is inflated: what a sender promises of its length counts for nothing.
 */
final class ArrivingBody {
  /** Jetty's inflater gives nothing, for ever, where what it inflates was cut short. */
  private static final int MOST_EMPTY = 10_000;

  private final Content.Source source;
  private final Admission admission;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CompletableFuture<byte[]> arrived = new CompletableFuture<>();
  private int kept;
  private int empty;

  ArrivingBody(Content.Source source, Admission admission) {
    this.source = source;
    this.admission = admission;
  }

  /**
   * Begins to read it, unless it is said to be too large.
   *
   * @param length what is said, -1 if nothing
   * @return it; or a {@link ServingException} if there is no room for it, an {@link HttpException}
   *     if it is too large, and whatever else may come between
   */
  CompletableFuture<byte[]> read(long length) {
    if (length > Admission.MOST_BYTES) {
      arrived.completeExceptionally(tooLarge());
    }
    more();
    return arrived;
  }

  private static HttpException.IllegalArgumentException tooLarge() {
    return new HttpException.IllegalArgumentException(
        HttpStatus.PAYLOAD_TOO_LARGE_413,
        "Request body is too large: more than %d MiB".formatted(Admission.MOST_BYTES >> 20));
  }

  /** Gives the room back that it took. */
  synchronized void release() {
    arrived.cancel(false); // If it hasn't, nothing more is kept.
    admission.giveBack(kept);
    kept = 0;
  }

  private void more() {
    while (!arrived.isDone()) {
      Content.Chunk chunk = source.read();
      if (chunk == null) {
        source.demand(Invocable.from(Invocable.InvocationType.NON_BLOCKING, this::more));
        return;
      }
      if (Content.Chunk.isFailure(chunk)) {
        arrived.completeExceptionally(chunk.getFailure());
        return;
      }
      empty = chunk.hasRemaining() ? 0 : empty + 1;
      if (empty > MOST_EMPTY) {
        chunk.release();
        arrived.completeExceptionally(new EOFException("the body ends before it is whole"));
        return;
      }
      take(chunk);
      chunk.release();
      if (chunk.isLast()) {
        arrived.complete(bytes.toByteArray());
      }
    }
  }

  private synchronized void take(Content.Chunk chunk) {
    int length = chunk.remaining();
    if (bytes.size() + length > Admission.MOST_BYTES) {
      arrived.completeExceptionally(tooLarge());
    } else if (!arrived.isDone() && admission.keep(length)) {
      kept += length;
      byte[] more = new byte[length];
      chunk.getByteBuffer().get(more);
      bytes.writeBytes(more);
    } else {
      arrived.completeExceptionally(Admission.noRoom());
    }
  }
}
