package vae.machine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import vae.machine.CpuInfo.Feature;

/**
 * What kernels write in {@code /proc/cpuinfo}: one recorded, the others shortened from what people
 * show.
 */
class CpuInfoTest {
  /** Recorded on a Zen 3 in a virtual machine, Linux 6.18. */
  private static final String AMD =
      """
      processor	: 0
      vendor_id	: AuthenticAMD
      cpu family	: 25
      model		: 1
      model name	: AMD EPYC
      flags		: fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat pse36 clflush mmx fxsr sse sse2 ht syscall nx mmxext fxsr_opt pdpe1gb rdtscp lm pni pclmulqdq ssse3 fma cx16 pcid sse4_1 sse4_2 x2apic movbe popcnt aes xsave avx f16c rdrand hypervisor abm sse4a 3dnowprefetch osvw fsgsbase bmi1 avx2 smep bmi2 erms invpcid vaes vpclmulqdq rdpid fsrm
      bugs		: sysret_ss_attrs null_seg spectre_v1 spectre_v2 spec_store_bypass srso
      TLB size	: 2560 4K pages
      address sizes	: 48 bits physical, 48 bits virtual
      power management:

      processor	: 1
      vendor_id	: AuthenticAMD
      model name	: AMD EPYC
      flags		: fpu vme
      power management:

      """;

  /** A Tiger Lake's. */
  private static final String INTEL =
      """
      processor       : 0
      vendor_id       : GenuineIntel
      cpu family      : 6
      model           : 140
      model name      : 11th Gen Intel(R) Core(TM) i7-1165G7 @ 2.80GHz
      flags           : fpu sse sse2 ss ht pni pclmulqdq ssse3 fma cx16 sse4_1 sse4_2 movbe popcnt aes xsave avx f16c bmi1 avx2 smep bmi2 erms invpcid avx512f avx512dq rdseed adx smap avx512ifma clflushopt avx512cd sha_ni avx512bw avx512vl avx512vbmi umip avx512_vbmi2 gfni vaes vpclmulqdq avx512_vnni avx512_bitalg avx512_vpopcntdq rdpid fsrm avx512_vp2intersect
      power management:

      """;

  /** A Raspberry Pi 5's: no model name; a line without a value at the end of each processor's. */
  private static final String ARM =
      """
      processor	: 0
      BogoMIPS	: 108.00
      Features	: fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp cpuid asimdrdm lrcpc dcpop asimddp
      CPU implementer	: 0x41
      CPU architecture: 8
      CPU variant	: 0x4
      CPU part	: 0xd0b
      CPU revision	: 1

      processor	: 1
      BogoMIPS	: 108.00
      Features	: fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp cpuid asimdrdm lrcpc dcpop asimddp
      CPU implementer	: 0x41
      CPU part	: 0xd0b

      Revision	: d04170
      """;

  @Test
  void readsAmds() {
    CpuInfo cpu = CpuInfo.parse(AMD);
    assertThat(cpu.model()).contains("AMD EPYC");
    assertThat(cpu.processors()).isEqualTo(2);
    assertThat(cpu.features().orElseThrow())
        .containsExactly(Feature.SSE4_1, Feature.AVX, Feature.AVX2, Feature.FMA);
  }

  @Test
  void readsIntelsWithAvx512() {
    CpuInfo cpu = CpuInfo.parse(INTEL);
    assertThat(cpu.model()).contains("11th Gen Intel(R) Core(TM) i7-1165G7 @ 2.80GHz");
    assertThat(cpu.processors()).isEqualTo(1);
    assertThat(cpu.features().orElseThrow())
        .containsExactly(
            Feature.SSE4_1,
            Feature.AVX,
            Feature.AVX2,
            Feature.FMA,
            Feature.AVX512F,
            Feature.AVX512_VNNI);
  }

  @Test
  void readsArms() {
    CpuInfo cpu = CpuInfo.parse(ARM);
    assertThat(cpu.model()).contains("implementer 0x41, part 0xd0b");
    assertThat(cpu.processors()).isEqualTo(2);
    assertThat(cpu.features().orElseThrow())
        .containsExactly(Feature.ASIMD, Feature.ASIMDHP, Feature.ASIMDDP);
  }

  @Test
  void knowsNothingFromNothing() {
    for (String text : new String[] {"", "\n\n:\n", "nonsense", "processors: many"}) {
      CpuInfo cpu = CpuInfo.parse(text);
      assertThat(cpu.model()).isEmpty();
      assertThat(cpu.processors()).isZero();
      assertThat(cpu.features()).isEmpty();
    }
  }
}
