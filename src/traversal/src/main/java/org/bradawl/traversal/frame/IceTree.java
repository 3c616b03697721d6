package org.bradawl.traversal.frame;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.bradawl.nat.Tree;
import org.bradawl.traversal.Credentials;

/** {@link Credentials} as the member {@code ice} of a tree. */
final class IceTree {

  private static final int LONGEST = 256;
  private static final int SHORTEST_FRAGMENT = 4;
  private static final int SHORTEST_PASSWORD = 22;

  private IceTree() {}

  static Map<String, Object> write(Credentials ice) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("ufrag", ice.fragment());
    tree.put("pwd", ice.password());
    return tree;
  }

  static Optional<Credentials> read(Tree parent) {
    Tree tree = parent.branch("ice");
    String fragment = tree.text("ufrag", LONGEST);
    String password = tree.text("pwd", LONGEST);
    if (fragment.length() < SHORTEST_FRAGMENT || password.length() < SHORTEST_PASSWORD) {
      tree.refuse();
      return Optional.empty();
    }
    return Optional.of(new Credentials(fragment, password));
  }
}
