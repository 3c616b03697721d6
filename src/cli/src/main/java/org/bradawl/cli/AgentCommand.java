package org.bradawl.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** A command with the options that all have. */
abstract class AgentCommand implements Callable<Integer> {

  @Mixin CommonOptions common = new CommonOptions();
}
