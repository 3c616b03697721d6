package org.bradawl.tests.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.properties.CanBeAnnotated;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Set;
import java.util.stream.Stream;

/** Where native calls, rows of the database and transactions stop. */
final class Boundaries {

  private static final String TRANSACTIONAL = "jakarta.transaction.Transactional";

  private static final Set<String> PERSISTENT =
      Set.of(
          "jakarta.persistence.Entity",
          "jakarta.persistence.Embeddable",
          "jakarta.persistence.MappedSuperclass");

  private Boundaries() {}

  /** All rules of this class. */
  static Stream<ArchRule> rules(String root) {
    return Stream.of(
        nativeCallsAreFenced(root),
        oneClassLeadsToTheFence(root),
        entitiesLiveInEntityPackages(root),
        entitiesDoNotLeave(root),
        componentsPointInwards(root),
        transactionsBeginAtTheBoundary(root));
  }

  static ArchRule nativeCallsAreFenced(String root) {
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .and()
        .resideOutsideOfPackage(root + ".datapath.linux..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.lang.foreign..")
        .because(
            "a wrong layout or a freed segment ends the process; one package holds all of it, with"
                + " the portable engine beside it");
  }

  static ArchRule oneClassLeadsToTheFence(String root) {
    return noClasses()
        .that()
        .resideInAPackage(root + ".agent..")
        .should()
        .dependOnClassesThat(
            resideInAPackage(root + ".datapath..").and(not(name(root + ".datapath.linux.LowTtl"))))
        .because(
            "a native peer is no relay: packets with a low TTL are all it needs of what is there,"
                + " and all that its classpath is made for")
        .allowEmptyShould(true);
  }

  static ArchRule entitiesLiveInEntityPackages(String root) {
    return classes()
        .that()
        .resideInAPackage(root + "..")
        .and(arePersistent())
        .should()
        .resideInAPackage("..entity..")
        .because("who looks for the tables of a component looks there")
        .allowEmptyShould(true);
  }

  static ArchRule entitiesDoNotLeave(String root) {
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .and()
        .resideOutsideOfPackages("..entity..", "..control..")
        .should()
        .dependOnClassesThat(arePersistent())
        .because(
            "a row that reaches REST is lazy, mutable and bound to a transaction that has ended;"
                + " control hands out records");
  }

  static ArchRule componentsPointInwards(String root) {
    return noClasses()
        .that()
        .resideInAPackage(root + ".server..")
        .and()
        .resideInAnyPackage("..control..", "..entity..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(root + ".server..boundary..")
        .because("a boundary is one way in among several; what it calls must not know which")
        .allowEmptyShould(true);
  }

  /**
   * One class is excepted by name: it gives a transaction to work that no request starts, the start
   * and the writer of records, and has no other purpose.
   */
  static ArchRule transactionsBeginAtTheBoundary(String root) {
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .and()
        .resideOutsideOfPackage("..boundary..")
        .and()
        .doNotHaveFullyQualifiedName(root + ".server.platform.control.Transactions")
        .should(useTransactional())
        .because(
            "where a transaction begins is where the work is whole; deeper down it would begin"
                + " twice, or where nobody expects it");
  }

  private static ArchCondition<JavaClass> useTransactional() {
    return new ArchCondition<>("be annotated with @Transactional, themselves or a method") {
      @Override
      public void check(JavaClass javaClass, ConditionEvents events) {
        Stream.<CanBeAnnotated>concat(Stream.of(javaClass), javaClass.getMethods().stream())
            .filter(annotated -> annotated.isAnnotatedWith(TRANSACTIONAL))
            .forEach(annotated ->
                events.add(
                    SimpleConditionEvent.satisfied(javaClass, annotated + " is @Transactional")));
      }
    };
  }

  private static DescribedPredicate<JavaClass> arePersistent() {
    return DescribedPredicate.describe(
        "are JPA entities", javaClass -> PERSISTENT.stream().anyMatch(javaClass::isAnnotatedWith));
  }
}
