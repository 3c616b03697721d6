package org.bradawl.tests.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The project's own classes, compiled, and its sources. */
final class ProjectClasses {

  private ProjectClasses() {}

  /** Every class of every module under {@code src}. */
  static JavaClasses all() {
    List<Path> compiled = modules().map(module -> module.resolve("target/classes")).toList();
    for (Path classes : compiled) {
      if (!Files.isDirectory(classes)) {
        throw new IllegalStateException(
            classes
                + " is missing; run mvn -pl tests/architecture -am test,"
                + " and name a new module in tests/architecture/pom.xml");
      }
    }
    return new ClassFileImporter().importPaths(compiled);
  }

  /** The folders of the modules' main sources. */
  static Stream<Path> sources() {
    return modules().map(module -> module.resolve("src/main/java"));
  }

  private static Stream<Path> modules() {
    Path src = root().resolve("src");
    try (Stream<Path> folders = Files.list(src)) {
      return folders
          .filter(folder -> Files.isDirectory(folder.resolve("src/main/java")))
          .sorted()
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path root() {
    return Path.of(
        Objects.requireNonNull(
            System.getenv("BRADAWL_ROOT"), "BRADAWL_ROOT names the folder of the checkout"));
  }
}
