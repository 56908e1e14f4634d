package vae.mnist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import vae.config.ClassNames;

/** What images are called. */
class LabelsTest {
  private static final ClassNames PETS = new ClassNames(List.of("dog", "cat", "fish"));

  @Test
  void numbersCountTheNames() {
    Labels labels = Labels.numbered((byte) 2, (byte) 0);
    assertThat(labels.classes()).contains(ClassNames.numbered(3));
    assertThat(labels.under(PETS).bytes()).containsExactly(2, 0);
    assertThat(labels.under(PETS).classes()).contains(PETS);
    assertThatThrownBy(() -> Labels.numbered((byte) 3).under(PETS))
        .hasMessage("expected labels among the 3 class names, found 3");
  }

  @Test
  void namesAreLookedUp() {
    Labels labels = Labels.named(List.of("Fish", "cat", "fish"));
    assertThat(labels.bytes()).containsExactly(1, 0, 1);
    assertThat(labels.under(PETS).bytes()).containsExactly(2, 1, 2);
    assertThatThrownBy(() -> Labels.named(List.of("bird")).under(PETS))
        .hasMessage("expected labels among the 3 class names, found bird");
  }

  @Test
  void noneStayNone() {
    assertThat(Labels.none(2).under(PETS).classes()).isEmpty();
    assertThat(Labels.none(2).of(1)).isEqualTo(Labels.NONE);
    assertThat(Labels.numbered((byte) 4, (byte) 1).part(1, 2).bytes()).containsExactly(1);
  }
}
