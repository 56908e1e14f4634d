package vae.serve;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** A model for other programs: by HTTP, and by gRPC where that is wanted, until it is closed. */
public final class ModelServer implements AutoCloseable {
  /**
   * Stands for both loopback addresses: to which one the name leads differs from client to client.
   */
  public static final String LOCALHOST = "localhost";

  private static final List<String> LOOPBACKS = List.of("127.0.0.1", "::1");

  /** So often a port is looked for that is free on both. */
  private static final int ATTEMPTS = 20;

  private final HttpPort http;
  private final GrpcPort grpc;

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
   * Where it listens.
   *
   * @param http the port of REST
   * @param grpc that of gRPC, if it listens for it
   */
  public record Ports(int http, OptionalInt grpc) {}

  /**
   * Sets up a server; {@link #start} starts it.
   *
   * @param name of the model
   * @param names by which it may be asked, besides localhost and addresses in digits
   * @param origins of other pages that may ask it
   * @param pages what else it shows
   */
  public ModelServer(
      String name, Predictor predictor, Set<String> names, Set<String> origins, Pages pages) {
    var served = new ServedModel(name, predictor);
    var admission = new Admission();
    var gatekeeper = new Gatekeeper(names, origins);
    this.http = new HttpPort(served, admission, gatekeeper, pages);
    this.grpc = new GrpcPort(served, admission, gatekeeper);
  }

  /**
   * Starts it.
   *
   * @param host to bind, {@link #LOCALHOST} or an address
   * @param wanted the ports; 0 for any that is free
   * @return the ports that it listens on
   * @throws IOException if one can't be bound
   */
  public Ports start(String host, Ports wanted) throws IOException {
    List<InetSocketAddress> web = addresses(host, wanted.http());
    http.start(web);
    if (wanted.grpc().isEmpty()) {
      return new Ports(web.get(0).getPort(), OptionalInt.empty());
    }
    List<InetSocketAddress> calls = addresses(host, wanted.grpc().getAsInt());
    grpc.start(calls);
    return new Ports(web.get(0).getPort(), OptionalInt.of(calls.get(0).getPort()));
  }

  /** Stops taking requests, and ends those that have begun, within five seconds. */
  @Override
  public void close() {
    grpc.stop();
    http.close();
    grpc.close();
  }

  /** Where to listen: one port on all addresses, free on all of them where any will do. */
  private static List<InetSocketAddress> addresses(String host, int port) throws IOException {
    List<InetAddress> hosts = new ArrayList<>(List.of(InetAddress.getByName(host)));
    if (host.equals(LOCALHOST)) {
      hosts.clear();
      for (String loopback : LOOPBACKS) {
        InetAddress address = InetAddress.getByName(loopback);
        if (hosts.isEmpty() || isHere(address)) {
          hosts.add(address);
        }
      }
    }
    for (int attempt = 1; ; attempt++) {
      List<InetSocketAddress> addresses = new ArrayList<>();
      int chosen = port;
      try {
        for (InetAddress each : hosts) {
          chosen = freePort(each, chosen);
          addresses.add(new InetSocketAddress(each, chosen));
        }
        return addresses;
      } catch (IOException e) {
        if (port > 0 || addresses.isEmpty() || attempt == ATTEMPTS) {
          throw new IOException(
              "%s:%d: can't listen (%s); choose another port, or 0 for any that is free"
                  .formatted(bracketed(hosts.get(addresses.size())), chosen, e.getMessage()),
              e);
        }
      }
    }
  }

  /** Whether this machine has an address: not all have IPv6. */
  private static boolean isHere(InetAddress address) {
    try {
      return freePort(address, 0) > 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort(InetAddress address, int port) throws IOException {
    try (var probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(address, port));
      return probe.getLocalPort();
    }
  }

  private static String bracketed(InetAddress address) {
    String text = address.getHostAddress();
    return text.contains(":") ? "[" + text + "]" : text;
  }
}
