package org.bradawl.tests.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/** What packages and classes are called and say about themselves. */
final class Names {

  private static final String EMPTY_NAMES = ".*(Manager|Helper|Utils?|Impl)";

  private Names() {}

  /** All rules of this class. */
  static Stream<ArchRule> rules(String root) {
    return Stream.of(packagesAreNullMarked(root), namesAreResponsibilities(root));
  }

  static ArchRule packagesAreNullMarked(String root) {
    return classes()
        .that()
        .resideInAPackage(root + "..")
        .should(liveInNullMarkedPackage())
        .because(
            "without the annotation in package-info NullAway looks away, and without package-info"
                + " nobody says why the package exists");
  }

  static ArchRule namesAreResponsibilities(String root) {
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .should()
        .haveNameMatching(EMPTY_NAMES)
        .because("such a name says that nobody decided what the class is for");
  }

  private static ArchCondition<JavaClass> liveInNullMarkedPackage() {
    return new ArchCondition<>("live in a package whose package-info is @NullMarked") {
      @Override
      public void check(JavaClass javaClass, ConditionEvents events) {
        boolean marked = javaClass.getPackage().isAnnotatedWith(NullMarked.class);
        events.add(
            new SimpleConditionEvent(
                javaClass,
                marked,
                javaClass.getName()
                    + (marked ? " lives" : " does not live")
                    + " in a @NullMarked package"));
      }
    };
  }
}
