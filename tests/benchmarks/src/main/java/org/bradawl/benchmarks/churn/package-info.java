/**
 * An endurance run: allocations that come and go in every way there is, while users, secrets,
 * limits and peer rules change. What it looks for is what is left at the end.
 */
@org.jspecify.annotations.NullMarked
package org.bradawl.benchmarks.churn;
