package vae.picture;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * A picture of the latent plane, z₁ to the right and z₂ upwards, with axes, a title and a legend.
 */
public final class PlanePicture {
  /** What circles of radius 1, 2 and 3 hold of a plane's prior, 1 − exp(−r²/2). */
  public static final List<String> PRIOR_SHARES = List.of("39 %", "86 %", "99 %");

  private static final int SIDE = 1_120;
  private static final int LEFT = 84;
  private static final int TOP = 84;
  private static final int BOTTOM = 84;
  private static final int LEGEND = 300;
  private static final int WIDTH = LEFT + SIDE + LEGEND;
  private static final Color INK = new Color(0x222222);
  private static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 22);
  private static final Font SMALL = TEXT.deriveFont(19f);
  private static final Font HEADING = new Font(Font.SANS_SERIF, Font.BOLD, 28);

  /** The least and the most that a dot is wide, and the points above which all are the least. */
  private static final double LEAST_DOT = 5;

  private static final double MOST_DOT = 16;
  private static final double MANY_POINTS = 2_000;

  private final BufferedImage picture =
      new BufferedImage(WIDTH, TOP + SIDE + BOTTOM, BufferedImage.TYPE_INT_RGB);
  private final Graphics2D g = picture.createGraphics();
  private final double reach;

  /** An empty plane under a title, from −reach to reach. */
  public PlanePicture(String title, double reach) {
    this.reach = reach;
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, picture.getWidth(), picture.getHeight());
    g.setColor(INK);
    g.setFont(HEADING);
    g.drawString(title, LEFT, TOP - 30);
  }

  /** A class's swatch in the legend: its name, shortened if it is too long, and a figure. */
  public record LegendLine(int label, String name, String figure) {}

  /**
   * Colours the plane by classes.
   *
   * @param side the number of cells in a row; the first row is the topmost
   * @param labels a class each, one a cell; -1 for none
   * @param strengths how sure each is, in [0, 1]
   */
  public PlanePicture regions(int side, int[] labels, double[] strengths) {
    IntUnaryOperator edge = i -> (int) Math.round((double) SIDE * i / side);
    for (int cell = 0; cell < labels.length; cell++) {
      int x = edge.applyAsInt(cell % side);
      int y = edge.applyAsInt(cell / side);
      int width = edge.applyAsInt(cell % side + 1) - x;
      int height = edge.applyAsInt(cell / side + 1) - y;
      g.setColor(
          labels[cell] < 0
              ? new Color(0xeeeeee)
              : Palette.pale(Palette.of(labels[cell]), 0.12 + 0.5 * strengths[cell]));
      g.fillRect(LEFT + x, TOP + y, width, height);
    }
    g.setColor(new Color(INK.getRed(), INK.getGreen(), INK.getBlue(), 150));
    g.setStroke(new BasicStroke(1.6f));
    for (int cell = 0; cell < labels.length; cell++) {
      int x = LEFT + edge.applyAsInt(cell % side + 1);
      int y = TOP + edge.applyAsInt(cell / side + 1);
      if (cell % side + 1 < side && labels[cell] != labels[cell + 1]) {
        g.draw(new Line2D.Double(x, TOP + edge.applyAsInt(cell / side), x, y));
      }
      if (cell + side < labels.length && labels[cell] != labels[cell + side]) {
        g.draw(new Line2D.Double(LEFT + edge.applyAsInt(cell % side), y, x, y));
      }
    }
    return this;
  }

  /** Draws images in dark ink around their points. */
  public PlanePicture images(float[][] z, ImageBatch images, int side) {
    int width = images.shape().width();
    int height = images.shape().height();
    for (int i = 0; i < z.length; i++) {
      var ink = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          ink.setRGB(x, y, Math.round(235 * images.grey(i, x, y)) << 24 | 0x111111);
        }
      }
      g.setRenderingHint(
          RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
      g.drawImage(
          ink, (int) (x(z[i][0]) - side / 2.0), (int) (y(z[i][1]) - side / 2.0), side, side, null);
    }
    return this;
  }

  /** Draws a dot for each point in its class's colour; those off the plane are left out. */
  public PlanePicture points(float[][] z, int[] labels) {
    double dot = Math.min(MOST_DOT, LEAST_DOT * Math.max(1, Math.sqrt(MANY_POINTS / z.length)));
    for (int i = 0; i < z.length; i++) {
      if (Math.abs(z[i][0]) <= reach && Math.abs(z[i][1]) <= reach) {
        Color colour = labels[i] < 0 ? INK : Palette.of(labels[i]);
        g.setColor(new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), 150));
        g.fill(new Ellipse2D.Double(x(z[i][0]) - dot / 2, y(z[i][1]) - dot / 2, dot, dot));
      }
    }
    return this;
  }

  /** Draws the circles of {@link #PRIOR_SHARES}. */
  public PlanePicture priorContours() {
    g.setStroke(
        new BasicStroke(
            2.2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {9, 7}, 0));
    for (int radius = 1; radius <= PRIOR_SHARES.size() && radius < reach; radius++) {
      g.setColor(new Color(0x66000000, true));
      double left = x(-radius);
      double size = x(radius) - left;
      g.draw(new Ellipse2D.Double(left, y(radius), size, size));
      label(PRIOR_SHARES.get(radius - 1), x(0), y(radius));
    }
    return this;
  }

  /** The picture with axes and a legend; to be called last. */
  public BufferedImage withLegend(String heading, List<LegendLine> lines, List<String> notes) {
    axes();
    int x = LEFT + SIDE + 34;
    int y = TOP + 22;
    g.setFont(TEXT.deriveFont(Font.BOLD));
    g.setColor(INK);
    g.drawString(heading, x, y);
    // As many lines as fit, of a smaller step where they are many.
    int step = Math.max(20, Math.min(40, (SIDE - 260) / Math.max(1, lines.size())));
    g.setFont(step < 30 ? SMALL : TEXT);
    for (LegendLine line : lines) {
      if (y + step > TOP + SIDE - 220) {
        y += step;
        g.drawString("and more", x + 40, y);
        break;
      }
      y += step;
      g.setColor(Palette.of(line.label()));
      g.fillRoundRect(x, y - 21 * step / 40, 26 * step / 40, 26 * step / 40, 8, 8);
      g.setColor(INK);
      g.drawString(fitting(line), x + 40, y);
    }
    y += 30;
    g.setFont(SMALL);
    for (String note : notes) {
      y += 28;
      g.drawString(note, x, y);
    }
    g.dispose();
    return picture;
  }

  /** A line's text, as far as the legend has room for it. */
  private String fitting(LegendLine line) {
    String text = line.name() + "   " + line.figure();
    for (int letters = line.name().length() - 1;
        letters > 0 && g.getFontMetrics().stringWidth(text) > LEGEND - 80;
        letters--) {
      text = line.name().substring(0, letters) + "…   " + line.figure();
    }
    return text;
  }

  private void axes() {
    g.setColor(INK);
    g.setStroke(new BasicStroke(2));
    g.drawRect(LEFT, TOP, SIDE, SIDE);
    g.setFont(TEXT);
    int most = (int) Math.floor(reach);
    for (int tick = -most; tick <= most; tick++) {
      String text = String.valueOf(tick).replace('-', '\u2212');
      int half = g.getFontMetrics().stringWidth(text) / 2;
      int x = (int) Math.round(x(tick));
      int y = (int) Math.round(y(tick));
      g.drawLine(x, TOP + SIDE, x, TOP + SIDE + 8);
      g.drawString(text, x - half, TOP + SIDE + 34);
      g.drawLine(LEFT - 8, y, LEFT, y);
      g.drawString(text, LEFT - 18 - 2 * half, y + 8);
    }
    g.drawString("z\u2081", LEFT + SIDE / 2 - 12, TOP + SIDE + 66);
    g.drawString("z\u2082", 14, TOP + SIDE / 2 + 8);
  }

  private void label(String text, double x, double y) {
    g.setFont(SMALL);
    int width = g.getFontMetrics().stringWidth(text) + 10;
    g.setColor(new Color(255, 255, 255, 215));
    g.fillRoundRect((int) (x - width / 2.0), (int) y - 13, width, 26, 10, 10);
    g.setColor(INK);
    g.drawString(text, (int) (x - width / 2.0) + 5, (int) y + 7);
  }

  private double x(double z1) {
    return LEFT + (z1 + reach) / (2 * reach) * SIDE;
  }

  private double y(double z2) {
    return TOP + (reach - z2) / (2 * reach) * SIDE;
  }
}
