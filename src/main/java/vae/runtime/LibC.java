package vae.runtime;

import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import java.util.Optional;

/** What the JVM can't ask of a POSIX system. Not for Windows: ask {@link #isThere()} first. */
public interface LibC extends Library {
  int STDERR = 2;
  int O_WRONLY = 1;

  /** Whether the system is one that has it. */
  static boolean isThere() {
    return !Platform.isWindows();
  }

  /** Binds the functions below. */
  static LibC load() {
    return Native.load(Platform.C_LIBRARY_NAME, LibC.class);
  }

  /** Whether standard error goes to a terminal; false where nothing can be told. */
  static boolean stderrIsTerminal() {
    try {
      return isThere() && load().isatty(NativeStderr.descriptor()) == 1;
    } catch (LinkageError e) {
      return false; // JNA has found no folder to unpack its own library into.
    }
  }

  /** glibc's version; nothing where the system has another C library, or none. */
  static Optional<String> glibcVersion() {
    if (!Platform.isLinux()) {
      return Optional.empty();
    }
    try {
      Function version =
          NativeLibrary.getInstance(Platform.C_LIBRARY_NAME).getFunction("gnu_get_libc_version");
      return Optional.of(version.invokeString(new Object[0], false));
    } catch (UnsatisfiedLinkError e) {
      return Optional.empty();
    }
  }

  int setenv(String name, String value, int overwrite);

  int open(String path, int flags);

  int dup(int descriptor);

  int dup2(int descriptor, int target);

  int close(int descriptor);

  int pipe(int[] ends);

  int write(int descriptor, byte[] bytes, int count);

  int isatty(int descriptor);
}
