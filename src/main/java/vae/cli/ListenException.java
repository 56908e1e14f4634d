package vae.cli;

import java.io.IOException;

/** The address to serve at is taken, or not this machine's; the message names it. */
final class ListenException extends IOException {
  ListenException(String message, IOException cause) {
    super(message, cause);
  }
}
