package vae.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CudaToolkitTest {
  @TempDir private Path folder;

  @Test
  void isFoundByItsVariable() throws IOException {
    Path toolkit = toolkit("cuda-12.5");
    Map<String, String> environment = Map.of("CUDA_HOME", toolkit.toString());
    assertThat(CudaToolkit.ptxas(environment)).contains(toolkit.resolve("bin/ptxas"));
    assertThat(CudaToolkit.libdevice(environment).map(CudaToolkit::root)).contains(toolkit);
  }

  @Test
  void isFoundByPtxasOnThePath() throws IOException {
    Path toolkit = toolkit("elsewhere");
    String path = "/nowhere" + File.pathSeparator + toolkit.resolve("bin");
    Map<String, String> environment = Map.of("PATH", path);
    assertThat(CudaToolkit.ptxas(environment)).contains(toolkit.resolve("bin/ptxas"));
    assertThat(CudaToolkit.libdevice(environment).map(CudaToolkit::root)).contains(toolkit);
  }

  @Test
  void aFolderWithoutThePartsIsPassedOver() throws IOException {
    Path empty = Files.createDirectories(folder.resolve("empty"));
    Path toolkit = toolkit("cuda");
    Map<String, String> environment =
        Map.of("CUDA_HOME", empty.toString(), "CUDA_PATH", toolkit.toString());
    assertThat(CudaToolkit.libdevice(environment).map(CudaToolkit::root)).contains(toolkit);
  }

  private Path toolkit(String name) throws IOException {
    Path root = folder.resolve(name);
    Path ptxas = Files.createDirectories(root.resolve("bin")).resolve("ptxas");
    Files.createFile(ptxas);
    assertThat(ptxas.toFile().setExecutable(true)).isTrue();
    Path libdevice = Files.createDirectories(root.resolve("nvvm/libdevice"));
    Files.createFile(libdevice.resolve("libdevice.10.bc"));
    return root;
  }
}
