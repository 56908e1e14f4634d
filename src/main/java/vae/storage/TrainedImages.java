package vae.storage;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import vae.config.ClassNames;
import vae.files.JsonFields;

/**
 * What a model was trained on.
 *
 * @param count how many images
 * @param sha256 of the raw IDX file of the images, or of the image list
 * @param list the image list's file as it was given, unless they came from an IDX file
 * @param skipBad whether bad lines of the list were left out
 * @param heldOut how many of the images, the last ones, were not trained on
 * @param classes what their labels are called, unless by their numbers
 */
public record TrainedImages(
    int count,
    String sha256,
    Optional<Path> list,
    boolean skipBad,
    int heldOut,
    Optional<ClassNames> classes) {

  Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("images", count);
    json.put("sha256", sha256);
    if (heldOut > 0) {
      json.put("held_out", heldOut);
    }
    list.ifPresent(
        file -> {
          json.put("image_list", file.toString());
          json.put("skip_bad", skipBad);
        });
    classes.ifPresent(each -> json.put("class_names", each.names()));
    return json;
  }

  static TrainedImages of(JsonFields json) {
    boolean listed = json.has("image_list");
    return new TrainedImages(
        json.integer("images"),
        json.text("sha256"),
        listed ? Optional.of(Path.of(json.text("image_list"))) : Optional.empty(),
        listed && json.truth("skip_bad"),
        json.has("held_out") ? json.integer("held_out") : 0,
        json.has("class_names")
            ? Optional.of(new ClassNames(json.texts("class_names")))
            : Optional.empty());
  }
}
