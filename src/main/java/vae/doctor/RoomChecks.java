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
                    .formatted(Bytes.text(memory.available()), Bytes.text(memory.total())),
                new TreeMap<>(Map.of("available", memory.available(), "total", memory.total())))
            .with(
                Verdict.okIf(
                    memory.available() >= TRAINING_MEMORY,
                    Verdict.note("a training takes about " + Bytes.text(TRAINING_MEMORY)))));
    report.add(cache());
    Folder temporary = Folder.of(Path.of(System.getProperty("java.io.tmpdir", ".")));
    report.add(
        fact("temporary files", temporary)
            .with(
                Verdict.okIf(
                    temporary.takes(TEMPORARY_BYTES),
                    Verdict.problem(
                        Fault.OUTPUT,
                        "make room, or name another folder by -Djava.io.tmpdir=DIR"))));
    Folder current = Folder.of(Path.of(""));
    report.add(
        fact("current folder", current)
            .with(
                Verdict.okIf(
                    current.takes(MODEL_BYTES),
                    Verdict.note(
                        "models can't be saved here; --saved-model names another folder"))));
  }

  private static Fact cache() {
    String advice = "make room, or name another folder by -Dorg.bytedeco.javacpp.cachedir=DIR";
    try {
      Optional<NativeLibraryJar> jar = NativeLibraryJar.find();
      if (jar.isEmpty()) {
        return Fact.of("native cache", "not used: no jar has a library for this platform")
            .with(Verdict.problem(Fault.INTERNAL, "build again on this machine"));
      }
      Folder folder = Folder.of(jar.get().cache());
      boolean unpacked = jar.get().isUnpacked();
      String text =
          unpacked
              ? ", the library is unpacked"
              : ", the library will take " + Bytes.text(jar.get().bytes());
      return fact("native cache", folder, text)
          .with(
              Verdict.okIf(
                  unpacked || folder.takes(jar.get().bytes()),
                  Verdict.problem(Fault.OUTPUT, advice)));
    } catch (IOException e) {
      return Fact.of("native cache", "none")
          .with(Verdict.problem(Fault.OUTPUT, e.getMessage() + "; " + advice));
    }
  }

  private static Fact fact(String name, Folder folder) {
    return fact(name, folder, "");
  }

  private static Fact fact(String name, Folder folder, String more) {
    String free =
        folder.freeBytes().isPresent()
            ? Bytes.text(folder.freeBytes().getAsLong()) + " free"
            : "free space unknown";
    Map<String, Object> value = new LinkedHashMap<>();
    value.put("path", folder.path().toString());
    folder.freeBytes().ifPresent(bytes -> value.put("free", bytes));
    value.put("writable", folder.writable());
    return Fact.of(
        name,
        "%s, %s, %s%s"
            .formatted(folder.path(), free, folder.writable() ? "writable" : "not writable", more),
        value);
  }
}
