package vae.machine;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The processor, as {@code /proc/cpuinfo} tells, or {@code sysctl} on macOS.
 *
 * @param model its name, where it is told
 * @param processors of the machine, whatever part of them this program may use; 0 if unknown
 * @param features those that TensorFlow's kernels ask for, if they are told
 */
public record CpuInfo(Optional<String> model, int processors, Optional<Set<Feature>> features) {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Pattern LINE =
      Pattern.compile("^([^\\n:]*?)[ \\t]*:[ \\t]*(.*)$", Pattern.MULTILINE);

  /** Features of x86 and of ARM, each by the kernel's word for it in upper case. */
  public enum Feature {
    SSE4_1,
    AVX,
    AVX2,
    FMA,
    AVX_VNNI,
    AVX512F,
    AVX512_VNNI,
    ASIMD,
    ASIMDHP,
    ASIMDDP,
    SVE,
    SVE2,
    I8MM,
    BF16;

    /** As it is usually written. */
    @Override
    public String toString() {
      return this == SSE4_1 ? "SSE4.1" : name().replace('_', '-');
    }
  }

  /** This machine's. */
  public static CpuInfo current() {
    return SystemFile.read("/proc/cpuinfo")
        .map(CpuInfo::parse)
        .orElseGet(() -> new CpuInfo(otherwiseNamed(), 0, Optional.empty()));
  }

  /** What a {@code /proc/cpuinfo} says; the first processor speaks for all. */
  static CpuInfo parse(String cpuinfo) {
    Map<String, String> first = new HashMap<>();
    int processors = 0;
    for (Matcher line = LINE.matcher(cpuinfo); line.find(); ) {
      first.putIfAbsent(line.group(1), line.group(2).strip());
      if (line.group(1).equals("processor")) {
        processors++;
      }
    }
    Optional<String> flags =
        Optional.ofNullable(first.get("flags"))
            .or(() -> Optional.ofNullable(first.get("Features")));
    return new CpuInfo(model(first), processors, flags.map(CpuInfo::features));
  }

  private static Optional<String> model(Map<String, String> fields) {
    // ARM's kernels give numbers: 0x41 is ARM itself, 0xd40 its Neoverse V1.
    return Optional.ofNullable(fields.get("model name"))
        .or(
            () ->
                Optional.ofNullable(fields.get("CPU part"))
                    .map(
                        part ->
                            "implementer %s, part %s"
                                .formatted(fields.getOrDefault("CPU implementer", "?"), part)));
  }

  private static Set<Feature> features(String flags) {
    List<String> words = List.of(flags.toUpperCase(Locale.ROOT).split("\\s+", -1));
    return Stream.of(Feature.values())
        .filter(feature -> words.contains(feature.name()))
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Feature.class)));
  }

  private static Optional<String> otherwiseNamed() {
    try {
      return ExternalProgram.ask("sysctl", PATIENCE, "-n", "machdep.cpu.brand_string")
          .map(String::strip)
          .filter(text -> !text.isEmpty())
          .or(() -> Optional.ofNullable(System.getenv("PROCESSOR_IDENTIFIER"))); // Windows
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
