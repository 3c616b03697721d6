/**
 * The shape of the project as tests: which module may know which, what the pure machines may not
 * touch, where the operating system and the database stop. A rule says why it exists where it
 * fails, and {@code violations} holds classes that break each one, so that none can pass by looking
 * at nothing.
 */
@NullMarked
package org.bradawl.tests.architecture;

import org.jspecify.annotations.NullMarked;
