package vae.chaos;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/** Makes a class of tests a row of the table that {@code mvn -Pchaos verify} prints. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("chaos")
@ExtendWith(ChaosExtension.class)
public @interface ChaosRow {
  /** Where the row stands. */
  int order();

  /** What is done. */
  String test();

  /** What must hold. */
  String holds();
}
