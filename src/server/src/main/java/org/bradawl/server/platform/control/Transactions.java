package org.bradawl.server.platform.control;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.function.Supplier;

/** Gives a transaction to what is started by no request: the start and the writer of records. */
@ApplicationScoped
public class Transactions {

  /** Runs it in a transaction of its own, rolled back by whatever it throws. */
  @Transactional(value = Transactional.TxType.REQUIRES_NEW, rollbackOn = Exception.class)
  public <T> T call(Supplier<T> work) {
    return work.get();
  }
}
