package org.bradawl.nat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tree of names, texts, numbers and lists that a stranger has sent. Every question has an
 * answer; if a member was not what was asked for, the answer is an empty one and the tree is no
 * longer {@link #isSound}, which is asked once at the end.
 */
public final class Tree {

  /** Shorter than any other text, longer than any endpoint with a scope. */
  private static final int ENDPOINT = 64;

  private static final long LARGEST_EXACT = 1L << 53;

  private final Map<?, ?> members;
  private final List<Tree> branches = new ArrayList<>();
  private boolean sound = true;

  private Tree(Map<?, ?> members) {
    this.members = members;
  }

  /** The tree of an object; anything else is an empty tree that is not sound. */
  public static Tree of(@Nullable Object value) {
    if (value instanceof Map<?, ?> members) {
      return new Tree(members);
    }
    Tree nothing = new Tree(Map.of());
    nothing.sound = false;
    return nothing;
  }

  /** Whether everything asked for so far was there, and was what it should be. */
  public boolean isSound() {
    return sound && branches.stream().allMatch(Tree::isSound);
  }

  /** The result if the tree is sound. */
  public <T> Optional<T> ifSound(Function<Tree, T> made) {
    return isSound() ? Optional.of(made.apply(this)) : Optional.empty();
  }

  /** Notes that something is wrong which only the caller can see. */
  public void refuse() {
    sound = false;
  }

  /** Whether the member is there and not null. */
  public boolean has(String name) {
    return members.get(name) != null;
  }

  /** The member as it is. */
  public Optional<Object> any(String name) {
    return Optional.ofNullable(members.get(name));
  }

  /** A text of at most so many characters that must be there. */
  public String text(String name, int longest) {
    return optionalText(name, longest).orElseGet(() -> wrong(""));
  }

  /** A text that may be absent or null. */
  public Optional<String> optionalText(String name, int longest) {
    Object value = members.get(name);
    if (value == null) {
      return Optional.empty();
    }
    return value instanceof String text && text.length() <= longest
        ? Optional.of(text)
        : Optional.of(wrong(""));
  }

  /** A whole number that must be there. */
  public long number(String name, long least, long most) {
    OptionalLong number = optionalNumber(name, least, most);
    return number.isPresent() ? number.getAsLong() : wrong(least);
  }

  /** A whole number that may be absent or null. */
  public OptionalLong optionalNumber(String name, long least, long most) {
    Object value = members.get(name);
    if (value == null) {
      return OptionalLong.empty();
    }
    if (value instanceof Number number
        && number.doubleValue() == Math.rint(number.doubleValue())
        && Math.abs(number.doubleValue()) <= LARGEST_EXACT
        && number.longValue() >= least
        && number.longValue() <= most) {
      return OptionalLong.of(number.longValue());
    }
    return OptionalLong.of(wrong(least));
  }

  /** A number between 0 and 1; 0 when it is absent. */
  public double share(String name) {
    Object value = members.get(name);
    if (value == null) {
      return 0;
    }
    return value instanceof Number number && number.doubleValue() >= 0 && number.doubleValue() <= 1
        ? number.doubleValue()
        : wrong(0.0);
  }

  /** True or false, or what to take when it is absent or null. */
  public boolean flag(String name, boolean otherwise) {
    Object value = members.get(name);
    if (value == null) {
      return otherwise;
    }
    return value instanceof Boolean flag ? flag : wrong(otherwise);
  }

  /** Yes, no, or unknown when it is absent or null. */
  public Answer answer(String name) {
    return has(name) ? Answer.of(flag(name, false)) : Answer.UNKNOWN;
  }

  /** One of these by its label; {@code otherwise} when it is absent. */
  public <T> T oneOf(String name, List<T> values, Function<T, String> label, T otherwise) {
    Optional<String> word = optionalText(name, ENDPOINT);
    if (word.isEmpty()) {
      return otherwise;
    }
    for (T value : values) {
      if (label.apply(value).equals(word.get())) {
        return value;
      }
    }
    return wrong(otherwise);
  }

  /** An address with a port that must be there. */
  public Optional<TransportAddress> endpoint(String name) {
    if (!has(name)) {
      sound = false;
    }
    return optionalEndpoint(name);
  }

  /** An address with a port that may be absent or null. */
  public Optional<TransportAddress> optionalEndpoint(String name) {
    Optional<String> text = optionalText(name, ENDPOINT);
    Optional<TransportAddress> endpoint = text.flatMap(Tree::endpointOf);
    if (text.isPresent() && endpoint.isEmpty()) {
      sound = false;
    }
    return endpoint;
  }

  /** Addresses with ports; none when it is absent. */
  public List<TransportAddress> endpoints(String name, int most) {
    return list(name, most, Tree::endpointOf);
  }

  /** Addresses; none when it is absent. */
  public List<IpAddress> addresses(String name, int most) {
    return list(name, most, Tree::addressOf);
  }

  /** Texts; none when it is absent. */
  public List<String> texts(String name, int most) {
    return list(name, most, Optional::of);
  }

  private <T> List<T> list(String name, int most, Function<String, Optional<T>> read) {
    List<T> found = new ArrayList<>();
    for (Object item : items(name, most)) {
      Optional<T> value = item instanceof String text ? read.apply(text) : Optional.empty();
      value.ifPresentOrElse(found::add, this::refuse);
    }
    return found;
  }

  /** A tree inside this one that must be there. */
  public Tree branch(String name) {
    Tree branch = of(members.get(name));
    branches.add(branch);
    return branch;
  }

  /** A tree inside this one that may be absent or null. */
  public Optional<Tree> optionalBranch(String name) {
    return has(name) ? Optional.of(branch(name)) : Optional.empty();
  }

  /** The trees of a list; none when it is absent. */
  public List<Tree> trees(String name, int most) {
    List<Tree> trees = items(name, most).stream().<Tree>map(Tree::of).toList();
    branches.addAll(trees);
    return trees;
  }

  private List<?> items(String name, int most) {
    Object value = members.get(name);
    if (value == null) {
      return List.of();
    }
    return value instanceof List<?> items && items.size() <= most ? items : wrong(List.of());
  }

  private <T> T wrong(T instead) {
    sound = false;
    return instead;
  }

  /** The endpoint that {@link TransportAddress#toString} writes so. */
  public static Optional<TransportAddress> endpointOf(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 1 || !text.substring(colon + 1).matches("[0-9]{1,5}")) {
      return Optional.empty();
    }
    int port = Integer.parseInt(text.substring(colon + 1));
    String host = text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    boolean v6 = host.indexOf(':') >= 0;
    if (port > 65535 || bracketed != v6) {
      return Optional.empty();
    }
    return addressOf(bracketed ? host.substring(1, host.length() - 1) : host)
        .map(address -> new TransportAddress(address, port));
  }

  /** The address of a literal; IPv4 inside IPv6 comes out as IPv4. */
  public static Optional<IpAddress> addressOf(String text) {
    try {
      return Optional.of(IpAddress.parse(text).unmapped());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
