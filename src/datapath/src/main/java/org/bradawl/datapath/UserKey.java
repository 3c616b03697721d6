package org.bradawl.datapath;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.bradawl.turn.auth.UserKeys;

/**
 * Writes a user of {@code bradawl.turn.users} without the password: {@code ./bradawl key}. The
 * password is the first line of standard input, so that it stands in no process list.
 */
public final class UserKey {

  private static final int WRONG_USE = 2;

  private UserKey() {}

  /** Takes a name and a realm, prints {@code name:0x…:0x…}. */
  public static void main(String... arguments) throws IOException {
    System.exit(run(System.in, System.out, System.err, arguments));
  }

  static int run(InputStream in, PrintStream out, PrintStream err, String... arguments)
      throws IOException {
    String password =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).readLine();
    try {
      String name = arguments[0];
      if (name.contains(":") || name.contains(",")) {
        throw new IllegalArgumentException("a name in bradawl.turn.users has no colon or comma");
      }
      out.println(
          name + ":" + UserKeys.write(name, arguments[1], password == null ? "" : password));
      return 0;
    } catch (IllegalArgumentException e) {
      err.println("bradawl: " + e.getMessage());
      return WRONG_USE;
    }
  }
}
