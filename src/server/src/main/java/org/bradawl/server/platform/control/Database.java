package org.bradawl.server.platform.control;

import jakarta.annotation.Resource;
import jakarta.annotation.sql.DataSourceDefinition;
import jakarta.enterprise.context.ApplicationScoped;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** The one data source of the server and its schema. */
@ApplicationScoped
@DataSourceDefinition(
    name = "java:app/jdbc/bradawl",
    className = "org.bradawl.server.platform.control.ConfiguredDataSource",
    minPoolSize = 0,
    initialPoolSize = 0,
    maxPoolSize = 16,
    // WildFly refuses a definition without any property.
    properties = "loginTimeout=5")
public class Database {

  @Resource(lookup = "java:app/jdbc/bradawl")
  private DataSource dataSource;

  /** Brings the schema to the version this WAR knows. */
  public void migrate() {
    Flyway.configure(Database.class.getClassLoader())
        .dataSource(dataSource)
        .locations("classpath:db/migration")
        .load()
        .migrate();
  }
}
