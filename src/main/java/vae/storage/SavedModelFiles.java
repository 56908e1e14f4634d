package vae.storage;

/** Where things lie in a SavedModel's folder, by TensorFlow's convention. */
final class SavedModelFiles {
  static final String GRAPH = "saved_model.pb";
  static final String ASSETS = "assets";
  static final String VARIABLES = "variables/variables";
  static final String VARIABLES_INDEX = VARIABLES + ".index";

  private SavedModelFiles() {}
}
