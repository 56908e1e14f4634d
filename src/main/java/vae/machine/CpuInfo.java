package vae.machine;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
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

  /** Features by the kernel's word for each, those of x86 and those of ARM. */
  public enum Feature {
    SSE4_1("sse4_1", "SSE4.1"),
    AVX("avx", "AVX"),
    AVX2("avx2", "AVX2"),
    FMA("fma", "FMA"),
    AVX_VNNI("avx_vnni", "AVX-VNNI"),
    AVX512F("avx512f", "AVX512F"),
    AVX512_VNNI("avx512_vnni", "AVX512-VNNI"),
    ASIMD("asimd", "ASIMD"),
    ASIMDHP("asimdhp", "ASIMDHP"),
    ASIMDDP("asimddp", "ASIMDDP"),
    SVE("sve", "SVE"),
    SVE2("sve2", "SVE2"),
    I8MM("i8mm", "I8MM"),
    BF16("bf16", "BF16");

    private final String word;
    private final String name;

    Feature(String word, String name) {
      this.word = word;
      this.name = name;
    }

    /** As it is usually written. */
    @Override
    public String toString() {
      return name;
    }
  }

  private static final Pattern LINE =
      Pattern.compile("^([^\\n:]*?)[ \\t]*:[ \\t]*(.*)$", Pattern.MULTILINE);

  /** This machine's. */
  public static CpuInfo current() {
    return SystemFile.read("/proc/cpuinfo")
        .map(CpuInfo::parse)
        .orElseGet(() -> new CpuInfo(otherwiseNamed(), 0, Optional.empty()));
  }

  /** What a {@code /proc/cpuinfo} says; the first processor speaks for all. */
  static CpuInfo parse(String cpuinfo) {
    Map<String, String> first = new LinkedHashMap<>();
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
    if (fields.containsKey("model name")) {
      return Optional.of(fields.get("model name"));
    }
    // ARM's kernels give numbers: 0x41 is ARM itself, 0xd40 its Neoverse V1.
    return fields.containsKey("CPU part")
        ? Optional.of(
            "implementer %s, part %s"
                .formatted(fields.getOrDefault("CPU implementer", "?"), fields.get("CPU part")))
        : Optional.empty();
  }

  private static Set<Feature> features(String flags) {
    List<String> words = List.of(flags.split("\\s+", -1));
    return Stream.of(Feature.values())
        .filter(feature -> words.contains(feature.word))
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Feature.class)));
  }

  private static Optional<String> otherwiseNamed() {
    Optional<ExternalProgram> sysctl = ExternalProgram.find("sysctl");
    if (sysctl.isPresent()) {
      try {
        String name = sysctl.get().run(PATIENCE, "-n", "machdep.cpu.brand_string");
        return Optional.of(name.strip()).filter(text -> !text.isEmpty());
      } catch (IOException e) {
        return Optional.empty();
      }
    }
    return Optional.ofNullable(System.getenv("PROCESSOR_IDENTIFIER")); // Windows
  }
}
