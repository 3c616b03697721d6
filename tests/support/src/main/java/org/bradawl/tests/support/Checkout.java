package org.bradawl.tests.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The checkout that is tested. */
public final class Checkout {

  /** The root of the sources. */
  public static final Path ROOT =
      Path.of(System.getenv().getOrDefault("BRADAWL_ROOT", "../..")).toAbsolutePath().normalize();

  private Checkout() {}

  /** The folder with the WAR and Payara Micro; the test needs them to be put together. */
  public static Path deployed() {
    Path deployed = ROOT.resolve("deploy/payara/target/bradawl");
    Requires.that(
        Files.exists(deployed.resolve("bradawl.war")),
        "needs the server put together in " + deployed + ": run mvn verify");
    return deployed;
  }

  /** A new folder, in what the build of the running module makes and cleans away. */
  public static Path freshFolder(String name) {
    try {
      Path target = Files.createDirectories(Path.of("target").toAbsolutePath());
      return Files.createTempDirectory(target, name + "-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
