package vae.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Reads a file of scripts/dev/make_golden.py, and repeats its inputs; the file's header defines
 * both.
 */
record GoldenFile(Map<String, Entry> entries) {

  /** The stored entries of an array: numbers 0, stride, 2·stride … in row-major order. */
  record Entry(int[] shape, int stride, float[] values) {
    float largest() {
      float largest = 0;
      for (float value : values) {
        largest = Math.max(largest, Math.abs(value));
      }
      return largest;
    }
  }

  static GoldenFile read(String name) throws IOException {
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (String line : Files.readAllLines(Path.of("src/test/resources/golden", name))) {
      if (!line.startsWith("#")) {
        String[] fields = line.split(" ", -1);
        float[] values = new float[fields.length - 3];
        for (int i = 0; i < values.length; i++) {
          values[i] = Float.parseFloat(fields[i + 3]);
        }
        entries.put(fields[0], new Entry(shape(fields[1]), Integer.parseInt(fields[2]), values));
      }
    }
    return new GoldenFile(entries);
  }

  Entry get(String name) {
    if (!entries.containsKey(name)) {
      throw new IllegalArgumentException("no array " + name + " in the golden file");
    }
    return entries.get(name);
  }

  private static int[] shape(String text) {
    return text.equals("-")
        ? new int[0]
        : Stream.of(text.split(",", -1)).mapToInt(Integer::parseInt).toArray();
  }

  static int hash(int salt, int i) {
    int h = i + salt * 0x9E3779B9;
    h ^= h >>> 16;
    h *= 0x7FEB352D;
    h ^= h >>> 15;
    h *= 0x846CA68B;
    return h ^ h >>> 16;
  }

  private static double unit(int salt, int i) {
    return Integer.toUnsignedLong(hash(salt, i)) / 4294967296.0 - 0.5;
  }

  static float[] uniform(int salt, int count, double scale) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (unit(salt, i) * scale);
    }
    return values;
  }

  static float[] initialValue(int number, int count, long firstDimension) {
    return uniform(number, count, Math.sqrt(12.0) / Math.sqrt(firstDimension / 2.0));
  }

  static float[] pixels(int step, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      int h = hash(100 + step, i);
      values[i] = (h >>> 8 & 1) == 0 ? 0 : (h & 0xff) / 255f;
    }
    return values;
  }

  static float[] epsilon(int step, int count) {
    return uniform(200 + step, count, Math.sqrt(12.0));
  }

  static float[] noise(int count) {
    return uniform(300, count, 6.0);
  }
}
