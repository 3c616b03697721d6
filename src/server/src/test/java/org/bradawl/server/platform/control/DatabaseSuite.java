package org.bradawl.server.platform.control;

import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Persistence;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.AvailableSettings;
import org.hibernate.type.descriptor.WrapperOptions;
import org.hibernate.type.descriptor.java.JavaType;
import org.hibernate.type.format.FormatMapper;

/**
 * A database with the server's schema and the server's persistence unit over it, outside of a
 * container.
 */
final class DatabaseSuite implements AutoCloseable {

  /** No entity maps JSON; without it Hibernate asks for a JSON library that a container brings. */
  private static final class NoJson implements FormatMapper {
    @Override
    public <T> T fromString(CharSequence text, JavaType<T> type, WrapperOptions options) {
      throw new UnsupportedOperationException();
    }

    @Override
    public <T> String toString(T value, JavaType<T> type, WrapperOptions options) {
      throw new UnsupportedOperationException();
    }
  }

  private final DatabaseSettings settings;
  private final EntityManagerFactory factory;

  DatabaseSuite(DatabaseSettings settings) {
    this.settings = settings;
    DataSource source = ConfiguredDataSource.open(settings);
    Database.migrate(source);
    this.factory =
        Persistence.createEntityManagerFactory(
            "bradawl",
            Map.of(
                "jakarta.persistence.transactionType",
                "RESOURCE_LOCAL",
                AvailableSettings.JAKARTA_JTA_DATASOURCE,
                source,
                AvailableSettings.TRANSACTION_COORDINATOR_STRATEGY,
                "jdbc",
                AvailableSettings.JTA_PLATFORM,
                "org.hibernate.engine.transaction.jta.platform.internal.NoJtaPlatform",
                AvailableSettings.JSON_FORMAT_MAPPER,
                new NoJson(),
                AvailableSettings.HBM2DDL_AUTO,
                "validate",
                AvailableSettings.DIALECT,
                settings.url().kind().dialect()));
  }

  /** Where it is. */
  DatabaseSettings settings() {
    return settings;
  }

  /** Runs it in a transaction with a fresh entity manager. */
  <T> T call(Function<EntityManager, T> work) {
    return factory.unwrap(SessionFactory.class).fromTransaction(work::apply);
  }

  /** Runs it in a transaction with a fresh entity manager. */
  void run(Consumer<EntityManager> work) {
    factory.unwrap(SessionFactory.class).inTransaction(work::accept);
  }

  @Override
  public void close() {
    factory.close();
  }
}
