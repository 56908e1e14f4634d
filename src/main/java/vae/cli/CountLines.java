package vae.cli;

import java.util.Optional;
import vae.latent.Progress;

/** A {@link CountLine} for each of several jobs in turn. */
final class CountLines implements AutoCloseable {
  private Optional<CountLine> line = Optional.empty();

  /** Begins a job. */
  Progress begin(String job) {
    close();
    var begun = new CountLine(job);
    line = Optional.of(begun);
    return begun::show;
  }

  @Override
  public void close() {
    line.ifPresent(CountLine::clear);
  }
}
