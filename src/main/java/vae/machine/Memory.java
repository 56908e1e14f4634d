package vae.machine;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The memory that programs may use, in bytes, as the JVM sees it, and what is available without
 * swapping; in a container that is limited, the container's.
 */
public record Memory(long total, long available) {
  private static final Pattern LINE = Pattern.compile("^(\\w+):\\s+(\\d+) kB$", Pattern.MULTILINE);

  public static Memory current() {
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    var jvms = new Memory(system.getTotalMemorySize(), system.getFreeMemorySize());
    // What the JVM calls free leaves out the caches that Linux would give up. But the file tells of
    // the machine, and a container may have less.
    return SystemFile.read("/proc/meminfo")
        .flatMap(Memory::parse)
        .filter(machines -> machines.total == jvms.total)
        .orElse(jvms);
  }

  /** What a {@code /proc/meminfo} says. */
  static Optional<Memory> parse(String meminfo) {
    Map<String, Long> bytes = new HashMap<>();
    for (Matcher line = LINE.matcher(meminfo); line.find(); ) {
      bytes.put(line.group(1), Long.parseLong(line.group(2)) << 10);
    }
    Long total = bytes.get("MemTotal");
    Long available = bytes.get("MemAvailable"); // Since Linux 3.14.
    return total == null || available == null
        ? Optional.empty()
        : Optional.of(new Memory(total, available));
  }
}
