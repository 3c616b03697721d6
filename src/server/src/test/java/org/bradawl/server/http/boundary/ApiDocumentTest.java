package org.bradawl.server.http.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The document that is written by hand names the operations that the resources have. */
class ApiDocumentTest {

  private static final String ROOT = "/api/v1";

  @Test
  void theDocumentNamesEveryOperationAndNoOther() throws Exception {
    assertThat(documented()).isEqualTo(implemented()).hasSizeGreaterThan(20);
  }

  private static Set<String> documented() throws IOException {
    Set<String> operations = new TreeSet<>();
    String path = "";
    for (String line : document().lines().toList()) {
      Matcher key = Pattern.compile("^  (/\\S+):$").matcher(line);
      Matcher method = Pattern.compile("^    (get|post|put|patch|delete):$").matcher(line);
      if (key.matches()) {
        path = key.group(1);
      } else if (method.matches() && path.startsWith(ROOT)) {
        operations.add(method.group(1).toUpperCase(Locale.ROOT) + " " + path);
      }
    }
    return operations;
  }

  private static String document() throws IOException {
    try (InputStream file = ApiDocumentTest.class.getResourceAsStream("/META-INF/openapi.yaml")) {
      return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static Set<String> implemented() throws IOException, URISyntaxException {
    Set<String> operations = new TreeSet<>();
    java.nio.file.Path classes =
        java.nio.file.Path.of(
            ProblemsResource.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (Stream<java.nio.file.Path> files = Files.walk(classes)) {
      files
          .map(file -> classes.relativize(file).toString())
          .filter(name -> name.endsWith("Resource.class"))
          .map(name -> name.replace('/', '.').replaceAll("\\.class$", ""))
          .map(ApiDocumentTest::load)
          .filter(type -> type.isAnnotationPresent(Path.class))
          .forEach(type -> addOperations(type, operations));
    }
    return operations;
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, ApiDocumentTest.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  private static void addOperations(Class<?> type, Set<String> operations) {
    String base = ROOT + type.getAnnotation(Path.class).value();
    for (Method method : type.getMethods()) {
      Path below = method.getAnnotation(Path.class);
      Arrays.stream(method.getAnnotations())
          .map(Annotation::annotationType)
          .filter(kind -> kind.isAnnotationPresent(HttpMethod.class))
          .map(kind -> kind.getAnnotation(HttpMethod.class).value())
          .forEach(
              verb -> operations.add(verb + " " + base + (below == null ? "" : below.value())));
    }
  }
}
