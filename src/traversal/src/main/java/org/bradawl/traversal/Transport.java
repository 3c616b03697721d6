package org.bradawl.traversal;

/** What a path is made of. */
public enum Transport {
  UDP,
  TCP
}
