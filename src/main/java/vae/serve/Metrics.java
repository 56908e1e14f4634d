package vae.serve;

import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/**
 * What Prometheus reads: how many requests were answered how, and how long the good ones took, by
 * the names and in the buckets of TensorFlow Serving.
 */
final class Metrics {
  private static final int BUCKETS = 33;
  private static final double FIRST_MICROS = 10;
  private static final double GROWTH = 1.8;

  private final String model;
  private final Map<String, LongAdder> counts = new ConcurrentSkipListMap<>();
  private final Map<Api, Latency> latencies =
      new ConcurrentSkipListMap<>(Comparator.comparing(Api::entry).thenComparing(Api::name));

  private static final class Latency {
    private final LongAdder[] buckets =
        Stream.generate(LongAdder::new).limit(BUCKETS + 1).toArray(LongAdder[]::new);
    private final LongAdder micros = new LongAdder();

    void add(double taken) {
      double limit = FIRST_MICROS;
      int bucket = 0;
      while (bucket < BUCKETS && taken > limit) {
        limit *= GROWTH;
        bucket++;
      }
      buckets[bucket].increment();
      micros.add(Math.round(taken));
    }
  }

  enum Entry {
    REST,
    GRPC
  }

  /** What was asked, and how. */
  private record Api(Entry entry, String name) {}

  Metrics(String model) {
    this.model = model;
  }

  /**
   * Counts an answer.
   *
   * @param entry by which it came
   * @param api what was asked, such as {@code predict}
   * @param code OK, or the canonical code of the error
   */
  void count(Entry entry, String api, String code, long nanos) {
    counts.computeIfAbsent(code, key -> new LongAdder()).increment();
    if (code.equals("OK")) {
      latencies.computeIfAbsent(new Api(entry, api), key -> new Latency()).add(nanos / 1e3);
    }
  }

  /** Prometheus's text. */
  String page() {
    var text = new StringBuilder("# TYPE :tensorflow:serving:request_count counter\n");
    counts.forEach(
        (code, count) ->
            text.append(
                ":tensorflow:serving:request_count{model_name=\"%s\",status=\"%s\"} %d\n"
                    .formatted(model, code, count.sum())));
    text.append("# TYPE :tensorflow:serving:request_latency histogram\n");
    latencies.forEach((api, latency) -> append(text, api, latency));
    return text.toString();
  }

  private void append(StringBuilder text, Api api, Latency latency) {
    String name = ":tensorflow:serving:request_latency";
    String labels =
        "model_name=\"%s\",API=\"%s\",entrypoint=\"%s\"".formatted(model, api.name, api.entry);
    double limit = FIRST_MICROS;
    long below = 0;
    for (int i = 0; i <= BUCKETS; i++) {
      below += latency.buckets[i].sum();
      String le = i == BUCKETS ? "+Inf" : String.valueOf(limit);
      text.append("%s_bucket{%s,le=\"%s\"} %d\n".formatted(name, labels, le, below));
      limit *= GROWTH;
    }
    text.append("%s_sum{%s} %d\n".formatted(name, labels, latency.micros.sum()));
    text.append("%s_count{%s} %d\n".formatted(name, labels, below));
  }
}
