package vae.cli;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Platform;

/** What the JVM can't ask of a POSIX system. Not for Windows: ask {@link #isThere()} first. */
interface LibC extends Library {
  int STDERR = 2;
  int O_WRONLY = 1;

  static boolean isThere() {
    return !Platform.isWindows();
  }

  static LibC load() {
    return Native.load(Platform.C_LIBRARY_NAME, LibC.class);
  }

  int setenv(String name, String value, int overwrite);

  int open(String path, int flags);

  int dup(int descriptor);

  int dup2(int descriptor, int target);

  int close(int descriptor);

  int isatty(int descriptor);
}
