package org.bradawl.server.platform.control;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The data source the container pools: it asks the configuration which database is meant, so that
 * one WAR serves both. Instantiated by the container by name.
 */
public class ConfiguredDataSource implements DataSource {

  private final DataSource target;
  private @Nullable PrintWriter logWriter;

  /** Reads the configuration of the application whose class loader is current. */
  public ConfiguredDataSource() {
    this.target = open(Configuration.databaseOnly(ContainerConfiguration::value));
  }

  /** The driver's own data source for these settings. */
  static DataSource open(DatabaseSettings settings) {
    return switch (settings.url().kind()) {
      case H2 -> {
        JdbcDataSource h2 = new JdbcDataSource();
        h2.setURL(settings.url().url());
        h2.setUser(settings.user());
        h2.setPassword(settings.password());
        yield h2;
      }
      case POSTGRESQL -> {
        PGSimpleDataSource postgres = new PGSimpleDataSource();
        postgres.setURL(settings.url().url());
        postgres.setUser(settings.user());
        postgres.setPassword(settings.password());
        yield postgres;
      }
    };
  }

  @Override
  public Connection getConnection() throws SQLException {
    return target.getConnection();
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    return target.getConnection(user, password);
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return logWriter;
  }

  @Override
  public void setLogWriter(@Nullable PrintWriter writer) {
    this.logWriter = writer;
  }

  @Override
  public void setLoginTimeout(int seconds) throws SQLException {
    target.setLoginTimeout(seconds);
  }

  @Override
  public int getLoginTimeout() throws SQLException {
    return target.getLoginTimeout();
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    return target.getParentLogger();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    return type.isInstance(target) ? type.cast(target) : target.unwrap(type);
  }

  @Override
  public boolean isWrapperFor(Class<?> type) throws SQLException {
    return type.isInstance(target) || target.isWrapperFor(type);
  }
}
