package vae.serve;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.Deflater;
import org.eclipse.jetty.compression.gzip.GzipCompression;
import org.eclipse.jetty.compression.gzip.GzipEncoderConfig;
import org.eclipse.jetty.compression.server.CompressionConfig;
import org.eclipse.jetty.compression.server.CompressionHandler;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.CrossOriginHandler;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * HTTP around {@link RestApi}, and the pages given to it: limits, deadlines, who may ask, gzip.
 * Bodies are read without a thread that waits for them, so that slow senders hold up nobody.
 */
final class HttpPort implements AutoCloseable {
  private static final int MOST_HEADER_BYTES = 16 << 10;
  private static final int MOST_CONNECTIONS = 4_096;

  private static final Duration IDLE = Duration.ofSeconds(30);
  private static final Duration STOP_TIME = Duration.ofMillis(4_500);

  /** Answers of fewer bytes are not worth it. */
  private static final int LEAST_COMPRESSED_BYTES = 1_400;

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
  private final Admission admission;
  private final ModelServer.Pages pages;
  private final Gatekeeper gatekeeper;
  private final Server server;

  HttpPort(
      ServedModel served, Admission admission, Gatekeeper gatekeeper, ModelServer.Pages pages) {
    this.api = new RestApi(served);
    this.admission = admission;
    this.pages = pages;
    this.gatekeeper = gatekeeper;
    var threads = new QueuedThreadPool(Admission.MOST_AT_ONCE + 16);
    threads.setName("http");
    this.server = new Server(threads);
    server.addBean(new NetworkConnectionLimit(MOST_CONNECTIONS, server));
    server.setHandler(new GracefulHandler(shared(compressed(new Requests()))));
    server.setErrorHandler(new Errors());
    server.setStopTimeout(STOP_TIME.toMillis());
  }

  /** Tells browsers which other pages may ask. */
  private Handler shared(Handler handler) {
    var origins = new CrossOriginHandler();
    origins.setHandler(handler);
    origins.setAllowedOriginPatterns(
        gatekeeper.origins().stream().map(Pattern::quote).collect(Collectors.toUnmodifiableSet()));
    origins.setAllowedMethods(Set.of("GET", "HEAD", "POST"));
    origins.setAllowedHeaders(Set.of("Content-Type", "Content-Encoding"));
    return gatekeeper.origins().isEmpty() ? handler : origins;
  }

  /** Inflates what comes gzip'ed, and gzips what goes to those who take it so. */
  private static Handler compressed(Handler handler) {
    var gzip = new GzipCompression();
    gzip.setMinCompressSize(LEAST_COMPRESSED_BYTES);
    var fast = new GzipEncoderConfig();
    fast.setCompressionLevel(Deflater.BEST_SPEED);
    gzip.setDefaultEncoderConfig(fast);
    var compression = new CompressionHandler(handler);
    compression.putCompression(gzip);
    compression.putConfiguration(
        "/v1/*", // Pages are read on this machine, above all.
        CompressionConfig.builder()
            .compressIncludeMethod("GET")
            .compressIncludeMethod("POST")
            .build());
    return compression;
  }

  void start(List<InetSocketAddress> addresses) throws IOException {
    var http = new HttpConfiguration();
    http.setRequestHeaderSize(MOST_HEADER_BYTES);
    http.setSendServerVersion(false);
    for (InetSocketAddress address : addresses) {
      var connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
      connector.setHost(address.getAddress().getHostAddress());
      connector.setPort(address.getPort());
      connector.setIdleTimeout(IDLE.toMillis());
      server.addConnector(connector);
    }
    try {
      server.start();
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
      Optional<ModelServer.Page> page = pages.at(path);
      if (page.isEmpty()) {
        return Answer.error(404, "Not found: " + path);
      }
      return method.equals("GET") || method.equals("HEAD")
          ? new Answer(200, page.get().type(), page.get().content())
          : Answer.error(405, "Method not allowed: " + method);
    }

    /** Reads a body while there is room for it, and answers it. */
    private void admit(Request request, Response response, Callback callback) {
      var body = new ArrivingBody(request, admission);
      CompletableFuture<byte[]> arrived = body.read(request.getLength());
      Callback released = Callback.from(callback, body::release);
      // A body that came with its head is answered on this thread, which may wait; the thread that
      // brings a late one may not.
      Executor answering = arrived.isDone() ? Runnable::run : server.getThreadPool();
      // Failures are answered within: nothing is left for the future to tell.
      var unused =
          arrived
              .orTimeout(Admission.ARRIVAL_TIME.toMillis(), TimeUnit.MILLISECONDS)
              .whenComplete(
                  (bytes, failure) -> {
                    if (failure == null) {
                      enter(request, bytes, answering, response, released);
                    } else if (failure instanceof ServingException e) {
                      request.fail(failure);
                      body.release(); // Not only when the refusal has been sent.
                      refuse(e, response, released);
                    } else {
                      request.fail(failure);
                      send(unread(failure), response, released);
                    }
                  });
    }

    private Answer unread(Throwable failure) {
      if (failure instanceof HttpException http) {
        return Answer.error(http.getCode(), String.valueOf(http.getReason()));
      }
      return failure instanceof TimeoutException
          ? Answer.error(
              408, "the request did not arrive within " + Admission.ARRIVAL_TIME.toSeconds() + " s")
          : Answer.error(400, "the request can't be read");
    }

    private void enter(
        Request request, byte[] body, Executor answering, Response response, Callback callback) {
      boolean isPrediction = request.getMethod().equals("POST");
      if (!admission.enter(isPrediction)) {
        refuse(Admission.noPlace(), response, callback);
        return;
      }
      try {
        answering.execute(() -> answer(request, body, isPrediction, response, callback));
      } catch (RejectedExecutionException e) {
        admission.leave(isPrediction);
        refuse(Admission.noPlace(), response, callback);
      }
    }

    private void refuse(ServingException why, Response response, Callback callback) {
      Answer refusal = api.refuse(why);
      server
          .getScheduler()
          .schedule(
              () -> send(refusal, response, callback),
              Admission.pause().toMillis(),
              TimeUnit.MILLISECONDS);
    }

    private void answer(
        Request request, byte[] body, boolean isPrediction, Response response, Callback callback) {
      Answer answer;
      try {
        answer =
            api.answer(
                request.getMethod(),
                request.getHttpURI().getPath(),
                body,
                Caller.patientFor(Admission.ANSWER_TIME));
      } catch (RuntimeException | OutOfMemoryError e) {
        answer = Answer.error(500, "internal error: " + e);
      } finally {
        admission.leave(isPrediction);
      }
      send(answer, response, callback);
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
