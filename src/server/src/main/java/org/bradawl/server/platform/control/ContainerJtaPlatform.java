package org.bradawl.server.platform.control;

import jakarta.transaction.TransactionManager;
import jakarta.transaction.UserTransaction;
import java.util.List;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.hibernate.engine.transaction.jta.platform.internal.AbstractJtaPlatform;

/** Finds the transaction manager of Payara or WildFly; Hibernate in the WAR knows neither. */
public class ContainerJtaPlatform extends AbstractJtaPlatform {

  private static final long serialVersionUID = 1L;

  private static final List<String> TRANSACTION_MANAGERS =
      List.of("java:appserver/TransactionManager", "java:jboss/TransactionManager");

  @Override
  protected TransactionManager locateTransactionManager() {
    for (String name : TRANSACTION_MANAGERS) {
      if (lookup(name) instanceof TransactionManager found) {
        return found;
      }
    }
    throw new IllegalStateException("no transaction manager at any of " + TRANSACTION_MANAGERS);
  }

  @Override
  protected UserTransaction locateUserTransaction() {
    if (lookup("java:comp/UserTransaction") instanceof UserTransaction found) {
      return found;
    }
    throw new IllegalStateException("no java:comp/UserTransaction");
  }

  @SuppressWarnings("BanJNDI") // the names are constants above, bound by the container
  private static Object lookup(String name) {
    try {
      return InitialContext.<Object>doLookup(name);
    } catch (NamingException absent) {
      return absent;
    }
  }
}
