/**
 * The Linux engine, and the only package that speaks to the operating system through {@code
 * java.lang.foreign}.
 *
 * <p>Three rings: {@link org.bradawl.datapath.linux.Abi} draws the C structures, {@link
 * org.bradawl.datapath.linux.Libc} makes the calls and turns {@code errno} into a value, and what
 * lies above them thinks in sockets, batches and packets. A packet crosses this package without an
 * object, a lock or a log line of its own. {@link org.bradawl.datapath.linux.LowTtl} stands apart:
 * it serves native peers, and no engine.
 */
@NullMarked
package org.bradawl.datapath.linux;

import org.jspecify.annotations.NullMarked;
