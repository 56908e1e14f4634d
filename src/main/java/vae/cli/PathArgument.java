package vae.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import vae.files.PathLetters;

/** Paths as they are typed. */
final class PathArgument implements ITypeConverter<Path> {
  @Override
  public Path convert(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new TypeConversionException("expected a path, found " + PathLetters.problem(text));
    }
  }

  /** What is wrong with the name of the folder that the program was started in, if anything is. */
  static Optional<String> problemOfFolder() {
    String folder = System.getProperty("user.dir", "");
    return PathLetters.areLost(folder)
        ? Optional.of("expected another folder to start in, found " + PathLetters.problem(folder))
        : Optional.empty();
  }
}
