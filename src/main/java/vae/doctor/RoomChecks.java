package vae.doctor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import vae.machine.Folder;
import vae.machine.Memory;
import vae.runtime.NativeLibraryJar;

/** The doctor's look at the room that there is: memory and disks. */
final class RoomChecks {
  /** What a training takes, natively and in the heap. */
  private static final long TRAINING_MEMORY = 512L << 20;

  /** JNA's library, and TensorFlow's log while it starts. */
  private static final long TEMPORARY_BYTES = 1L << 20;

  /** A model with its slots, beside a staged one. */
  private static final long MODEL_BYTES = 32L << 20;

  private RoomChecks() {}

  static void tell(DoctorReport report) {
    report.section("Memory and disk");
    Memory memory = Memory.current();
    report.add(
        Fact.of(
                "memory",
                "%s available of %s"
                    .formatted(Fact.amount(memory.available()), Fact.amount(memory.total())),
                new TreeMap<>(Map.of("available", memory.available(), "total", memory.total())))
            .noteUnless(
                memory.available() >= TRAINING_MEMORY,
                "a training takes about " + Fact.amount(TRAINING_MEMORY)));
    report.add(cache());
    Folder temporary = Folder.of(Path.of(System.getProperty("java.io.tmpdir", ".")));
    report.add(
        fact("temporary files", temporary, "")
            .problemUnless(
                temporary.takes(TEMPORARY_BYTES),
                Fault.OUTPUT,
                "make room, or name another folder by -Djava.io.tmpdir=DIR"));
    Folder current = Folder.of(Path.of(""));
    report.add(
        fact("current folder", current, "")
            .noteUnless(
                current.takes(MODEL_BYTES),
                "models can't be saved here; --saved-model names another folder"));
  }

  private static Fact cache() {
    String advice = "make room, or name another folder by -Dorg.bytedeco.javacpp.cachedir=DIR";
    try {
      Optional<NativeLibraryJar> jar = NativeLibraryJar.find();
      if (jar.isEmpty()) {
        return Fact.of("native cache", "not used: no jar has a library for this platform")
            .problem(Fault.INTERNAL, "build again on this machine");
      }
      Folder folder = Folder.of(jar.get().cache());
      boolean unpacked = jar.get().isUnpacked();
      String text =
          unpacked
              ? ", the library is unpacked"
              : ", the library will take " + Fact.amount(jar.get().bytes());
      return fact("native cache", folder, text)
          .problemUnless(unpacked || folder.takes(jar.get().bytes()), Fault.OUTPUT, advice);
    } catch (IOException e) {
      return Fact.of("native cache", "none").problem(Fault.OUTPUT, e.getMessage() + "; " + advice);
    }
  }

  private static Fact fact(String name, Folder folder, String more) {
    Map<String, Object> value = new LinkedHashMap<>();
    value.put("path", folder.path().toString());
    String free = "free space unknown";
    if (folder.freeBytes().isPresent()) {
      free = Fact.amount(folder.freeBytes().getAsLong()) + " free";
      value.put("free", folder.freeBytes().getAsLong());
    }
    value.put("writable", folder.writable());
    return Fact.of(
        name,
        "%s, %s, %s%s"
            .formatted(folder.path(), free, folder.writable() ? "writable" : "not writable", more),
        value);
  }
}
