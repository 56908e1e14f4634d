package vae.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ValuesTest {

  static Stream<Object> nested() {
    return Stream.of(
        2.5f,
        -7L,
        true,
        (byte) 200,
        new double[] {1, 2},
        new int[][] {{1, 2, 3}, {4, 5, 6}},
        new boolean[][][] {{{true}, {false}}},
        new float[2][0][3],
        new long[1][2][1][2][1]);
  }

  @ParameterizedTest
  @MethodSource
  void nested(Object value) {
    assertThat(Values.of(value).nested()).isEqualTo(value);
  }

  @Test
  void tellsTypeAndShape() {
    assertThat(Values.of(new float[][] {{1, 2}})).hasToString("float [1,2]");
    assertThat(Values.of(3)).hasToString("int32 []");
    assertThat(Values.of(new byte[2][3][4])).hasToString("uint8 [2,3,4]");
    assertThat(Values.of(new String[] {"a"})).hasToString("string [1]");
  }

  @Test
  void textsAreUtf8() {
    Values texts = Values.of(new String[][] {{"naïve", ""}});
    assertThat(texts.strings()[0]).isEqualTo("naïve".getBytes(StandardCharsets.UTF_8));
    assertThat(texts.texts()).containsExactly("naïve", "");
  }

  @Test
  void refusesWhatIsNoTensor() {
    assertThatThrownBy(() -> Values.of(new float[][] {{1}, {1, 2}}))
        .hasMessage("expected rows of 1 values, found 2 in row 1");
    assertThatThrownBy(() -> Values.of((Object) new int[][] {{1}, {1, 2}}))
        .hasMessage("expected rows of 1 values, found 2 in row 1");
    assertThatThrownBy(() -> Values.of(List.of(1)))
        .hasMessageStartingWith("expected numbers, truth values or texts, found java.util.");
    assertThatThrownBy(() -> Values.of(new float[] {1, 2, 3}).reshaped(2, 2))
        .hasMessage("expected 4 values for the shape [2,2], found 3");
  }

  @Test
  void numbersBecomeOtherNumbers() {
    Values bytes = Values.of(new byte[] {0, (byte) 255});
    assertThat(bytes.as(ElementType.FLOAT).floats()).containsExactly(0, 255);
    assertThat(bytes.as(ElementType.INT64).longs()).containsExactly(0, 255);
    long large = (1L << 53) + 1;
    assertThat(Values.of(new long[] {large}).as(ElementType.INT64).longs()).containsExactly(large);
    assertThat(Values.of(new double[] {2.75}).as(ElementType.INT32).ints()).containsExactly(2);
    assertThatThrownBy(() -> Values.of("1").as(ElementType.FLOAT))
        .hasMessage("expected values of float, found string []");
  }

  @Test
  void rowsAreCutJoinedAndFilledUp() {
    Values rows = Values.of(new int[][][] {{{1}, {2}}, {{3}, {4}}, {{5}, {6}}});
    assertThat(rows.part(1, 3)).isEqualTo(Values.of(new int[][][] {{{3}, {4}}, {{5}, {6}}}));
    assertThat(Values.joined(List.of(rows.part(0, 1), rows.part(1, 3)))).isEqualTo(rows);
    assertThat(rows.part(1, 2).filledUp(2))
        .isEqualTo(Values.of(new int[][][] {{{3}, {4}}, {{3}, {4}}}));
    assertThat(rows.part(0, 1).hasRowsLike(rows)).isTrue();
    assertThat(rows.withRows(2).hasRowsLike(rows)).isFalse();
  }
}
