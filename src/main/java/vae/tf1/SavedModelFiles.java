package vae.tf1;

/** Where things lie in a SavedModel's folder, by TensorFlow's convention. */
public final class SavedModelFiles {
  public static final String GRAPH = "saved_model.pb";
  public static final String ASSETS = "assets";
  public static final String VARIABLES = "variables/variables";
  public static final String VARIABLES_INDEX = VARIABLES + ".index";

  private SavedModelFiles() {}
}
