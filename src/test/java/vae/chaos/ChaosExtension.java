package vae.chaos;

import java.util.Optional;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.TestWatcher;

/** Writes a row for each class of tests that is one, and the table once all have run. */
final class ChaosExtension implements BeforeAllCallback, AfterAllCallback, TestWatcher {
  private static final Namespace NAMESPACE = Namespace.create(ChaosExtension.class);

  private ChaosTable.Row row = new ChaosTable.Row(0, "", "");

  @Override
  public void beforeAll(ExtensionContext context) {
    ChaosRow what = context.getRequiredTestClass().getAnnotation(ChaosRow.class);
    row = new ChaosTable.Row(what.order(), what.test(), what.holds());
    // JUnit closes what is in the root's store at the very end.
    context
        .getRoot()
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(ChaosTable.class, key -> new ChaosTable(), ChaosTable.class)
        .begin(row);
  }

  @Override
  public void testSuccessful(ExtensionContext context) {
    row.passed();
  }

  @Override
  public void testFailed(ExtensionContext context, Throwable cause) {
    row.failed(context.getDisplayName());
  }

  @Override
  public void testAborted(ExtensionContext context, Throwable cause) {
    row.failed(context.getDisplayName() + " could not be run");
  }

  @Override
  public void testDisabled(ExtensionContext context, Optional<String> reason) {
    row.failed(context.getDisplayName() + " is not run here");
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (context.getExecutionException().isPresent()) {
      row.failed("before the first test");
    }
    row.end();
  }
}
