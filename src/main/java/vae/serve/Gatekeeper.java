package vae.serve;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Keeps strange web pages away from a server on this machine. A page can make a browser ask for a
 * name of its own that resolves to 127.0.0.1 (DNS rebinding): such a name in {@code Host} is
 * refused. Or it can post from another origin: then {@code Origin} is not this server's.
 *
 * @param names by which it may be asked, besides localhost and addresses in digits
 * @param origins of other pages that may ask, as browsers write them, {@code http://host:port}
 */
record Gatekeeper(Set<String> names, Set<String> origins) {
  private static final Pattern HOST = Pattern.compile("(\\[[0-9A-Fa-f:.]+\\]|[^:\\[\\]]+)(:\\d+)?");
  private static final Pattern ADDRESS = Pattern.compile("\\d+(\\.\\d+){3}|\\[[0-9A-Fa-f:.]+\\]");

  /**
   * Looks at who a caller says that it is.
   *
   * @param host by which it asks; null if it doesn't say
   * @param origin null if there is none: a program asks, or a page its own server
   * @param site what a browser says of where the request comes from; null or empty from programs
   * @param mode {@code navigate} where a browser follows a link; null or empty from programs
   * @return why it is refused; nothing if it is not
   */
  Optional<String> refuses(String host, String origin, String site, String mode) {
    if (host == null || !isKnown(host)) {
      return Optional.of(
          "Host %s is not one that this server answers to; --allow-host names more"
              .formatted(host));
    }
    if (origin != null && origins.contains(origin)) {
      return Optional.empty();
    }
    if (origin != null && !isOwn(origin, host)) {
      return Optional.of("Origin %s is not this server's".formatted(origin));
    }
    // A page may ask without Origin, for a picture say; it gets no answer, but would make work.
    return ("cross-site".equals(site) || "same-site".equals(site)) && !"navigate".equals(mode)
        ? Optional.of("Another site's page may link to this server, and no more")
        : Optional.empty();
  }

  /** By https too, of a proxy's, where the host is one of the names. */
  private boolean isOwn(String origin, String host) {
    return origin.equalsIgnoreCase("http://" + host)
        || (origin.equalsIgnoreCase("https://" + host) && names.contains(name(host)));
  }

  private boolean isKnown(String host) {
    String name = name(host);
    return name.equals("localhost") || names.contains(name) || ADDRESS.matcher(name).matches();
  }

  /** The host without its port; empty if it is none. */
  private static String name(String host) {
    var parts = HOST.matcher(host);
    return parts.matches() ? String.valueOf(parts.group(1)).toLowerCase(Locale.ROOT) : "";
  }
}
