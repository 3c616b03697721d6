/**
 * What a fuzzer calls with bytes: the decoder, the framing of streams, and a live server whose
 * inputs the bytes are a story of. Each target states what must hold for any bytes whatever; the
 * fuzzer looks for bytes for which it does not.
 *
 * <p>Targets know the machines alone: no socket, no clock, no thread, so that bytes that broke
 * something break it again.
 */
@NullMarked
package org.bradawl.tests.fuzz;

import org.jspecify.annotations.NullMarked;
