package org.bradawl.tests.architecture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Every package-info says why its package exists. */
final class PackageStories {

  /** A few words; the name of the package once more is shorter. */
  private static final int SENTENCE = 20;

  private PackageStories() {}

  /** The packages below {@code sources} whose package-info is missing or says nothing. */
  static List<String> missing(Path sources) throws IOException {
    List<String> missing = new ArrayList<>();
    try (Stream<Path> folders = Files.walk(sources)) {
      for (Path folder : folders.filter(Files::isDirectory).sorted().toList()) {
        if (holdsClasses(folder) && !tellsStory(folder.resolve("package-info.java"))) {
          missing.add(sources.relativize(folder).toString());
        }
      }
    }
    return missing;
  }

  private static boolean holdsClasses(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .anyMatch(name -> name.endsWith(".java") && !name.equals("package-info.java"));
    }
  }

  private static boolean tellsStory(Path packageInfo) throws IOException {
    if (!Files.exists(packageInfo)) {
      return false;
    }
    String text = Files.readString(packageInfo);
    int start = text.indexOf("/**");
    int end = text.indexOf("*/");
    return start >= 0
        && end > start
        && text.substring(start, end).replaceAll("[\\s*/]+", " ").strip().length() >= SENTENCE;
  }
}
