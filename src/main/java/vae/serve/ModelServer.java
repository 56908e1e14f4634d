package vae.serve;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.server.handler.SizeLimitHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import vae.serve.ServingException.Code;

/**
 * HTTP around {@link RestApi}, and the pages given to it: limits, deadlines, who may ask. Bodies
 * are read without a thread that waits for them, so that slow senders hold up nobody.
 */
public final class ModelServer implements AutoCloseable {
  private static final int MOST_BODY_BYTES = 32 << 20;
  private static final int MOST_HEADER_BYTES = 16 << 10;
  private static final int MOST_CONNECTIONS = 4_096;

  /** Predictions at once, those that wait for a core among them; what comes beyond is refused. */
  private static final int MOST_AT_ONCE = 8 * Runtime.getRuntime().availableProcessors();

  private static final String TOO_MANY = "More than %d requests at once".formatted(MOST_AT_ONCE);

  /** What all bodies may take together, but for small ones: their number is limited. */
  private static final int BODY_ROOM_KIBIBYTES = 256 << 10;

  private static final Duration IDLE = Duration.ofSeconds(30);
  private static final Duration BODY_TIME = Duration.ofSeconds(20);
  private static final Duration ANSWER_TIME = Duration.ofSeconds(10);
  private static final Duration STOP_TIME = Duration.ofMillis(4_500);

  /**
   * A refusal for want of room is held back for half to all of this, and no thread waits for it:
   * clients that ask again at once, or all together, would take the cores from those let in.
   */
  private static final int REFUSAL_PAUSE_MILLIS = 25;

  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:;"
              + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "Referrer-Policy",
          "no-referrer",
          "Cross-Origin-Resource-Policy",
          "same-origin",
          "Cache-Control",
          "no-store");

  private final RestApi api;
  private final Pages pages;
  private final Gatekeeper gatekeeper;
  private final Server server;
  private final ServerConnector connector;
  private final Semaphore bodyRoom = new Semaphore(BODY_ROOM_KIBIBYTES);
  private final Semaphore places = new Semaphore(MOST_AT_ONCE);

  /** What is shown beside the API. */
  @FunctionalInterface
  public interface Pages {
    /** The page at a path. */
    Optional<Page> at(String path);
  }

  /**
   * A page.
   *
   * @param type its content's
   * @param content its bytes
   */
  @SuppressWarnings("ArrayRecordComponent") // Only written.
  public record Page(String type, byte[] content) {}

  /**
   * Sets up a server; {@link #start} starts it.
   *
   * @param name of the model
   * @param address to bind; port 0 for any that is free
   * @param names by which it may be asked, besides localhost and addresses in digits
   * @param pages what else it shows
   */
  public ModelServer(
      String name, Predictor predictor, InetSocketAddress address, Set<String> names, Pages pages) {
    this.api = new RestApi(name, predictor);
    this.pages = pages;
    this.gatekeeper = new Gatekeeper(names);
    var threads = new QueuedThreadPool(MOST_AT_ONCE + 16);
    threads.setName("http");
    this.server = new Server(threads);
    var http = new HttpConfiguration();
    http.setRequestHeaderSize(MOST_HEADER_BYTES);
    http.setSendServerVersion(false);
    this.connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
    connector.setHost(address.getHostString());
    connector.setPort(address.getPort());
    connector.setIdleTimeout(IDLE.toMillis());
    server.addConnector(connector);
    server.addBean(new NetworkConnectionLimit(MOST_CONNECTIONS, server));
    var limit = new SizeLimitHandler(MOST_BODY_BYTES, -1);
    limit.setHandler(new Requests());
    server.setHandler(new GracefulHandler(limit));
    server.setErrorHandler(new Errors());
    server.setStopTimeout(STOP_TIME.toMillis());
  }

  /**
   * Starts it.
   *
   * @return the port that it listens on
   * @throws IOException if the address can't be bound
   */
  public int start() throws IOException {
    try {
      server.start();
      return connector.getLocalPort();
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("the server can't start: " + e, e);
    }
  }

  /** Stops taking requests, and ends those that have begun, within five seconds. */
  @Override
  public void close() {
    try {
      server.stop();
    } catch (TimeoutException e) {
      return; // What had not ended by then was cut off.
    } catch (Exception e) {
      throw new IllegalStateException("the server can't be stopped", e);
    }
  }

  private final class Requests extends Handler.Abstract {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      var refusal =
          gatekeeper.refuses(
              request.getHeaders().get(HttpHeader.HOST),
              request.getHeaders().get(HttpHeader.ORIGIN),
              request.getHeaders().get("Sec-Fetch-Site"),
              request.getHeaders().get("Sec-Fetch-Mode"));
      String path = request.getHttpURI().getPath();
      if (refusal.isPresent()) {
        send(Answer.error(403, refusal.get()), response, callback);
      } else if (RestApi.serves(path)) {
        admit(request, response, callback);
      } else {
        send(page(request.getMethod(), path), response, callback);
      }
      return true;
    }

    private Answer page(String method, String path) {
      Optional<Page> page = pages.at(path);
      if (page.isEmpty()) {
        return Answer.error(404, "Not found: " + path);
      }
      return method.equals("GET") || method.equals("HEAD")
          ? new Answer(200, page.get().type(), page.get().content())
          : Answer.error(405, "Method not allowed: " + method);
    }

    /** Lets a body in if there is room for it until it is answered. */
    private void admit(Request request, Response response, Callback callback) {
      long length = request.getLength();
      long bytes = length < 0 ? unknownLength(request) : Math.min(length, MOST_BODY_BYTES);
      int room = Math.toIntExact(bytes >> 10);
      if (bodyRoom.tryAcquire(room)) {
        readBody(request, response, Callback.from(callback, () -> bodyRoom.release(room)));
      } else {
        refuse("Too much is being sent at once", response, callback);
      }
    }

    /** What may come of a request that doesn't say: nothing, unless it sends in chunks. */
    private static int unknownLength(Request request) {
      return request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING) ? MOST_BODY_BYTES : 0;
    }

    private void readBody(Request request, Response response, Callback callback) {
      var arrived = new CompletableFuture<byte[]>();
      Content.Source.asByteArrayAsync(
          request,
          MOST_BODY_BYTES,
          Promise.Invocable.from(
              Invocable.InvocationType.NON_BLOCKING,
              arrived::complete,
              arrived::completeExceptionally));
      // A body that came with its head is answered on this thread, which may wait; the thread that
      // brings a late one may not.
      Executor answering = arrived.isDone() ? Runnable::run : server.getThreadPool();
      // Failures are answered within: nothing is left for the future to tell.
      var unused =
          arrived
              .orTimeout(BODY_TIME.toMillis(), TimeUnit.MILLISECONDS)
              .whenComplete(
                  (body, failure) -> {
                    if (failure == null) {
                      enter(request, body, answering, response, callback);
                    } else {
                      request.fail(failure);
                      send(unread(failure), response, callback);
                    }
                  });
    }

    private Answer unread(Throwable failure) {
      Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
      if (cause instanceof HttpException http) {
        return Answer.error(http.getCode(), String.valueOf(http.getReason()));
      }
      return cause instanceof TimeoutException
          ? Answer.error(408, "the request did not arrive within " + BODY_TIME.toSeconds() + " s")
          : Answer.error(400, "the request can't be read");
    }

    private void enter(
        Request request, byte[] body, Executor answering, Response response, Callback callback) {
      boolean counted = request.getMethod().equals("POST");
      if (counted && !places.tryAcquire()) {
        refuse(TOO_MANY, response, callback);
        return;
      }
      try {
        answering.execute(() -> answer(request, body, counted, response, callback));
      } catch (RejectedExecutionException e) {
        release(counted);
        refuse(TOO_MANY, response, callback);
      }
    }

    private void refuse(String why, Response response, Callback callback) {
      Answer refusal = api.refuse(new ServingException(Code.UNAVAILABLE, why + ": try again"));
      int pause =
          ThreadLocalRandom.current().nextInt(REFUSAL_PAUSE_MILLIS / 2, REFUSAL_PAUSE_MILLIS + 1);
      connector
          .getScheduler()
          .schedule(() -> send(refusal, response, callback), pause, TimeUnit.MILLISECONDS);
    }

    private void answer(
        Request request, byte[] body, boolean counted, Response response, Callback callback) {
      Answer answer;
      try {
        answer =
            api.answer(
                request.getMethod(),
                request.getHttpURI().getPath(),
                body,
                System.nanoTime() + ANSWER_TIME.toNanos());
      } catch (RuntimeException | OutOfMemoryError e) {
        answer = Answer.error(500, "internal error: " + e);
      } finally {
        release(counted);
      }
      send(answer, response, callback);
    }

    private void release(boolean counted) {
      if (counted) {
        places.release();
      }
    }
  }

  /** What Jetty refuses by itself is told as everything else is. */
  private static final class Errors extends ErrorHandler {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      Object message = request.getAttribute(ERROR_MESSAGE);
      send(
          Answer.error(response.getStatus(), message == null ? "refused" : message.toString()),
          response,
          callback);
      return true;
    }
  }

  private static void send(Answer answer, Response response, Callback callback) {
    response.setStatus(answer.status());
    HEADERS.forEach((name, value) -> response.getHeaders().put(name, value));
    response.getHeaders().put(new HttpField(HttpHeader.CONTENT_TYPE, answer.type()));
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, answer.body().length);
    response.write(true, ByteBuffer.wrap(answer.body()), callback);
  }
}
