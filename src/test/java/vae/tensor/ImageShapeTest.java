package vae.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Which images a tensor takes, and how files are read for it. */
class ImageShapeTest {
  @Test
  void aTensorOfAShapeOfItsOwnTakesThatAlone() {
    ImageShape grey = ImageShape.grey(14, 56);
    assertThat(grey.fits(784)).isTrue();
    assertThat(grey.fits(56, 14)).isTrue();
    assertThat(grey.fits(56, 14, 1)).isTrue();
    assertThat(grey.fits(28, 28)).isFalse();
    assertThat(grey.fits(14, 56)).isFalse();
    assertThat(grey.fits(1, 56, 14)).isTrue(); // No image by its shape: as many values will do.
    var colour = new ImageShape(32, 20, 3);
    assertThat(colour.fits(20, 32, 3)).isTrue();
    assertThat(colour.fits(1920)).isTrue();
    assertThat(colour.fits(60, 32)).isFalse();
    assertThat(colour.fits(3, 20, 32)).isFalse(); // Channels first: values would be mixed up.
  }

  @Test
  void filesAreReadInColourForThreeValuesAPixel() {
    var colour = new ImageShape(32, 20, 3);
    assertThat(ImageShape.taken(32, 20, 20, 32, 3)).isEqualTo(colour);
    assertThat(ImageShape.taken(32, 20, 1920)).isEqualTo(colour);
    assertThat(ImageShape.taken(32, 20, 28, 28, 3)).isEqualTo(colour);
    assertThat(ImageShape.taken(32, 20, 640)).isEqualTo(ImageShape.grey(32, 20));
    assertThat(ImageShape.taken(32, 20, 20, 32, 1)).isEqualTo(ImageShape.grey(32, 20));
  }
}
