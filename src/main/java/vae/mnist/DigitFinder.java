package vae.mnist;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Finds the one digit of a photo: strokes are what is thinner than a third of the picture and
 * darker, or brighter, than what is around them (a black top-hat; Serra, Image Analysis and
 * Mathematical Morphology, 1982), so that neither a shadow nor the table's edge is taken for ink.
 */
final class DigitFinder {
  /** Strokes are narrower than this share of the picture's longer side. */
  private static final double WIDEST_STROKE = 1 / 3.0;

  /** Less contrast than this is paper and noise. */
  private static final double LEAST_CONTRAST = 0.12;

  /** What is darker than this is black. */
  private static final float DARK = 0.1f;

  /** What comes as near to the edge as this share of the longer side goes on beyond it. */
  private static final double EDGE = 0.01;

  /** Above this share of the strongest pixel a pixel is ink for certain. */
  private static final double INK = 0.4;

  /** Below this share of the brightest pixel a pixel is ground: scans and JPEGs are never black. */
  private static final double GROUND = 0.2;

  /** Parts of a digit lie nearer than this share of its size. */
  private static final double NEAR = 0.25;

  /** How alike in contrast, as a factor, a part and the ground within it are. */
  private static final double ALIKE = 1.3;

  /** What is around a part is as wide as this share of its size. */
  private static final double AROUND = 0.5;

  /** So many of the largest parts are looked at: noise has thousands. */
  private static final int LOOKED_AT = 50;

  /** A part of less ink than this share of the largest is dirt. */
  private static final double DIRT = 0.03;

  private DigitFinder() {}

  /** What hangs together, with its box. */
  private record Part(int left, int top, int right, int bottom, double ink, List<Integer> places) {
    int size() {
      return Math.max(right - left, bottom - top) + 1;
    }

    boolean touchesEdge(GreyPicture picture) {
      double margin = EDGE * Math.max(picture.width(), picture.height());
      return left < margin
          || top < margin
          || right > picture.width() - 1 - margin
          || bottom > picture.height() - 1 - margin;
    }

    /** With what is around it, and not with a stroke beside it alone; as a share. */
    double contrast(GreyPicture picture, GreyPicture inks) {
      int reach = (int) Math.ceil(AROUND * size());
      double[] around =
          lights(
              picture,
              place -> !isInBox(place, inks.width(), 0) && isInBox(place, inks.width(), reach));
      if (around.length < size()) { // It fills the picture.
        Set<Integer> own = Set.copyOf(places);
        around = lights(picture, place -> isInBox(place, inks.width(), 0) && !own.contains(place));
      }
      if (around.length == 0) {
        return 0;
      }
      double ground = around[around.length / 2];
      double light = 0;
      for (int place : places) {
        light += inks.light()[place] * picture.light()[place] / ink;
      }
      return Math.abs(ground - light) / Math.max(DARK, Math.max(ground, light));
    }

    private boolean isInBox(int place, int width, int reach) {
      int x = place % width;
      int y = place / width;
      return x >= left - reach && x <= right + reach && y >= top - reach && y <= bottom + reach;
    }

    /** In rising order. */
    private static double[] lights(GreyPicture picture, IntPredicate wanted) {
      return IntStream.range(0, picture.light().length)
          .filter(wanted)
          .mapToDouble(place -> picture.light()[place])
          .sorted()
          .toArray();
    }

    boolean encloses(Part other) {
      return left <= other.left
          && top <= other.top
          && right >= other.right
          && bottom >= other.bottom;
    }

    boolean isNear(Part other) {
      int across = Math.max(left, other.left) - Math.min(right, other.right);
      int down = Math.max(top, other.top) - Math.min(bottom, other.bottom);
      return Math.max(across, down) < NEAR * other.size();
    }
  }

  /**
   * What may be the digit, with its largest part and that part's contrast with what is around it.
   */
  private record Found(GreyPicture ink, List<Part> parts, Part main, double contrast) {
    /** The ground between strokes stands out too, on their other side: but within them, or less. */
    boolean isGroundOf(Found other) {
      double share = contrast / other.contrast;
      return other.main.encloses(main) ? share < ALIKE : !main.encloses(other.main) && share < 1;
    }
  }

  /** The digit alone, cut out, white on black; nothing if there is nothing on the ground. */
  static Optional<GreyPicture> find(GreyPicture picture) {
    return Stream.of(digit(picture, ink(picture, true)), digit(picture, ink(picture, false)))
        .flatMap(Optional::stream)
        .reduce((dark, bright) -> dark.isGroundOf(bright) ? bright : dark)
        .map(found -> only(found.ink, found.parts));
  }

  private static Optional<Found> digit(GreyPicture picture, GreyPicture ink) {
    float strongest = strongest(ink);
    if (strongest < LEAST_CONTRAST) {
      return Optional.empty();
    }
    List<Part> parts = parts(ink, strongest);
    List<Part> inside = parts.stream().filter(part -> !part.touchesEdge(ink)).toList();
    List<Part> candidates = inside.isEmpty() ? parts : inside;
    Optional<Part> largest =
        candidates.stream()
            .sorted(Comparator.comparingDouble(Part::ink).reversed())
            .limit(LOOKED_AT)
            .filter(part -> part.contrast(picture, ink) > LEAST_CONTRAST)
            .findFirst();
    if (largest.isEmpty()) {
      return Optional.empty();
    }
    Part main = largest.get();
    return Optional.of(
        new Found(
            ink,
            candidates.stream()
                .filter(part -> part.ink >= DIRT * main.ink && part.isNear(main))
                .toList(),
            main,
            main.contrast(picture, ink)));
  }

  /**
   * How much darker each pixel is than its ground, as a share, since a shadow darkens both; or how
   * much brighter.
   */
  private static GreyPicture ink(GreyPicture picture, boolean isDark) {
    int longerSide = Math.max(picture.width(), picture.height());
    int reach = (int) Math.ceil(WIDEST_STROKE * longerSide / 2);
    int sign = isDark ? 1 : -1;
    GreyPicture ground = extreme(extreme(picture, reach, sign), reach, -sign);
    float[] ink = new float[ground.light().length];
    for (int i = 0; i < ink.length; i++) {
      float difference = sign * (ground.light()[i] - picture.light()[i]);
      ink[i] = isDark ? difference / Math.max(DARK, ground.light()[i]) : difference;
    }
    return new GreyPicture(picture.width(), picture.height(), ink);
  }

  /** The brightest within reach of each pixel, or the darkest. */
  private static GreyPicture extreme(GreyPicture picture, int reach, int sign) {
    return extremeOfRows(extremeOfRows(picture, reach, sign).transposed(), reach, sign)
        .transposed();
  }

  /** Along each row: candidates in falling order (Lemire, 2006). */
  private static GreyPicture extremeOfRows(GreyPicture picture, int reach, int sign) {
    int width = picture.width();
    var extreme = new GreyPicture(width, picture.height());
    int[] queue = new int[width];
    for (int y = 0; y < picture.height(); y++) {
      int head = 0;
      int tail = 0;
      for (int i = 0; i < width + reach; i++) {
        if (i < width) {
          float value = sign * picture.at(i, y);
          while (tail > head && sign * picture.at(queue[tail - 1], y) <= value) {
            tail--;
          }
          queue[tail++] = i;
        }
        int x = i - reach;
        if (x >= 0) {
          while (queue[head] < x - reach) {
            head++;
          }
          extreme.light()[y * width + x] = picture.at(queue[head], y);
        }
      }
    }
    return extreme;
  }

  /** Of all but the strongest two-thousandth: a single pixel may be anything. */
  private static float strongest(GreyPicture ink) {
    float[] sorted = ink.light().clone();
    Arrays.sort(sorted);
    return sorted[sorted.length - 1 - sorted.length / 2000];
  }

  private static List<Part> parts(GreyPicture ink, float strongest) {
    boolean[] seen = new boolean[ink.light().length];
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < seen.length; i++) {
      if (!seen[i] && ink.light()[i] >= INK * strongest) {
        parts.add(part(ink, seen, i, (float) GROUND * strongest));
      }
    }
    return parts;
  }

  private static Part part(GreyPicture ink, boolean[] seen, int start, float least) {
    int width = ink.width();
    List<Integer> places = new ArrayList<>(List.of(start));
    seen[start] = true;
    int left = width;
    int top = ink.height();
    int right = 0;
    int bottom = 0;
    double sum = 0;
    for (int next = 0; next < places.size(); next++) {
      int x = places.get(next) % width;
      int y = places.get(next) / width;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
      sum += ink.at(x, y);
      for (int toY = Math.max(0, y - 1); toY <= Math.min(ink.height() - 1, y + 1); toY++) {
        for (int toX = Math.max(0, x - 1); toX <= Math.min(width - 1, x + 1); toX++) {
          int to = toY * width + toX;
          if (!seen[to] && ink.light()[to] >= least) {
            seen[to] = true;
            places.add(to);
          }
        }
      }
    }
    return new Part(left, top, right, bottom, sum, places);
  }

  /** Those parts alone: the ground black, the strongest pixel white. */
  private static GreyPicture only(GreyPicture ink, List<Part> parts) {
    int left = parts.stream().mapToInt(Part::left).min().orElseThrow();
    int top = parts.stream().mapToInt(Part::top).min().orElseThrow();
    int right = parts.stream().mapToInt(Part::right).max().orElseThrow();
    int bottom = parts.stream().mapToInt(Part::bottom).max().orElseThrow();
    float most = 0;
    for (Part part : parts) {
      for (int place : part.places) {
        most = Math.max(most, ink.light()[place]);
      }
    }
    var digit = new GreyPicture(right - left + 1, bottom - top + 1);
    for (Part part : parts) {
      for (int place : part.places) {
        double share = ink.light()[place] / most;
        int at = (place / ink.width() - top) * digit.width() + place % ink.width() - left;
        digit.light()[at] = (float) Math.max(0, (share - GROUND) / (1 - GROUND));
      }
    }
    return digit;
  }
}
