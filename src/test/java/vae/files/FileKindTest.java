package vae.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileKindTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<!DOCTYPE html><html> | a web page",
        "'\n  <html lang=\"en\">' | a web page",
        "<?xml version=\"1.0\"?><Error><Code>AccessDenied | an XML document",
        "'{\"message\": \"Not Found\"}' | JSON",
        "version https://git-lfs.github.com/spec/v1 | a pointer of Git LFS",
        "GIF89a | a GIF image",
        "RIFF1234WEBPVP8 | a WebP image",
        "1234ftypheic | a HEIC image",
        "%PDF-1.7 | a PDF document",
        "1234TFL3 | a TensorFlow Lite model",
      })
  void isKnownByItsBeginning(String head, String text) {
    assertThat(FileKind.of(head.getBytes(StandardCharsets.ISO_8859_1)))
        .hasValueSatisfying(kind -> assertThat(kind.text()).isEqualTo(text));
  }

  @Test
  void archivesAreKnown() throws IOException {
    var zip = new ByteArrayOutputStream();
    try (var out = new ZipOutputStream(zip)) {
      out.putNextEntry(new ZipEntry("x"));
    }
    assertThat(FileKind.of(zip.toByteArray()).orElseThrow().text()).startsWith("a ZIP archive");
    var gzip = new ByteArrayOutputStream();
    new GZIPOutputStream(gzip).close();
    assertThat(FileKind.of(gzip.toByteArray()).orElseThrow().text()).isEqualTo("a gzip'ed file");
    byte[] tar = Arrays.copyOf("name".getBytes(StandardCharsets.US_ASCII), 512);
    System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 5);
    assertThat(FileKind.of(tar).orElseThrow().text()).isEqualTo("a tar archive");
  }

  @Test
  void nothingIsSaidOfWhatIsNotKnown() throws IOException {
    assertThat(FileKind.of(new byte[] {0, 0, 8, 3, 0, 0, 1, 0})).isEmpty();
    assertThat(FileKind.of("step,loss\n1,2\n".getBytes(StandardCharsets.US_ASCII))).isEmpty();
    assertThat(FileKind.of("[\0binary".getBytes(StandardCharsets.US_ASCII))).isEmpty();
    assertThat(FileKind.of(new byte[0]).orElseThrow().text()).isEqualTo("an empty file");
    assertThat(FileKind.of(Path.of("docs/images/atlas.png")).orElseThrow().toString())
        .isEqualTo("a PNG image");
  }
}
