package vae.files;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a ZIP archive is, by the name of its first file. */
final class ZipKind {
  private static final Pattern FIRST =
      Pattern.compile("PK\u0003\u0004(?s:.{26})(?<name>[ -~]*).*", Pattern.DOTALL);

  private ZipKind() {}

  static Optional<FileKind> of(String head) {
    Matcher first = FIRST.matcher(head);
    return first.matches() ? Optional.of(named(first.group("name"))) : Optional.empty();
  }

  private static FileKind named(String name) {
    if (name.startsWith("metadata.json") || name.startsWith("config.json")) {
      return new FileKind("a Keras model (.keras)", FileKind.KERAS);
    }
    if (name.contains("data.pkl") || name.startsWith("archive/")) {
      return new FileKind(
          "a PyTorch file",
          "in Python, torch.onnx.export and onnx2tf make a SavedModel of its model");
    }
    return name.contains(".npy")
        ? new FileKind("a NumPy archive (.npz)", "")
        : new FileKind("a ZIP archive", "unpack it first");
  }
}
