package org.bradawl.signaling;

/**
 * Walks over JSON text (RFC 8259) checking its syntax and building nothing. Hot: no object and no
 * recursion per value.
 */
final class JsonCursor {

  /** How deep a value may nest: what one bit per open container in a long allows. */
  static final int MAX_DEPTH = 64;

  private final String text;
  private final int length;
  private int position;
  private boolean tooDeep;

  JsonCursor(String text) {
    this.text = text;
    this.length = text.length();
  }

  int position() {
    return position;
  }

  boolean atEnd() {
    return position == length;
  }

  /** Whether the last value was refused for its depth and not for its syntax. */
  boolean tooDeep() {
    return tooDeep;
  }

  void skipSpace() {
    while (position < length) {
      char c = text.charAt(position);
      if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
        return;
      }
      position++;
    }
  }

  /** Passes {@code expected} if it is next. */
  boolean pass(char expected) {
    if (position < length && text.charAt(position) == expected) {
      position++;
      return true;
    }
    return false;
  }

  /** Passes a string literal with its quotes. */
  boolean skipString() {
    if (!pass('"')) {
      return false;
    }
    int at = position;
    while (at < length) {
      char c = text.charAt(at++);
      if (c == '"') {
        position = at;
        return true;
      }
      if (c == '\\') {
        at = afterEscape(at);
        if (at < 0) {
          return false;
        }
      } else if (c < ' ') {
        return false;
      }
    }
    return false;
  }

  /** Passes any value. The surrounding space is passed before it, not behind it. */
  boolean skipValue() {
    long objects = 0;
    int depth = 0;
    while (true) {
      skipSpace();
      if (position == length) {
        return false;
      }
      char c = text.charAt(position);
      if (c == '{' || c == '[') {
        if (depth == MAX_DEPTH) {
          tooDeep = true;
          return false;
        }
        position++;
        depth++;
        objects = objects << 1 | (c == '{' ? 1 : 0);
        skipSpace();
        if (!pass(c == '{' ? '}' : ']')) {
          if (c == '{' && !skipName()) {
            return false;
          }
          continue;
        }
        depth--;
        objects >>>= 1;
      } else if (!skipScalar(c)) {
        return false;
      }
      boolean more = false;
      while (depth > 0 && !more) {
        boolean object = (objects & 1) != 0;
        skipSpace();
        if (pass(',')) {
          skipSpace();
          if (object && !skipName()) {
            return false;
          }
          more = true;
        } else if (pass(object ? '}' : ']')) {
          depth--;
          objects >>>= 1;
        } else {
          return false;
        }
      }
      if (!more) {
        return true;
      }
    }
  }

  private boolean skipName() {
    if (!skipString()) {
      return false;
    }
    skipSpace();
    return pass(':');
  }

  private boolean skipScalar(char first) {
    return switch (first) {
      case '"' -> skipString();
      case 't' -> skipLiteral("true");
      case 'f' -> skipLiteral("false");
      case 'n' -> skipLiteral("null");
      default -> skipNumber();
    };
  }

  private boolean skipLiteral(String literal) {
    if (!text.startsWith(literal, position)) {
      return false;
    }
    position += literal.length();
    return true;
  }

  private boolean skipNumber() {
    pass('-');
    if (!pass('0') && !skipDigits()) {
      return false;
    }
    if (pass('.') && !skipDigits()) {
      return false;
    }
    if (pass('e') || pass('E')) {
      if (!pass('+')) {
        pass('-');
      }
      return skipDigits();
    }
    return true;
  }

  private boolean skipDigits() {
    int start = position;
    while (position < length && isDigit(text.charAt(position))) {
      position++;
    }
    return position > start;
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** The place behind the escape whose backslash ends before {@code at}, or -1. */
  private int afterEscape(int at) {
    if (at == length) {
      return -1;
    }
    return switch (text.charAt(at)) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> at + 1;
      case 'u' -> {
        if (at + 5 > length) {
          yield -1;
        }
        for (int i = at + 1; i < at + 5; i++) {
          if (!isHex(text.charAt(i))) {
            yield -1;
          }
        }
        yield at + 5;
      }
      default -> -1;
    };
  }

  private static boolean isHex(char c) {
    return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  }
}
