package vae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vae.testing.Output;

/** What scripts/benchmark reads. How long anything takes is no matter of a test. */
class BenchmarkTest {
  @Test
  void trainTellsTheFirstStepTheRateAndTheLoss() throws IOException {
    double before = System.currentTimeMillis() / 1e3;
    Map<String, Double> found =
        numbers(
            Output.ofSuccess(
                "benchmark",
                "train",
                "--steps",
                4,
                "--warmup",
                2,
                "--batch-size",
                32,
                "--seed",
                1));
    assertThat(found).containsOnlyKeys("first_step", "steps_per_s", "loss");
    assertThat(found.get("first_step")).isBetween(before, System.currentTimeMillis() / 1e3);
    assertThat(found.get("steps_per_s")).isPositive();
    // As train logs it near its sixth step.
    assertThat(found.get("loss")).isBetween(200.0, 640.0);
  }

  @Test
  void inferTellsWhatDecodingAndEncodingTake() throws IOException {
    Map<String, Double> found = numbers(Output.ofSuccess("benchmark", "infer"));
    assertThat(found)
        .containsOnlyKeys(
            "one_p50_us",
            "one_p99_us",
            "decode400_per_s",
            "decode10000_per_s",
            "encode10000_per_s");
    assertThat(found.values()).allMatch(value -> value > 0);
    assertThat(found.get("one_p99_us")).isGreaterThanOrEqualTo(found.get("one_p50_us"));
  }

  @ParameterizedTest
  @CsvSource({
    "--warmup, 0, '--warmup must be between 1 and 1,000,000, found 0'",
    "--steps, 1000000001, '--steps must be at most 1,000,000,000 here, found 1,000,000,001'",
    "--threads, 0, 'the number of threads must be between 1 and 1,024, found 0'",
    "--threads, some, 'expected auto or a number, found some'"
  })
  void refusesWrongOptions(String option, String value, String message) {
    Output output = Output.of("benchmark", "train", option, value);
    assertThat(output.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(output.err()).contains(message);
  }

  private static Map<String, Double> numbers(Output output) throws IOException {
    String json = output.out().lines().reduce((first, last) -> last).orElseThrow();
    Map<String, Double> numbers = new LinkedHashMap<>();
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token.isNumeric()) {
          numbers.put(parser.currentName(), parser.getDoubleValue());
        }
      }
    }
    return numbers;
  }
}
