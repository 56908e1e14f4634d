package vae.runtime;

/** The device that was asked for is not there; the message says what is missing. */
public final class DeviceUnavailableException extends RuntimeException {
  DeviceUnavailableException(String missing) {
    super("no GPU: " + missing);
  }
}
