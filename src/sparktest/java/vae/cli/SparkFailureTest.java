package vae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import vae.files.ModelException;
import vae.mnist.DataException;

/** What an executor threw, of which the driver has the text alone. */
class SparkFailureTest {
  @Test
  void anExecutorsExceptionIsKnownByItsText() {
    for (Exception thrown :
        new Exception[] {
          new ModelException(Path.of("saved_model/1"), "expected the job's model: found another"),
          new DataException(Path.of("images.idx"), "expected a whole IDX file")
        }) {
      var lost = new SparkException("Task 3 failed: " + thrown + "\n\tat vae.spark.X.of(X.java)");
      assertThat(SparkFailure.causeOf(new IllegalStateException(lost)))
          .isInstanceOf(thrown.getClass())
          .hasMessage(thrown.getMessage());
    }
  }

  @Test
  void ofOthersTheLastCauseIsTold() {
    var lost = new SparkException("Job aborted.\nCaused by: a.B: no\nCaused by: c.D: no space\n");
    assertThat(SparkFailure.causeOf(lost)).hasMessage("c.D: no space");
  }
}
