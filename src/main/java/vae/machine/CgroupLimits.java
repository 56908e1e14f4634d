package vae.machine;

import java.util.Optional;
import java.util.OptionalDouble;

/** What a container may use, as Linux's control groups say within it. */
public final class CgroupLimits {
  private static final String GROUP = "/sys/fs/cgroup/";

  private CgroupLimits() {}

  /** The processors' worth of time that it may use, if that is limited. */
  public static OptionalDouble processors() {
    Optional<String> quota = SystemFile.read(GROUP + "cpu/cpu.cfs_quota_us"); // Of version 1.
    Optional<String> period = SystemFile.read(GROUP + "cpu/cpu.cfs_period_us");
    return processors(
        SystemFile.read(GROUP + "cpu.max").orElse(quota.orElse("") + " " + period.orElse("")));
  }

  /** From {@code quota period}, both in µs; no limit is {@code max} in version 2, -1 in 1. */
  static OptionalDouble processors(String quotaAndPeriod) {
    String[] parts = quotaAndPeriod.strip().split("\\s+", -1);
    try {
      double quota = Double.parseDouble(parts[0]);
      double period = Double.parseDouble(parts[parts.length - 1]);
      return quota > 0 && period > 0 && parts.length == 2
          ? OptionalDouble.of(quota / period)
          : OptionalDouble.empty();
    } catch (NumberFormatException e) {
      return OptionalDouble.empty();
    }
  }
}
