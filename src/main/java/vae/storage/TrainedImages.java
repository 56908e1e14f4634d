package vae.storage;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a model was trained on.
 *
 * @param count how many images
 * @param sha256 of the raw IDX file of the images, or of the image list
 * @param list the image list's file as it was given, unless they came from an IDX file
 * @param skipBad whether bad lines of the list were left out
 */
public record TrainedImages(int count, String sha256, Optional<Path> list, boolean skipBad) {

  Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("images", count);
    json.put("sha256", sha256);
    list.ifPresent(
        file -> {
          json.put("image_list", file.toString());
          json.put("skip_bad", skipBad);
        });
    return json;
  }

  static TrainedImages of(JsonFields json) {
    boolean listed = json.values().containsKey("image_list");
    return new TrainedImages(
        json.number("images").intValue(),
        json.text("sha256"),
        listed ? Optional.of(Path.of(json.text("image_list"))) : Optional.empty(),
        listed && json.truth("skip_bad"));
  }
}
