/**
 * Real browsers on the pages of a really running server: what a person sees on {@code /demo}, and
 * what the browser SDK promises while sockets break under it.
 *
 * <p>The server is the WAR on Payara Micro, started once for all classes; the browser is the
 * machine's own Chromium, and nothing is downloaded. All traffic stays on the loopback interface:
 * Chromium is told to offer loopback addresses, which it otherwise keeps to itself.
 */
@NullMarked
package org.bradawl.tests.browser;

import org.jspecify.annotations.NullMarked;
