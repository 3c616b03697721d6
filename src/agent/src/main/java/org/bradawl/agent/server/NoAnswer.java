package org.bradawl.agent.server;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;

/** Why a server did not answer, in words for people. */
public final class NoAnswer {

  private NoAnswer() {}

  /** The reason that a failed request or connection gives; Java often gives none. */
  public static String reason(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
        return "its name has no address";
      }
    }
    String message = failure.getMessage();
    if (message != null) {
      return message;
    }
    return failure instanceof ConnectException
        ? "nothing takes connections there"
        : failure.getClass().getSimpleName();
  }
}
